"""The commands. A command stands here only when it works."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from broadcaster.cli import air, check, look, processes, programme, report, users
from broadcaster.cli.context import Context, Parser, say_error
from broadcaster.errors import BroadcasterError
from broadcaster.words import Sentence, language_of_user


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 ok, 1 failed or refused, 2 wrong usage or configuration."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of_user()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # whatever the locale: words have diacritics
    try:
        options = parser(language).parse_args(given)
        context = Context(options, language)
        return int(options.run(context) or 0)
    except BroadcasterError as error:
        return say_error(error, language)
    except KeyboardInterrupt:
        return 1


def parser(language: str) -> Parser:
    """Return the parser of all commands, its help in ``language``."""
    root = Parser(
        prog="broadcaster",
        description=Sentence("Broadcast controller of a wireless public-address station.").to(language),
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for group in (processes, air, look, check, programme, report, users):
        group.add_commands(commands, language)
    return root
