"""Makes a FLAC of a canonical WAV file, in a child: ``python -m broadcaster.sound.flac WAV FLAC``.

It ends well only when the FLAC, read back from disk, holds the very same samples. libav is loaded in the child alone.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.child import Limits, refuse, run_child
from broadcaster.words import Sentence

_LIMITS = Limits(seconds=900)


def compress(recording: Path, flac: Path) -> None:
    """Write ``flac``, checked to be the same sound, at the lowest priority. Raises ``SoundError``."""
    run_child(__name__, [str(recording), str(flac)], _LIMITS)


def samples_of(flac: Path) -> Iterator[bytes]:
    """Yield the PCM of a FLAC file. Raises ``av.error.FFmpegError``."""
    import av

    with av.open(str(flac)) as container:
        for frame in container.decode(audio=0):
            yield frame.to_ndarray().astype("<i2").tobytes()


def encode(recording: Path, flac: Path) -> None:
    """Write ``flac``. Raises ``SoundError`` when the recording cannot be read."""
    import av

    with av.open(str(flac), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono", format="s16")
        place = 0
        for pcm in wav.windows(recording, RATE):
            frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2")[np.newaxis], "s16", "mono")
            frame.sample_rate, frame.pts = RATE, place
            place += frame.samples
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _digest(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for pcm in pieces:
        digest.update(pcm)
    return digest.hexdigest()


def _main(recording: Path, flac: Path) -> None:
    with suppress(OSError):
        os.nice(19)
    try:
        encode(recording, flac)
        same = _digest(wav.windows(recording, RATE)) == _digest(samples_of(flac))
    except SoundError as error:
        refuse(error.sentence)
    if not same:
        refuse(Sentence("The compressed recording does not hold the same sound."))
    with flac.open("rb") as file:
        os.fsync(file)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
