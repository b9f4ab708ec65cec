"""Where each formula of each method is found, with the SQL of the step."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per method and step, sums of components among them."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.dbt.worker import made  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return made(
        "int_chain__formulas",
        session,
        inputs=dbt.ref("inputs"),
        steps=dbt.ref("steps"),
        components=dbt.ref("components"),
        units=dbt.ref("units"),
    )
