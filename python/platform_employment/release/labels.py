"""Chinese and English labels and units of columns.

labels.csv has those of each column of the published marts, for the workbook. A column name
means the same everywhere, so it is named once. `label_zh`, `label_en` and `unit` under
`config.meta` of a column in a model's yml go before this.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_employment.dbt.artifacts import Column

LABEL_FILE = Path(__file__).with_name("labels.csv")

# the units that end column names, longest first
_UNITS = {
    "_wan_yuan_per_job": "万元/人 (10 thousand yuan per job)",
    "_yi_yuan": "亿元 (100 million yuan)",
    "_wan_yuan": "万元 (10 thousand yuan)",
    "_wan": "万 (10 thousand)",
    "_share": "比重 (0 to 1)",
}


@dataclass(frozen=True)
class Label:
    """What stands above a column; zh and en are the column's name where nobody named it."""

    zh: str
    en: str
    unit: str


def read_labels(path: Path = LABEL_FILE) -> dict[str, tuple[str, str]]:
    """Read the pairs of labels by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


def label(name: str, column: Column | None, labels: Mapping[str, tuple[str, str]]) -> Label:
    """Give the label of a column.

    column: as its model's yml describes it, if it does; labels: of read_labels.
    """
    meta = column.meta if column else {}
    zh, en = labels.get(name, (name, name))
    unit = next((unit for suffix, unit in _UNITS.items() if name.endswith(suffix)), "")
    return Label(
        zh=str(meta.get("label_zh", zh)),
        en=str(meta.get("label_en", en)),
        unit=str(meta.get("unit", unit)),
    )
