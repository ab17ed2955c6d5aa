"""Who may use the pages. There is no default password: a new or reset user gets one for one sign-in only."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from werkzeug.security import generate_password_hash

from broadcaster.errors import UsageError
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import sign_in_failures, sign_ins, users
from broadcaster.words import Sentence

SHORTEST_PASSWORD = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other."""


@dataclass(frozen=True)
class User:
    """``must_change``: the password was given, not chosen, and is good for choosing another one only."""

    id: int
    name: str
    must_change: bool


def add(engine: Engine, name: str, now: float) -> str:
    """Add a user; return the one-time password. Raises ``UsageError`` when the name is taken or no name."""
    name = name.strip()
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise UsageError(Sentence("A name has 1 to 64 letters."))
    password = _new_password()
    with transaction(engine) as connection:
        if connection.execute(select(users.c.id).where(users.c.key == key_of(name))).first():
            raise UsageError(Sentence("There is a user {name} already.", name=name))
        connection.execute(
            insert(users).values(
                name=name, key=key_of(name), password=generate_password_hash(password), must_change=1, created=now
            )
        )
    return password


def add_first(engine: Engine, name: str, now: float) -> str | None:
    """Add the first user of all; return the one-time password, ``None`` when there is one. Raises ``StorageError``."""
    with reading(engine) as connection:
        if connection.execute(select(users.c.id)).first() is not None:
            return None
    try:
        return add(engine, name, now)
    except UsageError:  # another process was quicker
        return None


def reset(engine: Engine, name: str) -> str:
    """Give a user a new one-time password, and end all their sign-ins. Raises ``UsageError``."""
    password = _new_password()
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        _set_password(connection, user_id, password, must_change=True)
        connection.execute(update(users).where(users.c.id == user_id).values(disabled=None))
        connection.execute(delete(sign_in_failures).where(sign_in_failures.c.name == key_of(name)))
    return password


def disable(engine: Engine, name: str, now: float) -> None:
    """Let a user sign in no more. Raises ``UsageError`` when there is none, or it is the last one."""
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        others = select(users.c.id).where(users.c.disabled.is_(None), users.c.id != user_id)
        if connection.execute(others).first() is None:
            raise UsageError(Sentence("That is the last user: add another one first."))
        connection.execute(update(users).where(users.c.id == user_id).values(disabled=now))
        connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))


def everyone(engine: Engine) -> list[dict[str, Any]]:
    """Return the users as rows, without passwords. Raises ``StorageError``."""
    columns = [users.c.id, users.c.name, users.c.must_change, users.c.created, users.c.disabled]
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(users.c.name)).mappings()]


def choose_password(engine: Engine, user_id: int, password: str) -> None:
    """Set the password a user chose; other sign-ins of theirs end. Raises ``UsageError`` when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(Sentence("Choose a password of at least {count} letters or digits.", count=SHORTEST_PASSWORD))
    if len(password) > 256:
        raise UsageError(Sentence("Choose a shorter password."))
    with transaction(engine) as connection:
        _set_password(connection, user_id, password, must_change=False)


def _set_password(connection: Connection, user_id: int, password: str, *, must_change: bool) -> None:
    values = {"password": generate_password_hash(password), "must_change": int(must_change)}
    connection.execute(update(users).where(users.c.id == user_id).values(**values))
    connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))


def _id_of(connection: Connection, name: str) -> int:
    found = connection.execute(select(users.c.id).where(users.c.key == key_of(name))).scalar()
    if found is None:
        raise UsageError(Sentence("There is no user {name}.", name=name))
    return int(found)


def key_of(name: str) -> str:
    """Return what tells users apart: neither case nor the way of writing diacritics does."""
    return unicodedata.normalize("NFC", name.strip()).casefold()[:64]


def _new_password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
