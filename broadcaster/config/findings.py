"""Collects the faults of a configuration, each told in the words of the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError

from broadcaster.words import Sentence


class Findings:
    """All faults found so far."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self._faulty: set[tuple[str, str]] = set()

    def add(self, entry: str, key: str, problem: Sentence) -> None:
        """Note a fault at ``key`` of ``entry``, as in ``[[cluster]] 3, code: …``."""
        where = f"{entry} {key}".strip()
        self._faulty.add((entry, key.partition(".")[0]))
        self.sentences.append(Sentence("{where}: {problem}", where=where, problem=problem))

    def add_invalid(self, entry: str, model: type[BaseModel], error: ValidationError) -> None:
        """Note everything that a model found wrong; a key that is only misspelled is not missing as well."""
        details = error.errors(include_url=False)
        unknown = [str(detail["loc"][-1]) for detail in details if detail["type"] == "extra_forbidden"]
        meant = {nearest(name, model.model_fields) for name in unknown}
        for detail in details:
            key = ".".join(str(part) for part in detail["loc"])
            if detail["type"] == "missing" and key in meant:
                self._faulty.add((entry, key))
            else:
                self.add(entry, key, _problem(model, detail))

    def doubt(self, entry: str) -> None:
        """Nothing of this entry can be relied on."""
        self._faulty.add((entry, _ALL))

    def about(self, entry: str, *keys: str) -> bool:
        """Tell whether any of these keys has a fault already: what builds on it is not worth telling."""
        return (entry, _ALL) in self._faulty or any((entry, key) in self._faulty for key in keys)


def title(name: str, position: int, called: object) -> str:
    """Return how a person finds an entry: ``[[cluster]] 3 (Thôn Đông)``, the third in the file."""
    return f"[[{name}]] {position}" + (f" ({shown(called)})" if isinstance(called, str) and called else "")


def did_you_mean(given: str, known: Collection[str]) -> Sentence:
    """Return a hint: the nearest of the ``known`` names, else all of them."""
    if near := nearest(given, known):
        return Sentence("did you mean {name}?", name=near)
    names = sorted(known)
    shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return Sentence("known are: {names}", names=shown)


def nearest(given: str, known: Collection[str]) -> str | None:
    """Return the one of the ``known`` names that ``given`` most likely means."""
    return next(iter(get_close_matches(given[:_LONGEST], list(known), n=1, cutoff=0.5)), None)


def shown(value: object) -> str:
    """Return a value of the file on one short line."""
    text = " ".join(str(value).split()).replace("\0", "")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _problem(model: type[BaseModel], detail: Mapping[str, Any]) -> Sentence:
    kind, given = detail["type"], shown(detail.get("input"))
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        return Sentence("there is no such key; {hint}", hint=did_you_mean(key, model.model_fields))
    if kind == "missing":
        return Sentence("is missing")
    if kind in _LIMITS:
        limits = _limits(model, key) or f"{_LIMITS[kind]} {_limit(detail['ctx']):g}"
        return Sentence("{given} is out of range: {limits}", given=given, limits=limits)
    return _text_problem(kind, key, given, detail.get("ctx", {})) or _type_problem(kind, given)


def _text_problem(kind: str, key: str, given: str, context: Mapping[str, Any]) -> Sentence | None:
    match kind:
        case "literal_error":
            choices = [choice.strip(" '") for choice in context["expected"].replace(" or ", ", ").split(",")]
            return Sentence("{given} is not known; {hint}", given=given, hint=did_you_mean(given, choices))
        case "string_too_short":
            return Sentence("may not be empty")
        case "string_too_long":
            return Sentence("{given} is longer than {most} letters", given=given, most=context["max_length"])
        case "string_pattern_mismatch":
            return Sentence("{given} does not fit here; {hint}", given=given, hint=_PATTERNS.get(key, _ANY_TEXT))
        case "value_error" if key.startswith("quiet"):
            return Sentence('{given} is no time of day; write it in quotes like "21:00"', given=given)
        case "value_error":
            why = str(context.get("error", ""))
            return Sentence("{given} does not fit here; {hint}", given=given, hint=why)
    return None


def _type_problem(kind: str, given: str) -> Sentence:
    if kind == "too_long":
        return Sentence("{given} has too many values", given=given)
    for word, sentence in _TYPES.items():
        if word in kind:
            return Sentence("{given} is not {what}", given=given, what=sentence)
    return Sentence("{given} cannot be used here", given=given)


def _limit(context: Mapping[str, Any]) -> float:
    return float(next(context[name] for name in ("ge", "le", "gt", "lt") if name in context))


def _limits(model: type[BaseModel], key: str) -> str:
    """Return the whole range of a key, such as ``≥ 0.1, ≤ 30``; nothing for a part of a list."""
    field = model.model_fields.get(key)
    parts = []
    for bound in field.metadata if field else ():
        for kind, (name, sign) in _BOUNDS.items():
            if isinstance(bound, kind):
                parts.append(f"{sign} {getattr(bound, name):g}")
    return ", ".join(parts)


_ALL = "*"
_MOST_NAMES = 12
_LONGEST = 60
_ANY_TEXT = Sentence("look for characters that do not belong there")
_PATTERNS = {
    "name": Sentence("use small letters without accents, digits and hyphens, such as ven-song"),
    "group_type": Sentence("use 1A to 15A"),
    "ps": Sentence("use 1 to 8 letters without accents, digits and spaces"),
    "radiotext": Sentence("use at most 64 letters without accents, digits and signs"),
    "code": Sentence('use 1 to 8 of the digits 0–9 and A–D, such as "07"'),
}
_BOUNDS: dict[type, tuple[str, str]] = {Gt: ("gt", ">"), Ge: ("ge", "≥"), Lt: ("lt", "<"), Le: ("le", "≤")}
_LIMITS = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}
_TYPES = {
    "finite": Sentence("a number that can be used here"),
    "int": Sentence("a whole number"),
    "float": Sentence("a number"),
    "bool": Sentence("true or false"),
    "string": Sentence("a text in quotes"),
    "tuple": Sentence("a list in square brackets"),
    "list": Sentence("a list in square brackets"),
    "model": Sentence("a section"),
    "dict": Sentence("a section"),
}
