"""A district of 256 clusters in 32 villages: the driver's tones, heard by the simulated receivers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from broadcaster.config.loading import settings_of
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.simulation.diary import Diary
from broadcaster.simulation.field import Field

SETTINGS = settings_of(
    {
        "station": {"name": "Đài huyện"},
        "transmitter": {"time_out_s": 7200},
        "encoder": {"kind": "dtmf", "repeats": 1, "tone_ms": 50},
        "group": [{"name": f"lang-{village}", "code": f"9{village:02}0"} for village in range(32)],
        "cluster": [
            {"number": n, "name": f"Cụm {n}", "code": f"{n:03}", "groups": [f"lang-{(n - 1) // 8}"]}
            for n in range(1, 257)
        ],
    }
)


def hear(field: Field, blocks: Iterable[bytes]) -> None:
    for block in blocks:
        for start in range(0, len(block), 960):
            field.hear(block[start : start + 960])


def test_a_target_of_whole_villages_and_single_clusters_is_reached_exactly(tmp_path: Path) -> None:
    encoder, network = DtmfEncoder(SETTINGS.encoder), SETTINGS.network  # type: ignore[arg-type]
    target = frozenset(range(9, 41)) | {100, 200}
    calls = network.calls(target)
    assert len(calls) == 6
    diary = Diary(tmp_path / "events.jsonl")
    field = Field(SETTINGS, tmp_path, diary)
    field.relay(1, True)
    hear(field, encoder.open(calls))
    assert field.open == sorted(target)
    hear(field, itertools.islice(encoder.close(network.closing_calls(target)), 500))
    assert field.open == []
    field.switch_off()
    diary.close()
