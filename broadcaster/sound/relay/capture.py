"""Records the input of the sound card. Runs in a child: ``python -m broadcaster.sound.relay.capture INPUT DEVICE``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator

import miniaudio

from broadcaster.model.pcm import RATE
from broadcaster.sound.cards import chosen
from broadcaster.sound.relay.pipe import end_with_parent, write


def main(kind: str, device: str) -> None:
    """Record until the parent ends, or the card goes away."""
    end_with_parent()
    sound = _written()
    next(sound)
    try:
        backends, card = chosen(device, "get_captures", null=kind == "null")
        capture = miniaudio.CaptureDevice(
            input_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=60,
            device_id=card,
            backends=backends,
            app_name="broadcaster relay",
        )
        capture.start(sound)
    except (miniaudio.MiniaudioError, LookupError):
        sys.exit(1)
    threading.Event().wait()


def _written() -> Generator[None, bytes, None]:
    while True:
        write((yield))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
