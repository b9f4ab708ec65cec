"""Every step of every chain worked out: values, with the numbers put into the formulas."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, step or input, and element."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.method.frames import estimate_steps, methods_of  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    methods = methods_of(
        dbt.ref("inputs").df(),
        dbt.ref("steps").df(),
        dbt.ref("components").df(),
        dbt.ref("units").df(),
    )
    return estimate_steps(
        dbt.ref("int_chain__inputs").df(), methods, dbt.ref("dim_provenance_kinds").df()
    )
