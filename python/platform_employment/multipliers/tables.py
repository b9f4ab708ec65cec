"""An input-output table as arrays, built from its cells in long form.

A cell says whose products flow (`origin`), from which row to which column. What a code stands
for is its role, so no code of any office is known here:

    role                     rows                             columns
    sector                   what is supplied                 who uses it
    household_consumption    -                                final use by households
    government_consumption   -                                final use by government
    consumption              -                                both, where not distinguished
    capital_formation        -                                final use
    inventories              -                                final use, may be negative
    exports                  -                                final use
    compensation             compensation of employees        -
    value_added              any other kind of value added    -
    imports                  imported inputs of a user, where imports of a product, deducted
                             suppliers are not distinguished     from the row
    statistical_error        -                                added to the row
    output                   -                                published output of a row
    basket                   -                                weights of a basket of demand

A table is `domestic` (flows of domestic products, imported ones next to them) or `total` (one
block of flows whose origin is not distinguished, imports in a separate column). A cell that is
not listed is zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from platform_employment.multipliers.outcomes import Outcome, failed

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]

FINAL_USE = (
    "household_consumption",
    "government_consumption",
    "consumption",
    "capital_formation",
    "inventories",
    "exports",
)
VALUE_ADDED = ("compensation", "value_added")
ROLES = ("sector", *FINAL_USE, *VALUE_ADDED, "imports", "statistical_error", "output", "basket")
ORIGINS = ("domestic", "imported", "total", "value_added")

# roles of the columns and of the rows that a cell of an origin may have
_COLUMNS = {
    "domestic": ("sector", *FINAL_USE, "output", "basket"),
    "imported": ("sector", *FINAL_USE),
    "total": ("sector", *FINAL_USE, "imports", "statistical_error", "output", "basket"),
    "value_added": ("sector",),
}
_ROWS = {
    "domestic": ("sector",),
    "imported": ("sector", "imports"),
    "total": ("sector",),
    "value_added": VALUE_ADDED,
}


@dataclass(frozen=True)
class Flows:
    """Products of one origin: intermediate (n x n) and final use (n x k)."""

    intermediate: Matrix
    final: Matrix

    def __add__(self, other: Flows) -> Flows:
        """Products of both origins."""
        return Flows(self.intermediate + other.intermediate, self.final + other.final)

    @property
    def use(self) -> Vector:
        """All uses of each product."""
        return np.asarray(self.intermediate.sum(axis=1) + self.final.sum(axis=1))


@dataclass(frozen=True)
class Jobs:
    """Jobs by sector (n), in the order of the table, and the year of which they are."""

    by_sector: Vector
    year: int
    # the total that is stated elsewhere, none if there is no such figure
    stated: float | None = None


@dataclass(frozen=True)
class Table:
    """One table of n sectors, k categories of final use and m kinds of value added.

    domestic, or total where origins are not distinguished; imported next to domestic flows;
    imports: of each product, for a total table; imported_inputs: of each user;
    published_output: as printed, none if the table does not print it.
    """

    table_id: str
    year: int
    sectors: tuple[str, ...]
    final_codes: tuple[str, ...]
    final_roles: tuple[str, ...]
    value_added_codes: tuple[str, ...]
    value_added_roles: tuple[str, ...]
    value_added: Matrix
    domestic: Flows | None = None
    imported: Flows | None = None
    total: Flows | None = None
    imports: Vector | None = None
    imported_inputs: Vector | None = None
    statistical_error: Vector | None = None
    published_output: Vector | None = None
    baskets: Mapping[str, Vector] | None = None
    jobs: Jobs | None = None

    @property
    def own(self) -> Flows:
        """The flows whose rows add up to output: domestic ones, or all."""
        flows = self.domestic if self.domestic is not None else self.total
        assert flows is not None  # read_table refuses a table with neither
        return flows

    @property
    def all_flows(self) -> Flows | None:
        """Flows of all origins, none where imported ones are not known by supplier."""
        if self.domestic is not None and self.imported is not None:
            return self.domestic + self.imported
        return self.total

    @property
    def error(self) -> Vector:
        """The statistical error of each row."""
        return _or_zeros(self.statistical_error, len(self.sectors))

    @property
    def imports_of_products(self) -> Vector | None:
        """Imports by product."""
        if self.imported is not None:
            return self.imported.use
        return None if self.total is None else _or_zeros(self.imports, len(self.sectors))

    @property
    def inputs_from_abroad(self) -> Vector:
        """Imported inputs by using sector that no row of `own` holds."""
        n = len(self.sectors)
        block = self.imported.intermediate.sum(axis=0) if self.imported is not None else np.zeros(n)
        return np.asarray(block + _or_zeros(self.imported_inputs, n))

    @property
    def output(self) -> Vector:
        """Gross output as the sum of the row."""
        deducted = np.zeros(len(self.sectors))
        if self.total is not None:
            deducted = _or_zeros(self.imports, len(self.sectors))
        return np.asarray(self.own.use - deducted + self.error)

    def final(self, role: str) -> NDArray[np.intp]:
        """Columns of final use with a role."""
        return np.flatnonzero(np.array(self.final_roles, dtype=str) == role)

    @property
    def compensation(self) -> Vector | None:
        """Compensation of employees by sector."""
        rows = [n for n, role in enumerate(self.value_added_roles) if role == "compensation"]
        return np.asarray(self.value_added[rows].sum(axis=0)) if rows else None


@dataclass(frozen=True)
class Cells:
    """The cells of one table in long form.

    codes: all codes that occur; origin: numbers in ORIGINS; row, column: numbers in codes.
    """

    codes: tuple[str, ...]
    origin: Numbers
    row: Numbers
    column: Numbers
    values: Vector

    @classmethod
    def of(cls, cells: Iterable[tuple[str, str, str, float]]) -> Cells:
        """Number the codes of cells given as origin, row, column, value."""
        origins, rows, columns, values = zip(*cells, strict=True)
        codes = tuple(dict.fromkeys((*rows, *columns)))
        at = {code: number for number, code in enumerate(codes)}
        return cls(
            codes,
            np.array([ORIGINS.index(origin) for origin in origins], dtype=np.int64),
            np.array([at[code] for code in rows], dtype=np.int64),
            np.array([at[code] for code in columns], dtype=np.int64),
            np.array(values, dtype=float),
        )

    def cell(self, index: int) -> tuple[str, str, str]:
        """Origin, row and column of a cell."""
        origin = ORIGINS[self.origin[index]]
        return origin, self.codes[self.row[index]], self.codes[self.column[index]]

    def find(self, cell: tuple[str, str, str]) -> int | None:
        """The number of a cell, none if it is not listed."""
        if not {cell[1], cell[2]} <= set(self.codes):
            return None
        found = np.flatnonzero(
            (self.origin == ORIGINS.index(cell[0]))
            & (self.row == self.codes.index(cell[1]))
            & (self.column == self.codes.index(cell[2]))
        )
        return int(found[0]) if found.size else None

    def has(self, origin: str) -> bool:
        """Return whether a cell is of an origin."""
        return bool(np.any(self.origin == ORIGINS.index(origin)))

    def on(self, side: str, origin: str) -> set[str]:
        """The codes on one side, row or column, of the flows of an origin."""
        numbers = getattr(self, side)[self.origin == ORIGINS.index(origin)]
        return {self.codes[number] for number in np.unique(numbers)}

    def block(self, origin: str, rows: Sequence[str], columns: Sequence[str]) -> Matrix:
        """The values of an origin as a matrix; repeated cells are refused by validation."""
        matrix = np.zeros((len(rows), len(columns)))
        row, column = self._places(rows)[self.row], self._places(columns)[self.column]
        inside = (self.origin == ORIGINS.index(origin)) & (row >= 0) & (column >= 0)
        matrix[row[inside], column[inside]] = self.values[inside]
        return matrix

    def _places(self, wanted: Sequence[str]) -> Numbers:
        at = {code: number for number, code in enumerate(wanted)}
        return np.array([at.get(code, -1) for code in self.codes], dtype=np.int64)


def read_table(
    table_id: str, year: int, roles: Mapping[str, str], cells: Cells, jobs: Jobs | None = None
) -> tuple[Table | None, list[Outcome]]:
    """Make the arrays of a table, or say why its cells are not.

    roles: of each code, in the order in which sectors and categories are to stand; jobs: in
    that order of the sectors.
    """
    sectors = tuple(code for code, role in roles.items() if role == "sector")
    outcomes = _check_codes(roles, cells) or _check_shape(sectors, cells)
    if outcomes:
        return None, outcomes
    with_role = {role: [code for code in roles if roles[code] == role] for role in ROLES}
    final = tuple(code for code, role in roles.items() if role in FINAL_USE)
    kinds = tuple(code for code, role in roles.items() if role in VALUE_ADDED)
    flows = {
        origin: Flows(cells.block(origin, sectors, sectors), cells.block(origin, sectors, final))
        for origin in ("domestic", "imported", "total")
        if cells.has(origin)
    }
    own = "domestic" if "domestic" in flows else "total"

    def column(role: str) -> Vector | None:
        listed = sorted(set(with_role[role]) & cells.on("column", own))
        return cells.block(own, sectors, listed).sum(axis=1) if listed else None

    by_supplier = bool(set(sectors) & cells.on("row", "imported"))
    table = Table(
        table_id=table_id,
        year=year,
        sectors=sectors,
        final_codes=final,
        final_roles=tuple(roles[code] for code in final),
        value_added_codes=kinds,
        value_added_roles=tuple(roles[code] for code in kinds),
        value_added=cells.block("value_added", kinds, sectors),
        domestic=flows.get("domestic"),
        imported=flows.get("imported") if by_supplier else None,
        total=flows.get("total"),
        imports=column("imports"),
        imported_inputs=cells.block("imported", with_role["imports"], sectors).sum(axis=0),
        statistical_error=column("statistical_error"),
        published_output=column("output"),
        baskets={
            code: cells.block(own, sectors, [code])[:, 0]
            for code in with_role["basket"]
            if code in cells.on("column", own)
        },
        jobs=jobs,
    )
    return table, []


def _check_codes(roles: Mapping[str, str], cells: Cells) -> list[Outcome]:
    """Each code is known and depends on a side where its role has a meaning."""
    outcomes = []
    for side, numbers, allowed in (("row", cells.row, _ROWS), ("column", cells.column, _COLUMNS)):
        pairs, first = np.unique(cells.origin * len(cells.codes) + numbers, return_index=True)
        for pair, index in zip(pairs, first, strict=True):
            origin, code = ORIGINS[pair // len(cells.codes)], cells.codes[pair % len(cells.codes)]
            role = roles.get(code)
            if role not in allowed[origin]:
                kind = f"of role {role}" if role else "not among the table's sectors"
                message = f"{code} is {kind}: it cannot be a {side} of {origin} flows"
                cell = cells.cell(int(index))
                outcomes.append(failed("codes", message, sector_code=code, cell=cell))
    return outcomes


def _check_shape(sectors: Sequence[str], cells: Cells) -> list[Outcome]:
    """One kind of table, square, with the same sectors in rows and columns."""
    if cells.has("domestic") == cells.has("total"):
        both = "both domestic and total" if cells.has("total") else "neither domestic nor total"
        return [failed("kind", f"{both} flows: a table has one of them")]
    if cells.has("total") and cells.has("imported"):
        message = "total flows hold imported products: list imports in a separate column"
        return [failed("kind", message)]
    own = "domestic" if cells.has("domestic") else "total"
    rows = cells.on("row", own)
    columns = cells.on("column", own) | cells.on("column", "imported")
    outcomes = []
    for code in sectors:
        if (code in rows) != (code in columns):
            side, other = ("row", "column") if code in rows else ("column", "row")
            message = f"sector {code} is a {side} and no {other} of the {own} flows"
            outcomes.append(failed("square", message, sector_code=code))
    return outcomes


def _or_zeros(vector: Vector | None, n: int) -> Vector:
    return np.zeros(n) if vector is None else vector
