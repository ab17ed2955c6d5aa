"""What hangs on which wire: channels, inputs and ports that exist, and that nobody else has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadcaster.config.encoders import RdsSettings
from broadcaster.config.findings import Findings, did_you_mean, shown
from broadcaster.config.section import SIMULATED
from broadcaster.words import Sentence


def check_wiring(findings: Findings, parts: Mapping[str, Any]) -> None:
    """Note what is wired to something that is not there, or twice."""
    for rule in (_channel, _inputs, _ports, _key_port, _message, _readings, _values, _duty):
        rule(findings, parts)


def _channel(findings: Findings, parts: Mapping[str, Any]) -> None:
    transmitter, board = parts["transmitter"], parts["relay_board"]
    if transmitter.keying != "relay" or findings.about("[relay_board]", "", "kind", "channels"):
        return
    if transmitter.channel > board.channels:
        given, channels = transmitter.channel, board.channels
        problem = Sentence("{given} is more than the relay board has ({channels})", given=given, channels=channels)
        findings.add("[transmitter]", "channel", problem)


def _inputs(findings: Findings, parts: Mapping[str, Any]) -> None:
    wired, board = parts["inputs"].wired, parts["relay_board"]
    if findings.about("[relay_board]", "", "kind", "inputs"):
        return
    owners: dict[int, str] = {}
    for name, number in wired.items():
        if number > board.inputs:
            problem = Sentence(
                "{given} is more than the inputs that the relay board has ({inputs}): see [relay_board] inputs",
                given=number,
                inputs=board.inputs,
            )
            findings.add("[inputs]", name, problem)
        elif (owner := owners.setdefault(number, name)) != name:
            findings.add("[inputs]", name, Sentence("input {number} is {owner} already", number=number, owner=owner))


def _ports(findings: Findings, parts: Mapping[str, Any]) -> None:
    """One owner a port: two kinds of device cannot speak on the same wire."""
    transmitter, encoder, board = parts["transmitter"], parts["encoder"], parts["relay_board"]
    used = {"[relay_board]": board.port}
    if transmitter.keying != "relay":
        used["[transmitter]"] = transmitter.port
    if isinstance(encoder, RdsSettings):
        used["[encoder]"] = encoder.port
    owners: dict[str, str] = {}
    for entry, port in used.items():
        if port not in (None, SIMULATED) and (owner := owners.setdefault(port, entry)) != entry:
            problem = Sentence("{given} is the port of {owner} already", given=shown(port), owner=owner)
            findings.add(entry, "port", problem)


def _key_port(findings: Findings, parts: Mapping[str, Any]) -> None:
    transmitter = parts["transmitter"]
    if transmitter.keying in ("rts", "dtr") and str(transmitter.port).startswith("socket://"):
        problem = Sentence("{given} carries no modem lines; {hint}", given=shown(transmitter.port), hint="rfc2217://")
        findings.add("[transmitter]", "port", problem)
    if transmitter.keying == "rigctld" and not str(transmitter.port).startswith((SIMULATED, "socket://")):
        example = "socket://127.0.0.1:4532"
        problem = Sentence("{given} does not fit here; {hint}", given=shown(transmitter.port), hint=example)
        findings.add("[transmitter]", "port", problem)


def _message(findings: Findings, parts: Mapping[str, Any]) -> None:
    wanted, known = parts["inputs"].emergency_message, [m.name for m in parts["emergency"].message if m.name]
    if wanted and wanted not in known:
        hint = did_you_mean(wanted, known)
        problem = Sentence("{given} is not known; {hint}", given=shown(wanted), hint=hint)
        findings.add("[inputs]", "emergency_message", problem)


def _readings(findings: Findings, parts: Mapping[str, Any]) -> None:
    board = parts["relay_board"]
    if parts["reading"] and board.kind not in ("waveshare", "modbus") and not findings.about("[relay_board]", "kind"):
        findings.add("[[reading]]", "", Sentence("needs a Modbus bus: [relay_board] kind waveshare or modbus"))
        return
    for reading in parts["reading"]:
        if reading.address == getattr(board, "address", None):
            problem = Sentence("{number} is the relay board's own address", number=reading.address)
            findings.add(f"[[reading]] {reading.name}", "address", problem)


def _values(findings: Findings, parts: Mapping[str, Any]) -> None:
    board = parts["relay_board"]
    if board.kind == "modbus" and board.on_value == board.off_value:
        findings.add("[relay_board]", "off_value", Sentence("is the same as on_value: nothing could ever switch off"))


def _duty(findings: Findings, parts: Mapping[str, Any]) -> None:
    minutes, longest = parts["transmitter"].keyed_minutes_per_hour, parts["rules"].longest_broadcast_min
    if minutes < min(longest, 60):
        problem = Sentence(
            "{minutes} is less than the longest broadcast ({longest} min)", minutes=minutes, longest=longest
        )
        findings.add("[transmitter]", "keyed_minutes_per_hour", problem)
