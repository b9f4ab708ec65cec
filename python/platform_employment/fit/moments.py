"""The fit of equation 2.1 from power sums, for samples of any size.

Equation 2.1 (report, chapter 2) explains a merchant's productivity by its turnover:

    x_i / y_i = b0 + b1 x_i + b2 x_i^2 + e_i

with x_i the yearly online turnover in 万元 and y_i the headcount, by least squares, weighted by
w_i in a survey with weights. Given y, the left side is linear in x, and so is e_i a polynomial in
x: every sum of the fit is a combination of

    S(p, k) = sum_i w_i u_i^k y_i^-p,    x = lowest + range u,    0 <= u <= 1,

which the macro `merchant_moments` takes in one scan. The sums are whole numbers, so they do not
depend on the order of rows or the number of threads, and samples add up. From there on all is done
in decimal arithmetic of 60 digits. So all that separates the result from the exact fit is rounding
in the scan: of u, which is as if each x were off by 2e-16 of its distance to the lowest one, and
of the powers of u, which has a bound that is carried through to the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Context, Decimal, localcontext
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Decimals = npt.NDArray[np.object_]  # of Decimal

TERMS = ["intercept", "turnover", "turnover_squared"]
MIN_MERCHANTS = 4  # three coefficients and one degree of freedom
# Productivities that agree to ten digits count as equal, and a curve that meets them to ten digits
# as exact: errors estimated from what is left would be rounding.
ROUNDING_TOLERANCE = 1e-10
# Enough for the 27 digits of a sum over 10^8 rows, twice over and with room for cancellation.
ARITHMETIC = Context(prec=60)
MAX_POWER = 8
# As in the macro: a power is a whole number of 2^-62, in units of 256^-size_class of the range.
SUM_UNIT = Decimal(2.0**-62)
CLASS_RATIO = 256
DOUBLE_ROUNDING = Decimal(2.0**-53)
# Negative powers of the headcount in the table of sums, a row each. The fit takes the first three,
# the fourth power of its residuals all five.
MAX_HEADCOUNT_POWER = 4
FITTED_POWERS = 3
# Digits that must be certain in spite of the worst rounding in the scan. The bound assumes that
# all roundings go the worst way; as they do not, a result that passes has three or more beyond it.
MIN_CERTAIN_DIGITS = 6
# Share of a regressor that those before it leave unexplained, below which they determine it:
# rounding leaves about 1e-16 of it in the sums of a scan, and 1e-60 in exact ones.
SCANNED_TOLERANCE, EXACT_TOLERANCE = Decimal("1e-13"), Decimal("1e-50")


class UnusableSampleError(ValueError):
    """A merchant sample on which equation 2.1 cannot be fitted; the message says which and why."""


class CollinearError(UnusableSampleError):
    """A regressor, by its position, is a combination of those before it."""

    def __init__(self, position: int) -> None:
        """The error of the regressor at this position, from 0."""
        super().__init__(f"regressor {position + 1} is a combination of those before it")
        self.position = position


@dataclass(frozen=True, eq=False)
class Moments:
    """Power sums of a sample: `sums[p, k]` is S(p, k), p from 0 to 4, k from 0 to 8.

    `squared` has w_i^2 in place of w_i, for the variances of weighted estimates. `error` and
    `squared_error` are upper bounds of the rounding in each. `lowest` and `span` are in 万元.
    """

    merchants: int
    lowest: Decimal
    span: Decimal
    sums: Decimals
    squared: Decimals
    error: Decimals
    squared_error: Decimals


@dataclass(frozen=True, eq=False)
class ProductivityFit:
    """Least squares fit of equation 2.1 in the units of the report.

    Args:
        params: b0 (万元 a person), b1 (per person), b2 (per person and 万元): 3.
        cov_nonrobust: covariance of params if errors have one variance: 3 x 3.
        cov_hc1: heteroskedasticity-robust covariance of White with n / (n - 3): 3 x 3.
        rss: weighted residual sum of squares, (万元 a person)^2.
        r_squared: centred coefficient of determination.
        nobs: merchants.
        df_resid: nobs - 3.
        condition_number: of the matrix [1, u, u^2] with columns of length one.
        certain_digits: digits that a bound on the rounding of the power sums guarantees in params,
            relative to the larger of estimate and standard error, and in the standard errors, for
            turnovers that may be off by 2e-16 of their distance to the lowest one.
        mean_turnover: weighted mean of x, 万元.
        mean_turnover_variance: its variance over samples of independent merchants.
        mean_turnover_covariance: its covariance with params over such samples: 3.
        mean_productivity: the curve at the mean turnover, 万元 a person.
        mean_productivity_std_error: by the delta method, from cov_hc1, the variance of the mean
            turnover and their covariance.
    """

    params: Floats
    cov_nonrobust: Floats
    cov_hc1: Floats
    rss: float
    r_squared: float
    nobs: int
    df_resid: int
    condition_number: float
    certain_digits: float
    mean_turnover: float
    mean_turnover_variance: float
    mean_turnover_covariance: Floats
    mean_productivity: float
    mean_productivity_std_error: float

    def results(self, cov_type: str = "nonrobust", cov_hc3: Floats | None = None) -> Any:
        """Inference by statsmodels: bse, tvalues, pvalues, conf_int(), t_test(), wald_test().

        As in statsmodels, tests rest on Student's t with df_resid degrees of freedom for
        `nonrobust` and on the normal distribution for `HC1` and `HC3`.

        Args:
            cov_type: `nonrobust`, `HC1` or `HC3`.
            cov_hc3: covariance of params by a second scan, which `HC3` needs: 3 x 3.

        Raises:
            ValueError: another cov_type, or `HC3` without its covariance.
        """
        # Here, not above: the import takes a second, which who only loads this should not wait for.
        from statsmodels.base.model import LikelihoodModelResults  # noqa: PLC0415

        covariances = {"nonrobust": self.cov_nonrobust, "HC1": self.cov_hc1}
        if cov_hc3 is not None:
            covariances["HC3"] = cov_hc3
        if cov_type not in covariances:
            raise ValueError(f"cov_type {cov_type!r} is not one of {', '.join(covariances)}")
        model = SimpleNamespace(data=SimpleNamespace(cov_names=TERMS), exog_names=TERMS)
        results = LikelihoodModelResults(
            model, self.params, covariances[cov_type], use_t=cov_type == "nonrobust"
        )
        results.df_resid = self.df_resid
        return results


def moments_from_rows(rows: Iterable[Mapping[str, Any]]) -> Moments:
    """The moments of one sample from its rows of `merchant_moments`; their order does not matter.

    Args:
        rows: with the columns of the macro, its sums as `int` or `Decimal`. Names of samples and
            blocks are ignored, `survey_weight` may be absent.

    Raises:
        UnusableSampleError: there are no rows, or merchants lack turnover, headcount or weight, or
            have a headcount or weight that is not positive.
        ValueError: the rows come from samples with different ranges of turnover.
        TypeError: the sums have been through floating point, as they are after `.df()`.
    """
    cells = [_read_cell(row) for row in rows]
    if not cells:
        raise UnusableSampleError("merchant sample has no rows")
    units = {(cell.lowest, cell.span) for cell in cells}
    if len(units) > 1:
        raise ValueError("moments of samples with different ranges of turnover do not add up")
    (lowest, span) = units.pop()

    shape = (MAX_HEADCOUNT_POWER + 1, MAX_POWER + 1)
    sums, squared, error, squared_error = (np.full(shape, Decimal(0)) for _ in range(4))
    with localcontext(ARITHMETIC):
        # sorted, as sums of 60 digits depend on their order in the last one
        cells.sort(key=lambda cell: (cell.weight, cell.headcount, cell.size_class))
        for weight, group in groupby(cells, key=lambda cell: cell.weight):
            alike = list(group)
            factors = np.array(
                [[1 / cell.headcount**p for cell in alike] for p in range(MAX_HEADCOUNT_POWER + 1)]
            )
            powers = factors @ np.array([cell.powers for cell in alike])
            rounding = factors @ np.array([cell.error for cell in alike])
            sums += weight * powers
            squared += weight**2 * powers
            error += weight * rounding
            squared_error += weight**2 * rounding
    return Moments(
        merchants=sum(cell.merchants for cell in cells),
        lowest=lowest,
        span=span,
        sums=sums,
        squared=squared,
        error=error,
        squared_error=squared_error,
    )


def pooled(parts: Sequence[Moments]) -> Moments:
    """The moments of samples with ranges of their own, as those of one sample.

    With v the position in a part's range, u = shift + scale v, so a power of u is a sum of powers
    of v: of positive terms, which costs no digits.
    """
    if len(parts) == 1:
        return parts[0]
    with localcontext(ARITHMETIC):
        lowest = min(part.lowest for part in parts)
        # as the macro would have it, a double
        span = Decimal(float(max(part.lowest + part.span for part in parts) - lowest))
        expansions = [
            powers_of_sum((part.lowest - lowest) / span, part.span / span) for part in parts
        ]
        tables = {
            name: sum(getattr(part, name) @ t.T for part, t in zip(parts, expansions, strict=True))
            for name in ("sums", "squared", "error", "squared_error")
        }
    merchants = sum(part.merchants for part in parts)
    return Moments(merchants=merchants, lowest=lowest, span=span, **tables)


def powers_of_sum(shift: Decimal, scale: Decimal, highest: int = MAX_POWER) -> Decimals:
    """Row k: (shift + scale v)^k as a polynomial of v, by power of v, for k up to `highest`."""
    row = np.array([Decimal(1)] + [Decimal(0)] * highest)
    rows = [row]
    for _ in range(highest):
        row = shift * row + scale * np.concatenate([[Decimal(0)], row[:-1]])
        rows.append(row)
    return np.array(rows)


def fit_from_moments(moments: Moments) -> ProductivityFit:
    """Equation 2.1 by (weighted) least squares, with its inference.

    With G the matrix of the S(0, j + k), the coefficients of 1, u, u^2 are d = G^-1 Z with
    Z_j = sum w u^j x/y, and RSS = sum w (x/y)^2 - d'Z. The middle of HC1 is
    sum w^2 e^2 u^(j + k), expanded in the same sums.

    Raises:
        UnusableSampleError: fewer than four merchants, fewer than three turnovers, productivity
            that is constant or follows the curve exactly, or too few digits left by rounding.
    """
    if moments.merchants < MIN_MERCHANTS:
        raise UnusableSampleError(
            f"only {moments.merchants} merchants, the fit needs {MIN_MERCHANTS}"
        )
    with localcontext(ARITHMETIC):
        gram = hankel(moments.sums[0])
        inverse = _inverse_of_turnovers(gram)
        exact = _statistics(moments)
        error = _error_bound(moments, exact)
        # productivities that agree to ten digits count as equal: u is a rounded number too
        negligible = Decimal(ROUNDING_TOLERANCE) ** 2 * exact.square
        if exact.tss <= error.tss + negligible:
            raise UnusableSampleError("all merchants have the same turnover per head")
        if exact.rss <= error.rss + negligible:
            raise UnusableSampleError("the curve passes through every merchant")
        certain_digits = _certain_digits(exact, error)
        if certain_digits < MIN_CERTAIN_DIGITS:
            raise UnusableSampleError(
                f"only {max(certain_digits, 0):.0f} digits of the fit are certain: turnovers are"
                " close to two values, one merchant decides alone, or the curve is all but exact"
            )
        length = np.array([value.sqrt() for value in np.diag(gram)], dtype=object)
        scaling = np.outer(length, length)
        return ProductivityFit(
            params=exact.params.astype(np.float64),
            cov_nonrobust=exact.cov_nonrobust.astype(np.float64),
            cov_hc1=exact.cov_hc1.astype(np.float64),
            rss=float(exact.rss),
            r_squared=float(1 - exact.rss / exact.tss),
            nobs=moments.merchants,
            df_resid=moments.merchants - len(TERMS),
            condition_number=_condition_number(gram / scaling, inverse * scaling),
            certain_digits=certain_digits,
            mean_turnover=float(exact.mean),
            mean_turnover_variance=float(exact.mean_variance),
            mean_turnover_covariance=exact.mean_covariance.astype(np.float64),
            mean_productivity=float(exact.at_mean),
            mean_productivity_std_error=float(max(exact.at_mean_variance, Decimal(0)).sqrt()),
        )


@dataclass(frozen=True, eq=False)
class Polynomials:
    """What a second scan evaluates at each merchant's u = (x - lowest) / span, to be summed up.

    Args:
        lowest, span: of the turnovers, 万元.
        fitted: coefficients of 1, u, u^2 of the curve: 3.
        orthonormal: row j has those of a polynomial of degree j; sum w q_j q_k is 1 if j = k, else
            0, so that a merchant's leverage is w (q_0^2 + q_1^2 + q_2^2): 3 x 3.
        covariance: HC1 covariance of the coefficients of these in the curve, whose variance at a
            turnover is the sum of covariance_jk q_j q_k: 3 x 3.
        influence: row t has those of a polynomial a_t with sum w a_t^2 = 1: the estimate of term t
            is the sum of w a_t x/y times its `influence_scale`: 3 x 3.
        influence_scale: standard error of each term for errors of variance one: 3.
    """

    lowest: Decimal
    span: float
    fitted: Floats
    orthonormal: Floats
    covariance: Floats
    influence: Floats
    influence_scale: Floats


def polynomials(moments: Moments) -> Polynomials:
    """The curve, its leverage and its influence as polynomials of u; the sample can be fitted.

    Each is worked out exactly before it is rounded: with the orthonormal ones alone, the variance
    of a term could be a small difference of large numbers.
    """
    with localcontext(ARITHMETIC):
        gram = hankel(moments.sums[0])
        fit = least_squares(
            gram, with_productivity(moments, moments.sums)[1][: len(TERMS)], Decimal(0)
        )
        hc1 = _cov_hc1(moments, fit, with_productivity(moments, moments.squared))
        influence = _expansion(moments) @ fit.inverse
        scale = np.array([(row @ gram @ row).sqrt() for row in influence])
        orthonormal = _orthonormal(gram)
        # from coefficients of 1, u, u^2 to those of q_0, q_1, q_2
        change = orthonormal @ gram
        return Polynomials(
            lowest=moments.lowest,
            span=float(moments.span),
            fitted=fit.coefficients.astype(np.float64),
            orthonormal=orthonormal.astype(np.float64),
            covariance=(change @ hc1 @ change.T).astype(np.float64),
            influence=(influence / scale[:, np.newaxis]).astype(np.float64),
            influence_scale=scale.astype(np.float64),
        )


def _orthonormal(gram: Decimals) -> Decimals:
    """Gram and Schmidt's polynomials: rows with the coefficients of 1, u, u^2."""
    rows: list[Decimals] = []
    for unit in np.eye(len(gram), dtype=int):
        row = np.array([Decimal(int(value)) for value in unit])
        for earlier in rows:
            row = row - (row @ gram @ earlier) * earlier
        rows.append(row / (row @ gram @ row).sqrt())
    return np.array(rows)


