from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import speaking, wav
from broadcaster.sound.speech import LONGEST_TEXT
from broadcaster.sound.voices import Voice
from tests.sound.sounds import values

GREETING = "Kính thưa bà con"
VI = Voice("vi", "vi")


def speak_to_memory(text: str, *, voice: Voice = VI) -> bytes:
    return speaking.speak_to_memory(text, voice=voice).sound


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / RATE


def test_a_text_becomes_sound_of_the_length_and_pitch_of_speech() -> None:
    samples = values(speak_to_memory(GREETING))
    assert 0.5 < len(samples) / RATE < 3
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    assert spectrum[(hertz > 80) & (hertz < 5000)].sum() > 0.9 * spectrum.sum()
    assert -6 < 20 * np.log10(np.abs(samples).max() / 32768) < -1.5


def test_more_text_takes_longer() -> None:
    once, thrice = (seconds(speak_to_memory(f"{GREETING}. " * times)) for times in (1, 3))
    assert thrice > 2 * once


def test_letters_typed_in_parts_are_spoken_as_whole_ones() -> None:
    decomposed = unicodedata.normalize("NFD", GREETING)
    assert decomposed != GREETING
    assert speak_to_memory(decomposed) == speak_to_memory(GREETING)


@pytest.mark.parametrize("between", ["\0", "\x07", "\x1b", "\ud800", "\u200b"])
def test_control_characters_are_heard_as_spaces(between: str) -> None:
    text = f"Kính thưa{between}bà con"
    assert speak_to_memory(text) == speak_to_memory(GREETING)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing to say"),
        (" \n\t", "nothing to say"),
        ("\0\0", "nothing to say"),
        ("… — !", "nothing to say"),
        ("a" * 100_000, "100000 characters: at most 20000"),
        ("a" * (LONGEST_TEXT + 1), "at most 20000"),
    ],
)
def test_what_cannot_be_spoken_is_refused_before_anything_is_started(
    text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SoundError, match=words):
        speak_to_memory(text)


@pytest.mark.parametrize("voice", ["klingon-x", "../../etc/passwd", "--help"])
def test_an_unknown_voice_is_named(voice: str) -> None:
    with pytest.raises(SoundError) as caught:
        speak_to_memory(GREETING, voice=Voice(voice, voice))
    assert voice in str(caught.value)


def test_a_file_holds_the_same_sound_and_its_measures(tmp_path: Path) -> None:
    measured = speaking.speak_to_file(GREETING, tmp_path / "spoken.wav", voice=VI, longest_s=60).sound
    pcm = b"".join(wav.windows(tmp_path / "spoken.wav", RATE))
    assert pcm == speak_to_memory(GREETING)
    assert measured["duration_s"] == seconds(pcm)
    assert measured["loudness_lufs"] == pytest.approx(-16, abs=0.5)


def test_a_text_that_would_sound_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"too long: at most 0\.1 minutes"):
        speaking.speak_to_file(f"{GREETING}. " * 20, tmp_path / "spoken.wav", voice=VI, longest_s=6)


def test_another_pace_lasts_longer_or_shorter() -> None:
    slow, usual, fast = (
        seconds(speaking.speak_to_memory(GREETING * 4, voice=VI, speed=speed).sound) for speed in (0.7, 1, 1.5)
    )
    assert slow > 1.2 * usual > 1.2 * 1.2 * fast
