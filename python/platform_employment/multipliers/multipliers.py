"""Multipliers of a table under a named import convention.

    A = Z diag(x)^-1          technical coefficients, x gross output
    L = (I - A)^-1            Leontief inverse, solved for and not inverted
    e                         what a unit of output holds directly: jobs / x, income / x, or 1
    e f, e L f                direct and total amount for final demand f

total over direct is (e L f) / (e f), the type I multiplier; indirect over direct is that less
one. Both are published by someone as "the multiplier", so both are named here. Type II takes
households as one more sector: A is bordered by h_c, consumption of each product over the income
of households, and h_r, income over output, and Lbar replaces L.

    domestic        A = Zd / x                  f = Fd
    import_shares   A = (I - m) (Z / x)         f = (I - m) F, exports whole
                    m = imports / (intermediate + final use - exports), by product
    all_flows       A = (Zd + Zm) / x           f = Fd + Fm; takes imports for home made, overstates

Source: Miller and Blair, Input-Output Analysis, chapters 2, 4 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from platform_employment.multipliers.tables import Flows, Matrix, Table, Vector

CONVENTIONS = ("domestic", "import_shares", "all_flows")
_MAX_POWERS = 2000


@dataclass(frozen=True)
class System:
    """A table under one convention: x = A x + f.

    coefficients: A (n x n); final: f by category (n x k); output: x (n); imports: imported
    inputs a unit of output (n) where they are not in A, none where they are not known.
    """

    convention: str
    coefficients: Matrix
    final: Matrix
    output: Vector
    imports: Vector
    # what a row holds next to A x and f: imports taken for home made, the statistical error
    remainder: Vector


@dataclass(frozen=True)
class Households:
    """Households as one more sector: income a unit of output (n), consumption a unit of income (n).

    own: what households buy of households, a unit of their income.
    """

    income: Vector
    consumption: Vector
    own: float = 0.0


def per_output(amounts: Matrix, output: Vector) -> Matrix:
    """Divide columns (or a row) by output; zero for a sector without output, which does not have
    one."""
    zeros = np.zeros_like(amounts, dtype=np.float64)
    return np.asarray(np.divide(amounts, output, out=zeros, where=output != 0))


def import_shares(table: Table) -> Vector | None:
    """The share m of imports in domestic use of each product, none if imports are not known.

    Infinite for a product that is imported and not used at home.
    """
    flows, imports = table.all_flows, table.imports_of_products
    if flows is None or imports is None:
        return None
    used = flows.use - flows.final[:, table.final("exports")].sum(axis=1)
    return np.where((used == 0) & (imports != 0), np.inf, per_output(imports, used))


def system(table: Table, convention: str) -> System | None:
    """Put a table under a convention, none if its flows or imports do not allow it."""
    output = table.output
    if convention == "domestic":
        if table.domestic is None:
            return None
        flows, imports = table.domestic, table.inputs_from_abroad
    elif (every := table.all_flows) is None or (shares := import_shares(table)) is None:
        return None
    elif convention == "import_shares":
        if not np.all((shares >= 0) & (shares <= 1)):
            return None
        home = np.repeat((1 - shares)[:, None], every.final.shape[1], axis=1)
        home[:, table.final("exports")] = 1
        flows = Flows((1 - shares)[:, None] * every.intermediate, home * every.final)
        imports = shares @ every.intermediate
    else:
        flows, imports = every, np.zeros_like(output)
    return System(
        convention,
        coefficients=per_output(flows.intermediate, output),
        final=flows.final,
        output=output,
        imports=per_output(imports, output),
        remainder=output - flows.use,
    )


def leontief(coefficients: Matrix) -> Matrix:
    """L of A (n x n), by solving (I - A) L = I."""
    unit = np.eye(len(coefficients))
    return np.asarray(np.linalg.solve(unit - coefficients, unit), dtype=np.float64)


def spectral_radius(coefficients: Matrix) -> float:
    """The largest absolute eigenvalue of A >= 0; below one, or L is not a sum of rounds.

    By powers of A + I, which do not swing where A's would; all eigenvalues, which take far longer
    for 500 sectors, where two of them lie too close together for that.
    """
    vector, growth = np.ones(len(coefficients)), 0.0
    for _ in range(_MAX_POWERS):
        vector = vector / vector.sum()
        vector, last = coefficients @ vector + vector, growth
        growth = float(vector.sum())
        if abs(growth - last) <= 4 * np.finfo(float).eps * growth:
            return growth - 1
    return float(np.abs(np.linalg.eigvals(coefficients)).max())


def households(table: Table, of: System) -> Households | None:
    """Households of a table, none without compensation and a column of consumption.

    The denominator of consumption is the compensation of all sectors.
    """
    columns, compensation = table.final("household_consumption"), table.compensation
    if not columns.size or compensation is None or not compensation.sum() > 0:
        return None
    consumption = of.final[:, columns].sum(axis=1)
    return Households(per_output(compensation, of.output), consumption / compensation.sum())


def closed(coefficients: Matrix, of: Households) -> Matrix:
    """A (n x n) bordered by households (n + 1 x n + 1)."""
    return np.block(
        [[coefficients, of.consumption[:, None]], [of.income[None, :], np.array([[of.own]])]]
    )


@dataclass(frozen=True)
class Multiplier:
    """Direct and total amount of a quantity for a final demand.

    multiplier_type: type_1 or type_2; quantity: output, jobs, income, or output_and_income with
    the row of households (type II only); demand: all_final_use, final_use (one category),
    basket or sector; code: of the category, basket or sector; final_demand: i'f, one for a sector.
    """

    import_convention: str
    multiplier_type: str
    quantity: str
    demand: str
    code: str | None
    final_demand: float
    direct: float
    total: float
    # of a sector's output: its multiplier over the mean of all sectors
    backward_linkage: float | None = None

    @property
    def total_over_direct(self) -> float | None:
        """The multiplier as offices publish it, none where nothing is direct."""
        return self.total / self.direct if self.direct > 0 else None

    @property
    def indirect_over_direct(self) -> float | None:
        """What suppliers add to one direct unit: total over direct minus 1."""
        return (self.total - self.direct) / self.direct if self.direct > 0 else None


def demands(table: Table, of: System, exogenous: bool) -> list[tuple[str, str | None, Vector]]:
    """Final demands to follow: all, each category, each basket (as demand for home products).

    exogenous: leave out consumption of households, which type II has inside.
    """
    inside = set(table.final("household_consumption")) if exogenous else set()
    kept = [column for column in range(len(table.final_codes)) if column not in inside]
    return [
        ("all_final_use", None, of.final[:, kept].sum(axis=1)),
        *(("final_use", table.final_codes[column], of.final[:, column]) for column in kept),
        *(("basket", code, weights) for code, weights in (table.baskets or {}).items()),
    ]


def multipliers(
    table: Table, of: System, inverse: Matrix, homes: Households | None = None
) -> list[Multiplier]:
    """All multipliers of a table under a convention.

    inverse: L (n x n) for type I; with households Lbar (n + 1 x n + 1) for type II.
    """
    n = len(of.output)
    columns = inverse[:, :n]
    ones = np.ones(n)
    rows: dict[str, tuple[Vector, Vector]] = {"output": (ones, ones @ columns[:n])}
    if homes is not None:
        rows["output_and_income"] = (ones, columns.sum(axis=0))
    if table.jobs is not None:
        jobs = per_output(table.jobs.by_sector, of.output)
        rows["jobs"] = (jobs, jobs @ columns[:n])
    if table.compensation is not None:
        income = per_output(table.compensation, of.output)
        through = income if homes is None else np.append(income, homes.own)
        rows["income"] = (income, through @ columns)
    linkages = rows["output"][1] / rows["output"][1].mean()
    kind = "type_1" if homes is None else "type_2"
    followed = demands(table, of, exogenous=homes is not None)
    found = []
    for quantity, (direct, total) in rows.items():
        found += [
            Multiplier(
                of.convention,
                kind,
                quantity,
                demand,
                code,
                float(final.sum()),
                float(direct @ final),
                float(total @ final),
            )
            for demand, code, final in followed
        ]
        found += [
            Multiplier(
                of.convention,
                kind,
                quantity,
                "sector",
                code,
                1.0,
                float(direct[number]),
                float(total[number]),
                float(linkages[number]) if quantity == "output" else None,
            )
            for number, code in enumerate(table.sectors)
        ]
    return found


def output_ratio(table: Table) -> tuple[float, float] | None:
    """The report's ratio two ways: i'Lf / i'f - 1, and intermediate over final use.

    With imports taken for home made and columns divided by all use, intermediate plus final,
    L f is all use when f is all final use: the two are one number. Over gross output the first
    would be larger.
    """
    flows = table.all_flows
    if flows is None:
        return None
    final = flows.final.sum(axis=1)
    coefficients = per_output(flows.intermediate, flows.use)
    rounds = np.linalg.solve(np.eye(len(final)) - coefficients, final)
    ratio = flows.intermediate.sum() / flows.final.sum()
    return float(rounds.sum() / final.sum() - 1), float(ratio)
