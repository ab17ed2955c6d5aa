"""What can befall a real Icecast server, heard by a relay in real time: no gap is longer than was set."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from broadcaster.config.relays import RelaySettings
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.sound.goal import USUAL
from broadcaster.sound.relay.line import Line
from broadcaster.sound.relay.source import Frame, RelaySource
from broadcaster.words import Sentence
from tests.end_to_end.station import tone_share
from tests.streams import Icecast, icecast, needs_icecast

pytestmark = needs_icecast
LIMIT_S = 2
SETTINGS = RelaySettings(
    name="vov1", title="VOV1", addresses=("a", "b"), silent_after_s=LIMIT_S, stalled_after_s=LIMIT_S, back_after_s=60
)


def in_real_time(source: RelaySource, befalls: Callable[[], None], after_s: float) -> np.ndarray:
    heard, began = [], time.monotonic()
    for number, block in enumerate(source):
        heard.append(block)
        if number == round(after_s * RATE / BLOCK):
            befalls()
        time.sleep(max(0.0, began + number * BLOCK / RATE - time.monotonic()))
    return np.frombuffer(b"".join(heard), "<i2") / 32768


@pytest.mark.parametrize(
    ("befalls", "why"),
    [(Icecast.freeze, "does not come"), (lambda one: one.feed(-80), "is silent")],
    ids=["frozen", "silent"],
)
def test_the_second_address_takes_over(befalls: Callable[[Icecast], None], why: str) -> None:
    told: list[Sentence] = []
    with icecast(440) as first, icecast(1000) as second:
        lines = [Line("broadcaster.sound.relay.receive", one.address, seconds=60) for one in (first, second)]
        source = RelaySource(
            SETTINGS, 0.3, lines, None, Frame(b"", b"", USUAL), tell=told.append, monotonic=time.monotonic
        )
        time.sleep(4)
        sound = in_real_time(source, lambda: befalls(first), 1)
    assert [why in one.to("en") for one in told] == [True]
    assert tone_share(sound[-RATE:], 1000) > 0.9
    loud = np.flatnonzero(np.abs(sound) > 0.01) / RATE
    assert np.diff(loud).max() < LIMIT_S + 1
