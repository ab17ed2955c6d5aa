from __future__ import annotations

import numpy as np
import pytest

from broadcaster.config.monitor import MonitorSettings
from broadcaster.model.pcm import RATE
from broadcaster.sound.off_air.carrier import Channel, Hears
from broadcaster.sound.off_air.spectrum import COLUMNS, Rows, rows
from tests.sound.off_air.programmes import Sound, music, pcm_of

HALF = RATE // 2


def noise(dbfs: float) -> Sound:
    return np.random.default_rng(4).normal(0, 10 ** (dbfs / 20), HALF)


def tone(hertz: float, dbfs: float) -> Sound:
    return np.asarray(np.sqrt(2) * 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * np.arange(HALF) / RATE))


def half(sound: Sound) -> Rows:
    return rows(pcm_of(sound))


@pytest.mark.parametrize(
    ("sound", "hears"),
    [
        (np.zeros(HALF), Hears.NOTHING),
        (noise(-90), Hears.NOTHING),
        (noise(-16), Hears.HISS),
        (noise(-40), Hears.HISS),
        (noise(-60), Hears.QUIET),
        (tone(1000, -60), Hears.QUIET),
        (tone(1000, -20), Hears.SOUND),
        (tone(50, -10) + noise(-16), Hears.HISS),  # hum of the mains is no programme
        (music(1, HALF) + noise(-36), Hears.SOUND),
        (music(1, HALF) + noise(-17), Hears.SOUND),
    ],
)
def test_what_half_a_second_is(sound: Sound, hears: Hears) -> None:
    assert Channel(MonitorSettings()).hears(half(sound)) is hears


def test_noise_far_below_the_hiss_that_was_learnt_is_a_carrier() -> None:
    channel = Channel(MonitorSettings())
    assert channel.hears(half(noise(-30))) is Hears.HISS
    channel.learn(half(noise(-16)))
    assert channel.hears(half(noise(-30))) is Hears.QUIET
    assert channel.hears(half(noise(-18))) is Hears.HISS


def test_the_noise_of_a_carrier_that_stands_is_not_learnt_however_long_it_stands() -> None:
    channel = Channel(MonitorSettings())
    for dbfs in (-16,) * 4 + (-26,) * 200:
        channel.learn(half(noise(dbfs)))
    assert channel.hears(half(noise(-26))) is Hears.QUIET


def test_a_crackle_at_the_start_does_not_keep_hiss_from_being_learnt() -> None:
    channel = Channel(MonitorSettings())
    for dbfs in (-10,) + (-36,) * 10:
        channel.learn(half(noise(dbfs)))
    assert channel.hears(half(noise(-36))) is Hears.HISS


def test_only_hiss_is_learnt() -> None:
    channel = Channel(MonitorSettings())
    click = np.concatenate([noise(-10)[:2400], np.zeros(HALF - 2400)])
    for other in (tone(1000, -20), np.zeros(HALF), noise(-60), click):
        channel.learn(half(other))
    assert channel.hiss_dbfs is None
    assert not channel.is_proven


def test_what_never_came_is_nothing() -> None:
    channel = Channel(MonitorSettings())
    assert channel.hears(np.full((25, COLUMNS), np.nan, np.float32)) is Hears.NOTHING
