from __future__ import annotations

import pytest

from broadcaster.model.relay import Relay, connects_s


def test_it_is_read_as_it_was_written() -> None:
    for relay in (Relay("vov1", 30), Relay("vov1", 30, "0123456789ab")):
        assert Relay.of(relay.sound) == relay
    assert len(Relay("a" * 20, 9999, "0123456789ab").sound) <= 64


@pytest.mark.parametrize(
    "sound", ["", "0" * 32, "relay:vov1:0", "relay:vov1", "relay:../x:3", "relay:vov1:3\n", "relay:vov1:3:abc"]
)
def test_what_is_no_relay(sound: str) -> None:
    assert Relay.of(sound) is None
    assert connects_s(sound) == 0


def test_it_is_connected_half_a_minute_before() -> None:
    assert connects_s(Relay("vov1", 30).sound) == 30