@dataclass(frozen=True)
class LeastSquares:
    """Coefficients, inverse of X'X and residual sum of squares of a least squares fit."""

    coefficients: Decimals
    inverse: Decimals
    rss: Decimal


def least_squares(
    gram: Decimals, cross: Decimals, square: Decimal, tolerance: Decimal = EXACT_TOLERANCE
) -> LeastSquares:
    """Least squares for any regressors from X'X (k x k), X'z (k) and z'z, in the current context.

    Raises:
        CollinearError: of a regressor, those before it leave no more than `tolerance` unexplained.
    """
    inverse = _inverse(gram, tolerance)
    coefficients = inverse @ cross
    return LeastSquares(coefficients, inverse, rss=square - coefficients @ cross)


@dataclass(frozen=True)
class _Cell:
    """A row of the macro: `powers` is sum u^k over its merchants, `error` bounds its rounding."""

    lowest: Decimal
    span: Decimal
    weight: Decimal
    headcount: Decimal
    size_class: int
    merchants: int
    powers: Decimals
    error: Decimals


@dataclass(frozen=True)
class _Statistics:
    """What ProductivityFit publishes, exact; or bounds on the error of each."""

    params: Decimals
    cov_nonrobust: Decimals
    cov_hc1: Decimals
    rss: Decimal
    tss: Decimal
    square: Decimal
    mean: Decimal
    mean_variance: Decimal
    mean_covariance: Decimals
    at_mean: Decimal
    at_mean_variance: Decimal

    def parts(self) -> list[Any]:
        return [getattr(self, field.name) for field in fields(self)]


