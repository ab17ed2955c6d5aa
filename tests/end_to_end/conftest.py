from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.station import Station, station

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole stations in real time, on a machine that others use too: a second try is allowed, and is told."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One running station for the tests of a module that leave it as they found it."""
    with station(tmp_path_factory.mktemp("station")) as running:
        yield running
