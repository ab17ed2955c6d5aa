"""What must hold between the entries of a configuration; and what only deserves a warning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from broadcaster.config.codes import check_codes
from broadcaster.config.encoders import DtmfSettings, RdsSettings
from broadcaster.config.findings import Findings, did_you_mean, nearest, shown, title
from broadcaster.config.relays import check_relays
from broadcaster.config.section import SIMULATED
from broadcaster.config.settings import AUDIO, Settings
from broadcaster.config.wiring import check_wiring
from broadcaster.model import sirens
from broadcaster.words import Sentence

_SIREN_S = 10.0
_PAUSES_S = 1.0
_CHARACTERS_A_SECOND = 10.0
_GATE_ALLOWS_S = 60.0
"""What the rules allow a broadcast on air beyond its longest sound: carrier and codes."""
_GROUP_S = 0.0876
_CONTACT_S = 0.1
_AROUND_CODES_S = 0.6
"""Silence before the first and after the last tone."""
_SIREN = Sentence("name a file that ends in .wav, or “wail”, “steady”, or seconds on and off such as “3/2”")
_TWICE = Sentence("stands twice; each has its own")


def check(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note what does not fit together. What has a fault of its own holds its default, or ``None``."""
    for rule in (_time_zone, _names, _groups, _time_out, _quiet, _files):
        rule(findings, parts)
    check_codes(findings, parts)
    check_wiring(findings, parts)
    check_relays(findings, parts, AUDIO)


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
    if settings.transmitter.keying in ("rts", "dtr") and settings.transmitter.polarity == "low":
        found.append(
            Sentence("[transmitter] polarity: with “low” the transmitter is keyed while this computer has no power.")
        )
    simulated = {port == SIMULATED for port in settings.ports.values()} | {settings.sound.output == "simulated"}
    if len(simulated) > 1:
        found.append(
            Sentence("Some devices are real and some simulated: the transmitter may be keyed and carry no sound.")
        )
    return found


def _time_zone(findings: Findings, parts: Mapping[str, Any]) -> None:
    name = parts["station"].timezone
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones())
        findings.add("[station]", "timezone", Sentence("{given} is not known; {hint}", given=shown(name), hint=hint))


def _names(findings: Findings, parts: Mapping[str, Any]) -> None:
    for kind, key, entries in (
        ("cluster", "number", parts["cluster"]),
        ("group", "name", parts["group"]),
        ("emergency.message", "name", parts["emergency"].message),
        ("reading", "name", parts["reading"]),
    ):
        seen: set[object] = set()
        for entry, one in _titled(kind, entries):
            value = getattr(one, key)
            if value is not None and value in seen:
                findings.add(entry, key, _TWICE)
            seen.add(value)
    if not parts["cluster"] and not findings.about("[cluster]", ""):
        findings.add("[[cluster]]", "", Sentence("there is none: name at least one cluster"))


def _groups(findings: Findings, parts: Mapping[str, Any]) -> None:
    known = [group.name for group in parts["group"] if group.name]
    named, unsure = set(), False
    for entry, cluster in _titled("cluster", parts["cluster"]):
        unsure = unsure or findings.about(entry, "groups")
        named.update(cluster.groups)
        for name in cluster.groups:
            if name not in known and not _faulty_names(findings, parts):
                hint = did_you_mean(name, known) if known else Sentence("there is no [[group]] yet")
                findings.add(entry, "groups", Sentence("{given} is not known; {hint}", given=shown(name), hint=hint))
    meant = {nearest(name, known) for name in named if name not in known}
    for entry, group in _titled("group", parts["group"]):
        if group.name and group.name not in named | meant and parts["cluster"] and not unsure:
            findings.add(entry, "", Sentence("no cluster belongs to it"))


def _faulty_names(findings: Findings, parts: Mapping[str, Any]) -> bool:
    return any(group.name is None for group in parts["group"]) or findings.about("[group]", "")


