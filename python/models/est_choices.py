"""Every valid combination of the choices that a method leaves, worked out."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per combination and component, and per effect of a decision or an option."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "est_choices",
        session,
        inputs=dbt.ref("inputs"),
        steps=dbt.ref("steps"),
        components=dbt.ref("components"),
        units=dbt.ref("units"),
        int_inputs__rows=dbt.ref("int_inputs__rows"),
        dim_reports=dbt.ref("dim_reports"),
        dim_scenarios=dbt.ref("dim_scenarios"),
        choices=dbt.ref("choices"),
        dim_provenance_kinds=dbt.ref("dim_provenance_kinds"),
    )
