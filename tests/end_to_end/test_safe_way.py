"""http and https at one address: judged by Python's own TLS client, and led there from another machine."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.end_to_end.station import Station, station
from tests.visitor import Visitor
from web.addresses import addresses


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("safe"), web={"host": "0.0.0.0"}) as one:  # noqa: S104 - that is the test
        one.wait(lambda: _answers(one.port), 15, "the pages did not answer")
        yield one


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


Answer = http.client.HTTPResponse


def ask(connection: http.client.HTTPConnection, path: str, method: str = "GET") -> Answer:
    with closing(connection):
        connection.request(method, path)
        found = connection.getresponse()
        found.read()
        return found


def safely(running: Station, path: str, host: str = "127.0.0.1") -> Answer:
    context = ssl.create_default_context(cafile=running.home / "tls" / "authority.crt")
    return ask(http.client.HTTPSConnection(host, running.port, context=context, timeout=10), path)


def plainly(running: Station, path: str, method: str = "GET", *, own: str = "127.0.0.1") -> Answer:
    """Ask over http, from another address than the station's own if one is given."""
    return ask(http.client.HTTPConnection("127.0.0.1", running.port, timeout=10, source_address=(own, 0)), path, method)


def test_https_holds_for_every_local_address(running: Station) -> None:
    for address in map(str, addresses()):
        found = safely(running, "/sign-in", address)
        assert found.status == 200
        cookie = found.getheader("Set-Cookie") or ""
        assert "Secure" in cookie
        assert "HttpOnly" in cookie


def test_http_goes_on_at_the_same_address_for_this_computer(running: Station) -> None:
    found = plainly(running, "/sign-in")
    assert found.status == 200
    assert "Secure" not in (found.getheader("Set-Cookie") or "")


def test_another_machine_is_led_to_the_safe_way(running: Station) -> None:
    elsewhere = "127.0.0.2"
    assert plainly(running, "/", own=elsewhere).getheader("Location") == "/certificate"
    assert plainly(running, "/sign-in", "POST", own=elsewhere).status == 400
    assert plainly(running, "/certificate", own=elsewhere).status == 200
    fetched = plainly(running, "/certificate/authority.crt", own=elsewhere)
    assert fetched.getheader("Content-Type") == "application/x-x509-ca-cert"
    assert plainly(running, "/healthz", own=elsewhere).status == 200


def test_who_begins_a_handshake_and_falls_silent_holds_nobody_up(running: Station) -> None:
    silent = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(20)]
    for one in silent:
        one.sendall(b"\x16\x03\x01")
    began = time.monotonic()
    assert safely(running, "/healthz").status == 200
    assert time.monotonic() - began < 3
    for one in silent:
        one.close()


def test_keys_do_not_leave_the_station(running: Station) -> None:
    for path in Path(running.home / "tls").glob("*.key"):
        assert path.stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in running.home.joinpath("run.log").read_bytes()


def _many(running: Station, first: bytes, count: int, own: str = "127.0.0.1") -> list[socket.socket]:
    """Connect again and again, each time with the same first bytes and nothing after them."""
    found = [socket.create_connection(("127.0.0.1", running.port), source_address=(own, 0)) for _ in range(count)]
    for one in found:
        one.sendall(first)
    return found


def _answered_within(running: Station, seconds: float) -> bool:
    began = time.monotonic()
    return plainly(running, "/healthz").status == 200 and time.monotonic() - began < seconds


def test_who_is_answered_and_does_not_hang_up_holds_nobody_up(running: Station) -> None:
    lingering = _many(running, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 20)
    assert _answered_within(running, 2)
    for one in lingering:
        one.close()


def test_bodies_that_trickle_are_cut_off_too(running: Station) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 900000\r\n\r\n"
    trickling = _many(running, head, 300)
    began = time.monotonic()
    while trickling and time.monotonic() - began < 25:
        trickling = [one for one in trickling if _goes_on(one)]
        time.sleep(1)
    assert not trickling
    assert _answered_within(running, 2)


def _goes_on(one: socket.socket) -> bool:
    with suppress(OSError):
        one.sendall(b"a")
        return True
    one.close()
    return False


def test_a_slow_line_of_somebody_signed_in_is_waited_for(running: Station) -> None:
    somebody = Visitor(running.port, running.printed_password)
    with socket.create_connection(("127.0.0.1", running.port)) as line:
        line.sendall(
            f"POST /drafts HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nCookie: {somebody.cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n".encode()
        )
        for letter in b"title=abcdefghijklmnopqrst":
            line.sendall(bytes([letter]))
            time.sleep(0.5)  # 13 seconds
        assert line.recv(12).startswith(b"HTTP/1.1 4")  # refused for want of a form's secret, but heard to its end


def test_half_requests_are_cut_off(running: Station) -> None:
    halves = _many(running, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", 300)
    assert _answered_within(running, 8)
    for one in halves:
        one.settimeout(15)
        assert one.recv(1) == b""
        one.close()
    assert _answered_within(running, 2)
