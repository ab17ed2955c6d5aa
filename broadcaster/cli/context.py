"""What all commands share: options, settings, the daemon's ear, and how to speak to the user."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from broadcaster.config.loading import load
from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError, ConfigurationError, ControlError, UsageError
from broadcaster.home import Home
from broadcaster.words import Sentence

Commands = Any  # argparse keeps the type of its sub-parsers to itself
Run = Callable[["Context"], "int | None"]


class Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that every error is told in one way."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        raise UsageError(Sentence("The command is not right: {why}. See: {prog} --help", why=message, prog=self.prog))


class Context:
    """One run of one command."""

    def __init__(self, options: argparse.Namespace, language: str) -> None:
        self.options = options
        self.language = language

    @cached_property
    def config(self) -> Path:
        """``--config``, else ``$CONFIG``, else ``config/clusters.toml``."""
        return Path(self.options.config or os.environ.get("CONFIG") or "config/clusters.toml")

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises ``ConfigurationError`` with all its faults."""
        return self.load()

    def load(self) -> Settings:
        """The configuration as it is now on disk."""
        settings = load(self.config, Home.of().set_on_pages)
        if port := os.environ.get("PORT"):
            if not port.isdecimal() or not 0 < int(port) < 65536:
                raise UsageError(Sentence("PORT is a number from 1 to 65535, not {port}.", port=port))
            settings = settings.model_copy(update={"web": settings.web.model_copy(update={"port": int(port)})})
        return settings

    @cached_property
    def home(self) -> Home:
        try:
            return Home.of().make()
        except OSError as error:
            raise UsageError(
                Sentence("The folder {path} cannot be made: {why}", path=error.filename, why=error.strerror)
            ) from error

    @cached_property
    def daemon(self) -> ControlClient:
        return ControlClient(self.home.control_socket)

    def say(self, sentence: Sentence) -> None:
        """Print a sentence in the user's language. Nobody listening, or a full disk, stops nothing."""
        with suppress(OSError):
            print(sentence.to(self.language), flush=True)

    def warn(self, sentence: Sentence) -> None:
        """Tell something beside what the command prints."""
        with suppress(OSError):
            print(sentence.to(self.language), file=sys.stderr, flush=True)

    def show(self, data: dict[str, Any], *lines: Sentence) -> None:
        """Print ``data`` as JSON when that was asked for, else the sentences."""
        if self.options.json:
            print(json.dumps(data, ensure_ascii=False), flush=True)
        else:
            for line in lines:
                self.say(line)


def add_command(
    commands: Commands, language: str, name: str, summary: Sentence, run: Run, *, prints_data: bool = False
) -> argparse.ArgumentParser:
    """Add a command with the options that all have; return its parser for its own."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary.to(language), description=summary.to(language)
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=Sentence("configuration (else $CONFIG, else config/clusters.toml)").to(language),
    )
    parser.set_defaults(run=run, json=False)
    if prints_data:
        parser.add_argument("--json", action="store_true", help=Sentence("print JSON for programs").to(language))
    return parser


def say_error(error: BroadcasterError, language: str) -> int:
    """Print what is wrong on standard error; return the exit status that belongs to it."""
    print(error.sentence.to(language), file=sys.stderr)
    if isinstance(error, ControlError):
        print(Sentence("Is it running? Start it with: make run").to(language), file=sys.stderr)
    if isinstance(error, ConfigurationError):
        for finding in error.findings:
            print(f"  • {finding.to(language)}", file=sys.stderr)
    return error.exit_status
