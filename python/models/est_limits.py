"""How far every component of every chain can be off."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, component, layer and method."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "est_limits",
        session,
        inputs=dbt.ref("inputs"),
        steps=dbt.ref("steps"),
        components=dbt.ref("components"),
        units=dbt.ref("units"),
        int_chain__inputs=dbt.ref("int_chain__inputs"),
        dim_definitions=dbt.ref("dim_definitions"),
    )
