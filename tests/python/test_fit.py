"""Equation 2.1 in memory and from sums, against statsmodels, exact arithmetic and refits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import mpmath
import numpy as np
import numpy.typing as npt
import pandas as pd
import psycopg
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, linear_reset

from platform_employment.duckdb_rows import rows_of
from platform_employment.fit import regression, sums
from platform_employment.fit.design import Design
from platform_employment.fit.estimators import (
    MEASURES,
    Sample,
    UnusableSampleError,
    corrected,
)
from platform_employment.fit.regression import (
    PERMUTATIONS,
    PLACEBO_SEED,
    Fit,
    fit_productivity,
    placebo,
)
from platform_employment.fit.tables import est_merchant_fits

ROOT = Path(__file__).parents[2]
DOCUMENTED = ROOT / "docs/reference/int_fit__sums.sql"
COV_TYPES = ["nonrobust", "HC1", "HC3"]

Floats = npt.NDArray[np.float64]
NO_ROWS = SimpleNamespace(columns=[], fetchall=list, df=pd.DataFrame)
UNDECLARED = {
    f"stg_survey__{name}": NO_ROWS for name in ("designs", "merchant_designs", "population_totals")
}


def frame(turnover: Any, headcount: Any, weight: Any = 1.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "platform_id": "p",
            "sample_id": "s",
            "merchant_id": [f"m{i:07}" for i in range(len(turnover))],
            "industry_code": "food",
            "turnover_wan_yuan": turnover,
            "headcount": headcount,
            "survey_weight": weight,
        }
    )


def shipped() -> pd.DataFrame:
    return pd.read_csv(ROOT / "seeds/survey/merchant_sample.csv")


def heavy_tailed(size: int, weights: Any = (1.0,), sigma: float = 1.7) -> pd.DataFrame:
    random = np.random.default_rng(8)
    turnover = np.round(np.exp(sigma * random.standard_normal(size)) * 50 + 0.01, 2)
    turnover = np.minimum(turnover, 10_000_000)
    scatter = np.exp(0.3 * random.standard_normal(size))
    headcount = np.maximum(1, np.round(turnover / (8 + 0.06 * turnover) * scatter))
    return frame(turnover, headcount, random.choice(weights, size))


def fitted(merchants: pd.DataFrame, **design: Any) -> Fit:
    return fit_productivity(merchants, corrected(merchants, Design(**design)))


def powers(merchants: pd.DataFrame) -> Floats:
    return np.vander(merchants["turnover_wan_yuan"], 3, increasing=True)


def productivity(merchants: pd.DataFrame) -> Floats:
    return (merchants["turnover_wan_yuan"] / merchants["headcount"]).to_numpy(dtype=float)


# --- coefficients ------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [(1.0,), (0.5, 1.0, 40.25)], ids=["equal", "unequal"])
def test_coefficients_are_those_of_statsmodels(weights: tuple[float, ...]) -> None:
    merchants = shipped()
    merchants["survey_weight"] = np.random.default_rng(4).choice(weights, len(merchants))
    rows = pd.DataFrame(fitted(merchants).coefficients)
    model = sm.WLS(productivity(merchants), powers(merchants), weights=merchants["survey_weight"])
    for cov_type in COV_TYPES:
        plain = model.fit(method="qr", cov_type=cov_type)
        own = rows[rows["cov_type"] == cov_type]
        for name, values in {
            "estimate": plain.params,
            "std_error": plain.bse,
            "statistic": plain.tvalues,
            "conf_low": plain.conf_int()[:, 0],
            "conf_high": plain.conf_int()[:, 1],
        }.items():
            # on 1, x, x^2 statsmodels keeps eleven digits
            np.testing.assert_allclose(own[name], values, rtol=1e-9, err_msg=name)
        # a tail probability has an error of z^2 times the one of z, and z is near 50
        np.testing.assert_allclose(own["p_value"], plain.pvalues, rtol=1e-6, atol=1e-300)


@pytest.mark.parametrize("sigma", [0.7, 2.5])
def test_coefficients_hold_against_fifty_digits(sigma: float) -> None:
    merchants = heavy_tailed(400, sigma=sigma)
    with mpmath.workdps(50):
        x = [mpmath.mpf(f"{value:.2f}") for value in merchants["turnover_wan_yuan"]]
        z = [a / int(b) for a, b in zip(x, merchants["headcount"], strict=True)]
        sums = [mpmath.fsum(a**k for a in x) for k in range(5)]
        gram = mpmath.matrix([[sums[i + j] for j in range(3)] for i in range(3)])
        target = [mpmath.fsum(p * a**k for p, a in zip(z, x, strict=True)) for k in range(3)]
        exact = [float(b) for b in mpmath.lu_solve(gram, mpmath.matrix(target))]
    rows = pd.DataFrame(fitted(merchants).coefficients)
    np.testing.assert_allclose(rows["estimate"], exact * 3, rtol=1e-10)


def test_specification_tests_are_those_of_statsmodels() -> None:
    merchants = heavy_tailed(300, sigma=0.8)
    plain = sm.OLS(productivity(merchants), powers(merchants)).fit()
    numbers = fitted(merchants).numbers
    statistic, p_value, *_ = het_breuschpagan(plain.resid, powers(merchants))
    assert numbers["breusch_pagan_statistic"] == pytest.approx(statistic, rel=1e-9)
    assert numbers["breusch_pagan_p_value"] == pytest.approx(p_value, rel=1e-8)
    reset = linear_reset(plain, power=2, use_f=True)
    assert numbers["reset_statistic"] == pytest.approx(float(np.ravel(reset.fvalue)[0]), rel=1e-6)
    assert "reset_statistic" not in fitted(heavy_tailed(300, (1.0, 2.0))).numbers


@pytest.mark.parametrize(
    ("turnover", "headcount", "missing"),
    [
        ([1, 2, 3, 3, 2, 1], [1, 3, 2, 4, 1, 2], "reset"),  # three turnovers
        ([1, 2, 2, 4, 8, 8], [1, 1, 1, 3, 4, 4], "reset"),  # the wider curve passes through all
        # residuals of one size
        ([6, 6, 12, 12, 18, 18, 24, 24], [1, 2, 2, 4, 3, 6, 4, 8], "breusch_pagan"),
    ],
)
def test_a_test_of_rounding_is_left_out(
    turnover: list[float], headcount: list[float], missing: str
) -> None:
    assert f"{missing}_statistic" not in fitted(frame(turnover, headcount)).numbers


@pytest.mark.parametrize(
    ("turnover", "headcount", "reason"),
    [
        ([20, 40, 80], [2, 3, 4], "only 3 merchants, the fit needs 4"),
        ([48] * 9, range(1, 10), "only one distinct turnover, a quadratic needs 3"),
        ([48, 60] * 5, range(1, 11), "only two distinct turnovers, a quadratic needs 3"),
        (np.arange(11, 99, 11), range(1, 9), "all merchants have the same turnover per head"),
        ([1, 4, 9, 16, 25], [1, 1, 1, 1, 1], "the curve passes through every merchant"),
        ([1e7 - i for i in range(9)], range(1, 10), "a band this narrow has no curve"),
        ([1, 1 + 1e-9, 2, 2], [1, 2, 3, 4], "turnovers are too close to two values"),
    ],
)
def test_what_cannot_be_fitted_has_a_reason(turnover: Any, headcount: Any, reason: str) -> None:
    with pytest.raises(UnusableSampleError, match=reason):
        fitted(frame(turnover, list(headcount)))


def test_mean_productivity_adds_the_errors_of_curve_and_mean() -> None:
    merchants = shipped()
    x, n = merchants["turnover_wan_yuan"], len(merchants)
    plain = sm.OLS(productivity(merchants), powers(merchants)).fit(cov_type="HC1")
    at_mean = np.array([1, x.mean(), x.mean() ** 2])
    inverse = np.linalg.inv(powers(merchants).T @ powers(merchants))
    influence = (powers(merchants) * plain.resid[:, None]) @ inverse @ at_mean
    slope = plain.params[1] + 2 * plain.params[2] * x.mean()
    total = influence * np.sqrt(n / (n - 3)) + slope * (x - x.mean()) / n * np.sqrt(n / (n - 1))
    numbers = fitted(merchants).numbers
    assert numbers["mean_productivity_wan_yuan_per_job"] == pytest.approx(at_mean @ plain.params)
    assert numbers["mean_productivity_std_error"] == pytest.approx(np.sqrt(total @ total), rel=1e-6)
    half = np.log(numbers["mean_productivity_conf_high"] / numbers["mean_productivity_conf_low"])
    error = numbers["mean_productivity_std_error"] / numbers["mean_productivity_wan_yuan_per_job"]
    assert half == pytest.approx(2 * 1.959963985 * error)


@pytest.mark.parametrize(
    ("curve", "has_low", "has_high"),
    [
        (lambda x: 10 + 40 * np.sin(x / 9000 * 2.8), False, True),
        (lambda x: 5 + 1e-6 * (x - 2000) ** 2, True, False),
        (lambda x: 5 + x / 200 + 1e-7 * x**2, False, False),
    ],
    ids=["with a peak", "with a trough", "rising"],
)
def test_the_domain_is_where_the_curve_is_positive_and_rising(
    curve: Any, has_low: bool, has_high: bool
) -> None:
    x = np.round(np.linspace(10, 9000, 400), 2)
    merchants = frame(x, np.maximum(1, np.round(x / curve(x))))
    numbers = fitted(merchants).numbers
    low, high = numbers["domain_low_wan_yuan"], numbers["domain_high_wan_yuan"]
    assert (low > 0, high is not None) == (has_low, has_high)
    b2, b1, b0 = np.polyfit(x, productivity(merchants), 2)
    outside = (b0 + b1 * x + b2 * x**2 <= 0) | (b1 + 2 * b2 * x <= 0)
    assert (outside == ~((x > low) & (x < (high or np.inf)))).all()
    assert numbers["merchants_outside_domain"] == outside.sum()
    assert numbers["turnover_share_outside_domain"] == pytest.approx(x[outside].sum() / x.sum())


# --- influential merchants ---------------------------------------------------------------------


def test_influence_is_that_of_a_deleted_merchant() -> None:
    merchants = shipped()
    merchants["survey_weight"] = np.random.default_rng(4).choice([0.5, 1, 40.25], len(merchants))
    z, X, w = productivity(merchants), powers(merchants), merchants["survey_weight"].to_numpy()
    plain = sm.WLS(z, X, weights=w).fit(method="qr")
    influential = fitted(merchants).influential
    assert len(influential) == 10
    distances = [row["cooks_distance"] for row in influential]
    assert distances == sorted(distances, reverse=True)
    for row in influential:
        kept = (merchants["merchant_id"] != row["merchant_id"]).to_numpy()
        without = sm.WLS(z[kept], X[kept], weights=w[kept]).fit(method="qr")
        moved = np.sqrt(w) * (X @ (plain.params - without.params))
        expected = moved @ moved / (3 * plain.scale)
        assert row["cooks_distance"] == pytest.approx(expected, rel=1e-6)


def test_a_merchant_that_decides_alone_is_first_without_hc3() -> None:
    random = np.random.default_rng(7)
    x = np.append(np.round(random.uniform(90, 110, 1_499), 2), 9_000_000)
    fit = fitted(frame(x, np.append(random.integers(4, 16, 1_499), 5)))
    assert fit.influential[0]["merchant_id"] == "m0001499"
    assert np.isnan(fit.influential[0]["cooks_distance"])
    assert {row["cov_type"] for row in fit.coefficients} == {"nonrobust", "HC1"}


# --- placebo -----------------------------------------------------------------------------------


def test_the_placebo_sums_up_refits() -> None:
    merchants = heavy_tailed(60, (0.5, 1.0, 3.25), sigma=1)
    x, y, w = (
        merchants[name].to_numpy(dtype=float)
        for name in ("turnover_wan_yuan", "headcount", "survey_weight")
    )

    def refit(headcount: Floats) -> tuple[float, float]:
        fit = sm.WLS(x / headcount, powers(merchants), weights=w).fit(method="qr")
        return fit.rsquared, fit.params[1]

    random = np.random.default_rng(PLACEBO_SEED)
    refits = np.array([refit(random.permutation(y)) for _ in range(PERMUTATIONS)])
    share, slope = refit(y)
    found = placebo(Sample(x, y, w))
    expected = {
        "placebo_merchants": 60,
        "sample_r_squared": share,
        "placebo_r_squared": refits[:, 0].mean(),
        "placebo_r_squared_low": np.percentile(refits[:, 0], 2.5),
        "placebo_r_squared_high": np.percentile(refits[:, 0], 97.5),
        "sample_b1": slope,
        "placebo_b1": refits[:, 1].mean(),
        "placebo_b1_low": np.percentile(refits[:, 1], 2.5),
        "placebo_b1_high": np.percentile(refits[:, 1], 97.5),
        "placebo_p_value": np.mean(np.append(refits[:, 0], share) >= share),
    }
    assert dict(found) == pytest.approx(expected, rel=1e-8)


def test_the_placebo_of_many_merchants_moves_headcounts_around(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merchants = heavy_tailed(1_200, (0.5, 1.0, 3.25), sigma=1)
    x, y, w = (
        merchants[name].to_numpy(dtype=float)
        for name in ("turnover_wan_yuan", "headcount", "survey_weight")
    )
    random = np.random.default_rng(PLACEBO_SEED)
    order = random.permutation(1_200)
    places = 1 + random.choice(1_199, PERMUTATIONS, replace=False)
    X, root = powers(merchants)[order], np.sqrt(w[order])
    targets = np.stack([x[order] / np.roll(y[order], -k) for k in (0, *places)], axis=1)
    residuals = targets - X @ np.linalg.lstsq(root[:, None] * X, root[:, None] * targets)[0]
    mean = np.average(targets, axis=0, weights=w[order])
    shares = 1 - w[order] @ residuals**2 / (w[order] @ (targets - mean) ** 2)

    shuffled = placebo(Sample(x, y, w))
    monkeypatch.setattr(regression, "MAX_SHUFFLED_MERCHANTS", 1_000)
    found = placebo(Sample(x, y, w))
    assert found["placebo_merchants"] == 1_200
    assert found["sample_r_squared"] == pytest.approx(shares[0], rel=1e-8)
    assert found["placebo_r_squared"] == pytest.approx(shares[1:].mean(), rel=1e-8)
    assert found["placebo_r_squared_high"] == pytest.approx(
        np.percentile(shares[1:], 97.5), rel=1e-8
    )
    assert found["placebo_p_value"] == np.mean(shares >= shares[0])
    # both are means of 999 draws: four standard errors
    for name in ("r_squared", "b1"):
        low, high = (shuffled[f"placebo_{name}_{end}"] for end in ("low", "high"))
        error = (high - low) / 4 / np.sqrt(PERMUTATIONS)
        difference = found[f"placebo_{name}"] - shuffled[f"placebo_{name}"]
        assert abs(difference) < 4 * np.sqrt(2) * error, name


def test_the_placebo_of_the_shipped_sample_is_far_from_zero() -> None:
    numbers = placebo(
        Sample(
            *shipped()[["turnover_wan_yuan", "headcount", "survey_weight"]].to_numpy(dtype=float).T
        )
    )
    assert 0.45 < numbers["placebo_r_squared"] < 0.65
    assert numbers["sample_r_squared"] > 0.9


# --- sums --------------------------------------------------------------------------------------


def rendered(model: str, *, has_designs: bool = False) -> str:
    """The query of a model over tables that have the names of the models it reads."""
    (path,) = (ROOT / "models").rglob(f"{model}.sql")
    return (
        jinja2.Environment(extensions=["jinja2.ext.do"])
        .from_string(path.read_text(encoding="utf-8"))
        .render(
            ref=lambda name: name,
            whole_number_variable=lambda _: "0",
            config=lambda **_: "",
            written_to_sums_folder=str,
            not_materialized=str,
            is_from_sums=lambda: False,
            has_designs=lambda: has_designs,
            dbt=SimpleNamespace(
                type_float=lambda: "double precision", type_bigint=lambda: "bigint"
            ),
        )
    )


def without_blank_lines(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines() if "noqa" not in line)
    return "".join(f"{line}\n" for line in lines if line)


def test_the_docs_have_the_query_of_the_sums() -> None:
    """Written by `python tests/python/test_fit.py`."""
    assert DOCUMENTED.read_text(encoding="utf-8") == without_blank_lines(
        rendered("int_fit__sums", has_designs=True)
    )


def tables(
    merchants: pd.DataFrame,
    connection: duckdb.DuckDBPyConnection,
    designs: pd.DataFrame | None = None,
) -> Mapping[str, Any]:
    """Make what the fit reads of a sample that is too large for memory."""
    connection.register("given", merchants)
    connection.execute(
        """
        create table stg_survey__merchants as
        select * replace (
            cast(printf('%.2f', turnover_wan_yuan) as decimal(18, 2)) as turnover_wan_yuan,
            cast(headcount as bigint) as headcount,
            cast(survey_weight as decimal(18, 6)) as survey_weight
        )
        from given
        """
    )
    connection.execute(
        "create table stg_survey__merchant_counts as"
        " select platform_id, sample_id, count(*) as merchants from given group by all"
    )
    known: dict[str, Any] = dict(UNDECLARED)
    if designs is not None:
        connection.register("declared", designs)
        connection.execute("create table stg_survey__merchant_designs as from declared")
        connection.execute(
            "create table stg_survey__designs as select distinct platform_id, sample_id,"
            " 'stratified_clustered' as sampling, 0.9::double as response_rate from declared"
        )
        known |= {name: connection.table(name) for name in known if "designs" in name}
    for model in ("int_fit__sums", "int_fit__influential_merchants"):
        query = rendered(model, has_designs=designs is not None)
        connection.execute(f"create table {model} as {query}")
    connection.execute("create view int_fit__compared_merchants as from stg_survey__merchants")
    names = ("int_fit__sums", "int_fit__influential_merchants", "int_fit__compared_merchants")
    return known | {name: connection.table(name) for name in names}


def assert_close(ours: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Nine digits; texts are equal."""
    for name, value in expected.items():
        if isinstance(value, float):
            # a p-value has an error of z^2 times the one of z; RESET is a small difference
            tolerance = 1e-6 if name.endswith("p_value") or "reset" in name else 1e-9
            assert ours[name] == pytest.approx(value, rel=tolerance, abs=1e-250), name
        elif name != "warnings":
            assert ours[name] == value, name


