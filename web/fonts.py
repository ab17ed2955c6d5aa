"""The font of the pages: Source Sans Pro (SIL Open Font License), cut to what Vietnamese and English need.

Cut once per process and kept in memory: 25 kB in place of 290, so that the first sight is quick.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import font_source_sans_pro
from flask import Blueprint, Response, abort
from fontTools import subset

pages = Blueprint("fonts", __name__)
_WEIGHTS = {"regular": "Regular", "bold": "Bold"}
_LETTERS = (
    *range(0x20, 0x250),  # Latin with all but the doubly marked letters
    *range(0x300, 0x330),  # marks by themselves
    *range(0x1EA0, 0x1EFA),  # the doubly marked letters of Vietnamese
    *map(ord, "–—‘’“”…₫←→−×●■▲✓"),
)
_YEAR_S = 365 * 86400


@pages.get("/font/<weight>.woff")
def font(weight: str) -> Response:
    """Send one weight; it never changes under its name."""
    if weight not in _WEIGHTS:
        abort(404)
    answer = Response(_cut(_WEIGHTS[weight]), mimetype="font/woff")
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return answer


@cache
def _cut(weight: str) -> bytes:
    path = Path(font_source_sans_pro.__file__).parent / "files" / f"SourceSansPro-{weight}.ttf"
    options = subset.Options(hinting=False, layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl"])
    whole = subset.load_font(str(path), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_LETTERS)
    cutter.subset(whole)
    whole.flavor = "woff"
    content = io.BytesIO()
    whole.save(content)
    return content.getvalue()
