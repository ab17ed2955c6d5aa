"""What the officials set on the pages: kept in the home, laid over ``clusters.toml``, which stays the technician's."""

from __future__ import annotations

import json
import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from broadcaster.config.kept import write_whole

_log = logging.getLogger(__name__)
SECTION_OF: Final = {
    "name": "station",
    "office": "station",
    "timezone": "station",
    "technician_phone": "station",
    "quiet_from": "rules",
    "quiet_until": "rules",
}
"""The keys that can be set on a page, each with its section."""
_HEAD = "# Cán bộ đã đặt trên trang web; được dùng thay cho clusters.toml. Xóa tệp này để bỏ.\n"


def read(path: Path) -> dict[str, str]:
    """Return what was set, by key; nothing when the file is not there. One that is spoilt is told, and holds nothing.

    The station starts without it: what is set here is not worth a silent commune.
    """
    try:
        found = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.error("%s cannot be read: %s", path, error)
        return {}
    pairs = ((key, found.get(section)) for key, section in SECTION_OF.items())
    return {key: given[key] for key, given in pairs if isinstance(given, dict) and isinstance(given.get(key), str)}


def write(path: Path, own: Mapping[str, str]) -> None:
    """Keep what was set, whole or not at all. Raises ``OSError``."""
    lines = [_HEAD]
    for section in dict.fromkeys(SECTION_OF.values()):
        lines.append(f"[{section}]\n")
        lines += [f"{key} = {_quoted(own[key])}\n" for key in SECTION_OF if key in own and SECTION_OF[key] == section]
    write_whole(path, "".join(lines))


def _quoted(text: str) -> str:
    """JSON's strings are TOML's basic strings, but for DEL (TOML 1.0.0, "String")."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)
