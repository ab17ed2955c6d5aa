"""Speaking live: the page, the permit (who, where, with whose consent), and the line on which the sound comes."""

from __future__ import annotations

import math
import select
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, jsonify, render_template, request, session

from broadcaster.control import live_wire, messages
from broadcaster.errors import BroadcasterError, ControlError, RefusedError, StorageError, UsageError
from broadcaster.model.roles import Right
from broadcaster.sockets import connect
from broadcaster.storage import approvals, passwords, sign_ins, users
from broadcaster.words import Sentence
from web.speech import chosen
from web.station import station
from web.web_socket import Line, upgrade

pages = Blueprint("microphone", __name__)
_PROTOCOL = "pcm16.broadcaster"
_LARGEST = 4096
"""Bytes of a message; 20 ms of sound are 1920."""
_QUIET_S = 10.0
"""A page of which nothing comes for so long is gone; the controller has closed long before."""
_ANSWER_WITHIN_S = 2.0
_LOOK_EVERY_S = 3.0


@pages.get("/speak")
def page() -> str:
    """Show what is needed to speak: the clusters, the microphone, and who agrees."""
    here = station()
    network, longest = here.settings.network, here.settings.speaking.longest_min
    return render_template(
        "microphone/page.html",
        mine=[one for one in here.settings.cluster if g.user.may_use([one.number], network)],
        minutes=[minutes for minutes in (1, 3, 5, 10, 30) if minutes <= longest] or [longest],
        agreeing=_who_may_agree() if _wants_second() else [],
        second=_wants_second(),
    )


@pages.post("/speak/permit")
def permit() -> tuple[Response, int] | Response:
    """Ask everything that can be asked beforehand; return what opens the line."""
    here = station()
    try:
        clusters = sorted(here.settings.network.target([int(one) for one in request.form.getlist("clusters")]))
        minutes = _minutes(request.form.get("minutes", ""))
    except ValueError:
        abort(400)
    except UsageError as error:
        return jsonify(ok=False, error=error.sentence.to(chosen())), 422
    if not g.user.may_use(clusters, here.settings.network):
        raise RefusedError(Sentence("Some of these clusters are not yours: leave them out, or ask an administrator."))
    told = {
        "title": request.form.get("title", "").strip()[:120] or "Phát thanh trực tiếp",
        "clusters": clusters,
        "minutes": minutes,
        "by": g.user.name,
        "approved_by": _agreed(clusters) if _wants_second() else g.user.name,
    }
    return jsonify(ok=True, permit=here.permits.give(g.user.id, told))


