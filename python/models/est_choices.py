"""Every valid combination of the choices that a method leaves, worked out."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    """One row per combination and component, and per effect of a decision or an option."""
    # imported here: dbt loads this module whenever it parses the project
    from platform_employment.method.choice_frames import (  # noqa: PLC0415
        decisions_of,
        estimate_choices,
    )
    from platform_employment.method.frames import methods_of  # noqa: PLC0415

    dbt.config(materialized="table", schema="intermediate")
    methods = methods_of(
        dbt.ref("inputs").df(),
        dbt.ref("steps").df(),
        dbt.ref("components").df(),
        dbt.ref("units").df(),
    )
    # what is given as a value counts before what a table makes of its rows
    offered = [
        dbt.ref("int_chain__dated_inputs").df(),
        dbt.ref("int_chain__fitted_inputs").df(),
        dbt.ref("int_chain__input_output_inputs").df(),
        dbt.ref("int_chain__published_inputs").df(),
    ]
    return estimate_choices(
        offered,
        dbt.ref("dim_reports").df(),
        dbt.ref("dim_scenarios").df(),
        methods,
        decisions_of(dbt.ref("choices").df(), methods),
        dbt.ref("dim_provenance_kinds").df(),
    )
