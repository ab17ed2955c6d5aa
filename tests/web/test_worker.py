from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from gunicorn.config import Config

from web import worker
from web.worker import SHARE, Connection, TwoWayWorker, neighbourhood


@pytest.fixture
def listener() -> socket.socket:
    made = socket.create_server(("127.0.0.1", 0), backlog=4 * SHARE)
    made.setblocking(False)
    return made


class Listening(TwoWayWorker):
    """Takes in, and leaves what it took in alone."""

    def __init__(self) -> None:
        super().__init__(1, 1, [], None, 30, Config(), None)
        self.taken: list[Connection] = []

    def enqueue_req(self, conn: Connection) -> None:
        self.taken.append(conn)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.168.1.9", "192.168.1.9"),
        ("::ffff:192.168.1.9", "192.168.1.9"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_subnet_of_ipv6_counts_as_one_address(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as


@pytest.mark.parametrize(("address", "most"), [("192.168.1.9", SHARE), ("127.0.0.1", SHARE + 5)])
def test_an_address_has_its_share(
    address: str, most: int, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ip_address", lambda _: ip_address(address))
    one = Listening()
    there = [socket.create_connection(listener.getsockname()) for _ in range(SHARE + 5)]
    for _ in range(SHARE + 6):
        one.accept(listener)
    assert len(one.taken) == one.nr_conns == most
    one.taken[0].close()
    there.append(socket.create_connection(listener.getsockname()))
    one.accept(listener)
    assert len(one.taken) == most + 1
    one.tmp.close()
    for end in [*there, *(conn.sock for conn in one.taken), listener]:
        end.close()
