"""The estimators of merchant jobs, on every merchant sample."""

from typing import Any

from platform_employment.fit.tables import est_estimator_comparison


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, sample and estimator."""
    dbt.config(materialized="table", schema="intermediate")
    dbt.ref("est_merchant_fits")  # a sample that cannot be fitted fails the build before
    tables = {
        "int_fit__compared_merchants": dbt.ref("int_fit__compared_merchants"),
        "stg_survey__designs": dbt.ref("stg_survey__designs"),
        "stg_survey__merchant_designs": dbt.ref("stg_survey__merchant_designs"),
        "stg_survey__population_totals": dbt.ref("stg_survey__population_totals"),
    }
    return est_estimator_comparison(tables)