def _read_cell(row: Mapping[str, Any]) -> _Cell:
    weight = row.get("survey_weight", 1)
    for name, value in (
        ("turnover", row["size_class"]),
        ("headcount", row["headcount"]),
        ("weight", weight),
    ):
        if value is None or value != value:  # noqa: PLR0124 (NaN)
            raise UnusableSampleError(f"{row['merchants']} merchants have no {name}")
    for name, value in (("headcount", row["headcount"]), ("weight", weight)):
        if not 0 < value < float("inf"):
            raise UnusableSampleError(
                f"{row['merchants']} merchants have a {name} of {value}, which is not positive"
            )
    integers = [row[f"power_{k}"] for k in range(1, MAX_POWER + 1)]
    if any(isinstance(value, float | np.floating) for value in integers):
        raise TypeError("the sums of merchant_moments are whole numbers: read them with fetchall()")

    merchants = int(row["merchants"])
    powers, error = [Decimal(merchants)], [Decimal(0)]
    with localcontext(ARITHMETIC):
        scale = Decimal(1)
        for k, integer in enumerate(integers, start=1):
            scale /= CLASS_RATIO ** int(row["size_class"])
            total = int(integer) * SUM_UNIT
            # the final rounding of each power, and k - 1 roundings of products of doubles
            rounding = merchants * SUM_UNIT / 2 + (k - 1) * DOUBLE_ROUNDING * total
            powers.append(total * scale)
            error.append(rounding * scale)
        if merchants == 1:
            # its turnover is known, and so are its powers, without rounding
            powers = [powers[1] ** k if k else Decimal(1) for k in range(MAX_POWER + 1)]
            error = [Decimal(0)] * len(powers)
    return _Cell(
        lowest=Decimal(row["lowest_wan_yuan"]),
        span=Decimal(row["range_wan_yuan"]),
        weight=Decimal(weight),
        headcount=Decimal(row["headcount"]),
        size_class=int(row["size_class"]),
        merchants=merchants,
        powers=np.array(powers, dtype=object),
        error=np.array(error, dtype=object),
    )


