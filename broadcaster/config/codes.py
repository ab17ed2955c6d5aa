"""The digits that call clusters: templates can be filled in, and no two things answer to the same."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

from broadcaster.config.findings import Findings, did_you_mean, shown, title
from broadcaster.words import Sentence

_DTMF = frozenset("0123456789ABCD*#")
_TEMPLATES = ("open_cluster", "close_cluster", "open_group", "close_group", "open_all", "close_all")


def check_codes(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note faults of the templates and of the codes that go into them."""
    encoder = parts["encoder"]
    for key in _TEMPLATES:
        if (problem := _template_problem(getattr(encoder, key), key.split("_")[1])) is not None:
            findings.add("[encoder]", key, problem)
    if bool(encoder.open_all) != bool(encoder.close_all):
        key = "close_all" if encoder.open_all else "open_all"
        findings.add("[encoder]", key, Sentence("give both open_all and close_all, or neither"))
    _check_owners(findings, parts)
    if not findings.about("[encoder]", "", *_TEMPLATES):
        _check_digits(findings, parts)


def _template_problem(template: str, field: str) -> Sentence | None:
    allowed = {field} & {"cluster", "group"}
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return Sentence("{given} has a brace too many or too few", given=shown(template))
    for _, name, form, conversion in pieces:
        if name is not None and (name not in allowed or form or conversion):
            hint = did_you_mean(name, allowed) if allowed else Sentence("no field belongs here")
            return Sentence("{given} is not known; {hint}", given=shown(f"{{{name}}}"), hint=hint)
    if allowed and all(name is None for _, name, _, _ in pieces):
        return Sentence("lacks {field}: all would get the same code", field=f"{{{field}}}")
    if wrong := set("".join(text for text, *_ in pieces)) - _DTMF:
        return Sentence("{given} is no DTMF digit (0–9, A–D, *, #)", given=min(wrong))
    return None


def _check_owners(findings: Findings, parts: Mapping[str, Any]) -> None:
    owners: dict[str, str] = {}
    for entry, _, code in _coded(parts):
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
        if digits := getattr(encoder, key):
            yield key, "[encoder]", digits
    for entry, kind, code in _coded(parts):
        if code not in seen:
            for key in (f"open_{kind}", f"close_{kind}"):
                yield key, entry, getattr(encoder, key).format(**{kind: code})
        seen.add(code)


def _coded(parts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind in ("cluster", "group"):
        for position, one in enumerate(parts[kind], 1):
            if one.code is not None:
                yield title(kind, position, one.name), kind, one.code
