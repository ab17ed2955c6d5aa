"""Who is signed in to the pages. The browser holds a token, the log book only its hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from broadcaster.errors import StorageError
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import sign_ins, users
from broadcaster.storage.users import User, of_row

IDLE_S = 14 * 86400.0
"""A sign-in ends when it was not used for so long. Whoever needs the emergency at night is not asked for a password."""
LONGEST_S = 90 * 86400.0
_SEEN_EVERY_S = 3600.0


def begin(
    engine: Engine,
    user: User,
    now: float,
    kept: dict[str, Any] | None = None,
    *,
    address: str = "",
    browser: str = "",
) -> str:
    """Sign a user in; return the token for the browser. ``kept`` is what was typed when an earlier one ran out.

    Who ``must_change`` the password must do so with this sign-in; those on other devices go on.
    """
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
                must_change=int(user.must_change),
            )
        )
    return token


def signed_in(engine: Engine, token: str, now: float) -> User | None:
    """Return who holds this token, and remember that it was used. Raises ``StorageError``."""
    columns = (sign_ins.c.seen, sign_ins.c.began, sign_ins.c.must_change.label("given"))
    query = select(users, *columns).join(sign_ins, sign_ins.c.user_id == users.c.id)
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
    user = of_row(dict(row))
    return replace(user, must_change=user.must_change or bool(row["given"]))


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
