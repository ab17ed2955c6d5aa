"""The codes that call clusters: templates can be filled in, and no two things answer to the same."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

from broadcaster.config.encoders import DtmfSettings, RdsSettings, ZoneRelaySettings
from broadcaster.config.findings import Findings, did_you_mean, shown, title
from broadcaster.words import Sentence

_DTMF = frozenset("0123456789ABCD*#")
_TEMPLATES = ("open_cluster", "close_cluster", "open_group", "close_group", "open_all", "close_all")


def check_codes(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note faults of the templates and of the codes that go into them."""
    encoder = parts["encoder"]
    _check_owners(findings, parts)
    if findings.about("[encoder]", "kind"):
        return
    if isinstance(encoder, DtmfSettings):
        _check_dtmf(findings, parts)
    elif isinstance(encoder, RdsSettings):
        _check_addresses(findings, parts)
    elif isinstance(encoder, ZoneRelaySettings):
        _check_channels(findings, parts)


def _check_dtmf(findings: Findings, parts: Mapping[str, Any]) -> None:
    encoder = parts["encoder"]
    for key in _TEMPLATES:
        if (problem := _template_problem(getattr(encoder, key), key)) is not None:
            findings.add("[encoder]", key, problem)
    if bool(encoder.open_all) != bool(encoder.close_all):
        key = "close_all" if encoder.open_all else "open_all"
        findings.add("[encoder]", key, Sentence("give both open_all and close_all, or neither"))
    if not findings.about("[encoder]", "", *_TEMPLATES):
        _check_digits(findings, parts)


def _template_problem(template: str, key: str) -> Sentence | None:
    way, field = key.split("_")
    needed = {field} & {"cluster", "group"}
    allowed = needed | ({"level"} if way == "open" else set())
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return Sentence("{given} has a brace too many or too few", given=shown(template))
    for _, name, form, conversion in pieces:
        if name is not None and (name not in allowed or form or conversion):
            hint = did_you_mean(name, allowed) if allowed else Sentence("no field belongs here")
            return Sentence("{given} is not known; {hint}", given=shown(f"{{{name}}}"), hint=hint)
    if needed - {name for _, name, _, _ in pieces}:
        return Sentence("lacks {field}: all would get the same code", field=f"{{{field}}}")
    if wrong := set("".join(text for text, *_ in pieces)) - _DTMF:
        return Sentence("{given} is no DTMF digit (0–9, A–D, *, #)", given=min(wrong))
    return None


def _check_owners(findings: Findings, parts: Mapping[str, Any]) -> None:
    owners: dict[str, str] = {}
    for entry, _, one in _coded(parts):
        code = one.code
        if (owner := owners.setdefault(code, entry)) != entry:
            findings.add(entry, "code", Sentence("{code} is the code of {owner} already", code=code, owner=owner))


def _check_digits(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note one example for each two templates that collide."""
    owners: dict[str, tuple[str, str]] = {}
    told: set[tuple[str, str]] = set()
    for key, entry, digits in _all_digits(parts):
        owner_key, owner = owners.setdefault(digits, (key, entry))
        if owner_key != key and (owner_key, key) not in told:
            told.add((owner_key, key))
            problem = Sentence(
                "{digits} would call {entry}, but is the {key} of {owner} already",
                digits=digits,
                entry=entry,
                key=owner_key,
                owner=owner,
            )
            findings.add("[encoder]", key, problem)


def _all_digits(parts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield template, entry and digits of every call; of a code that has two owners, only the first one's."""
    encoder, seen = parts["encoder"], set()
    for key in ("open_all", "close_all"):
        if template := getattr(encoder, key):
            yield key, "[encoder]", template.format(level=encoder.level)
    for entry, kind, one in _coded(parts):
        if one.code not in seen:
            for key in (f"open_{kind}", f"close_{kind}"):
                yield key, entry, getattr(encoder, key).format(**{kind: one.code}, level=one.level)
        seen.add(one.code)


def _check_addresses(findings: Findings, parts: Mapping[str, Any]) -> None:
    """An RDS payload holds numbers: each must fit into its field."""
    encoder = parts["encoder"]
    if findings.about("[encoder]", "", "payload"):
        return
    room = {name: 2**bits - 1 for name, bits in encoder.fields}
    own = [("all_code", "cluster"), ("open_action", "action"), ("close_action", "action"), ("level", "level")]
    for key, field in own:
        if getattr(encoder, key) > room.get(field, 0xFFFF):
            findings.add("[encoder]", key, _too_big(getattr(encoder, key), room[field]))
    if encoder.open_action == encoder.close_action:
        findings.add("[encoder]", "close_action", Sentence("is the same as open_action: nothing could ever close"))
    _check_numbers(findings, parts)
    for entry, _, one in _coded(parts):
        if not one.code.isdecimal() or int(one.code) > room["cluster"]:
            findings.add(entry, "code", _too_big(one.code, room["cluster"]))
        elif encoder.all_code and int(one.code) == encoder.all_code:
            findings.add(entry, "code", Sentence("{code} is the code of {owner} already", code=one.code, owner="all"))
        if one.level > room.get("level", 0xFFFF):
            findings.add(entry, "level", _too_big(one.level, room["level"]))


def _check_channels(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Wired clusters: the code is a contact of the relay board, and not the one that keys."""
    board, transmitter = parts["relay_board"], parts["transmitter"]
    if findings.about("[relay_board]", "kind", "channels"):
        return
    _check_numbers(findings, parts)
    for entry, kind, one in _coded(parts):
        if kind != "cluster":
            continue
        if not one.code.isdecimal() or not 1 <= int(one.code) <= board.channels:
            findings.add(entry, "code", _too_big(one.code, board.channels))
        elif transmitter.keying == "relay" and int(one.code) == transmitter.channel:
            findings.add(entry, "code", Sentence("relay {channel} keys the transmitter already", channel=one.code))


def _check_numbers(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Where a code is a number, 07 and 7 are the same."""
    owners: dict[int, tuple[str, str]] = {}
    for entry, _, one in _coded(parts):
        if not one.code.isdecimal():
            continue
        owner, code = owners.setdefault(int(one.code), (entry, one.code))
        if owner != entry and code != one.code:  # what is written alike was noted already
            findings.add(entry, "code", Sentence("{code} is the code of {owner} already", code=one.code, owner=owner))


def _too_big(given: object, highest: int) -> Sentence:
    return Sentence("{given} is out of range: {limits}", given=shown(given), limits=f"≤ {highest}")


def _coded(parts: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for kind in ("cluster", "group"):
        for position, one in enumerate(parts[kind], 1):
            if one.code is not None:
                yield title(kind, position, one.name), kind, one
