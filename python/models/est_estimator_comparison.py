"""The estimators of merchant jobs, on every merchant sample."""

from typing import Any

from platform_employment.fit.estimators import est_estimator_comparison


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and estimator."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_fit__compared_merchants": dbt.ref("int_fit__compared_merchants"),
    }
    return est_estimator_comparison(tables)
