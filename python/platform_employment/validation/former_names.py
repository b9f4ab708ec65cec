"""Columns and tables of own data under the names of earlier versions, with the present ones."""

from __future__ import annotations

from collections.abc import Mapping

_CHOICE = "write the option in the column choices, as decision=option (method/choices.csv)"
_PART = "write it in the column note"

# by table: a column that that it contained, and where its content belongs now
FORMER_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "reference/scenarios.csv": {
        "report_window_end": "write it in report/reports.csv, column window_end",
        "coefficient_source": _CHOICE,
        "mean_turnover_source": _CHOICE,
        "table_year": _CHOICE,
        "ratio_definition": f"it is called import_convention: {_CHOICE}",
        "assumption_level": _CHOICE,
    },
    "reference/published_platform_estimates.csv": {
        "total_jobs_wan": "write it in the column value, with wan_jobs in the column unit",
        "direct_jobs_wan": _PART,
        "indirect_jobs_wan": _PART,
        "content_jobs_wan": _PART,
        "e_commerce_jobs_wan": _PART,
        "supply_chain_ratio": _PART,
    },
    "report/figure_links.csv": {
        "basis": "delete it; where it was claimed, write claims in the column relation",
    },
}

# a table that is no more, and where its rows belong now
FORMER_TABLES: Mapping[str, str] = {
    "method/definitions.csv": (
        "write each row in method/choices.csv, with coverage in the column layer, and its factors"
        " in method/overlays.csv"
    ),
    "reference/assumptions.csv": "write its rows in platform/input_values.csv",
    "reference/employment_components.csv": "write its rows in method/components.csv",
    "report/accepted_verdicts.csv": (
        "write its rows in report/known_differences.csv, with contradiction in the column aspect"
    ),
}
