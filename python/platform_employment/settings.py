"""Names and values in one cell of a table, such as `table=2017 imports=domestic`."""

from __future__ import annotations


def pairs(text: str) -> dict[str, str]:
    """The values by name."""
    return {name: value for name, _, value in (part.partition("=") for part in text.split())}
