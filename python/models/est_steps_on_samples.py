"""The steps of the estimates that use a merchant sample, as est_steps has the ones of the
others."""

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
        "int_chain__inputs": dbt.ref("int_chain__inputs_on_samples"),
        "dim_provenance_kinds": dbt.ref("dim_provenance_kinds"),
    }
    return est_steps(tables).relation(session)
