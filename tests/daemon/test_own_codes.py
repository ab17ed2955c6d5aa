from __future__ import annotations

from typing import Any

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.daemon.own_codes import own_codes


@pytest.mark.parametrize(
    ("encoder", "codes"),
    [
        ({}, {"*021#", "*020#", "*911#", "*910#", "*991#", "*990#"}),
        ({"open_all": "", "close_all": ""}, {"*021#", "*020#", "*911#", "*910#"}),
        ({"kind": "relays"}, set()),
    ],
)
def test_every_code_of_the_station(encoder: dict[str, Any], codes: set[str]) -> None:
    cluster = {"number": 2, "name": "Hai", "code": "02", "groups": ["bac"]}
    group = {"name": "bac", "code": "91"}
    board = {"kind": "waveshare", "channels": 8}
    made = {"station": {"name": "Đài"}, "encoder": encoder, "cluster": [cluster], "group": [group]}
    assert own_codes(settings_of({**made, "relay_board": board})) == codes
