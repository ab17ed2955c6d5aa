"""The library of ingested sound: canonical PCM with what was measured of it. An asset is its content."""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.child import Limits, run_child
from broadcaster.sound.composition import Recipe
from broadcaster.sound.goal import USUAL, Target
from broadcaster.sound.mix import Part, length
from broadcaster.sound.peaks import beside
from broadcaster.sound.speaking import speak_to_file
from broadcaster.sound.speech import file_bytes
from broadcaster.sound.voices import Voice
from broadcaster.words import Sentence

RECORDING, SPEECH, BULLETIN = "recording", "speech", "bulletin"
_ABANDONED_S = 24 * 3600
_OF_DRAFTS = (".part", ".json", ".npy", ".mix", ".seal")
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
    written: str = ""
    """What was typed for it."""
    meanings: dict[str, str] = field(default_factory=dict)
    """What a person said that words of the text mean."""
    speed: float = 1.0
    """Of the voice."""
    lead_s: float = 0.0
    tail_s: float = 0.0
    """Silence that was cut off before and after."""
    waveform: list[int] = field(default_factory=list)
    """Peaks of 0 to 100, for drawing it."""
    recipe: Recipe | None = None
    """Of a bulletin of several items: it has no samples of its own."""

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
        written: str = "",
    ) -> Spoken:
        """Speak a text, spelt out, and keep it; what this voice has said before is not said again.

        Raises ``SoundError``.
        """
        if known := self._said_before(text, voice, speed, longest_s):
            return Spoken(known)
        about = {
            "title": title,
            "origin": SPEECH,
            "source_name": "",
            "spoken": text,
            "speed": speed,
            "written": written,
        }
        with self._draft() as draft:
            said = speak_to_file(text, draft, voice=voice, longest_s=longest_s, speed=speed, goal=self._goal)
            asset = self._keep(draft, said.sound, **about, notes=said.voice.called, meanings=dict(meanings or {}))
            return Spoken(asset, said.notice)

    def compose(self, recipe: Recipe, *, title: str, longest_s: float) -> Asset:
        """Keep a bulletin of several sounds of the library. Raises ``SoundError``."""
        recipe = recipe.flat(lambda name: self.get(name).recipe)
        recipe.check()
        parts = [self.get(name) for name in recipe.sounds]
        lasts = length(self._parts_of(recipe)) / RATE
        if lasts > longest_s:
            raise SoundError(
                Sentence("All of it lasts {minutes} minutes: longer than is allowed.", minutes=math.ceil(lasts / 60))
            )
        asset = Asset(
            id=recipe.name,
            title=title,
            origin=BULLETIN,
            duration_s=lasts,
            loudness_lufs=None,
            peak_dbfs=max((one.peak_dbfs for one in parts if one.peak_dbfs is not None), default=None),
            source_name="",
            created=time.time(),
            recipe=recipe,
        )
        with self._draft() as draft, _disk():
            final = self._folder / f"{recipe.name}.json"
            if not final.exists():
                self._describe(asset, draft, final)
        return self.get(recipe.name)

    def parts(self, asset_id: str) -> tuple[Part, ...]:
        """Return what an asset sounds, in its order. Raises ``SoundError``."""
        recipe = self.get(asset_id).recipe
        return (self.path(asset_id),) if recipe is None else self._parts_of(recipe)

    def path(self, asset_id: str) -> Path:
        """Return where a sound lies. Raises ``SoundError`` when it is not known, or a bulletin of several."""
        if self.get(asset_id).recipe is not None:
            raise SoundError(Sentence("There is no such sound in the library."))
        return self._folder / f"{asset_id}.wav"

    def whole(self, asset_id: str) -> str:
        """Return the id of an asset that is still what it was when it came. Raises ``SoundError``.

        An id is the hash of the samples: what was approved by its id sounds as it was approved.
        """
        recipe = self.get(asset_id).recipe
        if recipe is not None:
            fits = recipe.name == asset_id
            for name in recipe.sounds if fits else ():
                self.whole(name)
        else:
            fits = content_hash(self.path(asset_id)).startswith(asset_id)  # older ids are shorter
        if not fits:
            raise SoundError(Sentence("The sound file was changed after it was approved: make the bulletin anew."))
        return asset_id

    def get(self, asset_id: str) -> Asset:
        """Return what is known of an asset. Raises ``SoundError`` when it is not known."""
        if not asset_id.isalnum():
            raise SoundError(Sentence("There is no such sound in the library."))
        try:
            told = json.loads((self._folder / f"{asset_id}.json").read_text(encoding="utf-8"))
            recipe = Recipe.from_json(told["recipe"]) if told.get("recipe") else None
            return Asset(**{**told, "recipe": recipe})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
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
        """Forget an asset; harmless when it is not known.

        Raises ``SoundError`` when a bulletin of several items needs it, or the disk does not let us.
        """
        if not asset_id.isalnum():
            return
        needed_by = [one.title for one in self.all() if one.recipe is not None and asset_id in one.recipe.sounds]
        if needed_by:
            raise SoundError(
                Sentence("“{title}” is made of this sound among others: take that out first.", title=needed_by[0])
            )
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
            asset = Asset(id=content_hash(draft), created=time.time(), **measured, **about)
            sound, description = (self._folder / f"{asset.id}.{suffix}" for suffix in ("wav", "json"))
            if sound.exists() and description.exists():
                return self.get(asset.id)
            for path, final in ((beside(draft), beside(sound)), (draft, sound)):
                _sync(path)
                path.replace(final)
            self._describe(asset, draft, description)
        return asset

    def _describe(self, asset: Asset, draft: Path, final: Path) -> None:
        described = draft.with_suffix(".json")
        described.write_text(json.dumps(asdict(asset), ensure_ascii=False), encoding="utf-8")
        _sync(described)
        described.replace(final)
        _sync(self._folder)

    def _parts_of(self, recipe: Recipe) -> tuple[Part, ...]:
        return tuple(self.path(one) if isinstance(one, str) else round(one * RATE) for one in recipe.rounds)

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """Yield the name of a file that is gone afterwards, unless it was renamed."""
        sweep(self._folder)
        draft = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)
            draft.with_suffix(".json").unlink(missing_ok=True)
            beside(draft).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove the drafts of processes that were killed, and mixes that nobody has heard for a day."""
    for path in folder.glob(".*"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if path.suffix in _OF_DRAFTS and path.stat().st_mtime < time.time() - _ABANDONED_S:
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


def content_hash(path: Path) -> str:
    """Return the hash of a canonical file's samples: the id of what they are. Raises ``SoundError``."""
    digest = hashlib.sha256()
    for pcm in wav.windows(path, RATE):
        digest.update(pcm)
    return digest.hexdigest()[:32]
