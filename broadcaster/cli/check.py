"""``check``: the doctor that a technician runs on site."""

from __future__ import annotations

import html
import json
import signal
import sys
import termios
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from broadcaster import pidfile
from broadcaster.cli import monitor
from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.config import own, readings
from broadcaster.config.checks import warnings
from broadcaster.config.section import SIMULATED
from broadcaster.devices.finding import Finding
from broadcaster.errors import RefusedError, SoundError
from broadcaster.words import Sentence

_YES = ("y", "yes", "c", "co", "có", "vâng", "vang", "dạ", "đúng", "dung", "rồi")
_SOUNDS_WITHIN_S = 60.0


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    parser = add_command(
        commands,
        language,
        "check",
        Sentence("Check configuration and hardware; keys nothing unless asked."),
        check,
        prints_data=True,
    )
    parser.add_argument(
        "--key", action="store_true", help=Sentence("key the transmitter for two seconds; asks twice").to(language)
    )
    parser.add_argument(
        "--cluster",
        type=int,
        metavar="N",
        help=Sentence("open this cluster with a soft tone, and ask what was heard").to(language),
    )
    parser.add_argument(
        "--page", metavar="FILE", help=Sentence("write the findings as a page to print and sign").to(language)
    )


def check(context: Context) -> int:
    """Print one line a finding as it is found; the configuration's faults end the command with status 2."""
    settings = context.settings
    found = [
        Finding(True, Sentence("Configuration {file}: no fault.", file=str(context.config))),
        *(Finding(None, warning) for warning in warnings(settings)),
    ]
    if set_there := own.read(context.home.set_on_pages):
        told = {"keys": ", ".join(set_there), "file": str(context.home.set_on_pages)}
        found.append(
            Finding(None, Sentence("Set on the pages, in place of the configuration: {keys} ({file}).", **told))
        )
    found += [*_voice(context), *_doubtful_words(context), *_messages(context)]
    if settings.simulated:
        found.append(Finding(None, Sentence("SIMULATION: no real transmitter, no real loudspeaker.")))
    if (number := context.options.cluster) is not None:
        found = list(_told(context, _cluster(context, number)))
    else:
        for one in found:
            _tell(context, one)
        found += _told(context, _hardware(context))
    if context.options.json:
        data = [{"ok": one.ok is not False, "sentence": one.sentence.to(context.language)} for one in found]
        print(json.dumps(data, ensure_ascii=False))
    if context.options.page:
        _write_page(context, found)
    return 0 if all(one.ok is not False for one in found) else 1


def _doubtful_words(context: Context) -> Iterable[Finding]:
    """Tell what the computer voice may read wrongly of what it says by itself."""
    from broadcaster.sound.speech import spell

    glossary = readings.read(context.home.glossary)
    for message in context.settings.emergency.message:
        for part in spell(message.text, context.settings.sound, glossary).unsure:
            told = {"title": message.title, "word": part.written, "said": part.spoken or "–"}
            yield Finding(
                None,
                Sentence("Emergency message “{title}”: “{word}” will be read: {said}. Write it out if not.", **told),
            )
    sound = context.settings.sound
    for key, words in (("intro", sound.intro), ("outro", sound.outro)):
        for part in () if words.endswith(".wav") else spell(words, sound, glossary).unsure:
            told = {"key": key, "word": part.written, "said": part.spoken or "–"}
            yield Finding(None, Sentence("[sound] {key}: “{word}” will be read: {said}. Write it out if not.", **told))


def _messages(context: Context) -> Iterable[Finding]:
    """Prepare each emergency message once, as the station does when it starts."""
    from broadcaster.sound import prepared
    from broadcaster.sound.voices import choose

    settings, glossary = context.settings, readings.read(context.home.glossary)
    voice = choose(settings.sound.voice, context.home.voices)
    for message in settings.emergency.message:
        try:
            prepared.said(message, settings, glossary, voice)
        except SoundError as error:
            yield Finding(False, prepared.not_armed(message.title, error.sentence))


def _voice(context: Context) -> Iterable[Finding]:
    """Tell who speaks a typed text."""
    from broadcaster.sound.voices import choose, trouble

    voice = choose(context.settings.sound.voice, context.home.voices)
    if (why := trouble(voice)) is not None:
        told = {"voice": voice.name, "other": voice.stand_in.called, "why": why}
        yield Finding(None, Sentence("Voice {voice}: {why} Until then {other} speaks.", **told))
    else:
        yield Finding(True, Sentence("Voice of typed texts: {voice}.", voice=voice.called))


