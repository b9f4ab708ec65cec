"""Equation 2.1 fitted to merchants whose headcounts were dealt among them at random."""

from typing import Any

from platform_employment.fit.placebo import est_merchant_placebos


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_fit__compared_merchants": dbt.ref("int_fit__compared_merchants"),
    }
    return est_merchant_placebos(tables)
