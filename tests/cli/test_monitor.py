from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadcaster.cli import monitor
from broadcaster.config.loading import settings_of
from broadcaster.home import Home

LAST = {"title": "Chợ phiên", "verdict": "not_heard", "why": {"text": "only hiss", "values": {}}}


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ({"input": "", "alive": None, "last": None}, ["none; nobody hears"]),
        ({"input": "card", "alive": True, "last": None}, ["hears."]),
        ({"input": "card", "alive": None, "last": None}, ["not known yet"]),
        (
            {"input": "card", "alive": False, "last": LAST},
            ["NOTHING AT ALL", "“Chợ phiên”: NOT HEARD off the air: only"],
        ),
    ],
)
def test_what_status_says_of_it(told: dict[str, Any], lines: list[str]) -> None:
    said = [str(one) for one in monitor.told(told)]
    assert len(said) == len(lines)
    assert all(part in one for part, one in zip(lines, said, strict=True))


@pytest.mark.parametrize(
    ("monitor_", "ok", "said"),
    [
        ({}, None, "none"),
        ({"input": "simulated"}, False, "does not answer"),
        ({"input": "card", "device": "no such card"}, False, "“no such card” is not there"),
    ],
)
def test_what_check_finds_while_the_station_is_off(
    monitor_: dict[str, Any], ok: bool | None, said: str, tmp_path: Path
) -> None:
    cluster = {"number": 1, "name": "Một", "code": "01"}
    settings = settings_of({"station": {"name": "Đài"}, "monitor": monitor_, "cluster": [cluster]})
    (found,) = monitor.listened(settings, Home(tmp_path))
    assert found.ok is ok
    assert said in str(found.sentence)
