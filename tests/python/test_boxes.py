"""Random points inside the box of every estimate, against the limits that its corners gave."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import duckdb
import numpy as np
from conftest import Project

from platform_employment.duckdb_rows import rows_of
from platform_employment.method.evaluate import run
from platform_employment.method.tables import SEEDS, seed_methods

POINTS = 200
OPEN_AT = 50.0  # times the known end, of an input without the other one
LAYERS = {"rounding": "rounding", "undisclosed": "open"}
KEY = ("platform_id", "window_end", "scenario_id")


def test_no_point_of_the_box_of_an_estimate_passes_its_limits(built_project: Project) -> None:
    """Values of one stream move together; a value without a centre is varied in both layers."""
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        methods = seed_methods({name: connection.table(f"raw.{name}") for name in SEEDS})
        inputs = rows_of(connection.table("intermediate.int_chain__all_inputs"))
        limits = rows_of(
            connection.sql(
                "from intermediate.est_limits where interval_method = 'corners'"
                " and input_name is null and layer in ('rounding', 'undisclosed')"
            )
        )
    estimates: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in inputs:
        estimates[tuple(row[name] for name in KEY)].append(dict(row))
    random = np.random.default_rng(20220201)
    compared = 0
    jobs_of: dict[tuple[Any, ...], Any] = {}
    for limit in limits:
        at = *(limit[name] for name in KEY), limit["layer"]
        if at not in jobs_of:
            rows = estimates[at[:-1]]
            jobs_of[at] = points(methods[limit["method_id"]], rows, LAYERS[at[-1]], random)
        jobs = np.broadcast_to(jobs_of[at][limit["component_id"]]["-"], POINTS)
        inside = jobs[np.isfinite(jobs)]
        # of the arithmetic of doubles
        tolerance = 1e-11 * max(
            abs(end) for end in (limit["low"], limit["high"]) if end is not None
        )
        place = (at, limit["component_id"])
        if limit["low"] is not None and len(inside):
            assert inside.min() >= limit["low"] - tolerance, place
            compared += 1
        if limit["high"] is not None and len(inside):
            assert inside.max() <= limit["high"] + tolerance, place
            compared += 1
    assert compared > 1_000


def points(method: Any, rows: list[dict[str, Any]], kind: str, random: np.random.Generator) -> Any:
    """The values of a method at random points of the box of one layer."""
    given: dict[str, dict[str, Any]] = defaultdict(dict)
    places: dict[str, Any] = {}
    for row in rows:
        low, central, high = row["low"], row["central"], row["high"]
        is_varied = (low is not None or high is not None) and (
            central is None or row["uncertainty_kind"] == kind
        )
        value = np.float64(np.nan if central is None else central)
        if is_varied:
            if row["stream"] not in places:
                places[row["stream"]] = random.random(POINTS)
            start = high / OPEN_AT if low is None else low
            end = low * OPEN_AT if high is None else high
            value = start + (end - start) * places[row["stream"]]
        given[row["input_name"]][row["element_id"]] = value
    return run(method, given, number=np.float64, is_rounded=False).values
