"""The placebo of equation 2.1 against refits by statsmodels, and draws of its own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from conftest import PROJECT_DIR

from platform_employment.fit.placebo import PERMUTATIONS, SEED, design_of, fits_of, placebo_fits

Floats = npt.NDArray[np.float64]


def merchants(number: int = 60, weighted: bool = True) -> pd.DataFrame:
    random = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "platform_id": "a",
            "sample_id": "s",
            "industry_code": np.where(np.arange(number) % 3, "food", "home"),
            "merchant_id": [f"m{i:03}" for i in range(number)],
            "turnover_wan_yuan": np.round(np.exp(4 + random.standard_normal(number)), 2),
            "headcount": random.integers(1, 40, number),
            "survey_weight": random.choice([0.5, 1.0, 3.25], number) if weighted else 1.0,
        }
    )


def refitted(turnover: Floats, headcount: Floats, weight: Floats) -> tuple[float, float]:
    design = np.column_stack([np.ones_like(turnover), turnover, turnover**2])
    fit = sm.WLS(turnover / headcount, design, weights=weight).fit(method="qr")
    return fit.rsquared, fit.params[1]


@pytest.mark.parametrize("weighted", [True, False])
def test_each_fit_is_that_of_statsmodels(weighted: bool) -> None:
    sample = merchants(weighted=weighted)
    turnover = sample["turnover_wan_yuan"].to_numpy()
    weight = sample["survey_weight"].to_numpy()
    random = np.random.default_rng(1)
    dealt = np.stack([random.permutation(sample["headcount"].to_numpy(float)) for _ in range(20)])
    ours = np.column_stack(fits_of(design_of(turnover, weight), dealt))
    expected = [refitted(turnover, headcount, weight) for headcount in dealt]
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


@pytest.mark.parametrize("industry_code", ["all", "food", "home"])
def test_a_row_sums_up_the_refits_of_its_merchants(industry_code: str) -> None:
    sample = merchants()
    found = placebo_fits(sample.sample(frac=1, random_state=3)).set_index("industry_code")
    row = found.loc[industry_code]
    own = sample if industry_code == "all" else sample[sample["industry_code"] == industry_code]
    turnover, weight = (own[name].to_numpy() for name in ("turnover_wan_yuan", "survey_weight"))
    headcount = own["headcount"].to_numpy(dtype=float)
    random = np.random.default_rng(SEED)
    refits = np.array(
        [refitted(turnover, random.permutation(headcount), weight) for _ in range(PERMUTATIONS)]
    )
    r_squared, b1 = refitted(turnover, headcount, weight)
    expected = {
        "placebo_merchants": len(own),
        "drawn_r_squared": r_squared,
        "placebo_r_squared": refits[:, 0].mean(),
        "placebo_r_squared_low": np.percentile(refits[:, 0], 2.5),
        "placebo_r_squared_high": np.percentile(refits[:, 0], 97.5),
        "drawn_turnover": b1,
        "placebo_turnover": refits[:, 1].mean(),
        "placebo_turnover_low": np.percentile(refits[:, 1], 2.5),
        "placebo_turnover_high": np.percentile(refits[:, 1], 97.5),
        "placebo_p_value": np.mean(np.append(refits[:, 0], r_squared) >= r_squared),
    }
    for name, value in expected.items():
        np.testing.assert_allclose(row[name], value, rtol=1e-8, err_msg=name)


def test_the_shipped_sample_has_a_placebo_far_from_zero() -> None:
    """Against 4,000 other draws, within three standard errors of the 999 of the product."""
    sample = pd.read_csv(PROJECT_DIR / "seeds/survey/merchant_sample.csv")
    row = placebo_fits(sample).set_index("industry_code").loc["all"]
    x = sample["turnover_wan_yuan"].to_numpy(dtype=float)
    y = sample["headcount"].to_numpy(dtype=float)
    assert (sample["survey_weight"] == 1).all()
    random = np.random.default_rng(20)
    shares, slopes = [], []
    for _ in range(4_000):
        z = x / random.permutation(y)
        b2, b1, b0 = np.polyfit(x, z, 2)
        shares.append(1 - np.var(z - (b0 + b1 * x + b2 * x * x)) / np.var(z))
        slopes.append(b1)
    for values, name in ((shares, "placebo_r_squared"), (slopes, "placebo_turnover")):
        error = np.std(values) * np.hypot(PERMUTATIONS**-0.5, len(values) ** -0.5)
        assert abs(row[name] - np.mean(values)) < 3 * error
        # a limit is left by 25 draws of the 999, give or take 5
        for limit, share in (("low", 0.025), ("high", 0.975)):
            assert abs(np.mean(np.array(values) <= row[f"{name}_{limit}"]) - share) < 0.018
    assert row["drawn_r_squared"] > 0.9
    assert 0.45 < row["placebo_r_squared"] < 0.65
    assert row["placebo_p_value"] == 1 / (1 + PERMUTATIONS)


def test_noise_is_not_told_from_its_placebo() -> None:
    found = placebo_fits(merchants(300)).set_index("industry_code")
    assert (found["placebo_p_value"] > 0.05).all()


def test_what_cannot_be_fitted_has_no_row() -> None:
    few = merchants(9).assign(industry_code=["home"] * 3 + ["food"] * 6)
    two = merchants(8).assign(sample_id="two", turnover_wan_yuan=[1.0, 2.0] * 4)
    found = placebo_fits(pd.concat([few, two, two.assign(sample_id="one", turnover_wan_yuan=5.0)]))
    assert found[["sample_id", "industry_code"]].to_numpy().tolist() == [
        ["s", "all"],
        ["s", "food"],
    ]
    assert placebo_fits(merchants(3)).empty
