from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from broadcaster.config.settings import LiveSettings
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.sound.talk import LOST, SILENT, TIME_UP, LiveSource, Talk
from broadcaster.words import Sentence

CHIME = np.full(RATE // 2, 500, "<i2").tobytes()
SPOKEN = np.full(BLOCK, 8000, "<i2").tobytes()
FAINT = np.full(BLOCK, 20, "<i2").tobytes()
LIMITS = LiveSettings(longest_min=1, silent_after_s=10, lost_after_s=2)


class Wrist:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def listen(talk: Talk, wrist: Wrist, seconds: float, pcm: bytes | None) -> list[bytes]:
    """Play in real time, as a player does, while a microphone sends ``pcm`` with each block."""
    played = []
    for block in islice(LiveSource(talk, CHIME, CHIME), round(seconds * RATE / BLOCK)):
        played.append(block)
        wrist.now += BLOCK / RATE
        if pcm is not None:
            talk.hear(pcm)
    return played


@pytest.mark.parametrize(
    ("pcm", "why", "after_s"),
    [(SPOKEN, TIME_UP, 61), (FAINT, SILENT, 11), (None, LOST, 6)],
    ids=["time", "silence", "line"],
)
def test_it_ends_by_itself_with_its_reason_and_the_closing_chime(
    pcm: bytes | None, why: Sentence, after_s: int
) -> None:
    wrist = Wrist()
    talk = Talk(LIMITS, wrist)
    played = listen(talk, wrist, 90, pcm)
    assert talk.reason is why
    assert len(played) * BLOCK / RATE < after_s + 2
    assert played[-5] == CHIME[: len(SPOKEN)]


def test_what_is_said_before_the_chime_is_over_is_not_heard() -> None:
    wrist = Wrist()
    talk = Talk(LIMITS, wrist)
    played = listen(talk, wrist, 0.5, SPOKEN)
    assert b"".join(played) == CHIME
    assert talk.left_s is None
    assert talk.buffer.seconds == 0


def test_the_last_words_are_heard_after_the_end() -> None:
    wrist = Wrist()
    talk = Talk(LIMITS, wrist)
    sounds = iter(LiveSource(talk, CHIME, CHIME))
    for _ in range(25 + 20):
        next(sounds)
        talk.hear(SPOKEN)
    waiting = talk.buffer.seconds
    assert waiting > 0.1
    talk.finish()
    assert len(list(sounds)) == round((waiting + 0.5) * RATE / BLOCK)
    assert (talk.reason, talk.left_s) == (None, None)


def test_the_first_reason_counts_and_only_an_early_end_is_told() -> None:
    talk = Talk(LIMITS, Wrist())
    talk.finish(LOST)
    talk.finish(SILENT)
    assert LiveSource(talk, b"", b"").ended_early is LOST
    whole = Talk(LIMITS, Wrist())
    whole.finish(TIME_UP)
    assert LiveSource(whole, b"", b"").ended_early is None


def test_it_promises_never_to_last_longer() -> None:
    wrist = Wrist()
    talk = Talk(LIMITS, wrist)
    source = LiveSource(talk, CHIME, CHIME)
    assert len(listen(talk, wrist, 90, SPOKEN)) * BLOCK / RATE <= source.seconds
