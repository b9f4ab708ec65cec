"""Where each formula of each method is found, with the SQL of the step."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per method and step, sums of components among them."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.method.frames import method_steps, methods_of  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    methods = methods_of(
        dbt.ref("inputs").df(),
        dbt.ref("steps").df(),
        dbt.ref("components").df(),
        dbt.ref("units").df(),
    )
    return method_steps(methods)
