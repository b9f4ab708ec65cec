"""The expectation suites, run on the tables that they are about."""

from typing import Any

from platform_employment.expectations.runner import int_expectations__results


def model(dbt: Any, session: Any) -> Any:
    """One row per expectation; a suite without a table, or the reverse, is a failed row."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "aud_figure_reconciliation": dbt.ref("aud_figure_reconciliation"),
        "aud_distribution_checks": dbt.ref("aud_distribution_checks"),
        "dim_components": dbt.ref("dim_components"),
        "dim_employment_types": dbt.ref("dim_employment_types"),
        "dim_platforms": dbt.ref("dim_platforms"),
        "dim_reports": dbt.ref("dim_reports"),
        "dim_provenance_kinds": dbt.ref("dim_provenance_kinds"),
        "dim_scenarios": dbt.ref("dim_scenarios"),
        "dim_sources": dbt.ref("dim_sources"),
        "fct_estimator_comparison": dbt.ref("fct_estimator_comparison"),
        "fct_gmv": dbt.ref("fct_gmv"),
        "fct_job_totals": dbt.ref("fct_job_totals"),
        "fct_jobs": dbt.ref("fct_jobs"),
        "fct_productivity_coefficients": dbt.ref("fct_productivity_coefficients"),
        "fct_productivity_diagnostics": dbt.ref("fct_productivity_diagnostics"),
        "fct_swings": dbt.ref("fct_swings"),
        "fct_uncertainty": dbt.ref("fct_uncertainty"),
        "int_economy__supply_chain_ratios": dbt.ref("int_economy__supply_chain_ratios"),
        "rpt_figure_2_3__employment_scale": dbt.ref("rpt_figure_2_3__employment_scale"),
        "stg_platform__creator_tiers": dbt.ref("stg_platform__creator_tiers"),
        "stg_platform__creators_with_income": dbt.ref("stg_platform__creators_with_income"),
        "stg_platform__gmv_disclosures": dbt.ref("stg_platform__gmv_disclosures"),
        "stg_platform__input_values": dbt.ref("stg_platform__input_values"),
        "stg_platform__institutions": dbt.ref("stg_platform__institutions"),
        "stg_report__figure_ledger": dbt.ref("stg_report__figure_ledger"),
        "figure_ledger": dbt.ref("figure_ledger"),
    }
    return int_expectations__results(tables)
