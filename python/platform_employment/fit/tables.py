"""The tables of the fit: what the dbt models of merchants return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from platform_employment.duckdb_rows import rows_of
from platform_employment.errors import UserError
from platform_employment.fit.design import Design, PopulationTotal
from platform_employment.fit.estimators import (
    COMPARISON_TYPES,
    Sample,
    UnusableSampleError,
    compare_estimators,
    corrected,
)
from platform_employment.fit.regression import Fit, fit_productivity, placebo
from platform_employment.fit.sums import fit_of_sums

SAMPLE_KEY = ["platform_id", "sample_id"]
ALL_INDUSTRIES = "-"

_NUMBERS = (
    *("r_squared", "condition_number", "domain_low_wan_yuan", "domain_high_wan_yuan"),
    *(f"{test}_{part}" for test in ("breusch_pagan", "reset") for part in ("statistic", "p_value")),
    *("mean_turnover_wan_yuan", "mean_turnover_conf_low", "mean_turnover_conf_high"),
    *("mean_productivity_wan_yuan_per_job", "mean_productivity_std_error"),
    *("mean_productivity_conf_low", "mean_productivity_conf_high"),
    *("lowest_wan_yuan", "range_wan_yuan", *(f"fitted_{k}" for k in range(3))),
    *(f"covariance_{j}_{k}" for j in range(3) for k in range(j, 3)),
    *("largest_leverage", "turnover_share_outside_domain", "sample_r_squared"),
    *("placebo_r_squared", "placebo_r_squared_low", "placebo_r_squared_high", "sample_b1"),
    *("placebo_b1", "placebo_b1_low", "placebo_b1_high", "placebo_p_value"),
)
_COEFFICIENT = pa.struct(
    [
        ("cov_type", pa.string()),
        ("term", pa.string()),
        *(
            (name, pa.float64())
            for name in ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")
        ),
        ("interval_kind", pa.string()),
        ("nobs", pa.int64()),
        ("df_resid", pa.int64()),
        ("r_squared", pa.float64()),
        ("condition_number", pa.float64()),
    ]
)
_INFLUENTIAL = pa.struct(
    [
        ("merchant_id", pa.string()),
        ("turnover_wan_yuan", pa.float64()),
        ("headcount", pa.int64()),
        *(
            (name, pa.float64())
            for name in (
                "fitted_wan_yuan_per_job",
                "residual_wan_yuan_per_job",
                "leverage",
                "cooks_distance",
            )
        ),
    ]
)
FITS = pa.schema(
    [
        *((name, pa.string()) for name in (*SAMPLE_KEY, "industry_code", "unusable_reason")),
        ("nobs", pa.int64()),
        *((name, pa.float64()) for name in _NUMBERS),
        *(
            (name, pa.int64())
            for name in ("merchants_outside_domain", "placebo_merchants", "degrees_of_freedom")
        ),
        *((name, pa.string()) for name in ("interval_kind", "no_interval_reason", "warnings")),
        ("coefficients", pa.list_(_COEFFICIENT)),
        ("most_influential", pa.list_(_INFLUENTIAL)),
    ]
)


def est_merchant_fits(tables: Mapping[str, Any]) -> pa.Table:
    """One row per platform, sample and industry, `-` being the sample as a whole.

    A sample that fits into memory is fitted from its merchants, a larger one from its sums; its
    placebo is from the merchants drawn from it. A fit that is not possible has `unusable_reason`
    and no numbers.
    """
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows_of(tables["int_fit__sums"]):
        sums.setdefault((row["platform_id"], row["sample_id"]), {})[row["industry_code"]] = row
    influential = tables["int_fit__influential_merchants"].df()
    rows = []
    for sample in _samples(tables):
        key, merchants = sample.key, sample.merchants
        try:
            found = corrected(merchants, sample.design, sample.totals)
        except UserError as error:  # the totals cannot be met: a test fails the build
            row = dict(zip(SAMPLE_KEY, key, strict=True)) | {"industry_code": ALL_INDUSTRIES}
            rows.append(row | {"nobs": len(merchants), "unusable_reason": str(error)})
            continue
        industries = merchants["industry_code"].to_numpy()
        codes = set(industries) if key not in sums else set(sums[key]) - {ALL_INDUSTRIES}
        for industry_code in (ALL_INDUSTRIES, *sorted(codes)):
            is_whole = industry_code == ALL_INDUSTRIES
            members = industries == (industries if is_whole else industry_code)
            try:
                if key in sums:
                    fit = fit_of_sums(
                        sums[key][industry_code],
                        sample.design,
                        is_declared=found.survey.is_declared,
                        is_censored=sample.is_censored,
                    )
                    ten = (influential[SAMPLE_KEY] == list(key)).all(axis=1)
                    fit.influential = influential[ten].to_dict("records")
                else:
                    fit = fit_productivity(merchants, found, members)
                drawn = [part[members] for part in (found.sample.x, found.sample.y, found.sample.w)]
                fit.numbers |= placebo(Sample(*drawn))
            except UnusableSampleError as error:
                nobs = sums[key][industry_code]["nobs"] if key in sums else int(members.sum())
                fit = Fit({"nobs": nobs, "unusable_reason": str(error)})
            row = dict(zip(SAMPLE_KEY, key, strict=True)) | {"industry_code": industry_code}
            row |= fit.numbers | {"coefficients": fit.coefficients}
            # merchants are not ranked within an industry
            row["most_influential"] = fit.influential if is_whole else []
            rows.append(row)
    return pa.Table.from_pylist(_without_nan(rows), schema=FITS)


def est_estimator_comparison(tables: Mapping[str, Any]) -> pd.DataFrame:
    """One row per platform, sample and estimator."""
    types = dict.fromkeys(SAMPLE_KEY, "str") | COMPARISON_TYPES
    compared = [
        compare_estimators(sample.merchants, sample.design, sample.totals).assign(
            **dict(zip(SAMPLE_KEY, sample.key, strict=True))
        )
        for sample in _samples(tables)
    ]
    table = pd.concat(compared) if compared else pd.DataFrame(columns=list(types))
    return table[list(types)].astype(types)


@dataclass(frozen=True, eq=False)
class _Surveyed:
    """One sample.

    Args:
        key: platform and sample.
        merchants: all, or those drawn of a large sample, with the columns of their design.
        is_censored: whether the turnover of any merchant is censored, drawn or not.
        design: how the sample was drawn.
        totals: known totals of the population.
    """

    key: tuple[str, str]
    merchants: pd.DataFrame
    is_censored: bool
    design: Design
    totals: list[PopulationTotal]


def _samples(tables: Mapping[str, Any]) -> list[_Surveyed]:
    """The samples; merchants in the order of their names, so that no result depends on another."""
    merchants = tables["int_fit__compared_merchants"].df()
    of_merchants = tables["stg_survey__merchant_designs"].df()
    censored: set[tuple[str, str]] = set()
    if len(of_merchants):
        rows = of_merchants.loc[of_merchants["is_censored"], SAMPLE_KEY]
        censored = set(rows.itertuples(index=False, name=None))
        keys = [*SAMPLE_KEY, "merchant_id"]
        merchants = merchants.merge(of_merchants, on=keys, how="left", validate="one_to_one")
    designs = {
        (row["platform_id"], row["sample_id"]): Design(row["sampling"], row["response_rate"])
        for row in rows_of(tables["stg_survey__designs"])
    }
    totals = defaultdict(list)
    for row in rows_of(tables["stg_survey__population_totals"]):
        names = ("size_class_low", "size_class_high", "merchants", "turnover_wan_yuan")
        total = PopulationTotal(*(row[name] for name in names))
        totals[row["platform_id"], row["sample_id"]].append(total)
    return [
        _Surveyed(
            key,
            group.sort_values("merchant_id").reset_index(drop=True),
            key in censored,
            designs.get(key, Design()),
            totals[key],
        )
        for key, group in merchants.groupby(SAMPLE_KEY)
    ]


def _without_nan(value: Any) -> Any:
    """Return nested rows with None for what is not a number."""
    if isinstance(value, dict):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
