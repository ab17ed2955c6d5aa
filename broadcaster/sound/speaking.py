"""The computer voice with its stand-in: Piper, else espeak-ng with a notice, else a refusal that says what to do.

Speaking happens in a limited child, ``sound.piper`` or ``sound.espeak``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound.child import Limits, run_child
from broadcaster.sound.goal import USUAL, Target
from broadcaster.sound.plausible import plausible_whole
from broadcaster.sound.speech import checked, file_bytes
from broadcaster.sound.voices import Voice, trouble
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_PIPER, _ESPEAK = "broadcaster.sound.piper", "broadcaster.sound.espeak"
_MEMORY = 3 << 29  # address space; a medium voice took 0.55 GB at most, files of "high" ones are twice as large
_LONGEST_IN_MEMORY_S = 600
_Measured = dict[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Said(Generic[_T]):
    """What was spoken, by whom, and what people must be told of it."""

    sound: _T
    voice: Voice
    notice: Sentence | None = None


def speak_to_file(
    text: str, target: Path, *, voice: Voice, longest_s: float, speed: float = 1.0, goal: Target = USUAL
) -> Said[_Measured]:
    """Write ``text``, spoken, as a canonical WAV file. The target is whole once this returns, not before.

    Raises ``SoundError``, and may then leave an unfinished file: hand in a draft that is renamed afterwards, as
    ``Library`` does.
    """

    def attempt(one: Voice) -> _Measured:
        target.unlink(missing_ok=True)
        limits = _limits(one, text, file_bytes(longest_s))
        measured: _Measured = json.loads(
            _say(one, text, [str(speed), str(target), str(longest_s), *goal.words], limits)
        )
        return measured

    return _with_stand_in(text, voice, attempt, lambda measured: plausible_whole(text, measured, speed=speed))


def speak_to_memory(text: str, *, voice: Voice, speed: float = 1.0, goal: Target = USUAL) -> Said[bytes]:
    """Return ``text`` spoken, as canonical PCM, without touching the disk. Raises ``SoundError``."""

    def attempt(one: Voice) -> bytes:
        more = [str(speed), "-", str(_LONGEST_IN_MEMORY_S), *goal.words]
        return _say(one, text, more, _limits(one, text, 0))

    return _with_stand_in(text, voice, attempt, lambda pcm: plausible_whole(text, _measured(pcm), speed=speed))


def _with_stand_in(text: str, voice: Voice, attempt: Callable[[Voice], _T], fits: Callable[[_T], bool]) -> Said[_T]:
    checked(text)  # what no voice could say is refused before any is tried
    try:
        return Said(_tried(voice, attempt, fits), voice)
    except SoundError as error:
        if voice.model is None:
            raise
        why = error.sentence
    _log.warning("voice %s: %s", voice.name, why)
    told = {"voice": voice.name, "why": why}
    try:
        sound = _tried(voice.stand_in, attempt, fits)
    except SoundError as error:
        raise SoundError(
            Sentence("Neither {voice} nor espeak-ng could say this ({why}): record it, or choose a file.", **told)
        ) from error
    return Said(
        sound,
        voice.stand_in,
        Sentence("The voice {voice} did not speak, espeak-ng did: listen before it airs. ({why})", **told),
    )


def _tried(voice: Voice, attempt: Callable[[Voice], _T], fits: Callable[[_T], bool]) -> _T:
    if (missing := trouble(voice)) is not None:
        raise SoundError(missing)
    sound = attempt(voice)
    if not fits(sound):
        raise SoundError(Sentence("What the voice said is silent, or too short for this text."))
    return sound


def _say(voice: Voice, text: str, more: list[str], limits: Limits) -> bytes:
    worker, who = _PIPER, [str(voice.model), voice.language]
    if voice.model is None:
        worker, who = _ESPEAK, [voice.name]
    return run_child(worker, [*who, *more], limits, checked(text).encode())


def _limits(voice: Voice, text: str, most_bytes: int) -> Limits:
    """Piper: time for a computer ten times slower than the one measured (0.004 s a character, 0.8 s to begin)."""
    if voice.model is None:
        return Limits(seconds=120, file_bytes=most_bytes)
    return Limits(seconds=30 + 0.05 * len(text), memory_bytes=_MEMORY, file_bytes=most_bytes)


def _measured(pcm: bytes) -> _Measured:
    samples = np.abs(np.frombuffer(pcm, "<i2").astype(np.float32))
    peak = float(np.max(samples, initial=0.0))
    return {"duration_s": len(samples) / RATE, "peak_dbfs": 20 * float(np.log10(peak / 32768)) if peak else None}
