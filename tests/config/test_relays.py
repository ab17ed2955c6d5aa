from __future__ import annotations

from typing import Any

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.errors import ConfigurationError

STATION = {"name": "Đài"}


def findings(**relay: Any) -> str:
    with pytest.raises(ConfigurationError) as error:
        settings_of({"station": STATION, "relay": [{"name": "vov1", "title": "VOV1", **relay}]})
    return "\n".join(one.to("en") for one in error.value.findings)


@pytest.mark.parametrize(
    ("relay", "said"),
    [
        ({}, "give one to 4 addresses"),
        ({"addresses": ["file:///etc/passwd"]}, "is no address of a stream"),
        ({"addresses": ["http://"]}, "is no address of a stream"),
        ({"input": "card", "addresses": ["http://a/b"]}, "a sound card has a device"),
        ({"addresses": ["http://a/b"], "fallback": "sirn.wav"}, "did you mean siren.wav?"),
        ({"adresses": ["http://a/b"]}, "did you mean addresses?"),
    ],
)
def test_a_fault_is_told(relay: dict[str, Any], said: str) -> None:
    assert said in findings(**relay)
