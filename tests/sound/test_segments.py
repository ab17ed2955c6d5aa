from __future__ import annotations

import subprocess
import sys

from broadcaster.sound.segments import segment
from tests.sound.sounds import noise


def test_pydub_comes_in_without_a_warning() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", "import broadcaster.sound.segments"], check=True)


def test_a_segment_holds_canonical_sound_unchanged() -> None:
    pcm = noise(4801)
    assert segment(pcm).raw_data == pcm
    assert segment(pcm).append(segment(pcm), crossfade=0).raw_data == pcm * 2
