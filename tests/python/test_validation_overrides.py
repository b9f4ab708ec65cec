"""Own rows are next to the shipped ones, replace them or leave them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_employment.validation import ColumnRule, SeedSchema, check_tables
from platform_employment.validation.report import Report
from platform_employment.validation.schemas import Reference

CODE = ColumnRule("platform_id", type="code")
SOURCE = Reference(("source_id",), "reference/sources.csv", ("source_id",))
SOURCES = SeedSchema(
    "reference",
    "sources",
    (ColumnRule("source_id", type="code"),),
    ("source_id",),
    only_cited=True,
    replaces_by=("source_id",),
)
PLATFORMS = SeedSchema(
    "reference",
    "platforms",
    (CODE, ColumnRule("source_id", type="code")),
    ("platform_id",),
    references=(SOURCE,),
    belongs_to="platform_id",
    replaces_by=("platform_id",),
)
GMV = SeedSchema(
    "platform",
    "gmv",
    (
        ColumnRule("platform_id", type="code", required=False),
        ColumnRule("amount", type="decimal", decimals=2),
        ColumnRule("source_id", type="code"),
    ),
    ("platform_id", "amount"),
    references=(
        SOURCE,
        Reference(("platform_id",), "reference/platforms.csv", ("platform_id",)),
    ),
    belongs_to="platform_id",
    replaces_by=("platform_id", "amount"),
)
SAMPLE = SeedSchema(
    "survey",
    "sample",
    (CODE, ColumnRule("sample_id"), ColumnRule("merchant_id")),
    ("platform_id", "sample_id", "merchant_id"),
    replaces_by=("platform_id", "sample_id"),
)
SCHEMAS = (GMV, PLATFORMS, SOURCES, SAMPLE)
SHIPPED = {
    "platform/gmv.csv": "platform_id,amount,source_id\nvast,1.5,report\nvast,2,report\n,3,law\n",
    "reference/platforms.csv": "platform_id,source_id\nvast,report\n",
    "reference/sources.csv": "source_id\nreport\nlaw\n",
    "survey/sample.csv": "platform_id,sample_id,merchant_id\nvast,s,1\nvast,s,2\nvast,t,1\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", SHIPPED)


def check(seeds: Path, own: dict[str, str]) -> Report:
    return check_tables(seeds, SCHEMAS, write(seeds.parent / "mine", own))


def loaded(report: Report, file: str) -> list[tuple[str, int, str]]:
    """File, line and text of each row of a table that a build would load."""
    assert not report.findings
    rows = report.tables[file].rows()
    return [(layer.file, row.line, ",".join(row.cells)) for layer, row in rows]


def test_own_rows_are_added_and_replace_those_of_the_same_key(seeds: Path) -> None:
    own = {"platform/gmv.csv": "platform_id,amount,source_id\nvast,1.50,law\nvast,4,report\n"}
    report = check(seeds, own)
    assert loaded(report, "platform/gmv.csv") == [
        ("seeds/platform/gmv.csv", 3, "vast,2,report"),
        ("seeds/platform/gmv.csv", 4, ",3,law"),
        ("mine/platform/gmv.csv", 2, "vast,1.50,law"),
        ("mine/platform/gmv.csv", 3, "vast,4,report"),
    ]
    shipped = report.tables["platform/gmv.csv"].layers[0]
    assert shipped.left_out == (2,)
    assert next(report.lines()) == (
        f"{seeds.parent}/mine/platform/gmv.csv: accepted, rows: 2, 1 added, 1 shipped ones "
        "replaced: line 2 (vast, 1.5) replaces seeds/platform/gmv.csv line 2"
    )


def test_a_sample_is_replaced_as_one(seeds: Path) -> None:
    own = {"survey/sample.csv": "platform_id,sample_id,merchant_id\nvast,s,9\n"}
    assert loaded(check(seeds, own), "survey/sample.csv") == [
        ("seeds/survey/sample.csv", 4, "vast,t,1"),
        ("mine/survey/sample.csv", 2, "vast,s,9"),
    ]


OWN_PLATFORM = {
    "reference/platforms.csv": "platform_id,source_id\nours,diary\n",
    "reference/sources.csv": "source_id\ndiary\n",
}


def test_what_is_shipped_is_left_out_but_for_what_is_of_no_platform(seeds: Path) -> None:
    report = check(seeds, {**OWN_PLATFORM, "inputs.yml": "shipped: none\n"})
    assert loaded(report, "platform/gmv.csv") == [("seeds/platform/gmv.csv", 4, ",3,law")]
    assert loaded(report, "reference/platforms.csv") == [
        ("mine/reference/platforms.csv", 2, "ours,diary")
    ]
    # the one that nothing cites any more goes too
    assert loaded(report, "reference/sources.csv") == [
        ("seeds/reference/sources.csv", 3, "law"),
        ("mine/reference/sources.csv", 2, "diary"),
    ]
    assert report.tables["reference/sources.csv"].layers[0].left_out == (2,)
    all_shipped = check(seeds, {**OWN_PLATFORM, "inputs.yml": "shipped: all\n"})
    assert len(loaded(all_shipped, "reference/sources.csv")) == 3


def test_single_shipped_rows_are_left_out_by_name(seeds: Path) -> None:
    settings = "without: {platform/gmv: [[vast, 2.00], [null, 3]]}\n"
    report = check(seeds, {**OWN_PLATFORM, "inputs.yml": settings})
    assert [line for _, line, _ in loaded(report, "platform/gmv.csv")] == [2]


def test_what_a_row_cites_must_be_there(seeds: Path) -> None:
    settings = "without: {reference/sources: [[law]]}\n"
    own = {
        "inputs.yml": settings,
        "reference/platforms.csv": "platform_id,source_id\nours,reprot\n",
        "reference/sources.csv": "source_id\ndiary\n",
    }
    assert list(map(str, check(seeds, own).findings)) == [
        f"{seeds.parent}/mine/reference/platforms.csv, line 2, column source_id: 'reprot': no such "
        "row in reference/sources.csv [unknown_reference]; did you mean report? add it there, "
        "or correct or delete this row",
        "seeds/platform/gmv.csv, line 4, column source_id: 'law': no such row in "
        "reference/sources.csv [unknown_reference]; add it, or leave this row out: inputs.yml, "
        "without, platform/gmv",
    ]


def test_references_to_a_table_that_microdata_takes_the_place_of_are_not_looked_up(
    seeds: Path,
) -> None:
    own = write(
        seeds.parent / "mine", {"platform/gmv.csv": "platform_id,amount,source_id\na,1,b\n"}
    )
    codes = [f.column for f in check_tables(seeds, SCHEMAS, own).findings]
    assert codes == ["source_id", "platform_id"]
    absent = {"reference/sources.csv"}
    assert [f.column for f in check_tables(seeds, SCHEMAS, own, absent).findings] == ["platform_id"]
