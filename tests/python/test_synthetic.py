"""The synthetic merchant sample: what it promises, checked on the committed file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Polynomial
from statsmodels.stats.diagnostic import het_breuschpagan

from platform_employment.fit import synthetic
from platform_employment.fit.synthetic import (
    REPORT_TARGETS,
    CalibrationError,
    Targets,
    generate_merchant_sample,
    sample_as_csv,
)

PLATFORM = "kuaishou"
SEED = Path(__file__).parents[2] / "seeds/survey/merchant_sample.csv"
GMV_WAN_YUAN = 61_680_000


@pytest.fixture(scope="module")
def seed() -> pd.DataFrame:
    return pd.read_csv(SEED)


def design(sample: pd.DataFrame) -> npt.NDArray[np.float64]:
    x = sample["turnover_wan_yuan"].to_numpy()
    return np.column_stack([np.ones(len(x)), x, x**2])


def ols(sample: pd.DataFrame, cov_type: str = "nonrobust") -> Any:
    productivity = sample["turnover_wan_yuan"] / sample["headcount"]
    return sm.OLS(productivity.to_numpy(), design(sample)).fit(cov_type=cov_type)


def test_seed_equals_a_fresh_generation() -> None:
    assert SEED.read_bytes() == sample_as_csv(generate_merchant_sample(REPORT_TARGETS, PLATFORM))


def test_seed_returns_the_published_coefficients(seed: pd.DataFrame) -> None:
    b0, b1, b2 = ols(seed).params
    assert (f"{b0:.3f}", f"{b1:.3f}", f"{b2:.7f}") == ("7.823", "0.059", "-0.0000024")


@pytest.mark.parametrize("coefficients", ["published", "fitted"])
def test_seed_returns_the_published_jobs(seed: pd.DataFrame, coefficients: str) -> None:
    b0, b1, b2 = (7.823, 0.059, -0.0000024) if coefficients == "published" else ols(seed).params
    mean = seed["turnover_wan_yuan"].mean()
    jobs_wan = GMV_WAN_YUAN / (b0 + b1 * mean + b2 * mean**2) / 10_000
    # a twentieth of the published decimal, so that 922.9 = 372.9 x (1 + 1.475) follows
    assert jobs_wan == pytest.approx(372.9, abs=0.005)
    assert f"{jobs_wan * (1 + 1.475):.1f}" == "922.9"


@pytest.mark.parametrize("cov_type", ["nonrobust", "HC1", "HC3"])
def test_all_three_coefficients_are_significant(seed: pd.DataFrame, cov_type: str) -> None:
    assert (ols(seed, cov_type).pvalues < 0.001).all()


def test_fit_looks_like_one_of_real_merchants(seed: pd.DataFrame) -> None:
    fit = ols(seed)
    assert 0.7 < fit.rsquared < 0.95
    _, p_value, _, _ = het_breuschpagan(fit.resid, fit.model.exog)
    assert p_value < 0.001


def test_turnover_has_a_heavy_tail_below_the_peak_of_the_curve(seed: pd.DataFrame) -> None:
    turnover = seed["turnover_wan_yuan"]
    peak = 0.059 / (2 * 0.0000024)
    assert turnover.max() < peak / 2
    assert turnover.quantile(0.99) / turnover.median() > 20  # an exponential distribution has 7
    assert turnover.nlargest(20).sum() / turnover.sum() > 0.15  # 1 % of the merchants


def test_every_row_is_complete_and_labelled_synthetic() -> None:
    rows = pd.read_csv(SEED, dtype=str, keep_default_na=False)
    assert list(rows) == [
        "platform_id",
        "sample_id",
        "merchant_id",
        "industry_code",
        "turnover_wan_yuan",
        "headcount",
        "survey_weight",
        "provenance",
        "source_id",
    ]
    assert list(rows["merchant_id"]) == [f"M{i:05d}" for i in range(1, 2001)]
    assert rows["turnover_wan_yuan"].str.fullmatch(r"[1-9]\d*\.\d\d").all()
    assert rows["headcount"].str.fullmatch(r"[1-9]\d*").all()
    constant = rows[["platform_id", "sample_id", "survey_weight", "provenance", "source_id"]]
    assert constant.drop_duplicates().to_numpy().tolist() == [
        ["kuaishou", "synthetic_2021", "1", "synthetic", "synthetic_generator"]
    ]


def test_industries_have_the_assumed_shares(seed: pd.DataFrame) -> None:
    shares = {code: share for code, (share, _) in synthetic.INDUSTRIES.items()}
    assert sum(shares.values()) == pytest.approx(1)
    assert seed["industry_code"].value_counts(normalize=True).to_dict() == pytest.approx(shares)


def disturbed(function: Callable[..., Any], size: float) -> Callable[..., Any]:
    """The function with relative errors of the given size in its (first) result."""

    def with_errors(values: Any) -> Any:
        # the same errors at each call: another library is wrong in its own, but constant, way
        errors = np.random.default_rng(1).uniform(-size, size, np.shape(values))
        return values * (1 + errors)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        values = function(*args, **kwargs)
        if isinstance(values, tuple):
            return with_errors(values[0]), *values[1:]
        return with_errors(values)

    return wrapper


def disturbed_fit(fit: Callable[..., Any], size: float) -> Callable[..., Any]:
    """`Polynomial.fit` with relative errors in the coefficients."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        polynomial = fit(*args, **kwargs)
        polynomial.coef = disturbed(lambda: polynomial.coef, size)()
        return polynomial

    return wrapper


