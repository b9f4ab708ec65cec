"""Checks for input: a wrong file never becomes a wrong number.

schemas = load_schemas(project / "seeds")
check_tables(project / "seeds", schemas, inputs).stop_on_findings()
"""

from platform_employment.errors import UserError
from platform_employment.validation.errors import Finding
from platform_employment.validation.report import (
    FileReport,
    Report,
    check_folder,
    check_table,
    check_tables,
)
from platform_employment.validation.schemas import ColumnRule, SeedSchema, load_schemas

__all__ = [
    "ColumnRule",
    "FileReport",
    "Finding",
    "Report",
    "SeedSchema",
    "UserError",
    "check_folder",
    "check_table",
    "check_tables",
    "load_schemas",
]
