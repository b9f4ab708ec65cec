"""Tables of the warehouse into arrays, and the results back into one frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from platform_employment.multipliers.checks import check_listed
from platform_employment.multipliers.estimate import Totals, estimate
from platform_employment.multipliers.multipliers import Multiplier
from platform_employment.multipliers.outcomes import Outcome, failed
from platform_employment.multipliers.tables import ORIGINS, Cells, Jobs, read_table

FLOWS = "economy/input_output_flows.csv"
EMPLOYMENT = "economy/sector_employment_reconstruction.csv"
COLUMNS = {
    "record": "str",
    "table_id": "str",
    "table_year": "Int64",
    "sectors": "Int64",
    "money_unit": "str",
    "import_convention": "str",
    "multiplier_type": "str",
    "quantity": "str",
    "demand": "str",
    "sector_code": "str",
    "final_demand": "float64",
    "direct": "float64",
    "total": "float64",
    "total_over_direct": "float64",
    "indirect_over_direct": "float64",
    "total_over_direct_scaled": "float64",
    "indirect_over_direct_scaled": "float64",
    "backward_linkage": "float64",
    "check_number": "Int64",
    "check_id": "str",
    "outcome": "str",
    "measured": "float64",
    "limit_value": "float64",
    "found": "str",
    "seed": "str",
    "seed_line": "Int64",
    "provenance": "str",
    "source_id": "str",
}


@dataclass(frozen=True)
class Frames:
    """What the estimate reads; every frame but the last two has a column table_id.

    tables: one row per table; sectors: its codes and roles, in order; flows: its cells, in the
    unit of the table; employment: persons by sector, 万, where known also scaled to the official
    shares of the three industries (scaled_persons_wan); national: the total stated for each
    year, 万; totals: published sums by year, number of sectors and origin, 亿元.
    """

    tables: pd.DataFrame
    sectors: pd.DataFrame
    flows: pd.DataFrame
    employment: pd.DataFrame
    national: pd.DataFrame
    totals: pd.DataFrame

    def of(self, table_id: str) -> Frames:
        """What is of one table."""

        def own(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame["table_id"] == table_id]

        return replace(
            self,
            tables=own(self.tables),
            sectors=own(self.sectors),
            flows=own(self.flows),
            employment=own(self.employment),
        )


def est_multipliers(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per multiplier and per outcome of a check."""
    kinds = tables["dim_provenance_kinds"].df()
    frames = Frames(
        tables=tables["input_output_tables"].df(),
        sectors=tables["dim_sectors"].df().sort_values(["table_id", "sort_order"]),
        flows=with_baskets(tables["input_output_flows"].df(), tables["input_output_baskets"].df()),
        employment=tables["int_economy__sector_employment"].df(),
        national=tables["stg_economy__national_employment"].df(),
        totals=tables["stg_economy__input_output_totals"].df(),
    )
    ranks = dict(zip(kinds["provenance"], kinds["provenance_rank"], strict=True))
    return estimate_multipliers(frames, ranks)


def with_baskets(flows: pd.DataFrame, baskets: pd.DataFrame) -> pd.DataFrame:
    """Return the flows with a cell for each sector of each basket, derived from final use."""
    own = flows[flows["origin"].isin(("domestic", "total"))]
    cells = own.merge(
        baskets[["table_id", "basket_code", "sector_code", "demand_code"]],
        left_on=["table_id", "row_code", "column_code"],
        right_on=["table_id", "sector_code", "demand_code"],
    )
    cells = cells.assign(column_code=cells["basket_code"])
    keys = ["table_id", "origin", "row_code", "column_code"]
    weights = cells.groupby(keys, as_index=False, sort=False).agg(
        {"value": "sum", "seed": "first", "seed_line": "first"}
    )
    return pd.concat([flows, weights[flows.columns]], ignore_index=True)


def estimate_multipliers(frames: Frames, ranks: Mapping[str, int]) -> pd.DataFrame:
    """One row per multiplier and per outcome of a check, distinguished by `record`.

    ranks: of provenance, the one of the weakest is highest.
    """
    rows: list[dict[str, Any]] = []
    registered = list(frames.tables["table_id"])
    for table_id in registered:
        rows += _of_table(frames.of(table_id), ranks)
    for frame in (frames.flows, frames.employment):
        for table_id in sorted(set(frame["table_id"].unique()) - set(registered)):
            outcome = failed("table", f"no row of economy/input_output_tables.csv is {table_id}")
            place = _row(frame[frame["table_id"] == table_id], 0)
            rows.append({"table_id": table_id, **_outcome(1, outcome, *place)})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _of_table(frames: Frames, ranks: Mapping[str, int]) -> list[dict[str, Any]]:
    register = frames.tables.to_dict("records")[0]
    roles = dict(zip(frames.sectors["sector_code"], frames.sectors["sector_role"], strict=True))
    sectors = [code for code, role in roles.items() if role == "sector"]
    cells = _cells(frames.flows)
    year = int(register["table_year"])
    jobs, outcomes = _jobs(frames, sectors)
    table = None
    if cells is None:
        outcomes.append(failed("table", "the table has no flows"))
    else:
        table, read = read_table(str(register["table_id"]), year, roles, cells, jobs)
        outcomes += read
    found: list[Multiplier] = []
    of_scaled: dict[tuple[str | None, ...], Multiplier] = {}
    if table is not None and not outcomes:
        published = frames.totals
        published = published[
            (published["table_year"] == year) & (published["sectors"] == len(sectors))
        ]
        totals = [
            Totals(
                str(row["origin"]),
                float(row["intermediate_use_yi_yuan"]),
                float(row["final_use_yi_yuan"]),
            )
            for row in published.to_dict("records")
        ]
        tolerance = float(register["balance_tolerance"])
        found, outcomes = estimate(table, tolerance, totals)
        scaled = _scaled(frames, sectors, jobs)
        if scaled is not None and cells is not None:
            table, _ = read_table(str(register["table_id"]), year, roles, cells, scaled)
            if table is not None:
                of_scaled = {_key(one): one for one in estimate(table, tolerance, totals)[0]}
    weakest = max({*frames.employment["provenance"], register["provenance"]}, key=ranks.__getitem__)
    shared = {
        "table_id": register["table_id"],
        "table_year": year,
        "sectors": len(sectors),
        "money_unit": register["unit"],
        "source_id": register["source_id"],
    }
    return [
        *(
            {
                **shared,
                **_multiplier(one, of_scaled.get(_key(one))),
                "provenance": weakest if one.quantity == "jobs" else register["provenance"],
            }
            for one in found
        ),
        *(
            {**shared, **_outcome(number, one, *_place(one, cells, frames))}
            for number, one in enumerate(outcomes, start=1)
        ),
    ]


