"""The inputs of every chain, written so that a page can work all of them out.

A chain is a platform, window and scenario. Most chains share most of their inputs, so a row stands
once, and a chain names those in which it differs from an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from platform_employment.method.evaluate import CONFIDENCE_LEVEL, DRAWS, SEED
from platform_employment.method.methods import Method, read_methods
from platform_employment.method.render import javascript, selection_script
from platform_employment.site.queries import Row, Table

KEY = ("platform_id", "window_end", "scenario_id")
_CELL = (
    "input_name", "element_id", "low", "central", "high", "distribution", "uncertainty_kind",
    "stream", "is_carried_forward", "provenance", "source_id", "seed", "seed_line",
)  # fmt: skip
_OPTION = re.compile(r"[^\s,;=]+=[^\s,;=]+")
_TOKEN = re.compile(r"[a-z][a-z0-9_]*|\d+|\*\*|[-+*/(),]")


def chains(inputs: Table) -> dict[str, Any]:
    """The inputs of all chains, in few words.

    Args:
        inputs: `aud_inputs`, ordered by chain, input and element.

    Returns:
        `cells`: each different row once; `chains`: the key, the method, `is_whole` false where no
        input is of the window, and `like` and `changes`: rows of an earlier chain that it has not
        (negative, from -1) or has in addition; a chain that is like itself has them all.
    """
    cells: dict[tuple[Any, ...], int] = {}
    by_chain: dict[tuple[Any, ...], list[int]] = {}
    of_window: dict[tuple[Any, ...], bool] = {}
    for row in inputs.dicts():
        if row["central"] is None:
            continue
        key = (*(row[name] for name in KEY), row["method_id"])
        number = cells.setdefault(tuple(row[name] for name in _CELL), len(cells))
        by_chain.setdefault(key, []).append(number)
        of_window[key] = of_window.get(key, False) or row["is_of_window"]
    first: dict[tuple[Any, ...], int] = {}
    before: dict[tuple[Any, ...], int] = {}
    found: list[list[Any]] = []
    numbers = list(by_chain.values())
    for at, (key, mine) in enumerate(by_chain.items()):
        chosen = (at, sorted(mine))
        for like in (first.setdefault((key[0], key[3]), at), before.get((key[0], *key[2:]), at)):
            if like != at:
                gone, new = set(numbers[like]) - set(mine), set(mine) - set(numbers[like])
                changes = sorted(-1 - number for number in gone) + sorted(new)
                chosen = min(chosen, (like, changes), key=lambda one: len(one[1]))
        before[key[0], *key[2:]] = at
        found.append([*key, of_window[key], *chosen])
    columns = [*KEY, "method_id", "is_of_window", "like", "changes"]
    return {
        "cells": {"c": list(_CELL), "r": [list(cell) for cell in cells]},
        "chains": {"c": columns, "r": found},
        "draws": DRAWS,
        "seed": SEED,
        "confidence": CONFIDENCE_LEVEL,
    }


def combinations(table: Table) -> dict[str, Any]:
    """The combinations of choices, an option written once.

    Args:
        table: `platform_id`, `window_end`, `method_id`, `choices` (decision=option, one after the
            other), `jobs_wan`, `is_report`, `is_defensible`, `has_synthetic_input`.

    Returns:
        `options`: each `decision=option`; `groups`: by platform, window and method a list of
        jobs, flags (1 the report's, 2 defensible, 4 on synthetic input) and places in `options`.
    """
    options: dict[str, int] = {}
    groups: dict[str, list[list[Any]]] = {}
    for row in table.dicts():
        chosen = _OPTION.findall(row["choices"] or "")
        flags = row["is_report"] + 2 * row["is_defensible"] + 4 * row["has_synthetic_input"]
        group = groups.setdefault("|".join((*(str(row[n]) for n in KEY[:2]), row["method_id"])), [])
        places = [options.setdefault(option, len(options)) for option in chosen]
        group.append([row["jobs_wan"], flags, *places])
    return {"options": list(options), "groups": groups}


def methods(
    inputs: Sequence[Row], steps: Sequence[Row], components: Sequence[Row], units: Sequence[Row]
) -> dict[str, Method]:
    """The methods of the dims of a warehouse, which has let no wrong one pass."""

    def text(rows: Sequence[Row]) -> list[dict[str, Any]]:
        return [
            {name: _text(value) for name, value in row.items()}
            | {"line": row.get("seed_line", 2), "file": row.get("seed", "")}
            for row in rows
        ]

    # a sum over the children of a component is made by the reading, and has no step of its own
    own = [row for row in steps if not str(row["seed"]).endswith("components.csv")]
    found, findings = read_methods(text(inputs), text(own), text(components), text(units))
    assert not findings, findings
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def script(methods: Mapping[str, Method]) -> str:
    """A script with the calculation of each method, read off its own tree."""
    functions = ",\n".join(f'"{name}": {javascript(m).strip()}' for name, m in methods.items())
    return f"{selection_script()}const METHODS = {{\n{functions}\n}};\n"


def tokens(formula: str | None) -> list[str]:
    """The words of a formula, which a page writes anew with numbers in them."""
    return _TOKEN.findall(formula or "")
