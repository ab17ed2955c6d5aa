"""Opens the log book: SQLite in WAL mode, or whatever ``BROADCASTER_DATABASE_URL`` names; schema by Alembic."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.errors import StorageError
from broadcaster.words import Sentence

HEAD = "0001"
"""The migration that this code wants."""
_BUSY_MS = 2000


def database_url(path: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return ``$BROADCASTER_DATABASE_URL``, else the SQLite file at ``path``."""
    return environment.get("BROADCASTER_DATABASE_URL") or f"sqlite:///{path}"


def open_database(url: str) -> Engine:
    """Return an engine whose schema is up to date.

    A missing file is created; one that is no database is left as it is. Raises ``StorageError``.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    try:
        with translated():
            if _version(engine) != HEAD:
                _migrate(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database throws into ``StorageError``."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise StorageError(_why(str(cause))) from error


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Begin, and commit at the end. Raises ``StorageError``."""
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


def _configure_sqlite(connection: Any, _: object) -> None:
    """A claim must survive a power cut, or something would air twice: hence FULL."""
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    """Run all migrations that are missing. Alembic is loaded only when there are some: it takes its time."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