# (elementary functions, linear algebra): other libraries and processors differ by a few units in
# the last place (1e-15), in a least-squares step after summing by some more. The second case
# shows that the disturbance reaches the file.
@pytest.mark.parametrize(("sizes", "same_file"), [((2e-15, 1e-12), True), ((1e-6, 1e-6), False)])
def test_last_bits_of_the_machine_decide_nothing(
    monkeypatch: pytest.MonkeyPatch, sizes: tuple[float, float], same_file: bool
) -> None:
    elementary, linear_algebra = sizes
    monkeypatch.setattr(np, "exp", disturbed(np.exp, elementary))
    monkeypatch.setattr(np, "sqrt", disturbed(np.sqrt, elementary))
    monkeypatch.setattr(NormalDist, "inv_cdf", disturbed(NormalDist.inv_cdf, elementary))
    monkeypatch.setattr(np.linalg, "lstsq", disturbed(np.linalg.lstsq, linear_algebra))
    monkeypatch.setattr(Polynomial, "fit", disturbed_fit(Polynomial.fit, linear_algebra))
    content = sample_as_csv(generate_merchant_sample(REPORT_TARGETS, PLATFORM))
    assert (content == SEED.read_bytes()) is same_file


@st.composite
def other_targets(draw: st.DrawFn) -> Targets:
    """Results that another platform could publish, with the decimals of the report."""
    b0 = Decimal(draw(st.integers(7_000, 9_000))).scaleb(-3)
    b1 = Decimal(draw(st.integers(50, 70))).scaleb(-3)
    b2 = -Decimal(draw(st.integers(10, 30))).scaleb(-7)
    mean = draw(st.integers(100, 200))
    jobs_wan = round(REPORT_TARGETS.total_turnover_wan_yuan / (b0 + b1 * mean + b2 * mean**2), -3)
    return Targets(b0, b1, b2, REPORT_TARGETS.total_turnover_wan_yuan, jobs_wan.scaleb(-4))


@settings(max_examples=15, deadline=None)
@given(targets=other_targets())
def test_other_targets_are_returned_as_well(targets: Targets) -> None:
    sample = generate_merchant_sample(targets, PLATFORM)
    coefficients = ols(sample).params
    for estimate, published in zip(coefficients, targets.coefficients, strict=True):
        assert round(Decimal(estimate), -int(published.as_tuple().exponent)) == published
    mean = sample["turnover_wan_yuan"].mean()
    jobs_wan = GMV_WAN_YUAN / (coefficients @ [1, mean, mean**2]) / 10_000
    assert jobs_wan == pytest.approx(float(targets.jobs_wan), abs=0.005)  # as above


def test_mean_turnover_is_the_smaller_root() -> None:
    # f(x) = 2 + x - x^2 / 100 is 10 at 8.769 and at 91.231 (roots of x^2 - 100 x + 800 = 0)
    targets = Targets(Decimal(2), Decimal(1), Decimal("-0.01"), Decimal(1_000_000), Decimal(10))
    assert targets.mean_turnover == pytest.approx(50 - 1700**0.5, rel=1e-14)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"jobs_wan": Decimal(800)}, "no turnover gives 800 万 jobs on the published curve"),
        ({"jobs_wan": Decimal(16)}, "no turnover gives 16 万 jobs on the published curve"),
        ({"turnover": Decimal("-0.059")}, "no turnover gives 372.9 万 jobs on the published curve"),
        ({"jobs_wan": Decimal(740)}, "the mean turnover, 8.68 万元, is below 10.0"),
        ({"turnover_squared": Decimal("-0.00002")}, "the targets give merchants with negative"),
    ],
)
def test_impossible_targets_are_refused(changes: dict[str, Decimal], message: str) -> None:
    with pytest.raises(CalibrationError, match=message) as refusal:
        generate_merchant_sample(replace(REPORT_TARGETS, **changes), PLATFORM)
    assert "\n" not in str(refusal.value)


def test_a_sample_that_misses_a_coefficient_is_refused() -> None:
    # turnover in cents cannot return a coefficient to 7 digits
    targets = replace(REPORT_TARGETS, intercept=Decimal("7.823000"))
    with pytest.raises(
        CalibrationError, match=r"the sample returns 7\.82\d+ where 7\.823000 is due"
    ):
        generate_merchant_sample(targets, PLATFORM)


def test_a_sample_that_misses_the_jobs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "JOBS_TOLERANCE_WAN", Decimal("0.00001"))
    with pytest.raises(CalibrationError, match=r"the sample returns 372\.\d{4} 万 jobs where"):
        generate_merchant_sample(REPORT_TARGETS, PLATFORM)


def test_a_shift_that_does_not_settle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "SHIFT_ITERATIONS", 1)
    with pytest.raises(CalibrationError, match="no smooth shift"):
        generate_merchant_sample(REPORT_TARGETS, PLATFORM)


def test_command_writes_the_seed_and_checks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sample.csv"
    assert synthetic.main([PLATFORM, "--output", str(path)]) == 0
    assert path.read_bytes() == SEED.read_bytes()
    assert synthetic.main([PLATFORM, "--output", str(path), "--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_reports_a_changed_cell_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sample.csv"
    changed = SEED.read_bytes().replace(b"apparel", b"food", 1)
    path.write_bytes(changed)
    assert synthetic.main([PLATFORM, "--output", str(path), "--check"]) == 1
    assert capsys.readouterr() == ("", f"{path}: differs from a fresh generation\n")
    assert path.read_bytes() == changed


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_an_unreachable_file_is_reported_in_one_line(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing" / "sample.csv"
    assert synthetic.main([PLATFORM, "--output", str(path), *options]) == 1
    assert capsys.readouterr() == ("", f"{path}: No such file or directory\n")
