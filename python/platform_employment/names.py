"""Chinese names of authors and publishers, which the sources name in English."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _names() -> dict[str, str]:
    text = (files(__package__) / "names.csv").read_text(encoding="utf-8")
    return {row["name_en"]: row["name_zh"] for row in csv.DictReader(text.splitlines())}


def chinese_name(name: str) -> str:
    """Return the Chinese name of an author or publisher; without one the name as it is."""
    return _names().get(name, name)
