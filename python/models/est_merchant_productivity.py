"""The coefficients of equation 2.1 with their inference, for every fit."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample, industry, covariance type and term."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "est_merchant_productivity",
        session,
        int_fit__moments=dbt.ref("int_fit__moments"),
        int_fit__leverage_sums=dbt.ref("int_fit__leverage_sums"),
    )
