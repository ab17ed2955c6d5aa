"""Vietnamese text spelt out for a voice: what is written becomes what is said, and what is not known is told.

A pure package: :func:`spelt` turns a text into parts, each with the words that will be said. A part that could be said
in several ways, or that no rule knows, is *unsure*: it carries its choices, and a person must pick one of them.
"""

from broadcaster.spelling.reading import NORTHERN, SOUTHERN, Part, Spelt, Style
from broadcaster.spelling.scan import spelt

__all__ = ["NORTHERN", "SOUTHERN", "Part", "Spelt", "Style", "spelt"]
