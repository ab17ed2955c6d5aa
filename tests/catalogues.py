"""Brings the gettext catalogues up to date with the sentences in the code: ``make catalogues``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "broadcaster" / "locale" / "vi" / "LC_MESSAGES" / "broadcaster.po"

_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]


def template() -> Catalog:
    """Return all sentences of the code."""
    catalog = Catalog(project="broadcaster", charset="utf-8")
    for package in ("broadcaster", "web"):
        for _, _, message, comments, _ in extract_from_dir(
            str(ROOT / package), _METHODS, keywords={"Sentence": None, "_": None}, comment_tags=()
        ):
            catalog.add(message, auto_comments=comments)
    return catalog


def vietnamese() -> Catalog:
    """Return the Vietnamese catalogue as it lies in the project."""
    with PO.open("rb") as file:
        return read_po(file, locale="vi")


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    binary = io.BytesIO()
    write_mo(binary, catalog)
    return binary.getvalue()


def main() -> int:
    """Merge new sentences in, drop old ones, compile; print what wants translating."""
    catalog = vietnamese() if PO.exists() else Catalog(locale="vi", project="broadcaster", charset="utf-8")
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(
            file,
            catalog,
            width=110,
            sort_output=True,
            no_location=True,
            omit_header=False,
            ignore_obsolete=True,
        )
    PO.with_suffix(".mo").write_bytes(compiled(vietnamese()))
    missing = [message.id for message in catalog if message.id and not message.string]
    for text in missing:
        sys.stdout.write(f"not translated: {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
