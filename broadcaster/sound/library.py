"""The library of ingested sound: canonical PCM with what was measured of it. An asset is its content."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.child import Limits, run_child
from broadcaster.sound.speech import FALLBACK_NOTE, checked, speak_to_memory
from broadcaster.words import Sentence

RECORDING, SPEECH = "recording", "speech"


@dataclass(frozen=True)
class Asset:
    """One sound. ``loudness_lufs`` is integrated (ITU-R BS.1770), ``None`` when too short or silent."""

    id: str
    title: str
    origin: str
    duration_s: float
    loudness_lufs: float | None
    peak_dbfs: float | None
    source_name: str
    created: float
    notes: str = ""


class Library:
    """Assets as ``<id>.wav`` and ``<id>.json``; an asset exists once its JSON does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ingest(self, source: Path, *, title: str, longest_s: float) -> Asset:
        """Decode an untrusted file in a limited child and keep it; leaves nothing behind when it cannot.

        Raises ``SoundError`` with one sentence that says what is wrong with the file.
        """
        with self._draft() as draft:
            self._decode(source, draft, longest_s)
            return self._keep(draft, title, RECORDING, source.name)

    def speak(self, text: str, *, title: str, voice: str, longest_s: float) -> Asset:
        """Speak a text with the fallback voice and keep it. Raises ``SoundError``."""
        checked(text)
        pcm = speak_to_memory(text, voice=voice)
        with self._draft() as draft, self._draft() as spoken:
            with self._disk(), wav.writer(spoken) as file:
                file.writeframes(pcm)
            self._decode(spoken, draft, longest_s)
            return self._keep(draft, title, SPEECH, "", notes=FALLBACK_NOTE)

    def path(self, asset_id: str) -> Path:
        """Return where an asset's sound lies. Raises ``SoundError`` when it is not known."""
        self.get(asset_id)
        return self._folder / f"{asset_id}.wav"

    def get(self, asset_id: str) -> Asset:
        """Return what is known of an asset. Raises ``SoundError`` when it is not known."""
        if not asset_id.isalnum():
            raise SoundError(Sentence("There is no such sound in the library."))
        try:
            return Asset(**json.loads((self._folder / f"{asset_id}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise SoundError(Sentence("There is no such sound in the library.")) from None

    def discard(self, asset_id: str) -> None:
        """Forget an asset; harmless when it is not known."""
        for suffix in ("json", "wav"):
            (self._folder / f"{asset_id}.{suffix}").unlink(missing_ok=True)

    def _decode(self, source: Path, draft: Path, longest_s: float) -> None:
        file_bytes = int((longest_s + 5) * RATE * SAMPLE_BYTES) + 65536
        limits = Limits(seconds=60 + longest_s / 10, file_bytes=file_bytes)
        try:
            arguments = [os.fspath(source.absolute()), str(draft), str(longest_s)]
            measured = run_child("broadcaster.sound.decode", arguments, limits)
        except ValueError:  # a NUL in a name
            raise SoundError(Sentence("There is no file {name}.", name=source.name.replace("\0", "?"))) from None
        draft.with_suffix(".json").write_bytes(measured)

    def _keep(self, draft: Path, title: str, origin: str, source_name: str, notes: str = "") -> Asset:
        with self._disk():
            measured = json.loads(draft.with_suffix(".json").read_text())
            asset = Asset(
                id=_content_hash(draft),
                title=title,
                origin=origin,
                source_name=source_name,
                created=time.time(),
                notes=notes,
                **measured,
            )
            if (self._folder / f"{asset.id}.json").exists():
                return self.get(asset.id)
            description = draft.with_suffix(".json")
            description.write_text(json.dumps(asdict(asset), ensure_ascii=False), encoding="utf-8")
            for path, name in ((draft, f"{asset.id}.wav"), (description, f"{asset.id}.json")):
                with path.open("rb") as file:
                    os.fsync(file.fileno())
                path.replace(self._folder / name)
        return asset

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)
            draft.with_suffix(".json").unlink(missing_ok=True)

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SoundError(
                Sentence("The sound cannot be kept ({why}): free some space on the disk.", why=str(error.strerror))
            ) from error


def _content_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()[:16]
