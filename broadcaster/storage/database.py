"""Opens the log book: SQLite in WAL mode, or what ``BROADCASTER_DATABASE_URL`` names; schema by Alembic."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.errors import StorageError
from broadcaster.words import Sentence

HEAD = "0006"
"""The migration that this code wants."""
_BUSY_MS = 2000
_WRITES = {"writes": True}


def database_url(path: Path, environment: Mapping[str, str] = os.environ) -> str | URL:
    """Return ``$BROADCASTER_DATABASE_URL``, else the SQLite file at ``path``."""
    return environment.get("BROADCASTER_DATABASE_URL") or URL.create("sqlite", database=str(path))


def open_database(url: str | URL) -> Engine:
    """Return an engine whose schema is up to date.

    A missing file is created; one that is damaged, or not ours, is left as it is. Raises ``StorageError``.
    """
    with translated():
        engine = _engine(url)
    try:
        with translated():
            _bring_up_to_date(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database throws into ``StorageError``."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise StorageError(
            Sentence("The driver {name} of $BROADCASTER_DATABASE_URL is not installed.", name=error.name)
        ) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise StorageError(_why(str(cause))) from error


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Begin, alone in writing; commit at the end. Raises ``StorageError``."""
    with translated(), engine.execution_options(**_WRITES).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Begin to read: waits for no writer. Raises ``StorageError``."""
    with translated(), engine.begin() as connection:
        yield connection


def _why(cause: str) -> Sentence:
    if "locked" in cause:
        return Sentence("The log book is locked by another program: close that program.")
    if "malformed" in cause or "not a database" in cause:
        return Sentence("The log book is damaged: restore a backup. Emergencies still sound.")
    if "full" in cause or "disk I/O" in cause:
        return Sentence("The log book cannot be written: free some space on the disk.")
    return Sentence("The log book cannot be used: {why}", why=cause)


def _engine(url: str | URL) -> Engine:
    engine = create_engine(url, json_deserializer=_forgiving)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def _forgiving(text: str) -> Any:
    """What a hand has spoilt reads as nothing: one cell must not stop everything that reads its table."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _begin(connection: Connection) -> None:
    """Who will write says so at once: what was read before a write cannot have changed meanwhile."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _configure_sqlite(connection: Any, _: object) -> None:
    """A claim must survive a power cut, or something would air twice: hence FULL."""
    connection.isolation_level = None  # the driver would begin on its own, and not before a CREATE TABLE
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _bring_up_to_date(engine: Engine) -> None:
    with engine.begin() as connection:
        _check_whole(connection)
        version = _version(connection)
    if version == HEAD:
        return
    with transaction(engine) as connection:  # all or nothing; a second process waits here
        if (version := _version(connection)) != HEAD:
            _migrate(connection, version)


def _check_whole(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        answer = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if answer != "ok":
            raise StorageError(_why("malformed"))


def _version(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        raise StorageError(Sentence("The log book's database belongs to another program: name another one."))
    return None


def _migrate(connection: Connection, version: str | None) -> None:
    """Run all migrations that are missing. Alembic is loaded only when there are some: it takes its time."""
    from alembic import command
    from alembic.config import Config

    if version is not None and version > HEAD:
        raise StorageError(Sentence("The log book was written by a newer version of this program: install it."))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
