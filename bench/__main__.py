"""``python -m bench``: runs every bench, prints a table and writes ``bench/results.json``."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import bench
from bench.row import Row

_RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Run the modules of this package that have a ``run``; the table grows as they end."""
    rows: list[Row] = []
    print(_line("what", "ours", "peer", "unit", "note"))
    for name in _names():
        found: Iterable[Row] = getattr(import_module(f"bench.{name}"), "run", list)()
        for row in found:
            print(_line(row.name, _figure(row.ours), _figure(row.peer), row.unit, row.note), flush=True)
            rows.append(row)
    _RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def _names() -> list[str]:
    """Return the modules beside this one, in order of their names."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__")


def _line(name: str, ours: str, peer: str, unit: str, note: str) -> str:
    return f"{name:<28}{ours:>10}{peer:>10}  {unit:<14}{note}".rstrip()


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if value < 10 else f"{value:.0f}"


if __name__ == "__main__":
    main()
