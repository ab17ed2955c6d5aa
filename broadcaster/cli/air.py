"""Commands that change what is on air: announce, emergency, stop, unkey, acknowledge."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadcaster import pidfile
from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.config import readings
from broadcaster.config.relays import bound
from broadcaster.config.settings import AUDIO
from broadcaster.errors import BroadcasterError, ControlError, DeviceError, RefusedError, SoundError, UsageError
from broadcaster.home import Home
from broadcaster.model.evidence import Evidence
from broadcaster.model.relay import Relay
from broadcaster.sound.composition import DEFAULT_GAP_S, MOST_REPEATS, Recipe
from broadcaster.spelling import Spelt
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from broadcaster.sound.library import Asset, Library


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    _add_announce(commands, language)
    parser = add_command(
        commands,
        language,
        "emergency",
        Sentence("Sound an emergency, or end it."),
        emergency,
        prints_data=True,
    )
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--message", help=Sentence("name of a prepared message (else the first)").to(language))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--clusters", metavar="2,3,7", help=Sentence("only these clusters (else all)").to(language))
    where.add_argument("--group", metavar="G", help=Sentence("only this group").to(language))
    add_command(commands, language, "stop", Sentence("Stop what is on air."), stop, prints_data=True)
    parser = add_command(commands, language, "unkey", Sentence("Drop the carrier, daemon or no daemon."), unkey)
    parser.add_argument(
        "--if-dead",
        action="store_true",
        help=Sentence("only if no daemon answers: one that does looks after its carrier itself").to(language),
    )
    add_command(
        commands,
        language,
        "acknowledge",
        Sentence("Say that you have seen the faults; what they hold back goes on."),
        acknowledge,
    )


def _add_announce(commands: Commands, language: str) -> None:
    parser = add_command(
        commands,
        language,
        "announce",
        Sentence("Announce a sound file or a text."),
        announce,
        prints_data=True,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--file", metavar="F", help=Sentence("a sound file").to(language))
    what.add_argument("--text", metavar="T", help=Sentence("a text for the computer voice").to(language))
    what.add_argument("--relay", metavar="NAME", help=Sentence("a relay of the configuration").to(language))
    parser.add_argument("--minutes", type=int, default=30, help=Sentence("how long to relay (else 30)").to(language))
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--clusters", metavar="2,3,7", help=Sentence("numbers of clusters").to(language))
    where.add_argument("--group", metavar="G", help=Sentence("a group of the configuration").to(language))
    where.add_argument("--all", action="store_true", help=Sentence("every cluster").to(language))
    parser.add_argument("--at", metavar="TIME", help=Sentence("when, such as 2026-12-31T17:00 (else now)").to(language))
    parser.add_argument("--priority", default="routine", choices=["routine", "priority"])
    parser.add_argument("--title", help=Sentence("what the log book calls it").to(language))
    again = Sentence("how many times in a row, up to {count}", count=MOST_REPEATS)
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help=again.to(language))
    gap = Sentence("seconds of silence between the repeats (else {seconds})", seconds=DEFAULT_GAP_S)
    parser.add_argument("--gap", type=float, default=DEFAULT_GAP_S, metavar="S", help=gap.to(language))


def announce(context: Context) -> None:
    """Ingest the sound in a limited child, then hand it to the daemon; leave nothing behind on a no."""
    from broadcaster.sound.goal import Target
    from broadcaster.sound.library import Library
    from broadcaster.sound.speech import spell

    options, settings = context.options, context.settings
    target = _target(options)
    settings.network.target(target["clusters"] or (), group=target["group"] or "", everyone=target["all"])
    at = _moment(options.at, settings.station.zone)
    if options.relay is not None:
        _relay(context, target, at)
        return
    _check_repeats(options)
    context.daemon.ask("status")  # before any work: is there a daemon at all?
    library, began = Library(context.home.library, Target.of(settings.sound)), time.time()
    longest_s = settings.rules.longest_broadcast_min * 60
    if options.file is not None:
        title = _readable(options.title or Path(options.file).stem or options.file)
        asset, spoken = library.ingest(Path(options.file), title=title, longest_s=longest_s), Spelt(())
        if asset.notice is not None:
            context.warn(asset.notice)
    else:
        title = _readable(options.title or options.text.strip()[:60])
        spoken = spell(_readable(options.text), settings.sound, readings.read(context.home.glossary))
        asset = _speak(context, library, spoken.spoken, title)
    whole = asset
    try:
        whole = _repeated(library, asset, options, longest_s)
        answer = context.daemon.ask("announce", sound=whole.id, title=title, at=at, priority=options.priority, **target)
    except BroadcasterError:
        for one in (whole, asset):
            if one.created >= began:
                library.discard(one.id)
        raise
    _tell_doubts(context, spoken)
    context.show(
        {key: answer[key] for key in ("id", "expected_at", "duration_s")}, _taken_in(answer, settings.station.zone)
    )


def _check_repeats(options: Any) -> None:
    try:
        Recipe(("",), options.repeat, options.gap).check()
    except SoundError as error:
        raise UsageError(error.sentence) from None


def _repeated(library: Library, asset: Asset, options: Any, longest_s: float) -> Asset:
    """Return what sounds in all, of one sound: itself, or a bulletin in which it comes again."""
    if options.repeat == 1:
        return asset
    recipe = Recipe((asset.id,), options.repeat, options.gap)
    return library.compose(recipe, title=asset.title, longest_s=longest_s)


def _relay(context: Context, target: dict[str, Any], at: float | None) -> None:
    options, settings = context.options, context.settings
    relay = bound(Relay(options.relay, options.minutes), settings.relay, AUDIO)
    if Relay.of(relay.sound) is None:
        raise UsageError(Sentence("Give the name of a relay, and 1 to 9999 minutes."))
    called = next((one.title for one in settings.relay if one.name == options.relay), options.relay)
    title = _readable(options.title or called)
    answer = context.daemon.ask("announce", sound=relay.sound, title=title, at=at, priority=options.priority, **target)
    shown = {key: answer[key] for key in ("id", "expected_at", "duration_s")}
    context.show(shown, _taken_in(answer, settings.station.zone))


def _speak(context: Context, library: Library, text: str, title: str) -> Asset:
    from broadcaster.sound.voices import choose

    settings = context.settings
    voice = choose(settings.sound.voice, context.home.voices)
    longest_s = settings.rules.longest_broadcast_min * 60
    said = library.speak(text, title=title, voice=voice, longest_s=longest_s, speed=settings.sound.speed)
    if said.notice is not None:
        context.warn(said.notice)
    return said.asset


def _tell_doubts(context: Context, spoken: Spelt) -> None:
    """Tell what the voice may have said wrongly."""
    for part in spoken.unsure:
        told = {"word": part.written[:40], "said": part.spoken[:80] or "–"}
        context.warn(Sentence("“{word}” will be read: {said}. Is that right?", **told))


def _taken_in(answer: dict[str, Any], zone: Any) -> Sentence:
    told = {"id": answer["id"], "seconds": round(answer["duration_s"])}
    if answer["expected_at"] is None:
        return Sentence("Taken in as {id}: sounds for {seconds} s as soon as the air is free.", **told)
    start = datetime.fromtimestamp(answer["expected_at"], zone)
    return Sentence("Taken in as {id}: sounds at {time} for {seconds} s.", time=f"{start:%H:%M:%S %d/%m/%Y}", **told)


def emergency(context: Context) -> None:
    """Start or stop an emergency."""
    options = context.options
    if options.action == "stop":
        context.show(context.daemon.ask("emergency stop"), Sentence("The emergency ends: clusters are being closed."))
        return
    target: dict[str, Any] = {}
    if options.clusters is not None or options.group is not None:
        target = _target(options)
    answer = context.daemon.ask("emergency start", message=options.message, **target)
    told = Sentence(
        "EMERGENCY taken in as {id}: it sounds at once. End it with: broadcaster emergency stop", id=answer["id"]
    )
    context.show(answer, told)


def stop(context: Context) -> None:
    """Stop what is on air."""
    context.show(context.daemon.ask("stop"), Sentence("Stopped: clusters are being closed."))


def unkey(context: Context) -> None:
    """Ask the daemon to drop the carrier; without a daemon, do it ourselves."""
    from broadcaster.control.client import ControlClient
    from broadcaster.devices.factory import drop_carrier

    if context.options.if_dead and _daemon_answers(context):
        return
    try:
        evidence = ControlClient(context.home.control_socket, within_s=12).ask("unkey")["evidence"]
    except (ControlError, RefusedError):
        try:
            evidence = drop_carrier(context.settings, Home.of())
        except DeviceError as error:
            raise RefusedError(
                Sentence("The transmitter does not obey: switch it off by hand. ({why})", why=error.sentence)
            ) from error
    if evidence == Evidence.ACKNOWLEDGED:
        context.say(Sentence("The carrier is off (read back)."))
    else:
        context.say(Sentence("The carrier was commanded off; this key cannot be read back: listen whether it is."))


def _daemon_answers(context: Context) -> bool:
    try:
        context.daemon.ask("status")
    except ControlError:
        return False
    return pidfile.holder(context.home.run / "daemon.pid") is not None


def acknowledge(context: Context) -> None:
    """Tell the daemon that a person has seen the faults."""
    seen = context.daemon.ask("acknowledge", clock=True)["seen"]
    for fault in seen:
        context.say(Sentence("Seen: {fault}", fault=Sentence.from_json(fault)))
    if not seen:
        context.say(Sentence("There is no fault to acknowledge."))


def _readable(text: str) -> str:
    """Return the text without bytes that are no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _target(options: Any) -> dict[str, Any]:
    numbers = None
    if options.clusters is not None:
        try:
            numbers = [int(number) for number in options.clusters.split(",") if number.strip()]
        except ValueError:
            raise UsageError(
                Sentence("Clusters are given as numbers, such as 2,3,7 — not {given}.", given=options.clusters)
            ) from None
    return {"clusters": numbers, "group": options.group, "all": getattr(options, "all", False)}


def _moment(text: str | None, zone: Any) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(Sentence("{given} is no time; write it like 2026-12-31T17:00.", given=text)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
