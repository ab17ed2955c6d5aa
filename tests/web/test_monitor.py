"""What *Today* says of the monitor receiver."""

from __future__ import annotations

from typing import Any

import pytest

from web.station import Station

LAST = {"title": "Chợ phiên", "verdict": "not_heard"}
NOBODY = {"input": "", "alive": None, "now": None, "last": None}
CURRENT = {
    "priority": "routine",
    "state": "opening",
    "title": "Chợ phiên",
    "clusters": [1],
    "since": 1.0,
    "duration_s": 9.0,
}


@pytest.mark.parametrize(
    ("monitor", "current", "said"),
    [
        (NOBODY, None, "there is none"),
        ({**NOBODY, "input": "card", "alive": False}, None, "hears nothing at all"),
        ({**NOBODY, "input": "card", "alive": True}, None, "nothing has sounded yet"),
        ({**NOBODY, "input": "card", "alive": True}, CURRENT, "listening"),
        ({**NOBODY, "input": "card", "alive": True, "now": "heard", "last": LAST}, CURRENT, "✓ heard off the air"),
        ({**NOBODY, "input": "card", "alive": True, "now": "not_heard"}, CURRENT, "⚠ NOT HEARD off the air"),
        ({**NOBODY, "input": "card", "alive": True, "last": LAST}, None, "“Chợ phiên”: NOT HEARD"),
    ],
)
def test_what_is_said_of_it(
    monitor: dict[str, Any], current: dict[str, Any] | None, said: str, station: Station
) -> None:
    status: dict[str, Any] = {
        "monitor": monitor,
        "current": current,
        "next": [],
        "clusters": [],
        "faults": [],
        "recovered": [],
        "transmitter": {"on": True, "evidence": "acknowledged", "since": 1.0},
    }
    assert said in station.board.parts("en", status)["now"]