def hankel(sequence: Decimals) -> Decimals:
    """The matrix whose element (j, k) is sequence[j + k]: 3 x 3."""
    terms = range(len(TERMS))
    return np.array([[sequence[j + k] for k in terms] for j in terms], dtype=object)


def _inverse_of_turnovers(gram: Decimals) -> Decimals:
    """Inverse of the matrix of 1, u, u^2, or in words why there is none."""
    try:
        return _inverse(gram, SCANNED_TOLERANCE)
    except CollinearError as error:
        distinct = ("one distinct turnover", "two distinct turnovers")[error.position - 1]
        raise UnusableSampleError(f"only {distinct} up to rounding, a quadratic needs 3") from None


def _inverse(gram: Decimals, tolerance: Decimal) -> Decimals:
    """Inverse of a positive definite matrix by Gauss-Jordan elimination.

    Raises:
        CollinearError: of a regressor, those before it leave unexplained no more than `tolerance`.
    """
    size = len(gram)
    work = np.concatenate([gram, np.array(np.eye(size, dtype=int), dtype=object)], axis=1)
    for j in range(size):
        if work[j, j] <= tolerance * gram[j, j]:
            raise CollinearError(j)
        work[j] = work[j] / work[j, j]
        for i in range(size):
            if i != j:
                work[i] = work[i] - work[i, j] * work[j]
    return work[:, size:]


