"""Who may use the pages. There is no default password: a new or reset user gets one for one sign-in only."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from werkzeug.security import generate_password_hash

from broadcaster.errors import UsageError
from broadcaster.model.cluster import Network
from broadcaster.model.roles import Right, Role
from broadcaster.storage import audit
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import sign_in_failures, sign_ins, users
from broadcaster.words import Sentence

SHORTEST_PASSWORD = 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other."""


@dataclass(frozen=True)
class User:
    """``must_change``: the password was given, not chosen, and is good for choosing another one only."""

    id: int
    name: str
    must_change: bool
    role: Role = Role.ADMINISTRATOR
    groups: tuple[str, ...] = ()
    """The groups of clusters that this person may use; none: all."""

    def may(self, right: Right) -> bool:
        """Return whether this person's role has a right."""
        return right in self.role.rights

    def may_use(self, clusters: Iterable[int], network: Network) -> bool:
        """Return whether this person may let something sound in these clusters."""
        wanted = frozenset(clusters)
        mine = all(any(network.is_in(number, group) for group in self.groups) for number in wanted)
        return not self.groups or (mine and bool(wanted))  # of what is no longer there nobody knows whose it was


def add(
    engine: Engine, name: str, now: float, *, role: Role = Role.EDITOR, groups: Sequence[str] = (), by: str = ""
) -> str:
    """Add a user; return the one-time password. Raises ``UsageError`` when the name is taken or no name."""
    name = name.strip()
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise UsageError(Sentence("A name has 1 to 64 letters."))
    password = new_code()
    with transaction(engine) as connection:
        if connection.execute(select(users.c.id).where(users.c.key == key_of(name))).first():
            raise UsageError(Sentence("There is a user {name} already.", name=name))
        about = {"role": role.value, "groups": list(groups)}
        connection.execute(
            insert(users).values(
                name=name,
                key=key_of(name),
                password=generate_password_hash(password),
                must_change=1,
                created=now,
                **about,
            )
        )
        audit.note(connection, now, by, "person added", name, after=about)
    return password


def add_first(engine: Engine, name: str, now: float) -> str | None:
    """Add the first user of all; return the one-time password, ``None`` when there is one. Raises ``StorageError``."""
    with reading(engine) as connection:
        if connection.execute(select(users.c.id)).first() is not None:
            return None
    try:
        return add(engine, name, now, role=Role.ADMINISTRATOR)
    except UsageError:  # another process was quicker
        return None


def assign(engine: Engine, name: str, role: Role, groups: Sequence[str] | None, by: str, now: float) -> None:
    """Give a user another role, and the groups they may use (``None``: as before). Raises ``UsageError``."""
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        if role is not Role.ADMINISTRATOR:
            _keep_an_administrator(connection, user_id)
        row = connection.execute(select(users.c.role, users.c.groups).where(users.c.id == user_id)).one()
        after = {"role": role.value, "groups": row.groups if groups is None else list(groups)}
        connection.execute(update(users).where(users.c.id == user_id).values(**after))
        before = {"role": row.role, "groups": row.groups}
        audit.note(connection, now, by, "person changed", name, before=before, after=after)


def reset(engine: Engine, name: str, now: float, by: str = "") -> str:
    """Give a user a new one-time password, and end all their sign-ins. Raises ``UsageError``."""
    password = new_code()
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        _set_password(connection, user_id, password, must_change=True)
        connection.execute(update(users).where(users.c.id == user_id).values(disabled=None, duty_code=None))
        connection.execute(delete(sign_in_failures).where(sign_in_failures.c.name == key_of(name)))
        audit.note(connection, now, by, "one-time password", name)
    return password


def disable(engine: Engine, name: str, now: float, by: str = "") -> None:
    """Let a user sign in no more. Raises ``UsageError`` when there is none, or it is the last administrator."""
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        _keep_an_administrator(connection, user_id)
        connection.execute(update(users).where(users.c.id == user_id).values(disabled=now, duty_code=None))
        connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))
        audit.note(connection, now, by, "person locked out", name)


def new_duty_code(engine: Engine, name: str, by: str, now: float) -> str:
    """Return a code for the duty sheet: good for one sign-in when the password is forgotten. Raises ``UsageError``.

    The code of an earlier sheet is good no more.
    """
    code = new_code()
    with transaction(engine) as connection:
        user_id = _id_of(connection, name)
        connection.execute(update(users).where(users.c.id == user_id).values(duty_code=generate_password_hash(code)))
        audit.note(connection, now, by, "duty sheet", name)
    return code


def _keep_an_administrator(connection: Connection, user_id: int) -> None:
    others = select(users.c.id).where(
        users.c.disabled.is_(None), users.c.id != user_id, users.c.role == Role.ADMINISTRATOR.value
    )
    if connection.execute(others).first() is None:
        raise UsageError(Sentence("That is the last administrator: name another one first."))


def everyone(engine: Engine) -> list[dict[str, Any]]:
    """Return the users as rows, without passwords. Raises ``StorageError``."""
    columns = [users.c[name] for name in ("id", "name", "must_change", "created", "disabled", "role", "groups")]
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(users.c.name)).mappings()]


def of_row(row: Mapping[str, Any]) -> User:
    """Return the user in a row of ``users``."""
    groups = row["groups"] if isinstance(row["groups"], list) else ["-"]  # spoilt by hand: no group at all
    try:
        role = Role(row["role"])
    except ValueError:
        role = Role.VIEWER
    return User(row["id"], row["name"], bool(row["must_change"]), role, tuple(map(str, groups)))


def choose_password(engine: Engine, user_id: int, password: str) -> None:
    """Set the password a user chose; other sign-ins of theirs end. Raises ``UsageError`` when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(Sentence("Choose a password of at least {count} letters or digits.", count=SHORTEST_PASSWORD))
    if len(password) > 256:
        raise UsageError(Sentence("Choose a shorter password."))
    with transaction(engine) as connection:
        name = connection.execute(select(users.c.key).where(users.c.id == user_id)).scalar() or ""
        if _is_easy(password, name):
            raise UsageError(Sentence("That password is easy to guess: choose a few words that only you would join."))
        _set_password(connection, user_id, password, must_change=False)


def _is_easy(password: str, name: str) -> bool:
    """What everybody tries first: one thing again and again, a row of keys, a known word, the name."""
    plain = password.casefold().replace(" ", "")
    for size in range(1, 5):
        if plain == (plain[:size] * len(plain))[: len(plain)]:
            return True
    rest = plain
    for word in (*_KNOWN, name):
        rest = rest.replace(word, "") if word else rest
    return len(rest) < _LEAST_OF_ONES_OWN


_TRIED_FIRST = (
    "0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 123 qwertyuiop qwerty asdfghjkl asdf zxcvbnm "
    "password passw0rd matkhau mậtkhẩu admin truyenthanh truyềnthanh phatthanh phátthanh loaphuong iloveyou anhyeuem "
    "xincamon vietnam việtnam"
)
_KNOWN = _TRIED_FIRST.split()
_LEAST_OF_ONES_OWN = 5


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


def new_code() -> str:
    """Return twelve letters and digits to be copied from paper."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
