"""Records the input of the sound card. Runs in a child: ``python -m broadcaster.sound.relay.capture INPUT DEVICE``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator

import miniaudio

from broadcaster.model.pcm import RATE
from broadcaster.sound.relay.pipe import end_with_parent, write


def main(kind: str, device: str) -> None:
    """Record until the parent ends, or the card goes away."""
    end_with_parent()
    backends = [miniaudio.Backend.NULL] if kind == "null" else []
    try:
        capture = miniaudio.CaptureDevice(
            input_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=60,
            device_id=_chosen(device, backends),
            backends=backends or None,
        )
    except miniaudio.MiniaudioError:
        sys.exit(1)
    sound = _written()
    next(sound)
    capture.start(sound)
    threading.Event().wait()


def _chosen(name: str, backends: list[miniaudio.Backend]) -> object:
    if not name:
        return None
    found = [one for one in miniaudio.Devices(backends or None).get_captures() if name in one["name"]]
    if not found:
        sys.exit(1)
    return found[0]["id"]


def _written() -> Generator[None, bytes, None]:
    while True:
        write((yield))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
