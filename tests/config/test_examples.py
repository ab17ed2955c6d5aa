"""Every example in ``config/devices`` fits into the example configuration as it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from broadcaster.config.encoders import AsciiSettings, DtmfSettings, UecpSettings, ZoneRelaySettings
from broadcaster.config.hardware import RELAY_BOARDS
from broadcaster.config.loading import settings_of

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLES = sorted((CONFIG / "devices").glob("*.toml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_it_can_be_copied_as_it_stands(example: Path) -> None:
    station = tomllib.loads((CONFIG / "clusters.toml").read_text(encoding="utf-8"))
    part = tomllib.loads(example.read_text(encoding="utf-8"))
    if part.get("encoder", {}).get("kind") == "relays":  # ten relays and the key's, numbered from 2
        station["relay_board"]["channels"] = 16
        for number, cluster in enumerate(station["cluster"], 2):
            cluster["code"] = str(number)
    settings = settings_of({**station, **part})
    assert settings.network.numbers == frozenset(range(1, 11))


def test_every_kind_has_one() -> None:
    shown = "\n".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    encoders = [kind().kind for kind in (DtmfSettings, UecpSettings, AsciiSettings, ZoneRelaySettings)]
    for kind in (*RELAY_BOARDS, *encoders):
        assert f'kind = "{kind}"' in shown
