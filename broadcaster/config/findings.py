"""Collects the faults of a configuration, each told in the words of the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from broadcaster.words import Sentence


class Findings:
    """All faults found so far."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []

    def add(self, entry: str, key: str, problem: Sentence) -> None:
        """Note a fault at ``key`` of ``entry``, as in ``[[cluster]] 3, code: …``."""
        where = f"{entry} {key}".strip()
        self.sentences.append(Sentence("{where}: {problem}", where=where, problem=problem))

    def add_invalid(self, entry: str, model: type[BaseModel], error: ValidationError) -> None:
        """Note everything that a model found wrong."""
        for detail in error.errors(include_url=False):
            key = ".".join(str(part) for part in detail["loc"])
            self.add(entry, key, _problem(model, detail))


def did_you_mean(given: str, known: Collection[str]) -> Sentence:
    """Return a hint: the nearest of the ``known`` names, else all of them."""
    near = get_close_matches(given, list(known), n=1, cutoff=0.5)
    if near:
        return Sentence("did you mean {name}?", name=near[0])
    return Sentence("known are: {names}", names=", ".join(sorted(known)))


def _problem(model: type[BaseModel], detail: Mapping[str, Any]) -> Sentence:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail.get("input")
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        return Sentence("there is no such key; {hint}", hint=did_you_mean(key, model.model_fields))
    if kind == "missing":
        return Sentence("is missing")
    if kind == "literal_error":
        choices = [choice.strip(" '") for choice in context["expected"].replace(" or ", ", ").split(",")]
        return Sentence("{given} is not known; {hint}", given=given, hint=did_you_mean(str(given), choices))
    if kind in _LIMITS:
        return Sentence(
            "{given} is out of range: {sign} {limit}", given=given, sign=_LIMITS[kind], limit=_limit(context)
        )
    if kind == "string_too_short":
        return Sentence("may not be empty")
    if kind == "string_pattern_mismatch":
        return Sentence(
            "{given} has characters that do not belong here (allowed: {pattern})",
            given=given,
            pattern=context["pattern"].strip("^$"),
        )
    if "time" in kind or (kind == "value_error" and key.startswith("quiet")):
        return Sentence('{given} is no time of day; write it in quotes like "21:00"', given=given)
    for word, sentence in _TYPES.items():
        if word in kind:
            return Sentence("{given} is not {what}", given=repr(given), what=sentence)
    return Sentence("{given} does not fit here", given=repr(given))


def _limit(context: Mapping[str, Any]) -> object:
    return next((context[name] for name in ("ge", "le", "gt", "lt") if name in context), "")


_LIMITS = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}
_TYPES = {
    "int": Sentence("a whole number"),
    "float": Sentence("a number"),
    "bool": Sentence("true or false"),
    "string": Sentence("a text in quotes"),
    "tuple": Sentence("a list in square brackets"),
    "list": Sentence("a list in square brackets"),
    "model": Sentence("a section"),
    "dict": Sentence("a section"),
}
