"""What each step of a report is calculated from, and where that ends."""

from typing import Any

from platform_employment.method.dependencies import int_verification__dependencies


def model(dbt: Any, session: Any) -> Any:
    """One row per report, step or input, and step or input that it is calculated from."""
    dbt.config(materialized="table", schema="intermediate")
    tables = {
        "int_verification__report_steps": dbt.ref("int_verification__report_steps"),
        "int_verification__figures": dbt.ref("int_verification__figures"),
    }
    return int_verification__dependencies(tables).relation(session)
