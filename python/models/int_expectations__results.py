"""The expectation suites, run on the marts that they are about."""

from typing import Any

from platform_employment.expectations.runner import int_expectations__results


def model(dbt: Any, session: Any) -> Any:
    """One row per expectation; a suite without a table is a failed row."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "aud_figure_reconciliation": dbt.ref("aud_figure_reconciliation"),
        "aud_distribution_checks": dbt.ref("aud_distribution_checks"),
        "fct_estimator_comparison": dbt.ref("fct_estimator_comparison"),
        "fct_gmv": dbt.ref("fct_gmv"),
        "fct_job_totals": dbt.ref("fct_job_totals"),
        "fct_all_jobs": dbt.ref("fct_all_jobs"),
        "fct_multipliers": dbt.ref("fct_multipliers"),
        "fct_productivity_coefficients": dbt.ref("fct_productivity_coefficients"),
        "fct_productivity_diagnostics": dbt.ref("fct_productivity_diagnostics"),
        "fct_swings": dbt.ref("fct_swings"),
        "fct_uncertainty": dbt.ref("fct_uncertainty"),
        "headline": dbt.ref("headline"),
        "int_economy__supply_chain_ratios": dbt.ref("int_economy__supply_chain_ratios"),
    }
    return int_expectations__results(tables)