def _cells(flows: pd.DataFrame) -> Cells | None:
    if flows.empty:
        return None
    sides = pd.concat([flows["row_code"], flows["column_code"]], ignore_index=True)
    numbers, codes = pd.factorize(sides)
    origins = pd.Categorical(flows["origin"], categories=list(ORIGINS)).codes
    return Cells(
        tuple(codes),
        np.asarray(origins, dtype=np.int64),
        np.asarray(numbers[: len(flows)], dtype=np.int64),
        np.asarray(numbers[len(flows) :], dtype=np.int64),
        flows["value"].to_numpy(dtype=float),
    )


def _jobs(frames: Frames, sectors: list[str]) -> tuple[Jobs | None, list[Outcome]]:
    """Jobs in the order of the sectors, and rows that are of no row of them."""
    rows = frames.employment
    if rows.empty:
        return None, []
    outcomes = check_listed(sectors, list(rows["sector_code"]), sorted(set(rows["year"])))
    by_code = dict(
        zip(rows["sector_code"], rows["employed_persons_wan"].astype(float), strict=True)
    )
    year = int(rows["year"].iloc[0])
    stated = frames.national.loc[frames.national["year"] == year, "employed_persons_wan"]
    return (
        Jobs(
            np.array([by_code.get(code, np.nan) for code in sectors]),
            year,
            float(stated.iloc[0]) if len(stated) else None,
        ),
        outcomes,
    )


def _scaled(frames: Frames, sectors: list[str], jobs: Jobs | None) -> Jobs | None:
    """Return the jobs scaled to official shares, None where a sector has no scaled number."""
    rows = frames.employment
    if jobs is None or "scaled_persons_wan" not in rows or rows["scaled_persons_wan"].isna().any():
        return None
    by_code = dict(zip(rows["sector_code"], rows["scaled_persons_wan"].astype(float), strict=True))
    return replace(jobs, by_sector=np.array([by_code.get(code, np.nan) for code in sectors]))


def _key(one: Multiplier) -> tuple[str | None, ...]:
    return (one.import_convention, one.multiplier_type, one.quantity, one.demand, one.code)


def _multiplier(one: Multiplier, scaled: Multiplier | None) -> dict[str, Any]:
    # what does not count jobs is the same in both
    both = scaled if scaled is not None and one.quantity == "jobs" else None
    return {
        "record": "multiplier",
        "import_convention": one.import_convention,
        "multiplier_type": one.multiplier_type,
        "quantity": one.quantity,
        "demand": one.demand,
        "sector_code": one.code,
        "final_demand": one.final_demand,
        "direct": one.direct,
        "total": one.total,
        "total_over_direct": one.total_over_direct,
        "indirect_over_direct": one.indirect_over_direct,
        "total_over_direct_scaled": both.total_over_direct if both else None,
        "indirect_over_direct_scaled": both.indirect_over_direct if both else None,
        "backward_linkage": one.backward_linkage,
    }


def _outcome(number: int, one: Outcome, seed: str | None, line: int | None) -> dict[str, Any]:
    return {
        "record": "check",
        "import_convention": one.import_convention,
        "check_number": number,
        "check_id": one.check_id,
        "outcome": one.outcome,
        "sector_code": one.sector_code,
        "measured": one.value,
        "limit_value": one.limit,
        "found": one.message,
        "seed": seed,
        "seed_line": line,
    }


def _place(one: Outcome, cells: Cells | None, frames: Frames) -> tuple[str, int | None]:
    """The file and the line that an outcome is about, the file alone where it is about many."""
    if one.cell and cells and (number := cells.find(one.cell)) is not None:
        return _row(frames.flows, number)
    if not one.check_id.startswith("jobs"):
        return _file(frames.flows, FLOWS), None
    listed = frames.employment[frames.employment["sector_code"] == one.sector_code]
    return _row(listed, 0) if len(listed) else (_file(frames.employment, EMPLOYMENT), None)


def _row(frame: pd.DataFrame, number: int) -> tuple[str, int | None]:
    return str(frame["seed"].iloc[number]), int(frame["seed_line"].iloc[number])


def _file(frame: pd.DataFrame, shipped: str) -> str:
    """The file that holds the rows of a table; they are of one, since they replace as a whole."""
    return str(frame["seed"].iloc[0]) if len(frame) else shipped
