"""``status``: what is on air, and what is wrong."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from broadcaster.cli import monitor
from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.model.evidence import Evidence
from broadcaster.words import Sentence


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    add_command(
        commands,
        language,
        "status",
        Sentence("Say what is on air, and what is wrong."),
        status,
        prints_data=True,
    )


def status(context: Context) -> None:
    """Print what the daemon knows."""
    answer = context.daemon.ask("status")
    answer.pop("ok")
    if context.options.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for line in _lines(context, answer):
        context.say(line)


def _lines(context: Context, answer: dict[str, Any]) -> list[Sentence]:
    lines = [Sentence("{text}", text=answer["station"])]
    if answer["simulated"]:
        lines.append(Sentence("*** SIMULATION *** no real transmitter, no real loudspeaker."))
    lines.append(_carrier(answer["transmitter"]))
    if current := answer["current"]:
        lines.append(
            Sentence(
                "On air: {title} ({priority}), clusters {numbers}",
                title=current["title"],
                priority=Sentence(current["priority"]),
                numbers=_numbers(current["clusters"]),
            )
        )
        lines += [_relayed(one) for one in answer["relays"] if one["id"] == current["id"]]
    else:
        lines.append(Sentence("Nothing is on air."))
    if (last := answer["last"]) and last["reason"]:
        reason = Sentence.from_json(last["reason"])
        lines.append(Sentence("The last one, “{title}”: {reason}", title=last["title"], reason=reason))
    lines += monitor.told(answer["monitor"])
    if answer["scheduled"]:
        lines.append(Sentence("Set for later: {count}", count=len(answer["scheduled"])))
    for item in answer["next"]:
        lines.append(Sentence("Waiting: {title}", title=item["title"]))
    lines += _cluster_lines(answer["clusters"])
    zone = context.settings.station.zone
    for fault in answer["faults"]:
        at = datetime.fromtimestamp(fault["since"], zone)
        lines.append(
            Sentence(
                "FAULT since {at}: {fault}",
                at=f"{at:%H:%M %d/%m}",
                fault=Sentence.from_json(fault["sentence"]),
            )
        )
    for fault in answer["recovered"]:
        at = datetime.fromtimestamp(fault["at"], zone)
        sentence = Sentence.from_json(fault["sentence"])
        lines.append(Sentence("Well again since {at}: {fault}", at=f"{at:%H:%M %d/%m}", fault=sentence))
    if any(fault["over"] for fault in answer["faults"]):
        lines.append(Sentence("Once you have seen them: broadcaster acknowledge"))
    return lines


def _cluster_lines(clusters: list[dict[str, Any]]) -> list[Sentence]:
    by_state: dict[str, list[int]] = {}
    for cluster in clusters:
        by_state.setdefault(cluster["state"], []).append(cluster["number"])
    numbers = {state: _numbers(those) for state, those in by_state.items()}
    return [
        sentence
        for state, sentence in (
            ("open", Sentence("Commanded open: {numbers}", numbers=numbers.get("open"))),
            ("closed", Sentence("Commanded closed: {numbers}", numbers=numbers.get("closed"))),
            ("unknown", Sentence("State unknown: {numbers}", numbers=numbers.get("unknown"))),
        )
        if state in numbers
    ]


def _relayed(relay: dict[str, Any]) -> Sentence:
    return Sentence("Relay “{title}”: from {source}", title=relay["title"], source=Sentence.from_json(relay["from"]))


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _carrier(transmitter: dict[str, Any]) -> Sentence:
    """A state that was only commanded is not said to be read back."""
    if transmitter["on"] is None:
        return Sentence("Transmitter: UNKNOWN")
    return _CARRIER[transmitter["on"], transmitter["evidence"] == Evidence.COMMANDED]


_CARRIER = {
    (True, False): Sentence("Transmitter: ON (read back)"),
    (False, False): Sentence("Transmitter: off (read back)"),
    (True, True): Sentence("Transmitter: commanded ON (cannot be read back)"),
    (False, True): Sentence("Transmitter: commanded off (cannot be read back)"),
}
