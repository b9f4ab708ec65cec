"""Multipliers against textbooks, published tables, identities and pymrio."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from io_tables import germany, netherlands, random_table, shipped_table, textbook

from platform_employment.multipliers.estimate import estimate
from platform_employment.multipliers.multipliers import (
    CONVENTIONS,
    Households,
    Multiplier,
    closed,
    households,
    leontief,
    multipliers,
    output_ratio,
    per_output,
    spectral_radius,
    system,
)
from platform_employment.multipliers.tables import Table, Vector


@cache
def found(table: str) -> dict[tuple[str, ...], Multiplier]:
    """All multipliers of a table by convention, type, quantity, demand and code."""
    made = {"shipped": shipped_table, "germany": germany, "netherlands": netherlands}[table]()
    return {
        (one.import_convention, one.multiplier_type, one.quantity, one.demand, one.code or ""): one
        for one in estimate(made, tolerance=1e-4)[0]
    }


def by_sector(table: str, quantity: str, kind: str = "type_1") -> list[Multiplier]:
    """Multipliers of the sectors from domestic flows, in their order."""
    return [
        one
        for key, one in found(table).items()
        if key[:4] == ("domestic", kind, quantity, "sector")
    ]


def test_two_sectors_of_a_textbook() -> None:
    """Miller and Blair, chapter 2: L and output multipliers of two sectors."""
    of = system(textbook(), "domestic")
    assert of is not None
    inverse = leontief(of.coefficients)
    np.testing.assert_allclose(inverse, [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5e-5)
    np.testing.assert_allclose(inverse.sum(axis=0), [1.5182, 1.4521], atol=5e-5)
    np.testing.assert_allclose(inverse @ [350, 1700], [1000, 2000], rtol=1e-14)


def test_two_sectors_with_households() -> None:
    """Miller and Blair: households earn 300 and 500, buy 50, 400 and 50 of an income of 1000."""
    of = system(textbook(), "domestic")
    assert of is not None
    homes = Households(np.array([0.30, 0.25]), np.array([0.05, 0.40]), own=0.05)
    inverse = leontief(of.coefficients)
    with_homes = leontief(closed(of.coefficients, homes))
    np.testing.assert_allclose(
        with_homes,
        [[1.3651, 0.4253, 0.2509], [0.5273, 1.3481, 0.5954], [0.5698, 0.4890, 1.2885]],
        atol=5e-5,
    )
    first = homes.income @ inverse / homes.income
    second = np.append(homes.income, homes.own) @ with_homes[:, :2] / homes.income
    np.testing.assert_allclose(first, [1.4741, 1.5182], atol=5e-5)
    np.testing.assert_allclose(second, [1.8995, 1.9562], atol=1e-4)
    np.testing.assert_allclose(second / first, with_homes[2, 2], rtol=1e-14)


def test_germany_1995() -> None:
    """Eurostat manual (Beutel 2008), chapter 15: output, jobs and value added of six sectors."""
    output = [one.total for one in by_sector("germany", "output")]
    np.testing.assert_allclose(output, [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782], atol=5e-5)
    jobs = [one.total for one in by_sector("germany", "jobs")]
    np.testing.assert_allclose(jobs, [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242], atol=5e-5)
    over = [one.total_over_direct for one in by_sector("germany", "jobs")]
    np.testing.assert_allclose(
        np.array(over, dtype=float), [1.3071, 2.0823, 1.5697, 1.3855, 1.8181, 1.2078], atol=5e-5
    )
    table = germany()
    of = system(table, "domestic")
    assert of is not None
    codes = table.value_added_codes
    gross = per_output(
        table.value_added[[codes.index(c) for c in ("D1", "D29X39", "K1", "B2A3N")]].sum(axis=0),
        of.output,
    )
    np.testing.assert_allclose(
        gross @ leontief(of.coefficients),
        [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199],
        atol=5e-5,
    )


def test_netherlands_2000() -> None:
    """Spicosa specification sheet (2011): income multipliers of six sectors, type I.

    Its type II depends on a household column rounded to two digits, so only three digits agree.
    """
    first = [one.total_over_direct for one in by_sector("netherlands", "income")]
    np.testing.assert_allclose(
        np.array(first, dtype=float), [2.466, 2.333, 1.840, 2.372, 1.953, 1.417], atol=5e-4
    )
    table = netherlands()
    of = system(table, "domestic")
    assert of is not None
    homes = households(table, of)
    assert homes is not None
    rounded = replace(homes, consumption=np.array([0, 0, 0.08, 0.03, 0, 0.59]))
    second = multipliers(table, of, leontief(closed(of.coefficients, rounded)), rounded)
    incomes = [one for one in second if (one.quantity, one.demand) == ("income", "sector")]
    np.testing.assert_allclose(
        np.array([one.total_over_direct for one in incomes], dtype=float),
        [3.6377, 3.4423, 2.7144, 3.4996, 2.8813, 2.0907],
        rtol=1e-3,
    )


@pytest.mark.parametrize(
    ("quantity", "demand", "code", "expected"),
    [
        ("output", "all_final_use", "", 1.410),
        ("jobs", "all_final_use", "", 1.365),
        ("jobs", "final_use", "TC", 1.050),
        ("jobs", "final_use", "EX", 1.843),
        ("jobs", "sector", "28", 0.180),
        ("jobs", "sector", "31", 1.013),
    ],
)
def test_shipped_table(quantity: str, demand: str, code: str, expected: float) -> None:
    """Indirect over direct of the shipped table: calculated before, by other hands."""
    one = found("shipped")["domestic", "type_1", quantity, demand, code]
    assert one.indirect_over_direct == pytest.approx(expected, abs=5e-4)
    assert one.total_over_direct == pytest.approx(1 + expected, abs=5e-4)


def test_ratio_of_the_report() -> None:
    """The report's 1.475 is a mean output multiplier over columns of all use, exactly."""
    both = output_ratio(shipped_table())
    assert both is not None
    assert both[0] == pytest.approx(both[1], rel=1e-12)
    assert round(both[1], 3) == 1.475
    over_output = found("shipped")["all_flows", "type_1", "output", "all_final_use", ""]
    assert over_output.indirect_over_direct == pytest.approx(1.787, abs=5e-4)


