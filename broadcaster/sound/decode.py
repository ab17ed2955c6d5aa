"""Decodes an untrusted file into canonical PCM. Runs in a limited child: ``python -m broadcaster.sound.decode``.

Arguments: source, target, longest length in seconds, LUFS, dBTP. Prints what ``preparing.store`` returns as JSON.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error

from broadcaster.sound.child import refuse
from broadcaster.sound.goal import Target
from broadcaster.sound.measuring import too_long
from broadcaster.sound.preparing import store
from broadcaster.sound.recording import Recording, has_length_frame, is_cover
from broadcaster.sound.wholeness import ends_early
from broadcaster.words import Sentence

# only these demuxers may even look at it: a playlist would open other files and addresses
_OPTIONS = {
    "format_whitelist": "mp3,aac,wav,w64,aiff,ogg,flac,mov,mp4,m4a,matroska,webm",
    "protocol_whitelist": "none",
}
_LARGEST = 2 << 30
_DAMAGED = Sentence("This sound file is damaged or cut short: copy it again, or export it anew.")
_NO_SOUND = Sentence("This is not a sound file: give an MP3, M4A, WAV, OGG, FLAC or WebM.")


def main(source: str, target: str, longest_s: float, goal: Target) -> None:
    """Decode ``source`` to ``target``, or refuse with a sentence."""
    with _opened(source) as file:
        try:
            if ends_early(file):
                refuse(_DAMAGED)
            answer = _decode(file, Path(target), longest_s, goal)
        except (av.error.FFmpegError, OSError, ValueError, LookupError, EOFError):
            refuse(_NO_SOUND)
        except MemoryError:
            refuse(Sentence("This file claims to be far too large: it is damaged or no sound."))
    sys.stdout.write(json.dumps(answer))


def _opened(source: str) -> BinaryIO:
    """Open a regular file, and nothing that could block or never end."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        refuse(Sentence("There is no file {name}.", name=os.fsencode(Path(source).name).decode(errors="replace")))
    except OSError as error:
        refuse(Sentence("The file cannot be read: {why}", why=error.strerror or str(error)))
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        refuse(Sentence("This is no ordinary file: give a sound file."))
    if about.st_size == 0:
        refuse(Sentence("This file is empty: copy it again."))
    if about.st_size > _LARGEST:
        refuse(Sentence("This file is larger than 2 GB: give a shorter one."))
    return os.fdopen(handle, "rb")


def _decode(file: BinaryIO, target: Path, longest_s: float, goal: Target) -> dict[str, Any]:
    length_frame = has_length_frame(file)
    with av.open(file, "r", options=_OPTIONS) as container:
        if not all(is_cover(stream) for stream in container.streams.video):
            refuse(Sentence("This is a video: export its sound alone, and give that."))
        if not container.streams.audio:
            refuse(_NO_SOUND)
        recording = Recording(container, container.streams.audio[0], has_length_frame=length_frame)
        if recording.declared_s is not None and recording.declared_s > longest_s + 1:
            refuse(too_long(longest_s))
        measured = store(recording.frames(), target, longest_s, goal)
    if recording.is_damaged():
        refuse(_DAMAGED if recording.whole else _NO_SOUND)
    return measured


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), Target(float(sys.argv[4]), float(sys.argv[5])))
