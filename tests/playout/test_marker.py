from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from broadcaster.playout.marker import OpenMarker, RecoveryLedger


def test_marker_stands_until_cleared(tmp_path: Path) -> None:
    marker = OpenMarker(tmp_path)
    assert not marker.is_set()
    marker.set()
    marker.set()
    assert OpenMarker(tmp_path).is_set()
    marker.clear()
    marker.clear()
    assert not marker.is_set()


def test_what_cannot_be_read_counts_as_open(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert OpenMarker(tmp_path / "file").is_set()


def test_three_recoveries_an_hour_and_no_more(tmp_path: Path) -> None:
    ledger = RecoveryLedger(tmp_path)
    assert [ledger.allow(at) for at in (1000, 1010, 1020, 1030)] == [True, True, True, False]
    assert not RecoveryLedger(tmp_path).allow(1040)  # another process counts on
    assert ledger.allow(1000 + 3601)


def test_a_person_sets_the_count_to_zero(tmp_path: Path) -> None:
    ledger = RecoveryLedger(tmp_path)
    for at in range(3):
        ledger.allow(at)
    ledger.forget()
    assert ledger.allow(4)


def test_a_ledger_that_cannot_be_written_allows_nothing(tmp_path: Path) -> None:
    assert not RecoveryLedger(tmp_path / "missing").allow(1000)


def test_both_need_no_free_disk(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from broadcaster.playout.marker import *; p = pathlib.Path(sys.argv[1]);"
        "OpenMarker(p).set(); assert OpenMarker(p).is_set(); assert RecoveryLedger(p).allow(5); OpenMarker(p).clear()"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