def test_no_type_2_where_consumption_holds_government() -> None:
    """The shipped table has no column of households, so it has no type II."""
    assert {key[1] for key in found("shipped")} == {"type_1"}
    assert {key[1] for key in found("germany")} == {"type_1", "type_2"}


def test_type_2_follows_final_use_outside_households() -> None:
    """With households inside, their consumption is no final use, and Lbar gives output again."""
    table = germany()
    of = system(table, "domestic")
    assert of is not None
    key = ("domestic", "type_2", "output", "all_final_use", "")
    assert found("germany")[key].final_demand == pytest.approx(
        table.own.final.sum() - of.final[:, table.final("household_consumption")].sum()
    )
    assert ("domestic", "type_2", "output", "final_use", "P3_S14") not in found("germany")


def test_output_with_the_row_of_households() -> None:
    """Truncated and total output multipliers of type II are two numbers, an income apart."""
    truncated = by_sector("germany", "output", "type_2")
    whole = by_sector("germany", "output_and_income", "type_2")
    income = by_sector("germany", "income", "type_2")
    np.testing.assert_allclose(
        np.array([one.total for one in whole]),
        np.array([one.total for one in truncated]) + [one.total for one in income],
        rtol=1e-12,
    )


def test_backward_linkages() -> None:
    """A linkage is an output multiplier over the mean of all."""
    sectors = by_sector("shipped", "output")
    totals = np.array([one.total for one in sectors])
    np.testing.assert_allclose(
        np.array([one.backward_linkage for one in sectors], dtype=float), totals / totals.mean()
    )


def test_a_basket_is_a_weighted_mean_of_its_sectors() -> None:
    """The basket of goods follows from the multipliers of its sectors."""
    basket = found("shipped")["domestic", "type_1", "jobs", "basket", "GOODS"]
    weights = (shipped_table().baskets or {})["GOODS"]
    sectors = by_sector("shipped", "jobs")
    assert basket.direct == pytest.approx(weights @ [one.direct for one in sectors])
    assert basket.total == pytest.approx(weights @ [one.total for one in sectors])
    consumed = shipped_table().own.final[:, 0]
    np.testing.assert_array_equal(weights[:22], consumed[:22])
    assert not weights[22:].any()


