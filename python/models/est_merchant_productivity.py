"""Equation 2.1 fitted by OLS on every merchant sample."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample, covariance type and term."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.productivity import fit_merchant_productivity  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return fit_merchant_productivity(dbt.ref("int_merchants__sample").df())