def assert_sums_equal_memory(merchants: pd.DataFrame, designs: pd.DataFrame | None = None) -> None:
    with duckdb.connect() as connection:
        known = tables(merchants, connection, designs)
        of_sums = est_merchant_fits(known).to_pylist()
        no_sums = {
            name: connection.table(name).filter("false")
            for name in ("int_fit__sums", "int_fit__influential_merchants")
        }
        in_memory = est_merchant_fits(
            dict(known)
            | no_sums
            | {"int_fit__compared_merchants": connection.table("stg_survey__merchants")}
        ).to_pylist()
    assert [row["industry_code"] for row in of_sums] == [row["industry_code"] for row in in_memory]
    for ours, expected in zip(of_sums, in_memory, strict=True):
        for name, value in expected.items():
            if name in {"coefficients", "most_influential"}:
                assert len(ours[name]) == len(value)
                for own_row, row in zip(ours[name], value, strict=True):
                    assert_close(own_row, row)
            else:
                assert_close({name: ours[name]}, {name: value})


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 2.5, 7.25)], ids=["equal", "unequal"])
def test_sums_give_the_fit_in_memory(
    weights: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "SIGNIFICANT_DIGITS", 17)
    monkeypatch.setattr(regression, "PERMUTATIONS", 19)
    merchants = heavy_tailed(20_000, weights)
    merchants["industry_code"] = np.where(np.arange(20_000) % 3, "food", "home")
    assert_sums_equal_memory(merchants)


