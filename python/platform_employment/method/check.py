"""What the gates ask before any model runs: is every method of the tables sound?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from platform_employment.method.methods import COMPONENTS, INPUTS, STEPS, UNITS, Row, read_methods


def findings(tables: Mapping[str, Sequence[Row]]) -> list[str]:
    """All that is wrong with the methods, a line each.

    Args:
        tables: rows of `method/inputs.csv`, `method/steps.csv`, `method/components.csv` and
            `reference/units.csv` by that path, cells as text, each with the "line" of its file.
    """
    _, found = read_methods(*(tables.get(name, ()) for name in (INPUTS, STEPS, COMPONENTS, UNITS)))
    return [str(finding) for finding in found]
