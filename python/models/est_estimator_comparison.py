"""The estimators of merchant jobs, on every merchant sample."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and estimator."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    dbt.ref("est_merchant_fits")  # a sample that cannot be fitted fails the build before
    return made(
        "est_estimator_comparison",
        session,
        int_fit__compared_merchants=dbt.ref("int_fit__compared_merchants"),
    )
