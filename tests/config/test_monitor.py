from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.config.loading import load, settings_of
from broadcaster.errors import ConfigurationError

STATION = {"station": {"name": "Đài"}, "cluster": [{"number": 1, "name": "Một", "code": "01"}]}
EXAMPLE = Path(__file__).parents[2] / "config" / "clusters.toml"


def test_nobody_listens_unless_that_is_asked_for() -> None:
    assert settings_of(STATION).monitor.input == ""


def test_the_demonstration_hears_itself() -> None:
    assert load(EXAMPLE).monitor.input == "simulated"


def test_a_station_whose_monitor_is_simulated_says_so() -> None:
    real = {
        "relay_board": {"kind": "waveshare", "port": "/dev/serial/by-id/x"},
        "sound": {"output": "card"},
        "monitor": {"input": "simulated"},
    }
    assert settings_of({**STATION, **real}).simulated
    assert not settings_of({**STATION, **real, "monitor": {"input": "card"}}).simulated


@pytest.mark.parametrize(
    ("monitor", "said"),
    [
        ({"input": "cart"}, "input"),
        ({"inputs": "card"}, "did you mean"),
        ({"likeness": 2}, "likeness"),
        ({"dead_dbfs": 0}, "dead_dbfs"),
    ],
)
def test_faults_are_told(monitor: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_of({**STATION, "monitor": monitor})
    assert any("[monitor]" in str(one) and said in str(one) for one in caught.value.findings)
