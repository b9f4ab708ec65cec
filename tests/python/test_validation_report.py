"""Checks on tables and folders, and the corpus of bad files."""

from __future__ import annotations

import csv
import io
import os
import runpy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_employment.reference_pages import error_codes_page
from platform_employment.validation import (
    ColumnRule,
    SeedSchema,
    UserError,
    check_folder,
    check_table,
    check_tables,
    load_schemas,
)
from platform_employment.validation.cells import RowCode
from platform_employment.validation.files import FILE_CODES, FileCode

ROOT = Path(__file__).parents[2]
CORPUS = runpy.run_path(str(ROOT / "tests" / "fixtures" / "make_bad_files.py"))

GMV = SeedSchema(
    "platform",
    "gmv",
    (
        ColumnRule("platform_id", type="code"),
        ColumnRule("gmv_yi_yuan", type="decimal", decimals=4),
        ColumnRule("note", required=False),
    ),
    ("platform_id", "gmv_yi_yuan"),
)
TOTALS = SeedSchema("economy", "totals", (ColumnRule("year", type="integer"),), ("year",))
GMV_LINES = "platform_id,gmv_yi_yuan,note\nlantern,1185.594,\nlantern,1453.6,first\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    CORPUS["write"](folder)
    return folder


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of own data with one good table."""
    folder = tmp_path / "inputs"
    (folder / "platform").mkdir(parents=True)
    (folder / "platform" / "gmv.csv").write_text(GMV_LINES, encoding="utf-8")
    return folder


def codes(folder: Path) -> list[tuple[str, str]]:
    """Names and codes of the findings in a folder of own data."""
    return [
        (Path(finding.file).name, finding.code)
        for finding in check_folder(folder, [GMV, TOTALS]).findings
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,2,3,2021-01-01,2021-03-31", []),
        ("2,2,2,2021-01-01,2021-01-01", []),
        (",2,,,2021-03-31", []),
        ("3,,2,,", ["line 2, column low, high: '3, 2': low is above high"]),
        (
            "3,2,1,2021-04-01,2021-03-31",
            [
                "low, central: '3, 2': low is above central",
                "central, high: '2, 1': central is above high",
                "period_end: '2021-04-01, 2021-03-31': period_start is above period_end",
            ],
        ),
    ],
)
def test_ends_are_in_their_order(tmp_path: Path, row: str, told: list[str]) -> None:
    ends = [
        ColumnRule(n, type="decimal", required=False, decimals=1)
        for n in ("low", "central", "high")
    ]
    days = [ColumnRule(n, type="date", required=False) for n in ("period_start", "period_end")]
    schema = SeedSchema("platform", "ranges", (*ends, *days), ("low",))
    path = tmp_path / "ranges.csv"
    path.write_text(f"low,central,high,period_start,period_end\n{row}\n", encoding="utf-8")
    found = [str(finding) for finding in check_table(path, schema).findings]
    assert len(found) == len(told)
    for text, finding in zip(told, found, strict=True):
        assert text in finding
    assert all("[not_ascending]" in finding for finding in found)


def test_the_corpus_gives_the_expected_findings(corpus: Path) -> None:
    schemas = load_schemas(corpus / "seeds")
    expected = CORPUS["bad_files"]()
    assert len(expected) >= 60
    assert len({bad.case for bad in expected}) == len(expected)
    found = {
        bad.case: [
            (finding.code, finding.line, finding.column)
            for finding in check_tables(
                corpus / "seeds", schemas, corpus / "bad" / bad.case
            ).findings
        ]
        for bad in expected
    }
    assert found == {bad.case: [(bad.code, bad.line, bad.column)] for bad in expected}


def test_the_corpus_has_every_code(corpus: Path) -> None:
    with (corpus / "expected.csv").open(encoding="utf-8") as stream:
        listed = {row["code"] for row in csv.DictReader(stream)}
    # these need a damaged archive, a file system or a column of a web address; they have tests
    elsewhere: set[str] = {FileCode.DAMAGED_GZIP, FileCode.DAMAGED_PARQUET}
    elsewhere |= {FileCode.UNREADABLE, FileCode.LINK, RowCode.BAD_URL}
    elsewhere |= {FileCode.OLD_SHAPE}
    elsewhere |= {FileCode.COLUMN_TYPES_DIFFER, FileCode.COLUMN_TOO_WIDE}
    # this one in test_validation_overrides.py
    elsewhere |= {FileCode.UNKNOWN_REFERENCE}
    # this one above
    elsewhere |= {FileCode.NOT_ASCENDING}
    # and this one in test_foreign_bytes.py
    elsewhere |= {FileCode.TOO_LARGE_METHOD}
    # and this one in test_sums_folder.py
    elsewhere |= {FileCode.OTHER_HASH}
    assert listed | elsewhere == {*FileCode, *RowCode}


def test_the_good_tables_of_the_corpus_pass(corpus: Path) -> None:
    schemas = load_schemas(corpus / "seeds")
    assert not check_folder(corpus / "good", schemas).findings
    assert not check_tables(corpus / "seeds", schemas).findings


def test_every_code_is_explained() -> None:
    # the generated page docs/reference/error-codes.md has these texts
    assert set(FILE_CODES) == set(FileCode)
    page = error_codes_page()
    assert all(page.count(f"\n| `{code}` | ") == 1 for code in (*FileCode, *RowCode))


def test_the_shipped_tables_pass() -> None:
    report = check_tables(ROOT / "seeds", load_schemas(ROOT / "seeds"))
    assert not report.findings
    # the shipped sample has no waivers and no declared design
    assert {file.file for file in report.files if not file.records} == {
        f"seeds/survey/{name}.csv"
        for name in ("waivers", "designs", "merchant_designs", "population_totals")
    }


def test_reports_every_bad_cell(tmp_path: Path) -> None:
    path = tmp_path / "gmv.csv"
    path.write_text(GMV_LINES + 'x y,"1,200", \nlantern,1453.60,again\n', encoding="utf-8")
    report = check_table(path, GMV, "platform/gmv.csv")
    assert report.records == 4
    assert list(map(str, report.findings)) == [
        "platform/gmv.csv, line 4, column platform_id: 'x y': not a code [bad_code]; "
        "use letters, digits and . _ : / - only",
        "platform/gmv.csv, line 4, column gmv_yi_yuan: '1,200': a separator between digits "
        "[thousands_separator]; write digits without separators and a decimal point",
        "platform/gmv.csv, line 4, column note: ' ': the cell is blank [blank]; "
        "fill it in, or leave an optional cell empty",
        # 1453.60 is the same key as 1453.6
        "platform/gmv.csv, line 5, column platform_id, gmv_yi_yuan: 'lantern, 1453.60': "
        "the key is in line 3 already [duplicate_key]; keep one of the rows",
    ]


def test_an_optional_key_column_may_be_empty_once(tmp_path: Path) -> None:
    columns = (ColumnRule("name"), ColumnRule("parent", required=False))
    schema = SeedSchema("reference", "components", columns, ("parent",))
    path = tmp_path / "components.csv"
    path.write_text("name,parent\na,\nb,a\n", encoding="utf-8")
    assert not check_table(path, schema).findings
    path.write_text("name,parent\na,\nb,\n", encoding="utf-8")
    assert [finding.code for finding in check_table(path, schema).findings] == ["duplicate_key"]


def test_a_long_report_is_cut_and_a_build_stops_with_one_line(inputs: Path) -> None:
    rows = "".join(f"lantern,{number}万,\n" for number in range(25))
    (inputs / "platform" / "gmv.csv").write_text(
        GMV_LINES.partition("\n")[0] + "\n" + rows, encoding="utf-8"
    )
    report = check_folder(inputs, [GMV])
    lines = list(report.lines())
    file = str(inputs / "platform" / "gmv.csv")
    assert lines[0].startswith(f"{file}, line 2, column gmv_yi_yuan: '0万': ")
    assert lines[-1] == f"{file}: 5 more findings"
    assert len(lines) == 21
    with pytest.raises(UserError) as error:
        report.stop_on_findings()
    assert str(error.value) == f"{lines[0]} (and 24 more: run platform-employment check)"


def test_raw_text_cannot_steer_a_terminal(inputs: Path) -> None:
    text = f"{GMV_LINES}lantern,\x9b31m\u202e{'9' * 100},\n"
    (inputs / "platform" / "gmv.csv").write_text(text, encoding="utf-8")
    (inputs / "platform" / "a\nb\x1b.csv").write_text("", encoding="utf-8")
    lines = list(check_folder(inputs, [GMV]).lines())
    assert "a\\nb\\x1b.csv" in lines[0]
    assert "'\\x9b31m\\u202e" in lines[1]
    assert "…'" in lines[1]
    assert all(line.isprintable() for line in lines)


def test_a_folder_is_taken_as_it_is_meant(inputs: Path) -> None:
    (inputs / "README.md").write_text("Our data", encoding="utf-8")
    (inputs / ".git").mkdir()
    (inputs / "platform" / ".DS_Store").write_bytes(b"\0")
    (inputs / "economy").mkdir()
    assert codes(inputs) == []
    linked = inputs.parent / "linked"
    linked.symlink_to(inputs)
    assert codes(linked) == []


def test_there_must_be_a_folder(inputs: Path) -> None:
    for path in (inputs / "absent", inputs / "platform" / "gmv.csv"):
        with pytest.raises(UserError, match="no such folder"):
            check_folder(path, [GMV])


def test_a_folder_is_no_pattern(inputs: Path) -> None:
    """DuckDB would read inputs1/platform/gmv.csv instead of inputs[1]/platform/gmv.csv."""
    named = inputs.rename(inputs.with_name("inputs[1]"))
    linked = inputs.with_name("linked")
    linked.symlink_to(named)
    for folder in (named, linked):
        with pytest.raises(UserError, match="rename the folder"):
            check_folder(folder, [GMV])
    with pytest.raises(UserError, match="rename the folder"):
        check_tables(named, [GMV])


def test_links_may_not_leave_the_folder(inputs: Path) -> None:
    table = inputs / "platform" / "gmv.csv"
    outside = inputs.parent / "outside"
    outside.mkdir()
    table.rename(outside / "gmv.csv")

    table.symlink_to(outside / "gmv.csv")
    assert codes(inputs) == [("gmv.csv", "link")]
    table.unlink()
    table.symlink_to("../../outside/gmv.csv")
    assert codes(inputs) == [("gmv.csv", "link")]
    table.unlink()
    table.symlink_to(inputs.parent / "absent.csv")
    assert codes(inputs) == [("gmv.csv", "link")]
    table.unlink()
    table.parent.rmdir()
    table.parent.symlink_to(outside)
    assert codes(inputs) == [("platform", "link")]

    table.parent.unlink()
    (inputs / "economy").mkdir()
    (outside / "gmv.csv").rename(inputs / "economy" / ".kept.csv")
    table.parent.mkdir()
    table.symlink_to("../economy/.kept.csv")
    assert codes(inputs) == []


def test_links_that_lead_nowhere_and_folders_are_no_tables(inputs: Path) -> None:
    table = inputs / "platform" / "gmv.csv"
    table.unlink()
    table.symlink_to("gmv.csv")
    assert codes(inputs) == [("gmv.csv", "unreadable")]
    table.unlink()
    table.symlink_to("absent.csv")
    assert codes(inputs) == [("gmv.csv", "unreadable")]
    table.unlink()
    table.mkdir()
    assert codes(inputs) == [("gmv.csv", "unreadable")]
    table.rmdir()
    os.mkfifo(table)
    assert codes(inputs) == [("gmv.csv", "unreadable")]


def test_a_build_reads_shipped_and_own_tables(inputs: Path, tmp_path: Path) -> None:
    other = SeedSchema("report", "figures", (ColumnRule("figure_id"),), ("figure_id",))
    seeds = tmp_path / "seeds"
    for folder in ("platform", "report"):
        (seeds / folder).mkdir(parents=True)
    (seeds / "platform" / "gmv.csv").write_text("wrong", encoding="utf-8")
    (seeds / "report" / "figures.csv").write_text("figure_id\nf1\n", encoding="utf-8")
    own = str(inputs / "platform" / "gmv.csv")

    report = check_tables(seeds, [GMV, other], inputs)
    names = [own, "seeds/platform/gmv.csv", "seeds/report/figures.csv"]
    assert [file.file for file in report.files] == names
    assert [finding.file for finding in report.findings] == ["seeds/platform/gmv.csv"]
    (seeds / "platform" / "gmv.csv").write_text(GMV_LINES, encoding="utf-8")
    check_tables(seeds, [GMV, other], inputs).stop_on_findings()
    (seeds / "report" / "figures.csv").unlink()
    assert [f.code for f in check_tables(seeds, [GMV, other], inputs).findings] == ["unreadable"]


SPELLINGS: list[Callable[[Decimal], str]] = [
    lambda number: f"{number:f}",
    lambda number: f"{number:,f}",
    lambda number: f"{number:,f}".replace(",", "_"),
    lambda number: f"{number:+f}",
    lambda number: f"{number:e}",
    lambda number: f"{number:.10f}",
    lambda number: f"{number:015f}",
    lambda number: f"{number:%}",
    lambda number: f"{number.normalize():f}",
    lambda number: f"{number:f}".replace(".", ","),
    lambda number: f"{number:f}".replace("-", "−"),
    lambda number: f"{number:f}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
    lambda number: f"{number:f}万元",
    lambda number: f" {number:f}",
    lambda number: f"({-number:f})",
    lambda number: str(float(number)),
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gbk", "big5", "utf-16-be")


@given(
    number=st.decimals(-(10**8), 10**8, places=4),
    spelling=st.sampled_from(SPELLINGS),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from([",", ",", ";", "\t"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
@settings(max_examples=600, deadline=None)
def test_another_spelling_is_the_same_number_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    number: Decimal,
    spelling: Callable[[Decimal], str],
    encoding: str,
    delimiter: str,
    line_end: str,
    quoting: Any,
) -> None:
    """However a program writes the number: accepted and equal, or refused."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([GMV.header, ("lantern", spelling(number), "")])
    path = tmp_path_factory.getbasetemp() / "spelt.csv"
    try:
        path.write_bytes(text.getvalue().encode(encoding))
    except UnicodeEncodeError:
        return
    report = check_table(path, GMV)
    if report.findings:
        assert all(str(finding).isprintable() for finding in report.findings)
        return
    ((_, accepted, _),) = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))[1:]
    assert Decimal(accepted) == number


def test_the_plain_spelling_is_accepted(tmp_path: Path) -> None:
    """The test above must not pass because everything is refused."""
    path = tmp_path / "gmv.csv"
    for encoding in ("utf-8", "utf-8-sig"):
        for line_end in ("\n", "\r\n"):
            path.write_bytes(GMV_LINES.replace("\n", line_end).encode(encoding))
            assert not check_table(path, GMV).findings


def test_a_text_in_one_language_is_enough(tmp_path: Path) -> None:
    (schema,) = [s for s in load_schemas(ROOT / "seeds") if s.file == "reference/units.csv"]
    path = tmp_path / "units.csv"
    path.write_text(
        "unit,dimension,scale,name_zh,name_en\nloads,loads,1,,loads\nlots,lots,1,批,\nnone,none,1,,\n",
        encoding="utf-8",
    )
    findings = check_table(path, schema).findings
    assert [(found.line, found.column) for found in findings] == [(4, "name_zh"), (4, "name_en")]
