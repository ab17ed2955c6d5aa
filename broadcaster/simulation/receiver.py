"""The monitor receiver of the simulated station: what comes in on our frequency, as a sound card would get it.

A carrier makes it quiet but for some noise; without one it hisses. It hands out canonical PCM on a Unix stream socket,
100 ms at a time, to whoever has called last; a listener who does not read is hung up on.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadcaster.sockets import listen

Samples = npt.NDArray[np.float32]

FAULTS = ("dead", "gone", "weak", "foreign")
"""``dead``: its battery is empty; ``gone``: its cable is out; ``weak``: as much noise as sound; ``foreign``: a strange
programme comes in while we send nothing."""
_RATE = 48_000
_CHUNK = 480
_CHUNKS = 10
_HISS_DBFS = -16.0
"""Noise without a carrier: about as loud as the programme, as receivers have it."""
_USUAL_DB, _WEAK_DB = 40.0, 0.0
_ROUND_S = 8


def strange_programme() -> Samples:
    """Return eight seconds of somebody else: a voice-like sound in syllables, with pauses between the words."""
    time = np.arange(_ROUND_S * _RATE) / _RATE
    pitch = 2 * np.pi * np.cumsum(150 + 40 * np.sin(1.7 * time) + 15 * np.sin(5.3 * time)) / _RATE
    voice = sum(np.sin(pitch * part) / part**0.7 for part in range(2, 16))
    syllables = np.clip(np.sin(2 * np.pi * 2.9 * time + 2 * np.sin(0.9 * time)), 0, 1) * (np.sin(1.3 * time) > -0.6)
    wave = np.asarray(voice * syllables)
    return np.asarray(wave / np.sqrt(np.mean(wave**2)) * 0.15, np.float32)


class Receiver:
    """Gets 10 ms at a time, and whether our carrier is up."""

    def __init__(self, path: Path, seed: int = 8) -> None:
        self._path = path
        self._rng = np.random.default_rng(seed)
        self._hiss = (self._rng.normal(0, 1, 4 * _RATE) * 10 ** (_HISS_DBFS / 20)).astype(np.float32)
        self._stranger = strange_programme()
        self._at = 0
        self._listener = listen(path)
        self._listener.setblocking(False)
        self._client: socket.socket | None = None
        self._waiting: list[bytes] = []
        self.faults: frozenset[str] = frozenset()

    def hear(self, chunk: bytes, carrier: bool) -> None:
        """This came down the programme line while the carrier was up, or was not."""
        if self._client is not None:
            self._waiting.append(self.sound(chunk, carrier))
        self._at += 1
        if self._at % _CHUNKS == 0:
            self._hand_over()

    def sound(self, chunk: bytes, carrier: bool) -> bytes:
        """Return what it makes of that."""
        if "dead" in self.faults:
            return bytes(len(chunk))
        if not carrier and "foreign" not in self.faults:
            return _pcm(self._noise(0.0))
        own = np.asarray(np.frombuffer(chunk, "<i2") / 32768, np.float32)
        snr_db = _WEAK_DB if "weak" in self.faults else _USUAL_DB
        sound: Samples = own if carrier else self._foreign()
        return _pcm(sound + self._noise(snr_db))

    def close(self) -> None:
        """Switch it off."""
        self._hang_up()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _noise(self, below_db: float) -> Samples:
        start = int(self._rng.integers(len(self._hiss) - _CHUNK))
        return self._hiss[start : start + _CHUNK] * np.float32(10 ** (-below_db / 20))

    def _foreign(self) -> Samples:
        start = self._at * _CHUNK % len(self._stranger)
        return self._stranger[start : start + _CHUNK]

    def _hand_over(self) -> None:
        with suppress(OSError):
            caller, _ = self._listener.accept()
            caller.setblocking(False)
            self._hang_up()
            self._client = caller
        if "gone" in self.faults:
            self._hang_up()
        pcm, self._waiting = b"".join(self._waiting), []
        if self._client is not None and pcm:
            try:
                sent = self._client.send(pcm)
            except OSError:
                sent = 0
            if sent < len(pcm):
                self._hang_up()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client, self._waiting = None, []


def _pcm(samples: Samples) -> bytes:
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
