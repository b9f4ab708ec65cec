"""How far every component of every chain can be off."""

from typing import Any

from platform_employment.method.tables import est_limits


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, component, layer and method."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "inputs": dbt.ref("inputs"),
        "steps": dbt.ref("steps"),
        "components": dbt.ref("components"),
        "units": dbt.ref("units"),
        "int_chain__inputs": dbt.ref("int_chain__all_inputs"),
        "dim_definitions": dbt.ref("dim_definitions"),
    }
    return est_limits(tables).relation(session)
