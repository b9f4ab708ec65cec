"""Equation 2.1 fitted to every merchant sample and to each of its industries."""

from typing import Any

from platform_employment.fit.productivity import est_merchant_fits


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_fit__moments": dbt.ref("int_fit__moments"),
        "int_fit__block_sums": dbt.ref("int_fit__block_sums"),
    }
    return est_merchant_fits(tables)