def _time_out(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Safety rule: a time-out shorter than what may sound would drop the carrier with the clusters open."""
    transmitter, rules, emergency = parts["transmitter"], parts["rules"], parts["emergency"]
    if findings.about("[transmitter]", "", "time_out_s"):
        return
    codes = _codes_s(parts)
    around = max(_GATE_ALLOWS_S, transmitter.lead_in_s + 2 * codes + transmitter.tail_s)
    needed = rules.longest_broadcast_min * 60 + around
    if not findings.about("[rules]", "", "longest_broadcast_min") and transmitter.time_out_s < needed:
        problem = Sentence(
            "{given} is shorter than the longest broadcast allowed; at least {needed}",
            given=f"{transmitter.time_out_s:g}",
            needed=round(needed + 0.5),
        )
        findings.add("[transmitter]", "time_out_s", problem)
        return
    for entry, message in _titled("emergency.message", emergency.message):
        pattern = sirens.pattern(message.siren or emergency.siren or "")
        siren_s = pattern.seconds(emergency.siren_s or 0) if pattern else _SIREN_S
        round_s = siren_s + _PAUSES_S + len(message.text or "") / _CHARACTERS_A_SECOND
        needed = transmitter.lead_in_s + codes + round_s + codes + emergency.repeat_gap_s
        if transmitter.time_out_s < needed:
            problem = Sentence(
                "is too long for [transmitter] time_out_s; at least {needed}", needed=round(needed + 0.5)
            )
            findings.add(entry, "text", problem)


def _codes_s(parts: Mapping[str, Any]) -> float:
    """Return the most seconds that opening, or closing, can take: every cluster called by itself."""
    encoder = parts["encoder"]
    if isinstance(encoder, RdsSettings):
        return len(parts["cluster"]) * encoder.repeats * _GROUP_S / encoder.share
    if not isinstance(encoder, DtmfSettings):
        return len(parts["cluster"]) * _CONTACT_S
    digits = max(len(encoder.open_cluster), len(encoder.close_cluster))
    code_ms = digits * (encoder.tone_ms + encoder.gap_ms) + max(encoder.code_gap_ms, 2 * encoder.gap_ms)
    return float(len(parts["cluster"]) * encoder.repeats * code_ms / 1000 + _AROUND_CODES_S)


def _quiet(findings: Findings, parts: Mapping[str, Any]) -> None:
    rules = parts["rules"]
    if rules.quiet_from == rules.quiet_until or findings.about("[rules]", "", "quiet_from", "quiet_until"):
        return
    start = rules.quiet_from.hour * 60 + rules.quiet_from.minute
    end = rules.quiet_until.hour * 60 + rules.quiet_until.minute
    if (end - start) % (24 * 60) > 23 * 60:
        findings.add("[rules]", "quiet_from", Sentence("quiet hours fill the whole day: nothing could ever sound"))


def _files(findings: Findings, parts: Mapping[str, Any]) -> None:
    sound, emergency = parts["sound"], parts["emergency"]
    needed = [("[sound]", key, getattr(sound, key)) for key in ("opening_chime", "closing_chime")]
    _sirens(findings, parts, needed)
    optional = [(entry, "file", one.file) for entry, one in _titled("emergency.message", emergency.message)]
    optional += [("[sound]", key, getattr(sound, key)) for key in ("bed", "signature")]
    said = [("[sound]", key, getattr(sound, key)) for key in ("intro", "outro")]
    optional += [named for named in said if named[2].endswith(".wav")]
    for entry, key, name in (*needed, *(named for named in optional if named[2])):
        if not _is_file(name):
            hint = did_you_mean(name, [path.name for path in AUDIO.glob("*.wav")])
            findings.add(entry, key, Sentence("there is no sound file {given}; {hint}", given=shown(name), hint=hint))


def _sirens(findings: Findings, parts: Mapping[str, Any], files: list[tuple[str, str, str]]) -> None:
    """A siren is a file, which is looked for with the others, or a pattern whose pauses are no fault of the sound."""
    emergency = parts["emergency"]
    named = [(entry, one.siren) for entry, one in _titled("emergency.message", emergency.message) if one.siren]
    for entry, siren in (("[emergency]", emergency.siren), *named):
        pattern = sirens.pattern(siren)
        if sirens.is_file(siren):
            files.append((entry, "siren", siren))
        elif pattern is None:
            findings.add(entry, "siren", Sentence("{given} does not fit here; {hint}", given=shown(siren), hint=_SIREN))
        elif pattern.off_s >= parts["sound"].silent_after_s:
            findings.add(entry, "siren", Sentence("its pause is as long as [sound] silent_after_s: make that longer"))


def _is_file(name: str) -> bool:
    try:
        return bool(name) and Path(AUDIO / name).is_file()
    except (OSError, ValueError):  # too long, or with a NUL in it
        return False


def _titled(kind: str, entries: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for position, entry in enumerate(entries, 1):
        yield title(kind, position, entry.name), entry
