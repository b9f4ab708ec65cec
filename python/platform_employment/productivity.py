"""Labour productivity of merchants: the OLS fit of equation 2.1 of the report.

Equation 2.1 (report, chapter 2) explains a merchant's productivity by its turnover:

    x_i / y_i = b0 + b1 x_i + b2 x_i^2 + e_i

with x_i the yearly online turnover in 万元 and y_i the headcount. Merchants are not weighted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

SAMPLE_KEY = ["platform_id", "sample_id"]
MEASURES = ["turnover_wan_yuan", "headcount"]
TERMS = ["intercept", "turnover", "turnover_squared"]
COV_TYPES = ["nonrobust", "HC1", "HC3"]
SIGNIFICANCE_LEVEL = 0.05  # of the 95 % confidence intervals

# Sizes far beyond anything real, within which no step of the fit overflows or underflows.
SMALLEST_SIZE, LARGEST_SIZE = 1e-50, 1e50
MIN_MERCHANTS = 4  # three coefficients and one degree of freedom
# Productivities that agree to ten digits count as equal, and a curve that meets them to ten digits
# as exact: errors estimated from what is left would be rounding.
ROUNDING_TOLERANCE = 1e-10
# Share of a regressor that the ones before it leave unexplained. At this share rounding in the
# regressors (1e-16) reaches the twelfth digit of the results. The heaviest tails leave a hundred
# times more; only turnovers that lie in two clumps leave less.
COLLINEARITY_TOLERANCE = 1e-4
# HC3 divides by 1 - leverage, which rounding leaves uncertain by up to 1e-15: at this distance from
# one it keeps seven digits, and the curve passes through that merchant whatever its headcount.
LEVERAGE_TOLERANCE = 1e-8


class UnusableSampleError(ValueError):
    """A merchant sample on which equation 2.1 cannot be fitted; the message says which and why."""


@dataclass(frozen=True)
class _Basis:
    """Orthonormal regressors that span (1, x, x^2), and the way back.

    `regressors @ a` equals `[1, x, x^2] @ (to_terms @ a)`: n x 3 and 3 x 3.
    """

    regressors: Floats
    to_terms: Floats


def fit_merchant_productivity(sample: pd.DataFrame) -> pd.DataFrame:
    """Fit equation 2.1 by OLS to each sample.

    The regressors 1, x, x^2 are nearly collinear in their own units (condition number above 1e6 on
    turnover in 万元), which costs the default fit of statsmodels up to all of its digits. So the
    model is fitted on orthonormal polynomials of centred and scaled turnover, where the
    condition number is 1, and the results are carried back by the exact linear map between the
    two sets of coefficients: the same model, estimates, errors and tests.

    Args:
        sample: one row per merchant: `platform_id`, `sample_id`, `turnover_wan_yuan` (万元 a
            year), `headcount` (people). Other columns are ignored, and so is the order of rows.

    Returns:
        One row per sample x `cov_type` (`nonrobust`, `HC1`, `HC3`) x `term` (`intercept` in 万元 a
        person, `turnover` per person, `turnover_squared` per person and 万元), with `estimate`,
        `std_error`, `statistic`, `p_value`, `conf_low` and `conf_high` (95 %), and, the same for
        all rows of a sample, `nobs`, `df_resid`, `r_squared` and `condition_number` (of the matrix
        [1, x, x^2]). As in statsmodels, tests and intervals rest on Student's t with `df_resid`
        degrees of freedom for `nonrobust`, on the normal distribution for `HC1` and `HC3`.

    Raises:
        UnusableSampleError: columns or rows are missing, a turnover or headcount is not a positive
            finite number, or the sample does not determine the coefficients and their errors.
    """
    missing = [name for name in SAMPLE_KEY + MEASURES if name not in sample.columns]
    if missing:
        raise UnusableSampleError(f"merchant sample lacks the columns: {', '.join(missing)}")
    if sample.empty:
        raise UnusableSampleError("merchant sample has no rows")
    if sample[SAMPLE_KEY].isna().to_numpy().any():
        raise UnusableSampleError("merchant sample has rows without platform_id or sample_id")

    fits = {}
    for (platform_id, sample_id), merchants in sample.groupby(SAMPLE_KEY):
        try:
            fits[platform_id, sample_id] = _fit_sample(*_turnover_and_headcount(merchants))
        except UnusableSampleError as error:
            raise UnusableSampleError(
                f"merchant sample {sample_id} of platform {platform_id}: {error}"
            ) from None
    keyed = pd.concat(fits, names=SAMPLE_KEY)
    return keyed.reset_index(level=SAMPLE_KEY).reset_index(drop=True)


def _turnover_and_headcount(merchants: pd.DataFrame) -> tuple[Floats, Floats]:
    """The two measures as floats, sorted, so that the fit does not depend on the order of rows."""
    numbers = merchants[MEASURES].apply(pd.to_numeric, errors="coerce")
    turnover, headcount = numbers.to_numpy(dtype=np.float64, na_value=np.nan).T
    for name, values in zip(MEASURES, (turnover, headcount), strict=True):
        # in this form a NaN counts as unusable
        unusable = np.sum(~((values >= SMALLEST_SIZE) & (values <= LARGEST_SIZE)))
        if unusable:
            raise UnusableSampleError(
                f"{unusable} of {len(values)} values of {name} are not positive finite numbers"
            )
    order = np.lexsort((headcount, turnover))
    return turnover[order], headcount[order]


def _fit_sample(turnover: Floats, headcount: Floats) -> pd.DataFrame:
    """The fit of one sample, as in `fit_merchant_productivity` without the key columns."""
    # Here, not above: this import takes 0.9 s on top of pandas (statsmodels.api 1.3 s), and whoever
    # loads the module without fitting should not wait for it.
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415

    productivity = turnover / headcount
    _require_variation(turnover, productivity)
    basis = _orthonormal_basis(turnover)
    plain = OLS(productivity, basis.regressors, hasconst=True).fit()
    if np.abs(plain.resid).max() <= ROUNDING_TOLERANCE * productivity.max():
        raise UnusableSampleError("the curve passes through every merchant")
    of_the_sample = {
        "nobs": int(plain.nobs),
        "df_resid": int(plain.df_resid),
        "r_squared": plain.rsquared,
        "condition_number": _condition_number(turnover, basis),
    }

    # A term is a combination of the regressors' coefficients. For each term the regressors are
    # turned until one of them carries it alone: its variance is then a sum of squares, where a
    # difference of large numbers would lose the small variances of a heavy-tailed sample.
    models = []
    for term, combination in zip(TERMS, basis.to_terms, strict=True):
        rotation, contrast = np.linalg.qr(combination[:, np.newaxis], mode="complete")
        model = OLS(productivity, basis.regressors @ rotation, hasconst=True)
        models.append((term, model, contrast.T))

    rows = []
    for cov_type in COV_TYPES:
        for term, model, contrast in models:
            test = model.fit(cov_type=cov_type).t_test(contrast)
            conf_low, conf_high = test.conf_int(alpha=SIGNIFICANCE_LEVEL)[0]
            rows.append(
                {
                    "cov_type": cov_type,
                    "term": term,
                    "estimate": test.effect.item(),
                    "std_error": test.sd.item(),
                    "statistic": test.statistic.item(),
                    "p_value": test.pvalue.item(),
                    "conf_low": conf_low,
                    "conf_high": conf_high,
                    **of_the_sample,
                }
            )
    return pd.DataFrame(rows)


def _require_variation(turnover: Floats, productivity: Floats) -> None:
    """Raise UnusableSampleError if the sample is too small or too uniform for a quadratic."""
    if len(turnover) < MIN_MERCHANTS:
        raise UnusableSampleError(f"only {len(turnover)} merchants, the fit needs {MIN_MERCHANTS}")
    distinct = len(np.unique(turnover))
    if distinct < len(TERMS):
        raise UnusableSampleError(f"only {distinct} distinct turnovers, a quadratic needs 3")
    if np.ptp(productivity) <= ROUNDING_TOLERANCE * productivity.max():
        raise UnusableSampleError("all merchants have the same turnover per head")


def _orthonormal_basis(turnover: Floats) -> _Basis:
    """Orthonormal polynomials of degree 0 to 2 on the given turnovers.

    With u = (x - centre) / scale and [1, u, u^2] = Q R, the regressors are Q, and the coefficients
    of 1, x, x^2 are M R^-1 times those of Q, where M expands the powers of u in powers of x.

    Raises:
        UnusableSampleError: the turnovers are too close to two values, or one merchant alone
            decides a coefficient.
    """
    centre = turnover.mean()
    scale = np.abs(turnover - centre).max()
    powers = np.vander((turnover - centre) / scale, len(TERMS), increasing=True)
    regressors, triangle = np.linalg.qr(powers)

    unexplained = np.abs(np.diag(triangle)) / np.linalg.norm(powers, axis=0)
    if unexplained.min() < COLLINEARITY_TOLERANCE:
        raise UnusableSampleError("turnovers are too close to two values to fit a quadratic")
    leverage = (regressors**2).sum(axis=1)
    if 1 - leverage.max() < LEVERAGE_TOLERANCE:
        raise UnusableSampleError(
            f"one merchant, of turnover {turnover[leverage.argmax()]}, decides a coefficient alone"
        )

    shift = -centre / scale
    expansion = np.array(
        [
            [1, shift, shift**2],
            [0, 1 / scale, 2 * shift / scale],
            [0, 0, 1 / scale**2],
        ]
    )
    return _Basis(regressors, to_terms=expansion @ np.linalg.inv(triangle))


def _condition_number(turnover: Floats, basis: _Basis) -> float:
    """Largest over smallest singular value of X = [1, x, x^2].

    The smallest one is 1 / ||to_terms||, as X = regressors @ to_terms^-1: this holds beyond 1e16,
    where the singular values of X itself do not.
    """
    design = np.vander(turnover, len(TERMS), increasing=True)
    return float(np.linalg.norm(design, ord=2) * np.linalg.norm(basis.to_terms, ord=2))
