"""``[[relay]]``: what comes from elsewhere and goes on air here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from broadcaster.config.findings import Findings, did_you_mean, shown, title
from broadcaster.config.section import Section, Text
from broadcaster.model.relay import Relay
from broadcaster.words import Sentence


class RelaySettings(Section):
    """A web stream with up to four addresses, or the input of the sound card; then a file, then nothing."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    title: Text
    input: Literal["stream", "card", "null"] = "stream"
    """``null``: a sound card that is not there, for trying."""
    addresses: tuple[str, ...] = ()
    device: str = ""
    """Part of the name of the sound card's input; empty: the usual one."""
    fallback: str = ""
    """A sound file in ``audio/``, or with its whole path: sounds once when nothing comes from anywhere."""
    silent_after_s: float = Field(10, ge=2, le=120)
    """Nothing louder than -45 dBFS for so long: it is given up."""
    stalled_after_s: float = Field(3, ge=1, le=30)
    """So much is missing, at once or bit by bit: it is given up."""
    back_after_s: float = Field(10, ge=2, le=600)
    """It must have been well for so long before it is gone back to; twice as long after each time."""

    @property
    def feeds(self) -> tuple[str, ...]:
        """What it can come from, best first."""
        return self.addresses if self.input == "stream" else (self.device,)


def bound(relay: Relay, those: Iterable[RelaySettings], audio: Path) -> Relay:
    """Return the relay with where it comes from now; as it is when it is not in the configuration.

    Who approves it approves its addresses with it, and the file in reserve to its last byte.
    """
    for one in those:
        if one.name == relay.name:
            said = hashlib.sha256(json.dumps([one.input, *one.feeds, one.fallback]).encode())
            with suppress(OSError):  # a file that is gone cannot sound
                said.update((audio / one.fallback).read_bytes() if one.fallback else b"")
            return replace(relay, origin=said.hexdigest()[:12])
    return relay


def check_relays(findings: Findings, parts: Mapping[str, Any], audio: Path) -> None:
    """Note what does not fit together."""
    relays: Sequence[Any] = parts.get("relay", ())
    seen: set[str] = set()
    for position, one in enumerate(relays, 1):
        entry = title("relay", position, one.name)
        if one.name in seen:
            findings.add(entry, "name", Sentence("stands twice; each has its own"))
        seen.add(one.name)
        if not findings.about(entry, "addresses", "input"):
            _addresses(findings, entry, one)
        if one.fallback and not _is_file(audio / one.fallback):
            hint = did_you_mean(one.fallback, [path.name for path in audio.glob("*.wav")])
            told = Sentence("there is no sound file {given}; {hint}", given=shown(one.fallback), hint=hint)
            findings.add(entry, "fallback", told)


def _addresses(findings: Findings, entry: str, one: RelaySettings) -> None:
    if one.input != "stream":
        if one.addresses:
            findings.add(entry, "addresses", Sentence("are for a stream; a sound card has a device"))
        return
    if not 1 <= len(one.addresses) <= _MOST:
        findings.add(entry, "addresses", Sentence("give one to {most} addresses of the stream", most=_MOST))
    for address in one.addresses:
        if not _is_web(address):
            told = Sentence(
                "{given} is no address of a stream: it begins with http:// or https://", given=shown(address)
            )
            findings.add(entry, "addresses", told)


def _is_web(address: str) -> bool:
    try:
        parsed = urlsplit(address)
    except ValueError:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.hostname) and address.isprintable()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


_MOST = 4