@pytest.mark.parametrize("declared", [("stratum",), ("cluster_id",), ("stratum", "cluster_id")])
def test_sums_of_a_declared_design_give_the_fit_in_memory(
    declared: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stratum was taken whole, one has a single cluster, one has no merchant of an industry."""
    monkeypatch.setattr(sums, "SIGNIFICANT_DIGITS", 17)
    monkeypatch.setattr(regression, "PERMUTATIONS", 19)
    merchants = heavy_tailed(3_000, (1.0, 2.5, 7.25))
    place = np.arange(len(merchants))
    stratum = np.where(place < 40, "alone", np.where(place < 600, "whole", "rest"))
    merchants["industry_code"] = np.where((place % 3 == 0) | (place < 600), "food", "home")
    designs = merchants[["platform_id", "sample_id", "merchant_id"]].assign(
        stratum=stratum if "stratum" in declared else None,
        cluster_id=[f"c{n // 40}" for n in place] if "cluster_id" in declared else None,
        population_size=np.select(
            [stratum == "alone", stratum == "whole"],
            [5.0, 14.0 if "cluster_id" in declared else 560.0],
            9_000.0,
        )
        if "stratum" in declared
        else None,
        is_censored=False,
    )
    assert_sums_equal_memory(merchants, designs.astype({"population_size": float}))


@pytest.mark.slow
def test_sums_of_a_million_give_the_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "SIGNIFICANT_DIGITS", 17)
    monkeypatch.setattr(regression, "PERMUTATIONS", 19)
    assert_sums_equal_memory(heavy_tailed(1_000_000, (1.0, 2.5, 7.25)))


def test_sums_that_cannot_be_fitted_have_a_reason() -> None:
    merchants = heavy_tailed(50)
    merchants["industry_code"] = ["few"] * 3 + ["equal"] * 7 + ["narrow"] * 5 + ["food"] * 35
    merchants.loc[3:9, "turnover_wan_yuan"] = 48.0
    merchants.loc[10:14, "turnover_wan_yuan"] = 9_999_999 + np.arange(5) / 100
    with duckdb.connect() as connection:
        rows = est_merchant_fits(tables(merchants, connection)).to_pylist()
    reasons = {row["industry_code"]: row["unusable_reason"] for row in rows}
    assert reasons["few"] == "only 3 merchants, the fit needs 4"
    assert reasons["equal"].startswith("turnovers are too close to two values")
    assert reasons["narrow"].startswith("all turnovers lie within 0.04 of ")
    assert reasons["food"] is None
    (food,) = [row for row in rows if row["industry_code"] == "food"]
    stored = food["mean_productivity_std_error"]
    assert stored == float(f"{stored:.8e}")  # nine digits, on which all orders of adding agree


@pytest.mark.parametrize(
    ("sampling", "column", "kind", "reason"),
    [
        ("random", None, "confidence", None),
        ("random", "cluster_id", "as_if_random", None),
        ("clustered", "cluster_id", "as_if_random", None),
        ("clustered", None, "as_if_random", None),
        ("stratified", "stratum", "as_if_random", None),
        ("volunteers", None, "none", "volunteers"),
        ("random", "is_censored", "none", "too_large_for_a_range"),
    ],
)
def test_sums_claim_no_design_that_they_do_not_hold(
    sampling: str,
    column: str | None,
    kind: str,
    reason: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regression, "PERMUTATIONS", 19)
    merchants = heavy_tailed(200)
    keys = merchants[["platform_id", "sample_id", "merchant_id"]]
    with duckdb.connect() as connection:
        known = dict(tables(merchants, connection))
        connection.register("keys", keys)
        known |= {
            "stg_survey__designs": connection.sql(
                "select distinct platform_id, sample_id, $sampling as sampling,"
                " 0.9::double as response_rate from keys",
                params={"sampling": sampling},
            )
        }
        if column:
            value = "merchant_id > 'm0000190'" if column == "is_censored" else "merchant_id[6:7]"
            columns = {"is_censored": "false"} | {column: value}
            selected = ", ".join(f"{value} as {name}" for name, value in columns.items())
            known |= {
                "stg_survey__merchant_designs": connection.sql(f"select *, {selected} from keys")
            }
        # no censored merchant is drawn
        drawn = "from stg_survey__merchants where merchant_id <= 'm0000190'"
        known |= {"int_fit__compared_merchants": connection.sql(drawn)}
        fit = est_merchant_fits(known).to_pylist()[0]
    assert (fit["interval_kind"], fit["no_interval_reason"]) == (kind, reason)
    assert {row["interval_kind"] for row in fit["coefficients"]} == {kind}
    assert (fit["mean_turnover_conf_low"] is None) == (kind == "none")


def test_postgresql_gives_the_same_fit(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "SIGNIFICANT_DIGITS", 17)
    merchants = heavy_tailed(5_000, (1.0, 2.5, 7.25))
    with duckdb.connect() as connection:
        expected = {
            row["industry_code"]: row
            for row in rows_of(tables(merchants, connection)["int_fit__sums"])
        }
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        # DuckDB and Spark call the type double
        connection.execute("create schema fit_sums; set search_path to fit_sums")
        connection.execute("create domain double as double precision")
        connection.execute(
            "create table stg_survey__merchants (platform_id text, sample_id text,"
            " industry_code text, turnover_wan_yuan numeric(18, 2), headcount bigint,"
            " survey_weight numeric(18, 6))"
        )
        columns = ["platform_id", "sample_id", "industry_code", *MEASURES]
        with connection.cursor() as cursor:
            with cursor.copy("copy stg_survey__merchants from stdin") as copy:
                for merchant in (
                    merchants[columns].astype({"headcount": int}).itertuples(index=False)
                ):
                    copy.write_row(merchant)
            connection.execute(
                "create table stg_survey__merchant_counts as"
                " select platform_id, sample_id, count(*) as merchants from stg_survey__merchants"
                " group by platform_id, sample_id"
            )
            # the query of the docs, with no merchant in a declared design
            connection.execute(
                "alter table stg_survey__merchants add column merchant_id text;"
                " create table stg_survey__merchant_designs (platform_id text, sample_id text,"
                " merchant_id text, stratum text, cluster_id text, population_size bigint)"
            )
            cursor.execute(DOCUMENTED.read_text(encoding="utf-8"))
            names = [column.name for column in cursor.description or ()]
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len(found) == len(expected) == 2
    for row in found:
        ours = sums.fit_of_sums(row, Design())
        of_duckdb = sums.fit_of_sums(expected[row["industry_code"]], Design())
        assert_close(ours.numbers, of_duckdb.numbers)
        for own_row, other_row in zip(ours.coefficients, of_duckdb.coefficients, strict=True):
            assert_close(own_row, other_row)


if __name__ == "__main__":
    DOCUMENTED.write_text(
        without_blank_lines(rendered("int_fit__sums", has_designs=True)), encoding="utf-8"
    )
