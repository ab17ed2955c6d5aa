"""Commands that only look: status, check."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from broadcaster import pidfile
from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.config.checks import warnings
from broadcaster.config.settings import SIMULATED
from broadcaster.errors import DeviceError
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
    parser = add_command(
        commands,
        language,
        "check",
        Sentence("Check configuration and hardware; keys nothing, unless a cluster is named."),
        check,
        prints_data=True,
    )
    parser.add_argument(
        "--cluster",
        type=int,
        metavar="N",
        help=Sentence("open this cluster, sound a chime, close it again").to(language),
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


def check(context: Context) -> int:
    """Print one line a finding; the configuration's faults end the command with status 2."""
    settings = context.settings
    if (number := context.options.cluster) is not None:
        answer = context.daemon.ask("test cluster", cluster=number)
        context.show(
            {"id": answer["id"]}, Sentence("Cluster {number} opens, chimes and closes: listen there.", number=number)
        )
        return 0
    findings = [(True, Sentence("Configuration {file}: no fault.", file=str(context.config)))]
    findings += [(True, warning) for warning in warnings(settings)]
    if settings.simulated:
        findings.append((True, Sentence("SIMULATION: no real transmitter, no real loudspeaker.")))
    findings.append(_relay_board(context))
    if context.options.json:
        print(
            json.dumps(
                [{"ok": ok, "sentence": line.to(context.language)} for ok, line in findings],
                ensure_ascii=False,
            )
        )
    else:
        for ok, line in findings:
            print("✓" if ok else "✗", line.to(context.language))
    return 0 if all(ok for ok, _ in findings) else 1


def _relay_board(context: Context) -> tuple[bool, Sentence]:
    """Ask the board for its contacts; a running daemon owns the port, so it is asked instead."""
    from broadcaster.devices import factory

    settings, home = context.settings, context.home
    if pidfile.holder(home.run / "daemon.pid") is not None:
        on = context.daemon.ask("status")["transmitter"]["on"]
        well = Sentence("Relay board: answers (asked through the daemon).")
        return (True, well) if on is not None else (False, Sentence("Relay board: the daemon cannot read it."))
    if settings.relay_board.port == SIMULATED and pidfile.holder(home.run / "simulator.pid") is None:
        return False, Sentence("No simulated station is running. Start it with: make run")
    owner = factory.port_owner(settings, home)
    try:
        factory.relay_board(settings, owner).read(settings.transmitter.channel)
    except DeviceError as error:
        return False, Sentence("Relay board: {why}", why=error.sentence)
    finally:
        owner.close()
    return True, Sentence("Relay board on {port}: answers.", port=settings.relay_board.port)


def _lines(context: Context, answer: dict[str, Any]) -> list[Sentence]:
    lines = [Sentence("{text}", text=answer["station"])]
    if answer["simulated"]:
        lines.append(Sentence("*** SIMULATION *** no real transmitter, no real loudspeaker."))
    lines.append(_CARRIER[answer["transmitter"]["on"]])
    if current := answer["current"]:
        lines.append(
            Sentence(
                "On air: {title} ({priority}), clusters {numbers}",
                title=current["title"],
                priority=Sentence(current["priority"]),
                numbers=_numbers(current["clusters"]),
            )
        )
    else:
        lines.append(Sentence("Nothing is on air."))
    if (last := answer["last"]) and last["reason"]:
        reason = Sentence.from_json(last["reason"])
        lines.append(Sentence("The last one, “{title}”: {reason}", title=last["title"], reason=reason))
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


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


_CARRIER = {
    True: Sentence("Transmitter: ON (read back from the relay board)"),
    False: Sentence("Transmitter: off (read back from the relay board)"),
    None: Sentence("Transmitter: UNKNOWN"),
}
