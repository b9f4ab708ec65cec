"""Tables for the tests: the shipped one, two published ones, one of a textbook, random ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from platform_employment.multipliers.excel_layout import WideTable, read_wide
from platform_employment.multipliers.sheets import read_grid
from platform_employment.multipliers.tables import Cells, Flows, Jobs, Table, read_table

ECONOMY = Path(__file__).parents[3] / "seeds" / "economy"
TABLE_ID = "china_2017_42"
GERMANY = Path(__file__).with_name("germany_1995.csv")
NETHERLANDS = Path(__file__).with_name("netherlands_2000.csv")
# jobs of Germany 1995, thousands: row EMP of the same table
GERMAN_JOBS = (1096, 8381, 3236, 9251, 4258, 10206)


def shipped_rows(seed: str) -> list[dict[str, str]]:
    """The rows of the table of the bureau in a seed of the folder economy."""
    with (ECONOMY / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row.get("table_id", TABLE_ID) == TABLE_ID]


def basket_cells() -> list[dict[str, str]]:
    """The cells of the baskets: consumption of the sectors in each."""
    use = {
        (row["row_code"], row["column_code"]): row["value"]
        for row in shipped_rows("input_output_flows")
        if row["origin"] == "domestic"
    }
    return [
        {
            "origin": "domestic",
            "row_code": row["sector_code"],
            "column_code": row["basket_code"],
            "value": use.get((row["sector_code"], row["demand_code"]), "0"),
        }
        for row in shipped_rows("input_output_baskets")
    ]


def shipped_table() -> Table:
    """The table of China 2017 that the project ships, with its jobs."""
    cells = Cells.of(
        (row["origin"], row["row_code"], row["column_code"], float(row["value"]))
        for row in [*shipped_rows("input_output_flows"), *basket_cells()]
    )
    roles = {row["sector_code"]: row["sector_role"] for row in shipped_rows("sectors")}
    employment = shipped_rows("sector_employment_reconstruction")
    persons = [float(row["employed_persons_wan"]) for row in employment]
    return made(2017, roles, cells, Jobs(np.array(persons), 2017, stated=77640))


def made(year: int, roles: dict[str, str], cells: Cells, jobs: Jobs | None = None) -> Table:
    """A table of cells in which nothing is wrong."""
    table, outcomes = read_table("table", year, roles, cells, jobs)
    assert outcomes == []
    assert table is not None
    return table


def of_wide(wide: WideTable, year: int = 2017, jobs: Jobs | None = None) -> Table:
    """The table that a sheet holds."""
    cells = Cells.of((*place, float(value)) for place, value in wide.cells)
    return made(year, {code: role for code, role, *_ in wide.sectors}, cells, jobs)


def germany() -> Table:
    """Germany 1995, six sectors, million euro; jobs in thousands."""
    grid, _ = read_grid(GERMANY)
    jobs = dict.fromkeys(("EMP", "EMP-WS", "EMP-FTE"), "skip")
    wide = read_wide(grid, jobs, "yi_yuan")
    return of_wide(wide, 1995, Jobs(np.array(GERMAN_JOBS, dtype=float), 1995))


def netherlands() -> Table:
    """Netherlands 2000, six sectors, million euro.

    The sheet prints compensation and all value added: the difference is its third row here.
    """
    grid = [list(row) for row in read_grid(NETHERLANDS)[0]]
    rows = {row[0]: row for row in grid}
    parts = zip(rows["value_added_bp"][1:7], rows["compensation_employees"][1:7], strict=True)
    rest = [str(int(whole) - int(part)) for whole, part in parts]
    grid.insert(grid.index(rows["value_added_bp"]), ["other_value_added", *rest])
    return of_wide(read_wide(grid, {"final_consumption_households": "skip"}, "yi_yuan"), 2000)


def textbook() -> Table:
    """Two sectors of Miller and Blair, chapter 2: Z, x = (1000, 2000), f = (350, 1700)."""
    flows = Flows(np.array([[150.0, 500], [200, 100]]), np.array([[350.0], [1700]]))
    return Table(
        table_id="textbook",
        year=2000,
        sectors=("1", "2"),
        final_codes=("F",),
        final_roles=("consumption",),
        value_added_codes=("V",),
        value_added_roles=("value_added",),
        value_added=np.array([[650.0, 1400]]),
        domestic=flows,
        published_output=np.array([1000.0, 2000]),
    )


def random_table(n: int, seed: int, shares: tuple[float, float] = (0.2, 0.6)) -> Table:
    """A table that balances, with households, imports by supplier and jobs.

    shares: of inputs, domestic and imported, in the output of each sector, from and to.
    """
    random = np.random.default_rng(seed)
    output = random.uniform(100, 1000, n)
    inputs = random.uniform(0, 1, (n, n)) * random.integers(0, 2, (n, n))
    sums = inputs.sum(axis=0)
    inputs = inputs / np.where(sums > 0, sums, 1) * random.uniform(*shares, n) * output
    home = inputs * random.uniform(0.6, 1, (n, n))
    # rows must not exceed output: scale what they supply
    home *= np.minimum(1, 0.8 * output / np.maximum(home.sum(axis=1), 1e-9))[:, None]
    split = random.dirichlet(np.ones(4), n)
    final = (output - home.sum(axis=1))[:, None] * split
    foreign = Flows(inputs - home, random.uniform(0, 20, (n, 4)) * np.array([1, 1, 1, 0]))
    added = output - home.sum(axis=0) - foreign.intermediate.sum(axis=0)
    part = random.uniform(0.3, 0.8, n)
    return Table(
        table_id="random",
        year=2017,
        sectors=tuple(f"{number:03d}" for number in range(1, n + 1)),
        final_codes=("HH", "GOV", "CAP", "EX"),
        final_roles=(
            "household_consumption",
            "government_consumption",
            "capital_formation",
            "exports",
        ),
        value_added_codes=("COMP", "REST"),
        value_added_roles=("compensation", "value_added"),
        value_added=np.array([part * added, (1 - part) * added]),
        domestic=Flows(home, final),
        imported=foreign,
        published_output=output,
        jobs=Jobs(output * random.uniform(0.01, 1, n), 2017),
    )
