"""Tests of the assumptions behind the fit of equation 2.1, from the same moments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
from scipy.special import chdtrc, fdtrc

from platform_employment.fit.moments import (
    ARITHMETIC,
    SCANNED_TOLERANCE,
    TERMS,
    CollinearError,
    Moments,
    hankel,
    least_squares,
    with_productivity,
)

# Of a sum of squares, what the rounding of the power sums leaves where there is nothing, with room.
_NEGLIGIBLE = Decimal("1e-12")


@dataclass(frozen=True)
class Test:
    """A test statistic and the probability of a larger one if the assumption holds."""

    statistic: float
    p_value: float


def breusch_pagan(moments: Moments) -> Test | None:
    """Do squared residuals depend on turnover? Koenker's form, which needs no normal errors.

    n R^2 of the regression of e^2 on 1, x, x^2, with n merchants, has a chi-squared distribution
    with two degrees of freedom if all errors have one variance. None where merchants have different
    survey weights, for which it is not defined, and where squared residuals differ by rounding
    only.
    """
    if not _has_equal_weights(moments):
        return None
    terms = len(TERMS)
    with localcontext(ARITHMETIC):
        z = with_productivity(moments, moments.sums)
        gram = hankel(z[0])
        d = least_squares(gram, z[1][:terms], z[2][0]).coefficients
        # e = z - d(u): sums of e^2 u^k and of e^4, by powers of z
        minus = [np.array([Decimal(1)])]
        for _ in range(4):
            minus.append(np.convolve(minus[-1], -d))
        squares = np.array(
            [
                z[2][k] + 2 * _total(minus[1], z[1][k:]) + _total(minus[2], z[0][k:])
                for k in range(terms)
            ]
        )
        fourth_powers = sum(
            (binomial * _total(minus[4 - p], z[p]) for p, binomial in enumerate((1, 4, 6, 4, 1))),
            start=Decimal(0),
        )
        explained = least_squares(gram, squares, fourth_powers)
        total = fourth_powers - squares[0] ** 2 / z[0][0]
        if total <= _NEGLIGIBLE * fourth_powers:
            return None
        statistic = float(moments.merchants * (1 - explained.rss / total))
    return Test(statistic, float(chdtrc(terms - 1, statistic)))


def reset(moments: Moments) -> Test | None:
    """Is a quadratic enough? Ramsey's RESET with the square of the fitted values.

    F of that regressor beside 1, x, x^2, with 1 and n - 4 degrees of freedom. None where merchants
    have different survey weights or are too few, where their square is a combination of the others,
    as with three turnovers, and where the wider curve passes through every merchant.
    """
    terms = len(TERMS)
    if not _has_equal_weights(moments) or moments.merchants <= terms + 1:
        return None
    with localcontext(ARITHMETIC):
        z = with_productivity(moments, moments.sums)
        plain = least_squares(hankel(z[0]), z[1][:terms], z[2][0])
        square = np.convolve(plain.coefficients, plain.coefficients)
        regressors = [np.array([Decimal(0)] * k + [Decimal(1)]) for k in range(terms)] + [square]
        gram = np.array([[_total(np.convolve(a, b), z[0]) for b in regressors] for a in regressors])
        cross = np.array([_total(a, z[1]) for a in regressors])
        try:
            wider = least_squares(gram, cross, z[2][0], SCANNED_TOLERANCE)
        except CollinearError:
            return None
        if wider.rss <= _NEGLIGIBLE * z[2][0]:
            return None
        freedom = moments.merchants - terms - 1
        statistic = float((plain.rss - wider.rss) / wider.rss * freedom)
    return Test(statistic, float(fdtrc(1, freedom, statistic)))


def _has_equal_weights(moments: Moments) -> bool:
    # sum of w, squared, over n times the sum of w^2 is 1 for equal weights only
    return bool(moments.sums[0, 0] ** 2 == moments.merchants * moments.squared[0, 0])


def _total(polynomial: np.ndarray, sums: np.ndarray) -> Decimal:
    """Sum of a polynomial of u over the merchants, from the sums of its powers."""
    return Decimal(polynomial @ sums[: len(polynomial)])