def with_productivity(moments: Moments, sums: Decimals) -> list[Decimals]:
    """Sums of w u^k z^p with z = x/y, in the current context: one array over k for each p.

    As x = lowest + span u, a sum with z^p takes p more powers of u: array p has 9 - p elements.
    """
    arrays = []
    for power, row in enumerate(sums):
        array = row
        for _ in range(power):
            array = moments.lowest * array[:-1] + moments.span * array[1:]
        arrays.append(array)
    return arrays


def _statistics(moments: Moments) -> _Statistics:
    """The estimates and their covariances, in the units of the report."""
    n, lowest, span = moments.merchants, moments.lowest, moments.span
    terms = len(TERMS)

    powers, with_z, with_z_squared = with_productivity(moments, moments.sums)[:FITTED_POWERS]
    fit = least_squares(hankel(powers), with_z[:terms], with_z_squared[0])
    d = fit.coefficients

    squared = with_productivity(moments, moments.squared)
    powers2, with_z2 = squared[:2]
    # e = z - d0 - d1 u - d2 u^2: sums of w^2 e u^k, k from 0 to 4
    with_e = with_z2[:5] - sum(d[j] * powers2[j : j + 5] for j in range(terms))

    total = powers[0]
    mean_u = powers[1] / total
    influence = [with_e[j + 1] - mean_u * with_e[j] for j in range(terms)]
    spread = powers2[2] - 2 * mean_u * powers2[1] + mean_u**2 * powers2[0]

    of_params, of_mean = Decimal(n) / (n - terms), Decimal(n) / (n - 1)
    hc1 = _cov_hc1(moments, fit, squared)
    mean_variance = spread / total**2 * of_mean
    mean_covariance = fit.inverse @ np.array(influence) / total * (of_params * of_mean).sqrt()

    # delta method: the coefficients change the productivity at the mean, and so does the mean
    by_params = np.array([1, mean_u, mean_u**2])
    by_mean = d[1] + 2 * d[2] * mean_u
    at_mean_variance = (
        by_params @ hc1 @ by_params
        + 2 * by_mean * (by_params @ mean_covariance)
        + by_mean**2 * mean_variance
    )

    expansion = _expansion(moments)
    return _Statistics(
        params=expansion @ d,
        cov_nonrobust=expansion @ fit.inverse @ expansion.T * fit.rss / (n - terms),
        cov_hc1=expansion @ hc1 @ expansion.T,
        rss=fit.rss,
        tss=with_z_squared[0] - with_z[0] ** 2 / total,
        square=with_z_squared[0],
        mean=lowest + span * mean_u,
        mean_variance=mean_variance * span**2,
        mean_covariance=expansion @ mean_covariance * span,
        at_mean=by_params @ d,
        at_mean_variance=at_mean_variance,
    )


