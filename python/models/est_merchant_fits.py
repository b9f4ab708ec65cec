"""Equation 2.1 fitted to every merchant sample and to each of its industries."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and industry, `all` being the sample as a whole."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.fit.productivity import fit_merchants, rows_of  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return fit_merchants(
        rows_of(dbt.ref("int_fit__moments")), rows_of(dbt.ref("int_fit__block_sums"))
    )
