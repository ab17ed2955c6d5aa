"""pydub's ``AudioSegment``, imported without the noise that pydub makes on today's Pythons.

Its ``audioop`` is deprecated (from 3.13 on it comes from ``audioop-lts``), its regular expressions hold
stray backslashes, and it looks for an ffmpeg program that is not needed for PCM.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from broadcaster.model.pcm import RATE, SAMPLE_BYTES

if TYPE_CHECKING:
    from pydub import AudioSegment
else:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
        warnings.filterwarnings("ignore", "(?s).*invalid escape sequence")
        warnings.filterwarnings("ignore", "Couldn't find ffmpeg", RuntimeWarning)
        from pydub import AudioSegment

__all__ = ["AudioSegment", "segment"]


def segment(pcm: bytes) -> AudioSegment:
    """Return canonical PCM as a segment; ``raw_data`` is the way back."""
    return AudioSegment(data=pcm, sample_width=SAMPLE_BYTES, frame_rate=RATE, channels=1)
