"""What must hold between the entries of a configuration; and what only deserves a warning."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from broadcaster.config.findings import Findings, did_you_mean
from broadcaster.config.settings import AUDIO, Settings
from broadcaster.words import Sentence

_DTMF = frozenset("0123456789ABCD*#")
_SIREN_S = 10.0
_CHARACTERS_A_SECOND = 10.0


def check(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note what does not fit together. A part, or a value in it, that could not be read is ``None``."""
    for rule in (
        _time_zone,
        _numbers,
        _groups,
        _templates,
        _codes,
        _time_out,
        _channel,
        _quiet,
        _files,
        _messages,
    ):
        rule(findings, parts)


def warnings(settings: Settings) -> list[Sentence]:
    """Return what is allowed but wants a second look (frequency plan of 54-68 MHz, at most 30 W)."""
    station, found = settings.station, []
    if 87 <= station.frequency_mhz <= 108:
        found.append(Sentence("[station] frequency_mhz: 87–108 MHz is for provincial radio; look at your licence."))
    elif not 54 <= station.frequency_mhz <= 68:
        found.append(Sentence("[station] frequency_mhz: communes are planned for 54–68 MHz; look at your licence."))
    elif station.licensed_power_w > 30:
        found.append(
            Sentence("[station] licensed_power_w: at most 30 W is planned for communes; look at your licence.")
        )
    return found


def _time_zone(findings: Findings, parts: Mapping[str, Any]) -> None:
    station = parts["station"]
    if station is None or station.timezone is None:
        return
    try:
        ZoneInfo(station.timezone)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(station.timezone, available_timezones())
        findings.add(
            "[station]",
            "timezone",
            Sentence("{given} is not known; {hint}", given=station.timezone, hint=hint),
        )


def _numbers(findings: Findings, parts: Mapping[str, Any]) -> None:
    seen: set[int] = set()
    for cluster in parts["cluster"]:
        if cluster.number in seen:
            findings.add(_entry(cluster), "number", Sentence("stands twice; each cluster has its own"))
        seen.add(cluster.number)
    if not parts["cluster"] and not findings.sentences:
        findings.add("[[cluster]]", "", Sentence("there is none: name at least one cluster"))


def _groups(findings: Findings, parts: Mapping[str, Any]) -> None:
    known = {group.name for group in parts["group"]}
    used: set[str] = set()
    for cluster in parts["cluster"]:
        used.update(cluster.groups or ())
        for name in cluster.groups or ():
            if name not in known:
                hint = did_you_mean(name, known) if known else Sentence("there is no [[group]] yet")
                findings.add(_entry(cluster), "groups", Sentence("{given} is not known; {hint}", given=name, hint=hint))
    seen: set[str] = set()
    for group in parts["group"]:
        if group.name in seen:
            findings.add(f"[[group]] {group.name}", "name", Sentence("stands twice; each group has its own"))
        seen.add(group.name)
        if group.name not in used and parts["cluster"]:
            findings.add(f"[[group]] {group.name}", "", Sentence("no cluster belongs to it"))


def _templates(findings: Findings, parts: Mapping[str, Any]) -> None:
    if parts["encoder"] is None:
        return
    for key, value in _template_items(parts["encoder"]):
        field = key.split("_")[1]
        allowed = {"cluster", "group"} & {field}
        try:
            fields = [name for _, name, _, _ in string.Formatter().parse(value) if name is not None]
        except ValueError:
            findings.add("[encoder]", key, Sentence("{given} has a brace too many or too few", given=value))
            continue
        if unknown := set(fields) - allowed:
            hint = did_you_mean(min(unknown), allowed) if allowed else Sentence("no field belongs here")
            findings.add(
                "[encoder]",
                key,
                Sentence("{given} is not known; {hint}", given=f"{{{min(unknown)}}}", hint=hint),
            )
        elif allowed and not fields:
            findings.add("[encoder]", key, Sentence("lacks {field}: all would get the same code", field=f"{{{field}}}"))
        elif wrong := set(value.format(cluster="", group="")) - _DTMF:
            findings.add("[encoder]", key, Sentence("{given} is no DTMF digit (0–9, A–D, *, #)", given=min(wrong)))


def _codes(findings: Findings, parts: Mapping[str, Any]) -> None:
    """No two things may answer to the same digits."""
    if parts["encoder"] is None:
        return
    owners: dict[str, str] = {}
    for entry, key, meaning, digits in _all_codes(parts):
        owner = owners.setdefault(digits, meaning)
        if owner != meaning and digits:
            findings.add(entry, key, Sentence("{digits} means “{owner}” already", digits=digits, owner=owner))


