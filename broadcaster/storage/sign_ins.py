"""Who is signed in to the pages, and who failed to. The browser holds a token, the log book only its hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from broadcaster.errors import StorageError
from broadcaster.storage import audit
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import sign_in_failures, sign_ins, users
from broadcaster.storage.users import User, key_of, of_row

IDLE_S = 14 * 86400.0
"""A sign-in ends when it was not used for so long. Whoever needs the emergency at night is not asked for a password."""
LONGEST_S = 90 * 86400.0
_SEEN_EVERY_S = 3600.0
_LOOK_BACK_S = 15 * 60.0
_MOST_PAIR, _MOST_ADDRESS, _MOST_NAME = 5, 20, 50


def check(engine: Engine, name: str, password: str, address: str, now: float) -> User | None:
    """Return the user who has this password, ``None`` when nobody has; remembers a failure. Raises ``StorageError``."""
    query = select(users).where(users.c.key == key_of(name), users.c.disabled.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    right = check_password_hash(row["password"] if row else _nobodys(), password)
    fits = check_password_hash((row["duty_code"] if row else None) or _nobodys(), password.strip())
    by_code = fits and not right and row is not None and row["duty_code"] is not None
    with transaction(engine) as connection:
        connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < now - _LOOK_BACK_S))
        if row is None or not (right or (by_code and _used_up(connection, row, now))):
            connection.execute(insert(sign_in_failures).values(name=key_of(name), address=address, at=now))
            return None
        pair = (sign_in_failures.c.name == key_of(name), sign_in_failures.c.address == address)
        connection.execute(delete(sign_in_failures).where(*pair))
    user = of_row(dict(row))
    return replace(user, must_change=True) if by_code else user


def _used_up(connection: Connection, row: RowMapping, now: float) -> bool:
    """The printed code is good once, and only for choosing a new password; true for exactly one caller."""
    mine = (users.c.id == row["id"], users.c.duty_code == row["duty_code"])
    done = connection.execute(update(users).where(*mine).values(duty_code=None, must_change=1))
    audit.note(connection, now, row["name"], "duty code used", row["name"])
    return done.rowcount == 1


def locked_for(engine: Engine, name: str, address: str, now: float) -> float:
    """Return for how many seconds nobody may sign in by this name from this address; 0 when one may.

    Five failures of a name from an address lock that pair; more of them lock the address, or the name
    everywhere. So a stranger cannot easily lock an official out. Raises ``StorageError``.
    """
    table, since = sign_in_failures, now - _LOOK_BACK_S
    limits = (
        (_MOST_PAIR, (table.c.name == key_of(name), table.c.address == address)),
        (_MOST_ADDRESS, (table.c.address == address,)),
        (_MOST_NAME, (table.c.name == key_of(name),)),
    )
    with reading(engine) as connection:
        for most, conditions in limits:
            query = select(table.c.at).where(table.c.at > since, table.c.at <= now, *conditions)
            times = list(connection.execute(query.order_by(table.c.at.desc()).limit(most)).scalars())
            if len(times) == most:
                return float(times[-1]) + _LOOK_BACK_S - now
    return 0.0


def begin(
    engine: Engine,
    user: User,
    now: float,
    kept: dict[str, Any] | None = None,
    *,
    address: str = "",
    browser: str = "",
) -> str:
    """Sign a user in; return the token for the browser. ``kept`` is what was typed when an earlier one ran out."""
    token = secrets.token_urlsafe(32)
    with transaction(engine) as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.seen < now - IDLE_S))
        connection.execute(
            insert(sign_ins).values(
                token=_hashed(token),
                user_id=user.id,
                began=now,
                seen=now,
                kept=kept,
                address=address[:64],
                browser=browser[:200],
            )
        )
    return token


def signed_in(engine: Engine, token: str, now: float) -> User | None:
    """Return who holds this token, and remember that it was used. Raises ``StorageError``."""
    query = select(users, sign_ins.c.seen, sign_ins.c.began).join(sign_ins, sign_ins.c.user_id == users.c.id)
    with reading(engine) as connection:
        row = connection.execute(query.where(sign_ins.c.token == _hashed(token))).mappings().first()
    if row is None or row["disabled"] is not None:
        return None
    if now - row["seen"] > IDLE_S or now - row["began"] > LONGEST_S:
        end(engine, token)
        return None
    if now - row["seen"] > _SEEN_EVERY_S:
        with suppress(StorageError), transaction(engine) as connection:
            connection.execute(update(sign_ins).where(sign_ins.c.token == _hashed(token)).values(seen=now))
    return of_row(dict(row))


def of_user(engine: Engine, user_id: int) -> list[dict[str, Any]]:
    """Return where a user is signed in, latest first: ``id`` names a sign-in, and opens nothing."""
    columns = [sign_ins.c[name] for name in ("token", "began", "seen", "address", "browser")]
    query = select(*columns).where(sign_ins.c.user_id == user_id).order_by(sign_ins.c.seen.desc())
    with reading(engine) as connection:
        return [{**row, "id": str(row["token"])[:16]} for row in connection.execute(query).mappings()]


def is_of(row: Mapping[str, Any], token: str) -> bool:
    """Return whether a row of :func:`of_user` is the sign-in with this token."""
    return bool(row["token"] == _hashed(token))


def end_of_user(engine: Engine, user_id: int, *, one: str = "", but: str = "") -> int:
    """End the sign-in called ``one`` of a user, else all of them ``but`` that with this token; return how many."""
    which = [sign_ins.c.user_id == user_id]
    which.append(sign_ins.c.token.startswith(one, autoescape=True) if one else sign_ins.c.token != _hashed(but))
    with transaction(engine) as connection:
        return int(connection.execute(delete(sign_ins).where(*which)).rowcount)


def take_kept(engine: Engine, token: str) -> dict[str, Any] | None:
    """Return what was typed before signing in again, once. Raises ``StorageError``."""
    mine = sign_ins.c.token == _hashed(token)
    with reading(engine) as connection:
        kept: dict[str, Any] | None = connection.execute(select(sign_ins.c.kept).where(mine)).scalar()
    if kept is not None:
        with transaction(engine) as connection:
            connection.execute(update(sign_ins).where(mine).values(kept=None))
    return kept


def end(engine: Engine, token: str) -> None:
    """Sign out. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.token == _hashed(token)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobodys() -> str:
    """Checked when there is no such user, so that the time taken tells nothing."""
    return generate_password_hash("nobody has this one")
