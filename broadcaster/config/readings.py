"""The station's own glossary: how its hamlets, names and abbreviations are read. Kept in the home, set on the pages."""

from __future__ import annotations

import logging
from pathlib import Path

from broadcaster.config.kept import write_whole
from broadcaster.spelling.glossary import Glossary, parse, written

_log = logging.getLogger(__name__)
_HEAD = """# Cách đọc riêng của đài. Mỗi dòng: CHỮ VIẾT = lời đọc
# Xếp trước mọi cách đọc có sẵn; sửa trên trang “Cách đọc”.
"""


def load(path: Path) -> Glossary:
    """Return the station's glossary; an empty one when there is none. Raises ``OSError`` and ``ValueError``."""
    try:
        return parse(path.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return Glossary({})


def read(path: Path) -> Glossary:
    """Return the station's glossary; an empty one when there is none. One that is spoilt is told, and holds nothing."""
    try:
        return load(path)
    except (OSError, ValueError) as error:
        _log.error("%s cannot be read: %s", path, error)
        return Glossary({})


def write(path: Path, glossary: Glossary) -> None:
    """Keep the glossary, whole or not at all. Raises ``OSError``."""
    write_whole(path, _HEAD + written(glossary))
