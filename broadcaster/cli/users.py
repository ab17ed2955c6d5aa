"""``user``: who may sign in to the pages. Passwords that are printed are good for one sign-in only."""

from __future__ import annotations

import sys
import time
from datetime import datetime

from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.errors import UsageError
from broadcaster.home import Home
from broadcaster.words import Sentence

FIRST = "admin"


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    parser = add_command(
        commands, language, "user", Sentence("Add, list or reset those who may sign in."), user, prints_data=True
    )
    parser.add_argument("action", choices=["list", "add", "reset", "disable"])
    parser.add_argument("name", nargs="?", help=Sentence("the user's name").to(language))


def user(context: Context) -> None:
    """Do what was asked for in the log book; it needs no running daemon."""
    from broadcaster.storage import users
    from broadcaster.storage.database import database_url, open_database

    options, now = context.options, time.time()
    if (options.name is None) != (options.action == "list"):
        raise UsageError(Sentence("Say whom: broadcaster user {action} NAME", action=options.action))
    engine = open_database(database_url(context.home.database))
    try:
        if options.action == "list":
            _list(context, users.everyone(engine))
        elif options.action == "disable":
            users.disable(engine, options.name, now)
            context.show({"name": options.name}, Sentence("{name} can sign in no more.", name=options.name))
        else:
            add = options.action == "add"
            password = users.add(engine, options.name, now) if add else users.reset(engine, options.name)
            context.show({"name": options.name, "password": password}, *one_time(options.name, password))
    finally:
        engine.dispose()


def one_time(name: str, password: str) -> list[Sentence]:
    """Return how to say a new password."""
    return [
        Sentence("Sign in as: {name}", name=name),
        Sentence("One-time password: {password}", password=password),
        Sentence("It is good for one sign-in: you choose your own then."),
    ]


def first_user(home: Home) -> list[Sentence]:
    """Create the first administrator if there is no user yet; return what to tell. Raises ``StorageError``."""
    from broadcaster.storage import users
    from broadcaster.storage.database import database_url, open_database

    engine = open_database(database_url(home.database))
    try:
        password = users.add_first(engine, FIRST, time.time())
    finally:
        engine.dispose()
    return one_time(FIRST, password) if password else []


def _list(context: Context, rows: list[dict[str, object]]) -> None:
    zone = context.settings.station.zone
    if context.options.json:
        context.show({"users": rows})
        return
    for row in rows:
        since = f"{datetime.fromtimestamp(float(str(row['created'])), zone):%d/%m/%Y}"
        state = _DISABLED if row["disabled"] else _WAITING if row["must_change"] else _ACTIVE
        context.say(Sentence("{name} (since {since}): {state}", name=row["name"], since=since, state=state))
    if not rows:
        print(Sentence("There is no user yet.").to(context.language), file=sys.stderr)


_ACTIVE = Sentence("may sign in")
_WAITING = Sentence("has a one-time password")
_DISABLED = Sentence("may not sign in")
