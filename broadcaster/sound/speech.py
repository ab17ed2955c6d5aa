"""The computer voice: espeak-ng through the library that ``espeakng-loader`` ships. The last resort of voices.

Speaking happens in a limited child, ``python -m broadcaster.sound.speech VOICE``: text on its input, canonical
PCM on its output.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from broadcaster.errors import SoundError
from broadcaster.sound.child import Limits, refuse, run_child
from broadcaster.words import Sentence

LONGEST_TEXT = 20_000
"""Characters: about twenty minutes of speech."""
FALLBACK_NOTE = "espeak-ng"
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS of speak_lib.h
_UTF8 = 1  # espeakCHARS_UTF8
_LEVEL = 0.5  # espeak-ng speaks close to full scale


def speak_to_memory(text: str, *, voice: str) -> bytes:
    """Return ``text`` spoken, as canonical PCM, without touching the disk. Raises ``SoundError``."""
    return run_child(__name__, [voice], Limits(seconds=120), checked(text).encode())


def checked(text: str) -> str:
    """Return the text fit for speaking. Raises ``SoundError`` when it is empty or too long."""
    clean = "".join(c if c.isprintable() or c.isspace() else " " for c in text).strip()
    if not any(c.isalnum() for c in clean):
        raise SoundError(Sentence("There is nothing to say: type a text."))
    if len(clean) > LONGEST_TEXT:
        raise SoundError(
            Sentence(
                "The text has {length} characters: at most {most} can be spoken at a time.",
                length=len(clean),
                most=LONGEST_TEXT,
            )
        )
    return clean


def _main(voice: str) -> None:
    import av
    import numpy as np

    text = sys.stdin.buffer.read().decode()
    samples, rate = _speak(text, voice)
    if not samples:
        refuse(Sentence("The computer voice has nothing to say for this text."))
    frame = av.AudioFrame.from_ndarray(np.frombuffer(samples, "<i2").reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler("s16", "mono", 48_000)
    parts = [part.to_ndarray().reshape(-1) for f in (frame, None) for part in resampler.resample(f)]
    pcm = np.round(np.concatenate(parts).astype(np.float64) * _LEVEL).astype("<i2")
    sys.stdout.buffer.write(pcm.tobytes())


def _speak(text: str, voice: str) -> tuple[bytes, int]:
    """Return s16 mono samples and their rate."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        refuse(Sentence("The computer voice “{voice}” is not there.", voice=voice))
    spoken = bytearray()

    def collect(wave: Any, count: int, _: object) -> int:
        if wave and count > 0:
            spoken.extend(ctypes.string_at(wave, count * 2))
        return 0

    take_in = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)(collect)
    library.espeak_SetSynthCallback(take_in)
    raw = text.encode()
    library.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return bytes(spoken), rate


if __name__ == "__main__":
    _main(sys.argv[1])
