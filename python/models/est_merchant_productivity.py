"""The coefficients of equation 2.1 with their inference, for every fit."""

from typing import Any

from platform_employment.fit.productivity import est_merchant_productivity


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample, industry, covariance type and term."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_fit__moments": dbt.ref("int_fit__moments"),
        "int_fit__leverage_sums": dbt.ref("int_fit__leverage_sums"),
    }
    return est_merchant_productivity(tables)
