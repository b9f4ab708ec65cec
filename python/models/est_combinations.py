"""Every valid combination of the choices that a method leaves, calculated."""

from typing import Any

from platform_employment.method.choice_tables import est_combinations


def model(dbt: Any, session: Any) -> Any:
    """One row per combination and component, and per effect of a decision or an option."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "inputs": dbt.ref("inputs"),
        "steps": dbt.ref("steps"),
        "components": dbt.ref("components"),
        "units": dbt.ref("units"),
        "int_inputs__all_rows": dbt.ref("int_inputs__all_rows"),
        "dim_reports": dbt.ref("dim_reports"),
        "dim_scenarios": dbt.ref("dim_scenarios"),
        "choices": dbt.ref("choices"),
        "overlays": dbt.ref("overlays"),
        "dim_provenance_kinds": dbt.ref("dim_provenance_kinds"),
    }
    return est_combinations(tables).relation(session)