def _all_codes(parts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield entry, key, meaning and digits of every code; of an entry whose code is taken, only the first."""
    encoder = parts["encoder"]
    if encoder.open_all and encoder.close_all:
        yield "[encoder]", "open_all", "open all", encoder.open_all
        yield "[encoder]", "close_all", "close all", encoder.close_all
    taken: set[tuple[str, str]] = set()
    for entry, code, templates in (
        *((_entry(c), c.code, (encoder.open_cluster, encoder.close_cluster)) for c in parts["cluster"]),
        *((f"[[group]] {g.name}", g.code, (encoder.open_group, encoder.close_group)) for g in parts["group"]),
    ):
        opening, closing = (_filled(template, code) for template in templates)
        yield entry, "code", f"open {entry}", opening
        if (code, opening) not in taken:
            yield entry, "code", f"close {entry}", closing
        taken.add((code, opening))


def _filled(template: str | None, code: str) -> str:
    if template is None:
        return ""
    try:
        return template.format(cluster=code, group=code)
    except (KeyError, IndexError, ValueError):
        return ""  # told already


def _time_out(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Safety rule: a time-out that is shorter than a legal broadcast would cut it with the clusters open."""
    transmitter, rules, emergency = parts["transmitter"], parts["rules"], parts["emergency"]
    if transmitter is None or transmitter.time_out_s is None:
        return
    around = (transmitter.lead_in_s or 0) + (transmitter.tail_s or 0) + 60
    if (
        rules is not None
        and rules.longest_broadcast_min is not None
        and transmitter.time_out_s < (needed := rules.longest_broadcast_min * 60 + around)
    ):
        findings.add(
            "[transmitter]",
            "time_out_s",
            Sentence(
                "{given} is shorter than the longest broadcast allowed; at least {needed}",
                given=transmitter.time_out_s,
                needed=round(needed),
            ),
        )
    for message in (emergency.message or ()) if emergency is not None else ():
        if transmitter.time_out_s < (needed := _SIREN_S + len(message.text) / _CHARACTERS_A_SECOND + around):
            findings.add(
                f"[[emergency.message]] {message.name}",
                "text",
                Sentence("is too long for [transmitter] time_out_s; at least {needed}", needed=round(needed)),
            )


def _channel(findings: Findings, parts: Mapping[str, Any]) -> None:
    transmitter, board = parts["transmitter"], parts["relay_board"]
    if transmitter is None or board is None or None in (transmitter.channel, board.channels):
        return
    if transmitter.channel > board.channels:
        findings.add(
            "[transmitter]",
            "channel",
            Sentence(
                "{given} is more than the relay board has ({channels})",
                given=transmitter.channel,
                channels=board.channels,
            ),
        )


def _quiet(findings: Findings, parts: Mapping[str, Any]) -> None:
    rules = parts["rules"]
    if rules is None or None in (rules.quiet_from, rules.quiet_until) or rules.quiet_from == rules.quiet_until:
        return
    start = rules.quiet_from.hour * 60 + rules.quiet_from.minute
    end = rules.quiet_until.hour * 60 + rules.quiet_until.minute
    if (end - start) % (24 * 60) > 23 * 60:
        findings.add("[rules]", "quiet_from", Sentence("quiet hours fill the whole day: nothing could ever sound"))


def _files(findings: Findings, parts: Mapping[str, Any]) -> None:
    sound, emergency = parts["sound"], parts["emergency"]
    named: list[tuple[str, str, str]] = []
    if sound is not None:
        named += [("[sound]", key, getattr(sound, key)) for key in ("opening_chime", "closing_chime", "bed")]
    if emergency is not None:
        named.append(("[emergency]", "siren", emergency.siren))
        named += [(f"[[emergency.message]] {m.name}", "file", m.file) for m in emergency.message or ()]
    for entry, key, name in named:
        if name and not (AUDIO / name).is_file():
            known = [path.name for path in Path(AUDIO).glob("*.wav")]
            hint = did_you_mean(name, known)
            findings.add(entry, key, Sentence("there is no sound file {given}; {hint}", given=name, hint=hint))


def _messages(findings: Findings, parts: Mapping[str, Any]) -> None:
    if parts["emergency"] is None or parts["emergency"].message is None:
        return
    seen: set[str] = set()
    for message in parts["emergency"].message:
        if message.name in seen:
            findings.add(
                f"[[emergency.message]] {message.name}",
                "name",
                Sentence("stands twice; each message has its own"),
            )
        seen.add(message.name)


def _template_items(encoder: Any) -> list[tuple[str, str]]:
    keys = ("open_cluster", "close_cluster", "open_group", "close_group", "open_all", "close_all")
    return [(key, value) for key in keys if (value := getattr(encoder, key)) is not None]


def _entry(cluster: Any) -> str:
    return f"[[cluster]] {cluster.number} ({cluster.name})"
