"""Calls by RDS: from our driver over a line to a simulated encoder, its multiplex signal, and a foreign decoder."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from broadcaster.config.encoders import RdsSettings
from broadcaster.config.loading import settings_of
from broadcaster.config.settings import Settings
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.pira import AsciiEncoder
from broadcaster.devices.port import SerialPort
from broadcaster.devices.rds import RdsEncoder
from broadcaster.devices.rds_group import call_group
from broadcaster.devices.uecp_encoder import UecpEncoder
from broadcaster.model.cluster import Call
from broadcaster.model.pcm import SILENCE
from broadcaster.simulation.devices import rds_encoder
from broadcaster.simulation.diary import Diary, Transcript
from broadcaster.simulation.field import Field
from broadcaster.simulation.jacks import PtyJack
from broadcaster.simulation.mpx import mpx
from broadcaster.simulation.rds_encoder import GROUP_S, Blocks
from broadcaster.simulation.serial_line import SerialLine
from tests.devices.plant import sound
from tests.rds import groups_of, needs_v4l2rds, v4l2_groups, v4l2_station

ALL_CLUSTERS = frozenset(range(1, 11))


class Mast:
    """An RDS encoder on its line, receivers in the field, and ``air``: every group that left."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.air: list[Blocks] = []
        self._diary = Diary(folder / "events.jsonl")
        self.field = Field(settings, folder, self._diary)
        self._transcript = Transcript(folder / "wire.log")
        model = rds_encoder(settings.encoder, self._radiate)
        self._line = SerialLine(model, PtyJack(folder / "rds"), self._transcript)
        self._owner = PortOwner(SerialPort(str(folder / "rds"), 9600))
        driver: Any = UecpEncoder if settings.encoder.kind == "uecp" else AsciiEncoder
        self.encoder: RdsEncoder = driver(settings.encoder, self._owner)
        self.field.key(True)

    @property
    def calls(self) -> tuple[Call, ...]:
        return self.settings.network.calls(self.settings.network.numbers)

    def close(self) -> None:
        self._owner.close()
        self._line.close()
        self.field.switch_off()
        self._diary.close()
        self._transcript.close()

    def _radiate(self, blocks: Blocks) -> None:
        self.air.append(blocks)
        self.field.group(blocks)


@contextmanager
def mast(folder: Path, clusters: Collection[int] = ALL_CLUSTERS, **encoder: Any) -> Iterator[Mast]:
    """Yield a mast with these clusters, no groups and no all-call unless given."""
    names = [{"number": n, "name": f"Thôn {n}", "code": str(n)} for n in clusters]
    kind = {"ps": "XA TAN A", "radiotext": "Dai truyen thanh xa Tan An", "all_code": 0, **encoder}
    settings = settings_of({"station": {"name": "Đài thử"}, "cluster": names, "encoder": kind})
    one = Mast(settings, folder)
    try:
        yield one
    finally:
        one.close()


@needs_v4l2rds
@pytest.mark.parametrize("repeats", [2, 3])
@pytest.mark.parametrize(
    "encoder",
    [
        {"kind": "uecp"},
        {"kind": "uecp", "acknowledges": True, "element": "42"},
        {"kind": "uecp", "acknowledges": True, "element": "46", "share": 0.5},
        {"kind": "ascii"},
        {"kind": "ascii", "echoes": True, "share": 0.5},
    ],
    ids=lambda one: "-".join(map(str, one.values())),
)
def test_a_foreign_decoder_hears_exactly_what_was_asked_for(
    encoder: dict[str, Any], repeats: int, tmp_path: Path
) -> None:
    with mast(tmp_path, **encoder, repeats=repeats) as one:
        sound([SILENCE] * 100)  # the carrier's lead-in: receivers learn who the station is
        sound(one.encoder.open(one.calls))
        heard, settings = groups_of(mpx(one.air)), one.settings.encoder
        assert isinstance(settings, RdsSettings)
        wanted = [call_group(settings, address=n, action=1, level=0, counter=1) for n in sorted(ALL_CLUSTERS)]
        ours = [(g.b_lsb, g.c, g.d) for g in v4l2_groups(heard) if (g.group, g.version) == (11, "A")]
        assert ours == [(g.tail, g.third, g.fourth) for g in wanted] * repeats
        assert one.field.open == sorted(ALL_CLUSTERS)
        station = v4l2_station(heard)
        assert (station.pi, station.oda) == (settings.pi, [(11, "A", settings.aid)])


@needs_v4l2rds
def test_name_and_text_of_the_station(tmp_path: Path) -> None:
    with mast(tmp_path, kind="uecp", repeats=5, share=0.25) as one:
        sound(itertools.islice(one.encoder.open(one.calls), 300))
        assert v4l2_station(groups_of(mpx(one.air)))[:3] == (0x1A01, "XA TAN A", "Dai truyen thanh xa Tan An")


@pytest.mark.parametrize(("share", "count"), [(1.0, 60), (0.5, 40)])
def test_calls_take_as_long_as_the_air_itself(share: float, count: int, tmp_path: Path) -> None:
    """87.6 ms a group, over the share: measured in the air, and told in advance."""
    with mast(tmp_path, range(1, 257), kind="uecp", repeats=2, share=share) as one:
        target = frozenset(range(3, 3 + count))
        calls = one.settings.network.calls(target)
        limit_s = 2 * count * GROUP_S / share
        assert one.encoder.seconds(calls) == pytest.approx(limit_s, rel=0.05)
        sound(one.encoder.open(calls))
        ours = [place for place, blocks in enumerate(one.air) if blocks[1] >> 11 == 22]
        assert len(ours) == 2 * count
        assert (ours[-1] - ours[0]) * GROUP_S == pytest.approx(limit_s, rel=0.05)
        assert one.field.open == sorted(target)


def test_who_missed_its_call_is_opened_by_the_keep_alive(tmp_path: Path) -> None:
    with mast(tmp_path, kind="uecp", repeats=2, keep_alive_s=1) as one:
        one.field.key(False)
        sound(one.encoder.open(one.calls))
        one.field.key(True)
        assert one.field.open == []

        def programme() -> Iterator[bytes]:
            for _ in range(180):
                one.encoder.sustain(one.calls, 1)
                yield SILENCE

        sound(programme())
        assert one.field.open == sorted(ALL_CLUSTERS)
