from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from broadcaster.storage.database import database_url, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "broadcaster.sqlite3"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_database(database_url(path, {}))
    yield engine
    engine.dispose()
