from __future__ import annotations

import pytest

from broadcaster.sound.off_air.carrier import Hears
from broadcaster.sound.off_air.watch import ChannelWatch

KINDS = {"h": Hears.HISS, "s": Hears.SOUND, "q": Hears.QUIET, "n": Hears.NOTHING}


def told(halves: str) -> list[Hears | None]:
    """Return what is said after each half second, for those in capitals while our carrier is up."""
    watch = ChannelWatch()
    return [watch.take(KINDS[one.lower()], closed=one.islower()) for one in halves]


@pytest.mark.parametrize(
    ("halves", "last"),
    [
        ("h" * 20, Hears.HISS),
        ("h" * 19, None),
        ("h" * 20 + "s" * 16, Hears.SOUND),
        ("h" * 20 + "s" * 15, None),
        ("h" * 20 + "sqhsqhsqhsqhsqhs", Hears.SOUND),  # somebody who speaks with pauses, through noise
        ("h" * 20 + "sssss" + "h" * 15, None),  # a crackle
        ("h" * 20 + "S" * 40 + "h", None),  # what sounded was ours
        ("s" * 10 + "S" + "s" * 10, None),
        ("h" + "q" * 20, Hears.QUIET),
        ("h" + "q" * 19, None),
        ("q" * 40, None),  # squelch
        ("h" * 20 + "s" * 16 + "h" * 20, Hears.HISS),
        ("n" * 40, None),
    ],
)
def test_what_is_said_of_the_channel(halves: str, last: Hears | None) -> None:
    assert told(halves)[-1] is last


def test_a_programme_is_told_within_ten_seconds() -> None:
    assert Hears.SOUND in told("h" * 20 + "s" * 20)


@pytest.mark.parametrize(
    ("halves", "dead"), [("n" * 20, True), ("N" * 20, True), ("n" * 19, False), ("n" * 20 + "h", False)]
)
def test_a_receiver_that_is_silent_for_ten_seconds_is_dead(halves: str, dead: bool) -> None:
    watch = ChannelWatch()
    for one in halves:
        watch.take(KINDS[one.lower()], closed=one.islower())
    assert watch.dead is dead
