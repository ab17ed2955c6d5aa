from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.station import Station, station


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One running station for the tests of a module that leave it as they found it."""
    with station(tmp_path_factory.mktemp("station")) as running:
        yield running
