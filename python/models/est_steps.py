"""Every step of every chain calculated: values, with the numbers substituted into formulas."""

from typing import Any

from platform_employment.method.tables import est_steps


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, step or input, and element."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "inputs": dbt.ref("inputs"),
        "steps": dbt.ref("steps"),
        "components": dbt.ref("components"),
        "units": dbt.ref("units"),
        "int_chain__inputs": dbt.ref("int_chain__inputs"),
        "dim_provenance_kinds": dbt.ref("dim_provenance_kinds"),
    }
    return est_steps(tables).relation(session)
