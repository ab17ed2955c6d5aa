"""Tells a file that was cut short from a whole one, by what its own headers say must follow.

Decoders are lenient: they play what is there and stop. A bulletin that lacks its end must not go on air.
"""

from __future__ import annotations

import os
from typing import BinaryIO

_UNSAID = 0x7FFF_0000
"""RIFF: recorders that cannot go back write 0, or a size from here up, for "not known"."""
_LONGEST_OGG_PAGE = 65_307
_SEGMENT = b"\x18\x53\x80\x67"
# ISO 11172-3, 2.4.2.3: kbit/s for the index in the header, MPEG-1 layers I, II, III, then MPEG-2 layers I, II and III
_KBITS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = (44_100, 48_000, 32_000)


def ends_early(file: BinaryIO) -> bool:
    """Return whether a WAV, MP4, Ogg or Matroska file is shorter than its headers say; leaves it at its start.

    Other files, and those whose headers leave the length open, are never said to end early.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(64)
    early = False
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        early = _riff(file, size)
    elif head[4:8] == b"ftyp":
        early = _boxes(file, size)
    elif head[:4] == b"OggS":
        early = _ogg(file, size)
    elif head[:4] == b"\x1a\x45\xdf\xa3":
        early = _matroska(head, size)
    file.seek(0)
    return early


def lacks_bytes(frame: bytes) -> bool:
    """Return whether an MPEG audio or ADTS frame is shorter than its own header says."""
    if len(frame) < 2 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return False
    if len(frame) < 6:  # less than the shortest header
        return True
    if frame[1] & 0xF6 == 0xF0:  # ISO 13818-7, 6.2: ADTS, thirteen bits of length
        return len(frame) < ((frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5)
    return len(frame) < _mpeg_length(frame)


def _mpeg_length(frame: bytes) -> int:
    """Return the bytes of a frame by its header (ISO 11172-3, 2.4.3.1); 0 when the header does not say."""
    version, layer = (frame[1] >> 3) & 3, 4 - ((frame[1] >> 1) & 3)
    rate_index, hertz_index = frame[2] >> 4, (frame[2] >> 2) & 3
    if version == 1 or layer == 4 or rate_index in (0, 15) or hertz_index == 3:
        return 0
    first = version == 3
    bits = _KBITS[1 if first else 2, layer][rate_index - 1] * 1000
    hertz = _HERTZ[hertz_index] >> {3: 0, 2: 1, 0: 2}[version]
    padding = (frame[2] >> 1) & 1
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (144 if first or layer == 2 else 72) * bits // hertz + padding


def _riff(file: BinaryIO, size: int) -> bool:
    at = 12
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return 0 < length < _UNSAID and at + 8 + length > size
        at += 8 + length + length % 2
    return True


def _boxes(file: BinaryIO, size: int) -> bool:
    """ISO 14496-12, 4.2: boxes fill the file from end to end."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0 or not head[4:8].isalnum():  # "to the end", or what is no box any more
            return False
        at += max(length, 8)
    return at > size


def _ogg(file: BinaryIO, size: int) -> bool:
    """RFC 3533, 6: the last page must be there with all of its segments."""
    start = file.seek(max(0, size - _LONGEST_OGG_PAGE))
    tail = file.read()
    page = tail.rfind(b"OggS\0")
    if page < 0:
        return False
    if page + 27 > len(tail):
        return True
    lengths = tail[page + 27 : page + 27 + tail[page + 26]]
    return start + page + 27 + tail[page + 26] + sum(lengths) > size


def _matroska(head: bytes, size: int) -> bool:
    """RFC 9559, 4.5: a segment of a stated size must fit into the file."""
    body, length = _vint(head, 4)
    at = body + (length or 0)
    if length is None or head[at : at + 4] != _SEGMENT:
        return False
    body, length = _vint(head, at + 4)
    return length is not None and body + length > size


def _vint(data: bytes, at: int) -> tuple[int, int | None]:
    """Return where a variable-size integer (RFC 8794, 4) ends and its value; ``None`` when it means "unknown"."""
    if at >= len(data) or data[at] == 0:
        return at, None
    width = 9 - data[at].bit_length()
    ones = (1 << 7 * width) - 1
    value = int.from_bytes(data[at : at + width], "big") & ones
    return at + width, None if value == ones else value
