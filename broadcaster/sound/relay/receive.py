"""Fetches and decodes a web stream. Runs in a limited child: ``python -m broadcaster.sound.relay.receive ADDRESS``.

Writes canonical PCM to its output until the stream ends, then exits; it ends with its parent.
"""

from __future__ import annotations

import sys

import av
import av.error
from av.audio.resampler import AudioResampler

from broadcaster.model.pcm import RATE
from broadcaster.sound.relay.pipe import end_with_parent, write

# a playlist names further addresses: none of them may be a file, a pipe or a device
_OPTIONS = {
    "protocol_whitelist": "http,https,tcp,tls,crypto,httpproxy",
    "format_whitelist": "mp3,aac,ogg,flac,hls,mpegts,mov,mp4,m4a,matroska,webm,wav",
    "reconnect": "0",
    "user_agent": "broadcaster",
    "probesize": "65536",
    "analyzeduration": "1000000",
}
_OPEN_S, _READ_S = 8.0, 15.0


def main(address: str) -> None:
    """Receive until it ends."""
    end_with_parent()
    if not address.startswith(("http://", "https://")):
        sys.exit(2)
    try:
        with av.open(address, "r", options=_OPTIONS, timeout=(_OPEN_S, _READ_S)) as container:
            if not container.streams.audio:
                sys.exit(2)
            stream = container.streams.audio[0]
            resampler = AudioResampler("s16", "mono", RATE)
            for packet in container.demux(stream):
                _decode(packet, resampler)
    except (av.error.FFmpegError, OSError, ValueError, MemoryError):
        sys.exit(1)


def _decode(packet: av.Packet[av.AudioStream], resampler: AudioResampler) -> None:
    try:
        frames = packet.decode()
    except av.error.InvalidDataError:  # a damaged packet is a click, no end
        return
    for frame in frames:
        for done in resampler.resample(frame):
            write(done.to_ndarray().tobytes())


if __name__ == "__main__":
    main(sys.argv[1])
