"""Reads ``clusters.toml``: settings, or every fault of it at once.

Each section and each entry is read by itself, so that one fault hides no other; what could be read is then
held against the rest.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from broadcaster.config.checks import check
from broadcaster.config.findings import Findings, did_you_mean
from broadcaster.config.settings import (
    ClusterSettings,
    EmergencySettings,
    EncoderSettings,
    GroupSettings,
    RelayBoardSettings,
    RulesSettings,
    Settings,
    SoundSettings,
    StationSettings,
    TransmitterSettings,
    WebSettings,
)
from broadcaster.errors import ConfigurationError
from broadcaster.words import Sentence

_Model = TypeVar("_Model", bound=BaseModel)
_SECTIONS: dict[str, type[BaseModel]] = {
    "station": StationSettings,
    "transmitter": TransmitterSettings,
    "relay_board": RelayBoardSettings,
    "encoder": EncoderSettings,
    "sound": SoundSettings,
    "rules": RulesSettings,
    "emergency": EmergencySettings,
    "web": WebSettings,
}
_ENTRIES: dict[str, type[BaseModel]] = {"group": GroupSettings, "cluster": ClusterSettings}


def load(path: Path) -> Settings:
    """Return the settings in ``path``. Raises ``ConfigurationError`` with every fault."""
    return settings_of(_read(path))


def settings_of(data: Mapping[str, Any]) -> Settings:
    """Return the settings in a parsed file. Raises ``ConfigurationError`` with every fault."""
    findings = Findings()
    for name in data.keys() - _SECTIONS.keys() - _ENTRIES.keys():
        hint = did_you_mean(name, [*_SECTIONS, *_ENTRIES])
        findings.add(f"[{name}]", "", Sentence("there is no such section; {hint}", hint=hint))
    parts: dict[str, Any] = {name: _section(findings, data, name) for name in _SECTIONS}
    parts |= {name: _entries(findings, data, name) for name in _ENTRIES}
    check(findings, parts)
    if findings.sentences:
        raise ConfigurationError(findings.sentences)
    return Settings.model_construct(**parts)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        problem = Sentence("the file is not there; name another with --config or $CONFIG")
    except OSError as error:
        problem = Sentence("the file cannot be read: {why}", why=str(error.strerror))
    except UnicodeDecodeError:
        problem = Sentence("the file is not UTF-8: save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problem = Sentence("the file cannot be understood: {why}", why=str(error))
    findings = Findings()
    findings.add(str(path), "", problem)
    raise ConfigurationError(findings.sentences)


def _section(findings: Findings, data: Mapping[str, Any], name: str) -> BaseModel | None:
    value = data.get(name, {})
    if name == "station" and name not in data:
        findings.add("[station]", "", Sentence("is missing"))
        return None
    return _one(findings, f"[{name}]", _SECTIONS[name], value)


def _entries(findings: Findings, data: Mapping[str, Any], name: str) -> tuple[BaseModel, ...]:
    values = data.get(name, [])
    if not isinstance(values, list):
        findings.add(f"[{name}]", "", Sentence("write each one under a heading [[{name}]]", name=name))
        return ()
    read = (_one(findings, _title(name, i, value), _ENTRIES[name], value) for i, value in enumerate(values, 1))
    return tuple(one for one in read if one is not None)


def _one(findings: Findings, entry: str, model: type[_Model], value: object) -> _Model | None:
    if not isinstance(value, dict):
        findings.add(entry, "", Sentence("is no section"))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        findings.add_invalid(entry, model, error)
        return _rest(model, value, {str(detail["loc"][0]) for detail in error.errors()})


def _rest(model: type[_Model], value: dict[str, Any], faulty: set[str]) -> _Model | None:
    """Return what is left without the faulty keys (they read ``None``), so that one fault hides no other."""
    try:
        rest = model.model_validate({key: one for key, one in value.items() if key not in faulty})
    except ValidationError:
        return None  # a key that must be there is faulty or missing
    return rest.model_copy(update={key: None for key in faulty if key in model.model_fields})


def _title(name: str, position: int, value: object) -> str:
    if not isinstance(value, dict):
        return f"[[{name}]] #{position}"
    number, called = value.get("number", f"#{position}"), value.get("name")
    return f"[[{name}]] {number}" + (f" ({called})" if isinstance(called, str) else "")
