"""Where each formula of each method is found, with the SQL of the step."""

from typing import Any

from platform_employment.method.tables import int_chain__formulas


def model(dbt: Any, session: Any) -> Any:
    """One row per method and step, sums of components among them."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "inputs": dbt.ref("inputs"),
        "steps": dbt.ref("steps"),
        "components": dbt.ref("components"),
        "units": dbt.ref("units"),
    }
    return int_chain__formulas(tables).relation(session)