@pages.get("/speak/line", websocket=True)
def line() -> Response:
    """Take the microphone's sound in. Only from our own page: browsers let any page open a WebSocket to us."""
    if not _is_own(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")):
        abort(403)
    offered = [one.strip() for one in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    token = next((one.removeprefix("permit.") for one in offered if one.startswith("permit.")), "")
    asked = station().permits.take(token, g.user.id)
    if asked is None:
        abort(403)
    if not g.user.may_use(asked["clusters"], station().settings.network):  # they were others half a minute ago
        abort(403)
    path, language, still = station().home.live_socket, chosen(), _still_welcome(asked["clusters"])
    return upgrade(
        request, _PROTOCOL, lambda open_line: _Carrier(open_line, language, still).carry(path, asked), _LARGEST
    )


class _Carrier:
    """Between the page and the controller, until one of the two is gone."""

    def __init__(self, page_line: Line, language: str, still: Callable[[], bool]) -> None:
        """``still`` tells whether the speaker may still speak: somebody may have signed them out."""
        self._line = page_line
        self._language = language
        self._still = still
        self._look_at = time.monotonic() + _LOOK_EVERY_S
        self._waiting = b""

    def carry(self, path: Any, asked: dict[str, Any]) -> None:
        """A controller that does not take the sound in time counts as gone."""
        try:
            with connect(path, _ANSWER_WITHIN_S) as daemon:
                daemon.sendall(messages.encode(asked))
                self._pass_on(daemon)
        except (OSError, ValueError):
            self._refuse(ControlError(Sentence("The broadcast controller does not answer.")))

    def _pass_on(self, daemon: socket.socket) -> None:
        while self._line.is_open and time.monotonic() - self._line.heard_at < _QUIET_S:
            heard = list(self._line.receive(0.25))
            if not self._tell_news(daemon):  # first: one that has just ended it takes nothing more, and says why
                return
            for message in heard:
                if isinstance(message, bytes):
                    daemon.sendall(live_wire.sound(message))
                elif message == "end":
                    daemon.sendall(live_wire.end())
            if time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + _LOOK_EVERY_S
                if not self._still():
                    daemon.sendall(live_wire.end())

    def _tell_news(self, daemon: socket.socket) -> bool:
        """Pass on what the controller has said meanwhile; false when it has hung up, or has ended it."""
        if not select.select([daemon], [], [], 0)[0]:  # MSG_DONTWAIT would wait: the socket has a timeout of Python's
            return True
        data = daemon.recv(1 << 16)
        *whole, self._waiting = (self._waiting + data).split(b"\n")
        for one in whole:
            news = messages.decode(one)
            if news.get("ok") is False:
                self._refuse(BroadcasterError(Sentence.from_json(news["error"])))
                return False
            if news.get("reason"):
                news["reason"] = Sentence.from_json(news["reason"]).to(self._language)
            self._line.send(messages.encode(news).decode())
        return bool(data)

    def _refuse(self, error: BroadcasterError) -> None:
        news = {"over": True, "left_s": None, "reason": error.sentence.to(self._language)}
        self._line.send(messages.encode(news).decode())


def _still_welcome(clusters: list[int]) -> Callable[[], bool]:
    """Return what asks whether this sign-in still holds, with its role and groups; without a log book it does."""
    here, token = station(), session["token"]

    def still() -> bool:
        try:
            user = sign_ins.signed_in(here.log_book, token, here.clock.now())
        except StorageError:
            return True
        return user is not None and user.may(Right.WRITE) and user.may_use(clusters, here.settings.network)

    return still


def _is_own(origin: str | None, site: str | None) -> bool:
    """No Origin is no browser; a WebSocket of one always has it (RFC 6455, 10.2)."""
    sent = urlsplit(origin or "")
    return sent.netloc == request.host and sent.scheme == request.scheme and site in (None, "same-origin")


def _wants_second() -> bool:
    """Nobody speaks alone where two persons decide; nor does who may approve nothing."""
    return not g.user.may(Right.APPROVE) or approvals.rule(station().log_book, station().key).persons > 1


def _who_may_agree() -> list[str]:
    rows = users.everyone(station().log_book)
    others = [users.of_row(row) for row in rows if not row["disabled"] and row["id"] != g.user.id]
    return [one.name for one in others if one.may(Right.APPROVE)]


def _agreed(clusters: list[int]) -> str:
    """Return who stands beside the speaker and agrees. Raises ``RefusedError``."""
    here, name, password = station(), request.form.get("second", ""), request.form.get("password", "")
    if name not in _who_may_agree():
        raise RefusedError(Sentence("Choose who agrees: somebody else who may approve."))
    found = passwords.check(here.log_book, name, password, request.remote_addr or "", here.clock.now(), codes=False)
    if found is None or found.must_change:
        raise RefusedError(Sentence("The password of {name} is not right.", name=name))
    if not found.may_use(clusters, here.settings.network):
        raise RefusedError(Sentence("Some of these clusters are not for {name} to decide about.", name=name))
    return name


def _minutes(text: str) -> float:
    """Return how long somebody may speak. Raises ``ValueError``."""
    minutes = float(text)
    if not (math.isfinite(minutes) and minutes > 0):
        raise ValueError(text)
    return minutes
