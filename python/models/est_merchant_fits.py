"""Equation 2.1 fitted to every merchant sample and to each of its industries."""

from typing import Any

from platform_employment.fit.tables import est_merchant_fits


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and industry, `-` being the sample as a whole."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_fit__compared_merchants": dbt.ref("int_fit__compared_merchants"),
        "stg_survey__designs": dbt.ref("stg_survey__designs"),
        "stg_survey__merchant_designs": dbt.ref("stg_survey__merchant_designs"),
        "stg_survey__population_totals": dbt.ref("stg_survey__population_totals"),
        "int_fit__sums": dbt.ref("int_fit__sums"),
        "int_fit__influential_merchants": dbt.ref("int_fit__influential_merchants"),
    }
    return est_merchant_fits(tables)
