from __future__ import annotations

from typing import Any

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.errors import ConfigurationError

CLUSTERS = [{"number": n, "name": f"Thôn {n}", "code": f"{n}"} for n in (2, 3)]
UECP = {"kind": "uecp", "port": "/dev/rds"}


def findings(**sections: Any) -> list[str]:
    """Return what is wrong with a configuration of two clusters."""
    try:
        settings_of({"station": {"name": "Đài thử"}, "cluster": CLUSTERS, **sections})
    except ConfigurationError as error:
        return [str(finding) for finding in error.findings]
    return []


@pytest.mark.parametrize(
    "sections",
    [
        {"relay_board": {"kind": "modbus", "address": 255, "first_coil": 1, "on_value": 256}},
        {"relay_board": {"kind": "lcus"}, "transmitter": {"channel": 4}},
        {"relay_board": {"kind": "kmtronic"}},
        {"relay_board": {"kind": "waveshare", "channels": 32}, "transmitter": {"channel": 32}},
        {"transmitter": {"keying": "dtr", "polarity": "low", "port": "rfc2217://10.0.0.2:4000"}},
        {"transmitter": {"keying": "rigctld", "port": "socket://127.0.0.1:4532"}},
        {"encoder": UECP},
        {"encoder": {"kind": "ascii", "echoes": True, "share": 0.5, "keep_alive_s": 30}},
        {"encoder": {"kind": "relays"}},
        {"encoder": {"kind": "uecp", "payload": "{0x2A:8}{cluster:8}{action:5}{check:16}", "all_code": 255}},
    ],
)
def test_every_family_needs_little(sections: dict[str, Any]) -> None:
    assert findings(**sections) == []


@pytest.mark.parametrize(
    ("sections", "entry", "says"),
    [
        ({"relay_board": {"kind": "waveshar"}}, "[relay_board] kind:", "did you mean waveshare?"),
        ({"relay_board": {"kind": "lcus", "chanels": 4}}, "[relay_board] chanels:", "did you mean channels?"),
        ({"relay_board": {"kind": "lcus"}, "transmitter": {"channel": 5}}, "[transmitter] channel:", "(4)"),
        ({"transmitter": {"keying": "rtz"}}, "[transmitter] keying:", "rts"),
        ({"transmitter": {"keying": "rigctld", "port": "/dev/x"}}, "[transmitter] port:", "socket://"),
        ({"transmitter": {"keying": "rts", "port": "socket://a:1"}}, "[transmitter] port:", "rfc2217://"),
        ({"relay_board": {"kind": "modbus", "off_value": 0xFF00}}, "[relay_board] off_value:", "ever switch off"),
        ({"transmitter": {"keyed_minutes_per_hour": 20}}, "[transmitter] keyed_minutes_per_hour:", "60"),
        (
            {"reading": [{"name": "a", "title": "A", "register_number": 1, "address": 1}]},
            "[[reading]] a address:",
            "own address",
        ),
        ({"inputs": {"mains": 3}}, "[inputs] mains:", "[relay_board] inputs"),
        (
            {"relay_board": {"kind": "waveshare", "inputs": 8}, "inputs": {"mains": 3, "rf_present": 3}},
            "[inputs] mains:",
            "rf_present already",
        ),
        ({"inputs": {"emergency_message": "bão"}}, "[inputs] emergency_message:", "bão"),
        (
            {"relay_board": {"kind": "waveshare", "port": "/dev/rds"}, "encoder": UECP},
            "[encoder] port:",
            "port of [relay_board] already",
        ),
        ({"encoder": {**UECP, "payload": "{cluster:10}{action:1}{check:16}"}}, "[encoder] payload:", "27"),
        ({"encoder": {**UECP, "payload": "{cluster:16}{level:16}{action:5}"}}, "[encoder] payload:", "{check:…}"),
        ({"encoder": {**UECP, "open_action": 2}}, "[encoder] open_action:", "≤ 1"),
        ({"encoder": {**UECP, "open_action": 0}}, "[encoder] close_action:", "nothing could ever close"),
        ({"encoder": {**UECP, "all_code": 2}}, "[[cluster]] 1", "all already"),
        ({"encoder": UECP, "cluster": [{"number": 1, "name": "A", "code": "1024"}]}, "[[cluster]] 1", "≤ 1023"),
        (
            {"encoder": UECP, "cluster": [{"number": n, "name": "A", "code": "0" * n + "7"} for n in (1, 2)]},
            "[[cluster]] 2",
            "already",
        ),
        ({"encoder": {"kind": "relays"}, "transmitter": {"channel": 2}}, "[[cluster]] 1", "keys the transmitter"),
        ({"encoder": {"kind": "relays"}, "cluster": [{"number": 1, "name": "A", "code": "9"}]}, "[[cluster]] 1", "≤ 8"),
        (
            {
                "relay_board": {"kind": "lcus"},
                "reading": [{"name": "a", "title": "A", "register_number": 1, "address": 2}],
            },
            "[[reading]]",
            "Modbus",
        ),
    ],
)
def test_what_is_wired_wrong_is_named(sections: dict[str, Any], entry: str, says: str) -> None:
    (found,) = findings(**sections)
    assert found.startswith(entry)
    assert says in found
