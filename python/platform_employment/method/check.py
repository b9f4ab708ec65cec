"""What validation asks before any model runs: is every method of the tables sound?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from platform_employment.method.choices import CHOICES, OVERLAYS, SCENARIOS, read_choices
from platform_employment.method.methods import COMPONENTS, INPUTS, STEPS, UNITS, Row, read_methods

TABLES = (INPUTS, STEPS, COMPONENTS, UNITS, CHOICES, SCENARIOS, OVERLAYS)


def findings(tables: Mapping[str, Sequence[Row]]) -> list[str]:
    """All that is wrong with the methods and their choices, a line each.

    Args:
        tables: rows of TABLES by that path, cells as text, each with the "line" of its file.
    """
    methods, found = read_methods(*(tables.get(name, ()) for name in TABLES[:4]))
    _, wrong = read_choices(
        tables.get(CHOICES, ()), methods, tables.get(SCENARIOS, ()), tables.get(OVERLAYS, ())
    )
    return [str(finding) for finding in [*found, *wrong]]
