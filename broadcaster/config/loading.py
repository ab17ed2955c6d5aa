"""Reads ``clusters.toml``: settings, or every fault of it at once.

Each section and each entry is read by itself, so that one fault hides no other; what could be read is then
held against the rest.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from broadcaster.config import own
from broadcaster.config.checks import check
from broadcaster.config.encoders import ENCODERS
from broadcaster.config.findings import Findings, did_you_mean, nearest, shown, title
from broadcaster.config.hardware import RELAY_BOARDS, InputsSettings, ReadingSettings, TransmitterSettings
from broadcaster.config.monitor import MonitorSettings
from broadcaster.config.relays import RelaySettings
from broadcaster.config.section import Section
from broadcaster.config.settings import (
    ClusterSettings,
    EmergencySettings,
    GroupSettings,
    LiveSettings,
    MessageSettings,
    RecordingsSettings,
    RulesSettings,
    Settings,
    SoundSettings,
    StationSettings,
    WebSettings,
)
from broadcaster.errors import ConfigurationError
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_Model = TypeVar("_Model", bound=BaseModel)
_SECTIONS: dict[str, type[BaseModel]] = {
    "station": StationSettings,
    "transmitter": TransmitterSettings,
    "inputs": InputsSettings,
    "sound": SoundSettings,
    "monitor": MonitorSettings,
    "rules": RulesSettings,
    "emergency": EmergencySettings,
    "live": LiveSettings,
    "recordings": RecordingsSettings,
    "web": WebSettings,
}
_KINDS: dict[str, dict[str, type[Section]]] = {"relay_board": RELAY_BOARDS, "encoder": ENCODERS}
"""Sections whose ``kind`` says which keys they have; the first kind is the default."""
_ENTRIES: dict[str, type[BaseModel]] = {
    "group": GroupSettings,
    "cluster": ClusterSettings,
    "reading": ReadingSettings,
    "relay": RelaySettings,
}


def load(path: Path, set_on_pages: Path | None = None) -> Settings:
    """Return the settings in ``path``, with what was set on the pages laid over them, if that makes sense.

    Raises ``ConfigurationError`` with every fault of ``path``.
    """
    settings = settings_of(_read(path))
    if set_on_pages is None or not (set_there := own.read(set_on_pages)):
        return settings
    try:
        return changed(settings, set_there)
    except ConfigurationError as error:
        _log.error("%s does not hold: %s", set_on_pages, "; ".join(map(str, error.findings)))
        return settings


def changed(settings: Settings, set_there: Mapping[str, str]) -> Settings:
    """Return the settings with some keys of :data:`own.SECTION_OF` set anew. Raises ``ConfigurationError``."""
    findings, parts = Findings(), {name: getattr(settings, name) for name in type(settings).model_fields}
    for name in dict.fromkeys(own.SECTION_OF.values()):
        mine = {key: value for key, value in set_there.items() if own.SECTION_OF[key] == name}
        stands = parts[name].model_dump().items()
        written = {key: f"{value:%H:%M}" if isinstance(value, time) else value for key, value in stands}
        parts[name] = _one(findings, f"[{name}]", _SECTIONS[name], {**written, **mine})
    check(findings, parts)
    if findings.sentences:
        raise ConfigurationError(findings.sentences)
    return Settings.model_construct(**parts)


def settings_of(data: Mapping[str, Any]) -> Settings:
    """Return the settings in a parsed file. Raises ``ConfigurationError`` with every fault."""
    findings = Findings()
    known = [*_SECTIONS, *_KINDS, *_ENTRIES]
    unknown = [name for name in data if name not in known]
    for name in unknown:
        hint = did_you_mean(name, known)
        if isinstance(data[name], (dict, list)):
            findings.add(f"[{name}]", "", Sentence("there is no such section; {hint}", hint=hint))
        else:
            findings.add(name, "", Sentence("stands outside of any section: move it below its heading"))
    meant = {nearest(name, known) for name in unknown}
    parts: dict[str, Any] = {name: _section(findings, data, name, meant) for name in _SECTIONS}
    parts |= {name: _of_kind(findings, name, data.get(name, {})) for name in _KINDS}
    parts |= {name: _entries(findings, name, data.get(name, [])) for name in _ENTRIES}
    check(findings, parts)
    if findings.sentences:
        raise ConfigurationError(findings.sentences)
    return Settings.model_construct(**parts)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        problem = Sentence("the file is not there; name another with --config or $CONFIG")
    except OSError as error:
        problem = Sentence("the file cannot be read: {why}", why=str(error.strerror))
    except UnicodeDecodeError:
        problem = Sentence("the file is not UTF-8: save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problem = _not_toml(str(error))
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        problem = Sentence("the file cannot be understood: it holds a number or a list of absurd size")
    findings = Findings()
    findings.add(str(path), "", problem)
    raise ConfigurationError(findings.sentences)


def _not_toml(why: str) -> Sentence:
    line = re.search(r"line (\d+)", why)
    if line is None:
        return Sentence("the end of the file cannot be understood: look for a missing quote or bracket")
    if "verwrite" in why or "declare" in why:
        return Sentence("line {line} repeats a key or a section that stands above it", line=line[1])
    return Sentence("line {line} cannot be understood: look for a missing quote, bracket or value", line=line[1])


def _section(findings: Findings, data: Mapping[str, Any], name: str, meant: Collection[str | None]) -> BaseModel:
    value = data.get(name, {})
    if name == "station" and name not in data:
        if name not in meant:
            findings.add("[station]", "", Sentence("is missing"))
        return _salvaged(StationSettings, {})
    if name == "emergency" and isinstance(value, dict):
        rest = {key: given for key, given in value.items() if key != "message"}
        messages = _entries(findings, "emergency.message", value.get("message", []))
        return _one(findings, "[emergency]", EmergencySettings, rest).model_copy(update={"message": messages})
    return _one(findings, f"[{name}]", _SECTIONS[name], value)


def _of_kind(findings: Findings, name: str, value: object) -> BaseModel:
    """Return a section whose ``kind`` decides on its keys; of an unknown kind nothing else is worth telling."""
    kinds = _KINDS[name]
    default = next(iter(kinds))
    kind = value.get("kind", default) if isinstance(value, dict) else default
    if isinstance(kind, str) and kind in kinds:
        return _one(findings, f"[{name}]", kinds[kind], value)
    hint = did_you_mean(str(kind), kinds)
    findings.add(f"[{name}]", "kind", Sentence("{given} is not known; {hint}", given=shown(kind), hint=hint))
    findings.doubt(f"[{name}]")
    return kinds[default]()


def _entries(findings: Findings, name: str, values: object) -> tuple[BaseModel, ...]:
    if not isinstance(values, list):
        findings.add(f"[{name}]", "", Sentence("write each one under a heading [[{name}]]", name=name))
        return ()
    model = MessageSettings if name == "emergency.message" else _ENTRIES[name]
    return tuple(_one(findings, title(name, i, _name_in(value)), model, value) for i, value in enumerate(values, 1))


def _one(findings: Findings, entry: str, model: type[_Model], value: object) -> _Model:
    """Return the entry; of one with faults, what of it is right, so that the checks see the rest."""
    if not isinstance(value, dict):
        findings.add(entry, "", Sentence("is no section"))
        value = {}
    given = {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
    try:
        return model.model_validate(given, strict=True)
    except ValidationError as error:
        if not findings.about(entry, ""):
            findings.add_invalid(entry, model, error)
        faulty = {detail["loc"][0] for detail in error.errors(include_url=False)}
        return _salvaged(model, {key: item for key, item in given.items() if key not in faulty})


def _salvaged(model: type[_Model], right: Mapping[str, Any]) -> _Model:
    """Return ``right`` as a model, with defaults, and ``None`` where a key without one is not there."""
    lacking = [name for name, field in model.model_fields.items() if field.is_required() and name not in right]
    if not lacking:
        return model.model_validate(right, strict=True)
    return model.model_construct(**{**dict.fromkeys(lacking), **right})


def _name_in(entry: object) -> object:
    return entry.get("name") if isinstance(entry, dict) else None
