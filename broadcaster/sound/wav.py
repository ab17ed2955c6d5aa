"""WAV files of canonical PCM, read and written piece by piece."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.words import Sentence


class CanonicalFile:
    """An open WAV file that is known to be canonical and whole; a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises ``SoundError`` when the file is missing, empty, cut short or of another form."""
        self._path = path
        try:
            self._file = wave.open(str(path), "rb")  # noqa: SIM115 - closed by the context manager
        except FileNotFoundError as error:
            raise SoundError(
                Sentence("The sound file {file} is missing: put it back or choose another.", file=str(path))
            ) from error
        except (wave.Error, EOFError) as error:
            raise self._not_canonical() from error
        except OSError as error:
            raise self._unreadable(error) from error
        try:
            self._check()
        except BaseException:
            self._file.close()
            raise

    @property
    def samples(self) -> int:
        """Length in samples, at least 1."""
        return self._file.getnframes()

    def read(self, count: int) -> bytes:
        """Return the next ``count`` samples as PCM, fewer at the end. Raises ``SoundError``."""
        try:
            return self._file.readframes(count)
        except OSError as error:
            raise self._unreadable(error) from error

    def seek(self, sample: int) -> None:
        """Make ``sample`` (from 0) the next one read."""
        self._file.setpos(sample)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> CanonicalFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        form = (self._file.getframerate(), self._file.getnchannels(), self._file.getsampwidth())
        if form != (RATE, 1, SAMPLE_BYTES):
            raise self._not_canonical()
        if self.samples:
            self.seek(self.samples - 1)
        if len(self.read(1)) != SAMPLE_BYTES:
            raise SoundError(
                Sentence("The sound file {file} is empty or cut short: copy it again.", file=str(self._path))
            )
        self.seek(0)

    def _not_canonical(self) -> SoundError:
        return SoundError(
            Sentence(
                "The sound file {file} is not a 48 kHz mono 16-bit WAV file: convert it or choose another.",
                file=str(self._path),
            )
        )

    def _unreadable(self, error: OSError) -> SoundError:
        return SoundError(
            Sentence(
                "The sound file {file} cannot be read ({why}): check the disk.",
                file=str(self._path),
                why=error.strerror or str(error),
            )
        )


def samples(path: Path) -> int:
    """Return the length of a canonical WAV file in samples. Raises ``SoundError``."""
    with CanonicalFile(path) as file:
        return file.samples


def windows(path: Path, size: int) -> Iterator[bytes]:
    """Yield the file's PCM, ``size`` samples at a time, the last piece shorter. Raises ``SoundError``."""
    with CanonicalFile(path) as file:
        while pcm := file.read(size):
            yield pcm


@contextmanager
def writer(path: Path) -> Iterator[wave.Wave_write]:
    """Open a new canonical WAV file; feed it with ``writeframes``. Raises ``OSError``."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(RATE)
        yield file
