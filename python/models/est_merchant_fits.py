"""Equation 2.1 fitted to every merchant sample and to each of its industries."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "est_merchant_fits",
        session,
        int_fit__compared_merchants=dbt.ref("int_fit__compared_merchants"),
        int_fit__sums=dbt.ref("int_fit__sums"),
        int_fit__influential_merchants=dbt.ref("int_fit__influential_merchants"),
    )
