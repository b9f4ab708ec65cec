"""The total with one input at a time at its low and at its high value."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per platform, window, scenario and uncertain input."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.uncertainty import estimate_sensitivity  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    return estimate_sensitivity(
        chains=dbt.ref("int_employment__chain_inputs").df(),
        inputs=dbt.ref("int_employment__uncertain_inputs").df(),
        tiers=dbt.ref("stg_platform__creator_tiers").df(),
        institutions=dbt.ref("stg_platform__institutions").df(),
        component_leaves=dbt.ref("int_employment__component_leaves").df(),
    )
