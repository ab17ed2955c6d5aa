"""Which voice speaks: a Piper voice that the commune dropped into a folder, else espeak-ng.

Piper voices are two files, ``vi_VN-vais1000-medium.onnx`` and ``….onnx.json``; the name is language, country, speaker
and quality (README of the voices, rhasspy/piper). No name of an espeak-ng voice has an underscore, so one key of the
configuration can name either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from broadcaster.words import Sentence

_PIPER_NAME = re.compile(r"([a-z]{2,3})_[A-Z]{2}-[A-Za-z0-9_-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Voice:
    """One voice. Without a model it is espeak-ng's."""

    name: str
    language: str
    """What espeak-ng calls the voice that stands in."""
    model: Path | None = None

    @property
    def called(self) -> str:
        """What the library and the pages call it."""
        return self.name if self.model is not None else f"espeak-ng {self.name}"

    @property
    def since(self) -> float:
        """When its files came (Unix seconds); 0 when nobody can tell."""
        try:
            return max((file.stat().st_mtime for file in self.files), default=0.0)
        except OSError:
            return 0.0

    @property
    def files(self) -> tuple[Path, ...]:
        """What it is made of; nothing of ours for one of espeak-ng's."""
        return () if self.model is None else (self.model, self.model.with_name(f"{self.model.name}.json"))

    @property
    def stand_in(self) -> Voice:
        """espeak-ng in the same language."""
        return Voice(self.language, self.language)


def choose(wanted: str, folder: Path) -> Voice:
    """Return the voice that ``[sound] voice`` means; whether it is there is for :func:`trouble` to say.

    A language alone ("vi") is the first whole Piper voice of it in the folder, by name, else espeak-ng; the name
    of a Piper voice is that voice; any other is espeak-ng's.
    """
    if named := _PIPER_NAME.fullmatch(wanted):
        return Voice(wanted, named[1], folder / f"{wanted}.onnx")
    if _LANGUAGE.fullmatch(wanted) and _installed():
        for voice in dropped(folder):
            if voice.language == wanted and trouble(voice) is None:
                return voice
    return Voice(wanted, wanted)


def dropped(folder: Path) -> list[Voice]:
    """Return the Piper voices in the folder, by name; other files are passed over."""
    names = sorted(path.stem for path in folder.glob("*.onnx"))
    return [Voice(name, named[1], folder / f"{name}.onnx") for name in names if (named := _PIPER_NAME.fullmatch(name))]


def trouble(voice: Voice) -> Sentence | None:
    """Return why a voice cannot even be tried, or ``None``. Also what ``broadcaster check`` tells."""
    if voice.model is None:
        return None
    if not _installed():
        return Sentence("Piper is not installed on this computer: run “make piper” in the program's folder.")
    for file in voice.files:
        if not file.is_file():
            return Sentence("The file {file} is missing: put it into {folder}.", file=file.name, folder=file.parent)
    return None


def _installed() -> bool:
    return find_spec("piper") is not None and find_spec("onnxruntime") is not None
