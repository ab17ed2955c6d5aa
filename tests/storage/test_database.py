from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from broadcaster.errors import StorageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.storage import broadcasts, database
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.tables import metadata
from tests.people import ground_at

OPEN = "import sys; from broadcaster.storage.database import open_database; open_database(sys.argv[1]).dispose()"
ONE = Broadcast("20261123-101500-9f3c2a", "Tiêm chủng", frozenset({2, 7}))


def fails(path: Path) -> str:
    with pytest.raises(StorageError) as caught:
        open_database(database_url(path, {}))
    return str(caught.value)


def test_the_migrations_make_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration() -> None:
    folder = Path(database.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == database.HEAD


def test_a_claim_survives_a_power_cut(engine: Engine) -> None:
    with engine.connect() as connection:
        modes = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 2]


def test_an_open_log_book_is_opened_without_alembic(engine: Engine) -> None:
    engine.dispose()
    code = OPEN + "; assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(engine.url)], check=True, timeout=60)


def test_several_processes_may_open_a_new_log_book_at_once(path: Path) -> None:
    url = f"sqlite:///{path}"
    opening = [subprocess.Popen([sys.executable, "-c", OPEN, url]) for _ in range(3)]
    assert [process.wait(60) for process in opening] == [0, 0, 0]


@pytest.mark.parametrize("content", [b"no database at all\n" * 300, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_left_as_it_is(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    assert "damaged" in fails(path)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_found(engine: Engine, path: Path) -> None:
    for number in range(200):
        broadcasts.add(engine, Broadcast(f"{number:04}", "Bản tin" * 50, frozenset({1})), ground_at(1.0))
    engine.dispose()
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xaa" * (len(content) - 12288)
    path.write_bytes(content)
    assert "damaged" in fails(path)


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE broadcasts (id)")
        assert "another program" in fails(path)
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("broadcasts",)]


def test_a_log_book_of_a_newer_version(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert "newer version" in fails(path)


def test_a_folder_is_no_log_book(tmp_path: Path) -> None:
    assert "cannot be used" in fails(tmp_path)


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/name", "postgresql+nosuchdriver://host/name"])
def test_a_bad_address(url: str) -> None:
    with pytest.raises(StorageError):
        open_database(url)


@pytest.mark.parametrize("name", ["what?.sqlite3", "50%20.sqlite3", "thôn #1.sqlite3"])
def test_any_file_name(name: str, tmp_path: Path) -> None:
    open_database(database_url(tmp_path / name, {})).dispose()
    assert (tmp_path / name).stat().st_size > 0


def test_the_environment_names_another_database(path: Path) -> None:
    assert database_url(path, {"BROADCASTER_DATABASE_URL": "postgresql://x/y"}) == "postgresql://x/y"


def test_a_locked_log_book_is_told(engine: Engine, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            broadcasts.add(engine, ONE, ground_at(1.0))
        assert broadcasts.history(engine) == []
        other.execute("ROLLBACK")
    broadcasts.add(engine, ONE, ground_at(1.0))
    assert broadcasts.queued(engine) == [ONE]


def test_a_full_disk_is_told(path: Path) -> None:
    code = f"""
from broadcaster.errors import StorageError
from broadcaster.storage.database import open_database
try:
    open_database("sqlite:///{path}")
except StorageError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert "free some space" in done.stdout