def _hardware(context: Context) -> Iterable[Finding]:
    from broadcaster.devices import doctor
    from broadcaster.devices.factory import Hardware

    settings, home = context.settings, context.home
    yield from doctor.ports()
    if pidfile.holder(home.run / "daemon.pid") is not None:
        if context.options.key:
            raise RefusedError(Sentence("The station is running and has the ports: stop it first."))
        yield from _through_the_daemon(context)
        return
    if SIMULATED in settings.ports.values() and pidfile.holder(home.run / "simulator.pid") is None:
        yield Finding(False, Sentence("No simulated station is running. Start it with: make run"))
        return
    hardware = Hardware(settings, home)
    try:
        yield from doctor.devices(settings, hardware)
        yield from doctor.inputs(settings, hardware)
        yield from monitor.listened(settings, home)
        if context.options.key:
            _ask_twice(context)
            for number in (signal.SIGHUP, signal.SIGTERM):  # a terminal that closes must not leave a carrier behind
                signal.signal(number, _leave)
            yield from doctor.key_for_two_seconds(settings, hardware, context.say, time.time())
    finally:
        hardware.close()


def _leave(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _through_the_daemon(context: Context) -> Iterable[Finding]:
    """A running daemon owns the ports: it is asked instead."""
    answer = context.daemon.ask("status")
    troubled = any(fault["kind"] in ("key", "unkey") and not fault["over"] for fault in answer["faults"])
    if answer["transmitter"]["on"] is not None and not troubled:
        yield Finding(True, Sentence("Key of the transmitter: answers (asked through the daemon)."))
    else:
        yield Finding(False, Sentence("Key of the transmitter: the daemon cannot read it."))
    if answer["wires"]["layer_three"]:
        yield Finding(True, Sentence("If this computer dies, the relay board lets the key go by itself: measured."))
    yield monitor.found_by_daemon(answer["monitor"])
    for fault in answer["faults"]:
        yield Finding(False, Sentence.from_json(fault["sentence"]))


def _ask_twice(context: Context) -> None:
    for question in (
        Sentence("Is a dummy load on the transmitter instead of the aerial? (yes/no)"),
        Sentence("It will be on for two seconds. Shall it be keyed now? (yes/no)"),
    ):
        if not _agreed(context, question):
            raise RefusedError(Sentence("Nothing was keyed."))


def _cluster(context: Context, number: int) -> Iterable[Finding]:
    answer = context.daemon.ask("test cluster", cluster=number)
    yield Finding(
        None,
        Sentence("Cluster {number} opens, sounds a soft tone three times and closes: listen there.", number=number),
    )
    if context.options.json or not sys.stdin.isatty():
        return
    give_up, last = time.monotonic() + _SOUNDS_WITHIN_S, None
    while time.monotonic() < give_up:
        last = context.daemon.ask("status")["last"]
        if last is not None and last["id"] == answer["id"]:
            break
        time.sleep(0.3)
    if last is None or last["id"] != answer["id"] or last["state"] != "completed":
        yield Finding(False, Sentence("The tone did not sound: look at the faults with broadcaster status."))
        return
    heard = _agreed(context, Sentence("Was the tone heard there, and nowhere else? (yes/no)"))
    context.daemon.ask("cluster heard", cluster=number, heard=heard)
    told = Sentence("heard by a person") if heard else Sentence("NOT heard by a person")
    yield Finding(heard, Sentence("Cluster {number}: {told}.", number=number, told=told))


def _agreed(context: Context, question: Sentence) -> bool:
    """A question without an answer is not agreed to."""
    if sys.stdin.isatty():  # what was typed before the question does not answer it
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    print(question.to(context.language), end=" ", flush=True, file=sys.stderr)
    return sys.stdin.readline().strip().lower() in _YES


def _told(context: Context, findings: Iterable[Finding]) -> list[Finding]:
    """Tell each as it is found: a technician watches."""
    found = []
    for one in findings:
        _tell(context, one)
        found.append(one)
    return found


def _tell(context: Context, one: Finding) -> None:
    if not context.options.json:
        print(_MARKS[one.ok], one.sentence.to(context.language), flush=True)


def _write_page(context: Context, found: list[Finding]) -> None:
    say = context.language
    at = datetime.now(context.settings.station.zone)
    rows = "".join(f"<tr><td>{_MARKS[one.ok]}</td><td>{html.escape(one.sentence.to(say))}</td></tr>" for one in found)
    title = html.escape(Sentence("Check of {station}", station=context.settings.station.name).to(say))
    sign = html.escape(Sentence("Technician (name, signature):").to(say))
    place = html.escape(Sentence("For the station (name, signature):").to(say))
    page = _PAGE.format(language=say, title=title, at=f"{at:%d/%m/%Y %H:%M}", rows=rows, sign=sign, place=place)
    try:
        Path(context.options.page).write_text(page, encoding="utf-8")
    except OSError as error:
        raise RefusedError(
            Sentence("The page {file} cannot be written: {why}", file=context.options.page, why=str(error.strerror))
        ) from error


_MARKS = {True: "✓", False: "✗", None: "·"}
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:14pt serif;margin:2cm}}td{{padding:.2em .6em;vertical-align:top}}
.signs{{display:flex;gap:4cm;margin-top:2cm}}.signs p{{padding-bottom:3cm}}</style>
<h1>{title}</h1><p>{at}</p><table>{rows}</table><div class="signs"><p>{sign}</p><p>{place}</p></div></html>
"""
