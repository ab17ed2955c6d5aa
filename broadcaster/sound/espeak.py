"""Speaks a text through the espeak-ng that ``espeakng-loader`` ships. Runs in a limited child.

``python -m broadcaster.sound.espeak VOICE SPEED TARGET LONGEST_S LUFS DBTP`` reads the text from its input. It
writes a canonical WAV file and prints what it measured as JSON or, when the target is ``-``, prints canonical PCM.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import espeakng_loader
import numpy as np

from broadcaster.sound.child import refuse
from broadcaster.sound.goal import Target
from broadcaster.sound.measuring import too_long
from broadcaster.sound.preparing import in_memory, store
from broadcaster.words import Sentence

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS of speak_lib.h
_UTF8 = 1  # espeakCHARS_UTF8
_RATE, _USUAL_RATE = 1, 175  # espeakRATE, and espeakRATE_NORMAL in words a minute
_TO_OUTPUT = "-"


def main(voice: str, speed: float, target: str, longest_s: float, goal: Target) -> None:
    """Speak the text of the standard input, or refuse with a sentence."""
    samples, rate = _speak(sys.stdin.buffer.read(), voice, speed, longest_s)
    if not samples:
        refuse(Sentence("The computer voice has nothing to say for this text."))
    frames = _frames(samples, rate)
    if target != _TO_OUTPUT:
        sys.stdout.write(json.dumps(store(frames, Path(target), longest_s, goal)))
        return
    for pcm in in_memory(frames, longest_s, goal):
        sys.stdout.buffer.write(pcm)


def _speak(text: bytes, voice: str, speed: float, longest_s: float) -> tuple[bytes, int]:
    """Return s16 mono samples and their rate in hertz."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        refuse(Sentence("The computer voice “{voice}” is not there.", voice=voice))
    library.espeak_SetParameter(_RATE, round(_USUAL_RATE * speed), 0)
    spoken = bytearray()
    most = int(longest_s * rate) * 2
    callback = _callback(spoken, most)  # must live as long as the library may call it
    library.espeak_SetSynthCallback(callback)
    library.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    if len(spoken) > most:
        refuse(too_long(longest_s))
    return bytes(spoken), int(rate)


def _callback(spoken: bytearray, most: int) -> Callable[..., int]:
    """Return what espeak-ng hands its sound to: ``int (short *wave, int samples, espeak_EVENT *)``, 1 to stop."""

    def collect(wave: Any, count: int, _: object) -> int:
        if wave and count > 0:
            spoken.extend(ctypes.string_at(wave, count * 2))
        return int(len(spoken) > most)

    return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)(collect)


def _frames(samples: bytes, rate: int) -> Iterator[av.AudioFrame]:
    for start in range(0, len(samples), rate * 2):
        part = np.frombuffer(samples[start : start + rate * 2], "<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate = rate
        yield frame


if __name__ == "__main__":
    goal = Target(float(sys.argv[5]), float(sys.argv[6]))
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3], float(sys.argv[4]), goal)
