"""A relayed station, or a recording of one, holds codes: they must open and close nothing of ours."""

from __future__ import annotations

from pathlib import Path

from broadcaster.devices.dtmf import digits_pcm, silence
from broadcaster.model.broadcast import Broadcast
from broadcaster.playout.events import FaultRaised
from broadcaster.playout.programme import Item, Repeat
from broadcaster.playout.silence import SilenceRule
from broadcaster.simulation.decoder import Decoder
from broadcaster.sound.source import MemorySource
from tests.judges import pcm_of
from tests.playout.rig import CLUSTER, carried
from tests.simulation.sounds import samples_of
from tests.sound.sounds import tone

CODE = digits_pcm("*011#", tone_ms=80, gap_ms=50, level_dbfs=-9)
PROGRAMME = tone(48000) + silence(300) + CODE + silence(600) + tone(48000)


def on_air(folder: Path, repeat: Repeat | None = None) -> tuple[list[str], list[str]]:
    """Return the codes that a receiver hears while this sounds, and the kinds of faults."""
    item = Item(Broadcast("20270101-000000-abcdef", "Tin", CLUSTER), MemorySource(PROGRAMME), repeat)
    told = carried(item, folder, SilenceRule())
    decoder, sound = (
        Decoder(50),
        samples_of(pcm_of(folder / f"{item.broadcast.id}.wav")),
    )
    heard = [code for at in range(0, len(sound), 480) for code in decoder.feed(sound[at : at + 480])]
    return [code for code in heard if len(code) > 2], [one.kind for one in told if isinstance(one, FaultRaised)]


def test_codes_in_a_programme_reach_no_receiver_and_are_told_once(tmp_path: Path) -> None:
    assert on_air(tmp_path) == (["*991#", "*990#"], ["codes in the programme"])


def test_an_emergency_is_left_as_it_is(tmp_path: Path) -> None:
    heard, faults = on_air(tmp_path, repeat=Repeat(gap_s=1, longest_s=1))
    assert "*011#" in heard
    assert faults == []