def test_a_sector_without_output_has_no_multiplier() -> None:
    """Nothing direct, no ratio: empty, neither zero nor infinite."""
    one = Multiplier("domestic", "type_1", "jobs", "sector", "1", 1.0, 0.0, 0.0)
    assert one.total_over_direct is None
    assert one.indirect_over_direct is None


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 12), st.integers(0, 10_000))
def test_identities(n: int, seed: int) -> None:
    """What must hold of every table that balances, under every convention."""
    table = random_table(n, seed)
    results, outcomes = estimate(table)
    assert [one.message for one in outcomes if one.outcome == "failed"] == []
    by = {
        (one.import_convention, one.multiplier_type, one.quantity, one.demand, one.code): one
        for one in results
    }
    assert {key[0] for key in by} == set(CONVENTIONS)
    # all final use of domestic products needs the jobs that there are
    for convention in ("domestic", "import_shares"):
        assert table.jobs is not None
        assert by[convention, "type_1", "jobs", "all_final_use", None].total == pytest.approx(
            table.jobs.by_sector.sum()
        )
    for one in results:
        assert one.total >= one.direct - 1e-9
        if one.multiplier_type == "type_1" and one.demand == "sector":
            key = (one.import_convention, "type_2", one.quantity, "sector", one.code)
            # imports taken for home made may make rounds with households endless
            assert key in by or one.import_convention == "all_flows"
            assert key not in by or by[key].total >= one.total - 1e-9
    # flows of all origins hold the ones of domestic products
    for code in table.sectors:
        over, home = (
            by[convention, "type_1", "output", "sector", code].total
            for convention in ("all_flows", "domestic")
        )
        assert over >= home - 1e-9
    both = output_ratio(table)
    assert both is not None
    assert both[0] == pytest.approx(both[1], rel=1e-10)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 9), st.integers(0, 10_000))
def test_inverse_is_the_sum_of_rounds(n: int, seed: int) -> None:
    """L = I + A + A^2 + ..., and the radius is the largest eigenvalue."""
    coefficients = np.random.default_rng(seed).uniform(0, 0.9 / n, (n, n))
    rounds, power = np.zeros((n, n)), np.eye(n)
    for _ in range(400):
        rounds, power = rounds + power, power @ coefficients
    np.testing.assert_allclose(leontief(coefficients), rounds, rtol=1e-12)
    assert spectral_radius(coefficients) == pytest.approx(
        np.abs(np.linalg.eigvals(coefficients)).max(), rel=1e-10
    )


@pytest.mark.parametrize(
    ("coefficients", "radius"),
    [([[0, 0.5], [0.5, 0]], 0.5), ([[0, 0], [0, 0]], 0), ([[0, 1], [0, 0]], 0)],
    ids=["swings", "nothing", "one way"],
)
def test_radius_of_odd_matrices(coefficients: list[list[float]], radius: float) -> None:
    """Powers alone would swing or never settle here."""
    assert spectral_radius(np.array(coefficients, dtype=float)) == pytest.approx(radius, abs=1e-12)


def test_import_shares_of_a_competitive_table() -> None:
    """Total flows with imports in a column give what both origins give when shares are even."""
    table = random_table(5, 3)
    flows, imports = table.all_flows, table.imports_of_products
    assert flows is not None
    assert imports is not None
    competitive = replace(table, domestic=None, imported=None, total=flows, imports=imports)
    np.testing.assert_allclose(competitive.output, table.output)
    for convention in ("import_shares", "all_flows"):
        one, other = system(table, convention), system(competitive, convention)
        assert one is not None
        assert other is not None
        np.testing.assert_allclose(one.coefficients, other.coefficients)
        np.testing.assert_allclose(one.final, other.final)
    assert system(competitive, "domestic") is None


def pymrio_multipliers(table: Table) -> tuple[Vector, Vector, Vector]:
    """L, output by final use and jobs by unit of final use, calculated by pymrio."""
    import pandas as pd  # noqa: PLC0415
    import pymrio  # noqa: PLC0415

    assert table.jobs is not None
    names = list(table.sectors)
    flows = pd.DataFrame(table.own.intermediate, names, names)
    output = pymrio.calc_x(flows, pd.DataFrame(table.own.final, names))
    inverse = pymrio.calc_L(pymrio.calc_A(flows, output))
    stressors = pymrio.calc_S(pd.DataFrame([table.jobs.by_sector], ["jobs"], names), output)
    return (
        inverse.to_numpy(),
        output["indout"].to_numpy(),
        pymrio.calc_M(stressors, inverse).to_numpy()[0],
    )


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_pymrio_agrees(seed: int | None) -> None:
    """An independent library: the shipped table, and random ones of 20 sectors."""
    table = shipped_table() if seed is None else random_table(20, seed)
    of = system(table, "domestic")
    assert of is not None
    assert table.jobs is not None
    inverse, output, jobs = pymrio_multipliers(table)
    np.testing.assert_allclose(leontief(of.coefficients), inverse, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(of.output, output, rtol=1e-12)
    direct = per_output(table.jobs.by_sector, of.output)
    np.testing.assert_allclose(direct @ leontief(of.coefficients), jobs, rtol=1e-10)
