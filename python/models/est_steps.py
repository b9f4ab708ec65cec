"""Every step of every chain worked out: values, with the numbers put into the formulas."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario, step or input, and element."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "est_steps",
        session,
        inputs=dbt.ref("inputs"),
        steps=dbt.ref("steps"),
        components=dbt.ref("components"),
        units=dbt.ref("units"),
        int_chain__inputs=dbt.ref("int_chain__inputs"),
        dim_provenance_kinds=dbt.ref("dim_provenance_kinds"),
    )
