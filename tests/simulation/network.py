"""A network of ten clusters for the field's tests."""

from __future__ import annotations

from typing import Any

from broadcaster.config.settings import Settings


def ten_clusters(**encoder: Any) -> Settings:
    """Return settings: clusters 1 to 10 with codes 01 to 10, 1 to 3 in group 91, the even ones in group 92."""
    sections: dict[str, Any] = {
        name: {} for name in ("transmitter", "relay_board", "sound", "rules", "emergency", "live", "web")
    }
    clusters = [
        {
            "number": number,
            "name": f"Thôn {number}",
            "code": f"{number:02}",
            "groups": ["bac"] * (number <= 3) + ["chan"] * (number % 2 == 0),
        }
        for number in range(1, 11)
    ]
    groups = [{"name": "bac", "code": "91"}, {"name": "chan", "code": "92"}]
    return Settings.model_validate(
        {**sections, "station": {"name": "Đài"}, "encoder": encoder, "group": groups, "cluster": clusters}
    )
