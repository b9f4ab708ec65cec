"""Multipliers of every input-output table, and what its checks found."""

from typing import Any

from platform_employment.multipliers.table_frames import est_multipliers

# seeds that nothing else reads, typed
FLOWS = """
    table_id, origin, row_code, column_code,
    cast(value as decimal(20, 8)) as value,
    seed_file as seed, seed_line
"""


def model(dbt: Any, session: Any) -> Any:
    """One row per multiplier and per outcome of a check."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "dim_provenance_kinds": dbt.ref("dim_provenance_kinds"),
        "input_output_tables": dbt.ref("input_output_tables"),
        "dim_sectors": dbt.ref("dim_sectors"),
        "input_output_flows": dbt.ref("input_output_flows").project(FLOWS),
        "input_output_baskets": dbt.ref("input_output_baskets"),
        "int_economy__sector_employment": dbt.ref("int_economy__sector_employment"),
        "stg_economy__national_employment": dbt.ref("stg_economy__national_employment"),
        "stg_economy__input_output_totals": dbt.ref("stg_economy__input_output_totals"),
    }
    return est_multipliers(tables)
