"""Commands that stay: run, daemon, web, simulate."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from logging.handlers import RotatingFileHandler

from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.cli.users import FIRST, first_user
from broadcaster.errors import RefusedError, StorageError
from broadcaster.home import Home
from broadcaster.words import Sentence


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    add_command(commands, language, "run", Sentence("Run everything, until Ctrl-C."), run)
    add_command(commands, language, "daemon", Sentence("Run the daemon alone (the supervisor does)."), daemon)
    add_command(commands, language, "web", Sentence("Run the pages alone (the supervisor does)."), web)
    simulate_parser = add_command(
        commands,
        language,
        "simulate",
        Sentence("Run the simulated station, or give it faults while it runs."),
        simulate,
    )
    simulate_parser.add_argument(
        "--faults",
        metavar="F,G",
        help=Sentence("faults of the running simulated relay board; none heals").to(language),
    )


def run(context: Context) -> None:
    """Run simulator, supervisor, daemon and web."""
    from broadcaster.supervisor.main import Supervisor

    settings = context.settings
    start_log(context.home, "supervisor")
    if settings.simulated:
        context.say(Sentence("SIMULATION: no real transmitter, no real loudspeaker."))
    context.say(Sentence("Starting {station}…", station=settings.station.name))

    def healthy(address: str) -> None:
        context.say(Sentence("Ready: {address}  (Ctrl-C ends everything)", address=address))
        # the supervisor must not wait for a disk
        threading.Thread(target=_tell_first_user, args=(context,), daemon=True).start()

    def unhealthy() -> None:
        context.say(
            Sentence(
                "The pages cannot be served: port {port} may be taken; choose another with PORT=",
                port=settings.web.port,
            )
        )

    if Supervisor(settings, context.home, context.config.absolute(), context.load, healthy, unhealthy).run():
        context.say(Sentence("Ended: the carrier is off."))
    else:
        raise RefusedError(Sentence("Ended, but THE TRANSMITTER MAY STILL BE ON AIR: switch it off by hand, now."))


def _tell_first_user(context: Context) -> None:
    """A log keeps no password: under systemd what is printed goes there, and a person asks for a new one."""
    try:
        told = first_user(context.home)
    except StorageError as error:
        told = [error.sentence]
    if told and os.environ.get("JOURNAL_STREAM"):
        told = [Sentence("For a one-time password: broadcaster user reset {name}", name=FIRST)]
    for line in told:
        context.say(line)


def daemon(context: Context) -> None:
    """Run the daemon in this process."""
    from broadcaster.daemon import main

    settings = context.settings
    start_log(context.home, "daemon")
    if settings.simulated:
        logging.getLogger("broadcaster").warning("MÔ PHỎNG / SIMULATION")
    main.run(settings, context.home)


def web(context: Context) -> None:
    """Serve the pages in this process."""
    from web.server import serve

    settings = context.settings
    start_log(context.home, "web")
    serve(settings, context.home)


def simulate(context: Context) -> None:
    """Run the simulated station in this process, or switch the faults of the one that runs."""
    from broadcaster.simulation import client, station

    if context.options.faults is not None:
        faults = [one.strip() for one in context.options.faults.split(",") if one.strip() not in ("", "none")]
        client.ask(context.home, {"do": "faults", "faults": faults})
        context.say(Sentence("Faults of the simulated station: {faults}", faults=", ".join(faults) or "—"))
        return
    settings = context.settings
    start_log(context.home, "simulator")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    station.serve(settings, context.home, stop)


class _QuietFile(RotatingFileHandler):
    """A full disk stops the log, not the station."""

    def handleError(self, _: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        return


def start_log(home: Home, name: str) -> None:
    """Log in English to ``log/<name>.log``, 5 files of 2 MB."""
    try:
        handler: logging.Handler = _QuietFile(
            home.log / f"{name}.log", maxBytes=2_000_000, backupCount=4, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
