"""The library of ingested sound: canonical PCM with what was measured of it. An asset is its content."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from broadcaster.config.settings import SoundSettings
from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.child import Limits, run_child
from broadcaster.sound.goal import USUAL, Target
from broadcaster.sound.mix import framed
from broadcaster.sound.peaks import beside
from broadcaster.sound.render import render_to_file
from broadcaster.sound.speaking import speak_to_file
from broadcaster.sound.speech import file_bytes
from broadcaster.sound.voices import Voice
from broadcaster.words import Sentence

RECORDING, SPEECH = "recording", "speech"
_ABANDONED_S = 24 * 3600
_OF_DRAFTS = (".part", ".json", ".npy", ".mix")
_LONG_TAIL_S = 5.0


@dataclass(frozen=True)
class Asset:
    """One sound, prepared: ``loudness_lufs`` is integrated (ITU-R BS.1770), ``peak_dbfs`` a true peak."""

    id: str
    title: str
    origin: str
    duration_s: float
    loudness_lufs: float | None
    peak_dbfs: float | None
    source_name: str
    created: float
    """Unix seconds."""
    notes: str = ""
    """Of a spoken text: the voice."""
    spoken: str = ""
    """What the voice was given to say."""
    meanings: dict[str, str] = field(default_factory=dict)
    """What a person said that words of the text mean."""
    speed: float = 1.0
    """Of the voice."""
    lead_s: float = 0.0
    tail_s: float = 0.0
    """Silence that was cut off before and after."""
    waveform: list[int] = field(default_factory=list)
    """Peaks of 0 to 100, for drawing it."""

    @property
    def notice(self) -> Sentence | None:
        """What whoever brought it should know: a long silence at its end was not meant to sound."""
        if self.tail_s < _LONG_TAIL_S:
            return None
        return Sentence("{seconds} seconds of silence at the end were cut off.", seconds=round(self.tail_s))


@dataclass(frozen=True)
class Spoken:
    """A text that became a sound; ``notice`` is what people must be told when another voice stood in."""

    asset: Asset
    notice: Sentence | None = None


class Library:
    """Assets as ``<id>.wav`` and ``<id>.json``; an asset exists once its JSON does."""

    def __init__(self, folder: Path, goal: Target = USUAL) -> None:
        """The folder must exist. ``goal`` is what new sounds are brought to."""
        self._folder = folder
        self._goal = goal
        self._known: dict[str, Asset] = {}
        self._lock = threading.Lock()

    def ingest(self, source: Path, *, title: str, longest_s: float) -> Asset:
        """Decode an untrusted file in a limited child and keep it; leaves nothing behind when it cannot.

        Raises ``SoundError`` with one sentence that says what is wrong with the file.
        """
        name = os.fsencode(source.name).decode(errors="replace")
        limits = Limits(seconds=60 + longest_s / 10, file_bytes=file_bytes(longest_s))
        with self._draft() as draft:
            try:
                arguments = [os.fspath(source.absolute()), str(draft), str(longest_s), *self._goal.words]
                measured = json.loads(run_child("broadcaster.sound.decode", arguments, limits))
            except ValueError:  # a NUL in a name
                raise SoundError(Sentence("There is no file {name}.", name=name.replace("\0", "?"))) from None
            return self._keep(draft, measured, title=title, origin=RECORDING, source_name=name)

    def speak(
        self,
        text: str,
        *,
        title: str,
        voice: Voice,
        longest_s: float,
        speed: float = 1.0,
        meanings: Mapping[str, str] | None = None,
    ) -> Spoken:
        """Speak a text, spelt out, and keep it; what this voice has said before is not said again.

        Raises ``SoundError``.
        """
        if known := self._said_before(text, voice, speed, longest_s):
            return Spoken(known)
        about = {"title": title, "origin": SPEECH, "source_name": "", "spoken": text, "speed": speed}
        with self._draft() as draft:
            said = speak_to_file(text, draft, voice=voice, longest_s=longest_s, speed=speed, goal=self._goal)
            asset = self._keep(draft, said.sound, **about, notes=said.voice.called, meanings=dict(meanings or {}))
            return Spoken(asset, said.notice)

    def path(self, asset_id: str) -> Path:
        """Return where an asset's sound lies. Raises ``SoundError`` when it is not known."""
        self.get(asset_id)
        return self._folder / f"{asset_id}.wav"

    def whole(self, asset_id: str) -> str:
        """Return the id of an asset that is still what it was when it came. Raises ``SoundError``.

        An id is the hash of the samples: what was approved by its id sounds as it was approved.
        """
        if not _content_hash(self.path(asset_id)).startswith(asset_id):  # older ids are shorter
            raise SoundError(Sentence("The sound file was changed after it was approved: make the bulletin anew."))
        return asset_id

    def finished(self, settings: SoundSettings, asset_id: str) -> Path:
        """Return the file with the mix that would sound now: rendered for listening, gone after a day.

        Raises ``SoundError``.
        """
        mix = framed(settings, self.path(asset_id))
        name = hashlib.sha256(repr((mix, [path.stat().st_mtime for path in mix.files])).encode()).hexdigest()[:16]
        target = self._folder / f".{name}.mix"
        self._sweep()
        if not target.exists():
            render_to_file(mix, target)
        return target

    def get(self, asset_id: str) -> Asset:
        """Return what is known of an asset. Raises ``SoundError`` when it is not known."""
        if not asset_id.isalnum():
            raise SoundError(Sentence("There is no such sound in the library."))
        try:
            return Asset(**json.loads((self._folder / f"{asset_id}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise SoundError(Sentence("There is no such sound in the library.")) from None

    def all(self) -> list[Asset]:
        """Return every asset, latest first."""
        with self._lock:
            names = sorted(path.stem for path in self._folder.glob("[!.]*.json"))
            for gone in self._known.keys() - set(names):
                del self._known[gone]
            for name in names:
                if name not in self._known:
                    with suppress(SoundError):  # gone again, or spoilt
                        self._known[name] = self.get(name)
            return sorted(self._known.values(), key=lambda one: one.created, reverse=True)

    def discard(self, asset_id: str) -> None:
        """Forget an asset; harmless when it is not known. Raises ``SoundError`` when the disk does not let us."""
        if asset_id.isalnum():
            with _disk():
                for suffix in ("json", "npy", "wav"):
                    (self._folder / f"{asset_id}.{suffix}").unlink(missing_ok=True)

    def _said_before(self, text: str, voice: Voice, speed: float, longest_s: float) -> Asset | None:
        wanted = (SPEECH, text, voice.called, speed)
        for one in self.all():
            if (one.origin, one.spoken, one.notes, one.speed) == wanted and one.created > voice.since:
                return one if one.duration_s <= longest_s else None
        return None

    def _keep(self, draft: Path, measured: Mapping[str, Any], **about: Any) -> Asset:
        """Make the draft an asset, or return the asset that sounds the same already."""
        with _disk():
            asset = Asset(id=_content_hash(draft), created=time.time(), **measured, **about)
            sound, description = (self._folder / f"{asset.id}.{suffix}" for suffix in ("wav", "json"))
            if sound.exists() and description.exists():
                return self.get(asset.id)
            described = draft.with_suffix(".json")
            described.write_text(json.dumps(asdict(asset), ensure_ascii=False), encoding="utf-8")
            for path, final in ((beside(draft), beside(sound)), (draft, sound), (described, description)):
                _sync(path)
                path.replace(final)
            _sync(self._folder)
        return asset

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """Yield the name of a file that is gone afterwards, unless it was renamed."""
        self._sweep()
        draft = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)
            draft.with_suffix(".json").unlink(missing_ok=True)
            beside(draft).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove the drafts of processes that were killed."""
        for path in self._folder.glob(".*"):
            with suppress(FileNotFoundError):  # another process sweeps too
                if (
                    path.suffix in (".part", ".json", ".npy", ".mix")
                    and path.stat().st_mtime < time.time() - _ABANDONED_S
                ):
                    path.unlink()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SoundError(
            Sentence("The sound cannot be kept ({why}): free some space on the disk.", why=error.strerror or str(error))
        ) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content_hash(path: Path) -> str:
    digest = hashlib.sha256()
    for pcm in wav.windows(path, RATE):
        digest.update(pcm)
    return digest.hexdigest()[:32]
