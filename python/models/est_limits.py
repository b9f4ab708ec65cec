"""How far every component of every chain can be off."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, component, layer and method."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.method.frames import estimate_limits, methods_of  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    methods = methods_of(
        dbt.ref("inputs").df(),
        dbt.ref("steps").df(),
        dbt.ref("components").df(),
        dbt.ref("units").df(),
    )
    return estimate_limits(
        dbt.ref("int_chain__inputs").df(), dbt.ref("dim_definitions").df(), methods
    )
