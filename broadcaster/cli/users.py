"""``user``: who may sign in to the pages. Passwords that are printed are good for one sign-in only."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.errors import UsageError
from broadcaster.home import Home
from broadcaster.model.approval import APPROVAL_BY
from broadcaster.model.roles import Role
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from sqlalchemy import Engine

FIRST = "admin"
_AT_THE_STATION = "command line"


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    parser = add_command(
        commands, language, "user", Sentence("Add, list or reset those who may sign in."), user, prints_data=True
    )
    parser.add_argument("action", choices=["list", "add", "reset", "disable", "role", "approval"])
    parser.add_argument("name", nargs="?", help=Sentence("the user's name").to(language))
    roles = ", ".join(f"{role.value} ({role.sentence.to(language)})" for role in Role)
    parser.add_argument("--role", choices=list(Role), metavar="ROLE", help=roles)
    how = Sentence("approval: how many persons it takes, as the commune has decided")
    parser.add_argument("--persons", type=int, choices=[1, 2], help=how.to(language))
    parser.add_argument("--decision", default="", help=Sentence("number and date of that decision").to(language))


def user(context: Context) -> None:
    """Do what was asked for in the log book; it needs no running daemon."""
    from broadcaster.storage import users
    from broadcaster.storage.database import database_url, open_database

    options, now = context.options, time.time()
    if (options.name is None) != (options.action in ("list", "approval")):
        raise UsageError(Sentence("Say whom: broadcaster user {action} NAME", action=options.action))
    if options.action == "role" and options.role is None:
        raise UsageError(Sentence("Say which role: --role ROLE"))
    engine = open_database(database_url(context.home.database))
    try:
        if options.action == "list":
            _list(context, users.everyone(engine))
        elif options.action == "approval":
            _approval(context, engine, now)
        elif options.action == "role":
            users.assign(engine, options.name, Role(options.role), None, _AT_THE_STATION, now)
            called = Role(options.role).sentence
            context.show({"name": options.name}, Sentence("{name} is now: {role}", name=options.name, role=called))
        elif options.action == "disable":
            users.disable(engine, options.name, now, _AT_THE_STATION)
            context.show({"name": options.name}, Sentence("{name} can sign in no more.", name=options.name))
        else:
            role = Role(options.role or Role.EDITOR)
            password = (
                users.add(engine, options.name, now, role=role, by=_AT_THE_STATION)
                if options.action == "add"
                else users.reset(engine, options.name, now, _AT_THE_STATION)
            )
            context.show({"name": options.name, "password": password}, *one_time(options.name, password))
    finally:
        engine.dispose()


def _approval(context: Context, engine: Engine, now: float) -> None:
    from broadcaster.seal import secret_key
    from broadcaster.storage import approvals

    key = secret_key(context.home)
    if (persons := context.options.persons) is not None:
        approvals.decide_rule(engine, persons, context.options.decision, _AT_THE_STATION, now, key)
    rule = approvals.rule(engine, key)
    told = APPROVAL_BY[rule.persons] if rule.is_decided else Sentence("The commune has not decided yet: it takes two.")
    context.show({"persons": rule.persons, "decision": rule.decision, "decided": rule.is_decided}, told)


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
        role = Role(str(row["role"])).sentence
        told = {"name": row["name"], "since": since, "state": state, "role": role}
        context.say(Sentence("{name}, {role} (since {since}): {state}", **told))
    if not rows:
        print(Sentence("There is no user yet.").to(context.language), file=sys.stderr)


_ACTIVE = Sentence("may sign in")
_WAITING = Sentence("has a one-time password")
_DISABLED = Sentence("may not sign in")
