"""Whether a password is right, for as long as nobody guesses.

A try counts as a failure before it is looked at, in the transaction that looks whether there were too many: whoever
tries a hundred at once has tried a hundred times. Hashing takes 32 MiB and a tenth of a second, so two are hashed at
a time and the others wait.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cache

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from broadcaster.errors import UsageError
from broadcaster.storage import audit
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import sign_in_failures, users
from broadcaster.storage.users import User, key_of, of_row
from broadcaster.words import Sentence

_LOOK_BACK_S = 15 * 60.0
_MOST_PAIR, _MOST_ADDRESS, _MOST_NAME = 5, 20, 50
_AT_ONCE_S = 60.0
"""Of tries at the same time one may have looked at the clock earlier; a clock that was set back locks nobody out."""
_hashing = threading.BoundedSemaphore(2)
_TURN_WITHIN_S = 5.0


class GuessingError(UsageError):
    """Too many wrong passwords: this one was not looked at."""


def check(engine: Engine, name: str, password: str, address: str, now: float, *, codes: bool = True) -> User | None:
    """Return the user who has this password, ``None`` when nobody has; remembers a failure.

    The printed code of the duty sheet is good instead, once; without ``codes`` it is not looked at, nor used up.

    Five failures of a name from an address lock that pair for a quarter of an hour; more of them lock the address,
    or the name everywhere: a stranger cannot easily lock an official out. Raises ``GuessingError`` then, and
    ``StorageError``.
    """
    tried = _reserve(engine, name, address, now)
    query = select(users).where(users.c.key == key_of(name), users.c.disabled.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    right, fits = _compared(row, password)
    by_code = codes and fits and not right and row is not None and row["duty_code"] is not None
    if row is None or not (right or by_code):
        return None
    with transaction(engine) as connection:
        if by_code and not _used_up(connection, row, now):
            return None
        mine = (sign_in_failures.c.name == key_of(name), sign_in_failures.c.address == address)
        connection.execute(delete(sign_in_failures).where(*mine, sign_in_failures.c.id <= tried))
    user = of_row(dict(row))
    return replace(user, must_change=True) if by_code else user


def locked_for(connection: Connection, name: str, address: str, now: float) -> float:
    """Return for how many seconds nobody may try this name from this address; 0 when one may."""
    table, since = sign_in_failures, now - _LOOK_BACK_S
    limits = (
        (_MOST_PAIR, (table.c.name == key_of(name), table.c.address == address)),
        (_MOST_ADDRESS, (table.c.address == address,)),
        (_MOST_NAME, (table.c.name == key_of(name),)),
    )
    for most, conditions in limits:
        query = select(table.c.at).where(table.c.at > since, table.c.at <= now + _AT_ONCE_S, *conditions)
        times = list(connection.execute(query.order_by(table.c.at.desc()).limit(most)).scalars())
        if len(times) == most:
            return float(times[-1]) + _LOOK_BACK_S - now
    return 0.0


def _reserve(engine: Engine, name: str, address: str, now: float) -> int:
    with transaction(engine) as connection:
        if (wait_s := locked_for(connection, name, address, now)) > 0:
            minutes = max(1, round(wait_s / 60))
            raise GuessingError(Sentence("Too many wrong passwords: please wait {minutes} minute(s).", minutes=minutes))
        connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < now - _LOOK_BACK_S))
        tried = connection.execute(insert(sign_in_failures).values(name=key_of(name), address=address, at=now))
        return int(tried.inserted_primary_key[0])  # type: ignore[index]


def _compared(row: RowMapping | None, password: str) -> tuple[bool, bool]:
    """Whether it is the password, whether the printed code; it takes as long when there is no such user."""
    if not _hashing.acquire(timeout=_TURN_WITHIN_S):
        raise GuessingError(Sentence("Too many people are signing in just now: please try again."))
    try:
        right = check_password_hash(row["password"] if row else _nobodys(), password)
        return right, check_password_hash((row["duty_code"] if row else None) or _nobodys(), password.strip())
    finally:
        _hashing.release()


def _used_up(connection: Connection, row: RowMapping, now: float) -> bool:
    """The printed code is good once, and only for choosing a new password; true for exactly one caller."""
    mine = (users.c.id == row["id"], users.c.duty_code == row["duty_code"])
    done = connection.execute(update(users).where(*mine).values(duty_code=None))
    if done.rowcount == 1:
        audit.note(connection, now, row["name"], "duty code used", row["name"])
    return done.rowcount == 1


@cache
def _nobodys() -> str:
    """Checked when there is no such user, so that the time taken tells nothing."""
    return generate_password_hash("nobody has this one")
