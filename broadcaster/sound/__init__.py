"""Sound: ingested once in a limited child, mixed in windows, played in blocks."""