def _cov_hc1(moments: Moments, fit: LeastSquares, squared: Sequence[Decimals]) -> Decimals:
    """HC1 covariance of the coefficients of 1, u, u^2: 3 x 3.

    squared: the sums with productivity, of squared weights.
    """
    n, terms = moments.merchants, len(TERMS)
    d = fit.coefficients
    d_squared = np.convolve(d, d)
    powers, with_z, with_z_squared = squared[:FITTED_POWERS]
    # e = z - d0 - d1 u - d2 u^2: sums of w^2 e^2 u^k, k from 0 to 4
    with_e_squared = (
        with_z_squared[:5]
        - 2 * sum(d[j] * with_z[j : j + 5] for j in range(terms))
        + sum(d_squared[j] * powers[j : j + 5] for j in range(5))
    )
    middle = hankel(with_e_squared)
    covariance: Decimals = fit.inverse @ middle @ fit.inverse * (Decimal(n) / (n - terms))
    return covariance


def _expansion(moments: Moments) -> Decimals:
    """The matrix that turns coefficients of 1, u, u^2 into those of 1, x, x^2: 3 x 3."""
    return powers_of_sum(-moments.lowest / moments.span, 1 / moments.span, len(TERMS) - 1).T


def _error_bound(moments: Moments, exact: _Statistics) -> _Statistics:
    """Bound to first order on the error of each statistic: the changes that the error of each sum
    makes to it, all added up."""
    bound = [part * 0 for part in exact.parts()]
    for table, errors in (("sums", moments.error), ("squared", moments.squared_error)):
        for index in zip(*np.nonzero(errors[:FITTED_POWERS]), strict=True):
            changed = getattr(moments, table).copy()
            changed[index] += errors[index]
            moved = _statistics(replace(moments, **{table: changed})).parts()
            bound = [b + abs(m - e) for b, m, e in zip(bound, moved, exact.parts(), strict=True)]
    return _Statistics(*bound)


def _certain_digits(exact: _Statistics, error: _Statistics) -> float:
    """Digits that hold in the worst case, of estimates and standard errors; 16 at most."""
    worst = Decimal("1e-16")
    for covariance, bound in (
        (exact.cov_nonrobust, error.cov_nonrobust),
        (exact.cov_hc1, error.cov_hc1),
    ):
        for j, estimate in enumerate(exact.params):
            if covariance[j, j] <= bound[j, j]:
                return 0.0
            size = max(abs(estimate), covariance[j, j].sqrt())
            worst = max(worst, error.params[j] / size, bound[j, j] / covariance[j, j] / 2)
    return -float(worst.log10())


def _condition_number(gram: Decimals, inverse: Decimals) -> float:
    """Largest over smallest singular value of X, from X'X and its inverse."""
    norms = [np.linalg.norm(part.astype(np.float64), ord=2) for part in (gram, inverse)]
    return float(np.sqrt(norms[0] * norms[1]))
