"""What a release holds: exports, manifest, lineage, and what it says of the one before."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from release_helpers import JOBS, Tiny, hashes, query, statement

from platform_employment.release.dictionary import COLUMNS_FILE
from platform_employment.release.diff import _new_lines
from platform_employment.release.formats.spreadsheets import SHEETS
from platform_employment.release.integrity import hash_files
from platform_employment.release.manifest import _content_sha256
from platform_employment.release.store import MANIFEST_FILE, MARTS_FILE, WORKBOOK_FILE
from platform_employment.release.table_hashes import TableSummary, read_relation

pytest_plugins = ["release_fixtures"]

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "＝1+1", "＠A1"]
JOBS_TOTAL = "invented 2021-09-30 base total"


def sheet(folder: Path, name: str) -> Worksheet:
    book = openpyxl.load_workbook(folder / WORKBOOK_FILE)
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def query_of(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the small database."""
    with duckdb.connect(str(folder / MARTS_FILE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def dependencies(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    definition = statement(folder)["predicate"]["buildDefinition"]
    return {
        entry["name"]: entry
        for entry in definition["resolvedDependencies"]
        if entry["annotations"]["kind"] == kind
    }


# Workbook


def test_the_workbook_begins_with_the_release_and_has_the_sheets_of_people(
    built_tiny: Tiny,
) -> None:
    book = openpyxl.load_workbook(built_tiny.current / WORKBOOK_FILE)
    names = ["meta_columns", "fct_jobs", "aud_figure_reconciliation"]
    assert book.sheetnames == ["开始 Start", *names]
    assert len(SHEETS) + 1 == 15
    start = list(book["开始 Start"].iter_rows(values_only=True))
    release_id = built_tiny.current.resolve().name
    assert start[0][0] == "发布 Release"
    assert str(start[0][1]).startswith(f"{release_id} · ")
    assert [row[:3] for row in start[3:]][1] == (
        "fct_jobs",
        "不用商户样本的就业 · Jobs without merchant samples",
        4,
    )
    for found in book.worksheets:
        assert release_id in str(found.oddFooter.left.text)
        assert found.page_setup.orientation == "landscape"
        # one page wide, which is the default, and as many high as it takes
        assert found.sheet_properties.pageSetUpPr.fitToPage
        assert found.page_setup.fitToHeight == 0


def test_names_of_columns_are_in_the_first_row_of_each_sheet(built_tiny: Tiny) -> None:
    book = openpyxl.load_workbook(built_tiny.current / WORKBOOK_FILE)
    for found in book.worksheets[1:]:
        schema = "audit" if found.title.startswith("aud_") else "marts"
        columns = query_of(built_tiny.current, f"describe {schema}.{found.title}")
        names = [row[0] for row in columns]
        assert [cell.value for cell in found[1]] == names
        assert list(found.tables) == [found.title]
    titles, *rows = sheet(built_tiny.current, "meta_columns").iter_rows(values_only=True)
    entries = [dict(zip(titles, row, strict=True)) for row in rows]
    labels = {
        entry["column_name"]: (entry["label_zh"], entry["label_en"])
        for entry in entries
        if entry["table_name"] == "fct_jobs"
    }
    assert labels["component_id"] == ("组成部分代码", "Component")
    # the model's yml goes before the list of labels
    assert labels["jobs_wan"] == ("就业", "Jobs")


def test_the_workbook_holds_the_figures_of_the_mart(built_tiny: Tiny) -> None:
    found = sheet(built_tiny.current, "fct_jobs")
    cells = [row[3:5] for row in found.iter_rows(min_row=2, values_only=True)]
    rows = query(
        built_tiny.current,
        "select component_id, cast(jobs_wan as double) from marts.fct_jobs order by all",
    )
    assert sorted(cells) == rows


def test_text_that_looks_like_a_formula_stays_text(tiny: Tiny) -> None:
    values = ", ".join(f"('{text}')" for text in FORMULAS)
    folder = tiny.release(
        STANDIN_FAULT="sql:insert into audit.aud_figure_reconciliation by name"
        f" select subject_en, subject_en as figure_id from (values {values}) as t (subject_en)"
    )
    cells = {
        cell.value: cell
        for cell in sheet(folder, "aud_figure_reconciliation")["D"]
        if cell.value in FORMULAS
    }
    assert len(cells) == len(FORMULAS)
    for text, cell in cells.items():
        assert cell.data_type == "s", text
        assert cell.quotePrefix, text


def test_every_label_is_a_pair_in_order() -> None:
    with COLUMNS_FILE.open(encoding="utf-8", newline="") as file:
        labels = {row["name"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}
    assert list(labels) == sorted(labels)
    for name, (zh, en) in labels.items():
        assert re.search("[\u4e00-\u9fff]", zh), name
        assert en[:1].isupper() or not en[:1].isalpha(), name


# Parquet


def test_parquet_is_ordered_and_the_same_in_two_releases(built_tiny: Tiny, tiny: Tiny) -> None:
    again = tiny.release()
    files = sorted((built_tiny.current / "parquet").iterdir())
    assert [path.stem for path in files] == [
        "aud_expectation_results",
        "aud_figure_reconciliation",
        "fct_jobs",
    ]
    for path in files:
        assert (again / "parquet" / path.name).read_bytes() == path.read_bytes()
        rows = duckdb.execute(f"from read_parquet('{path}')").fetchall()
        assert rows == duckdb.execute(f"from read_parquet('{path}') order by all").fetchall()
        schema = "audit" if path.stem.startswith("aud_") else "marts"
        # data frames have neither decimals nor plain days
        as_read = {"DECIMAL": "double", "DATE": "timestamp"}
        columns = ", ".join(
            f"cast({name} as {as_read.get(str(kind).split('(')[0], kind)}) as {name}"
            for name, kind, *_ in query(built_tiny.current, f"describe {schema}.{path.stem}")
        )
        assert rows == query(
            built_tiny.current, f"select {columns} from {schema}.{path.stem} order by all"
        )


def test_all_but_times_is_the_same_in_two_releases(built_tiny: Tiny, tiny: Tiny) -> None:
    first, second = hash_files(built_tiny.current), hash_files(tiny.release())
    differ = {name for name in first | second if first.get(name) != second.get(name)}
    # the database has its tables in other blocks; dbt's artefacts and runs.jsonl hold times
    assert differ <= {
        "changes.txt",
        "dbt/manifest.json",
        "dbt/run_results.json",
        "lineage/runs.jsonl",
        MANIFEST_FILE,
        "platform_employment.duckdb",
        # these name the release, and when it was built
        "csv/datapackage.json",
        "csv/meta_release.csv",
        "platform_employment.xlsx",
        "platform_employment_marts.duckdb",
    }


# Table hashes


def reference_hash(columns: list[tuple[str, str]], rows: list[list[str | None]]) -> str:
    """Return the hash that docs/reference/release-format.md describes."""

    def escaped(text: str) -> str:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")

    lines = [
        "\t".join("N" if cell is None else f"V{escaped(cell)}" for cell in row) for row in rows
    ]
    row_hashes = sorted(hashlib.sha256(line.encode()).hexdigest() for line in lines)
    header = "".join(f"{escaped(name)}\t{kind}\n" for name, kind in columns)
    return hashlib.sha256(f"{header}\n{''.join(row_hashes)}".encode()).hexdigest()


def summary(sql: str) -> TableSummary:
    with duckdb.connect() as connection:
        return read_relation(connection, "main.t", f"({sql})")


def test_the_table_hash_is_what_the_docs_say() -> None:
    found = summary(
        r"select * from (values (1, 'a' || chr(9) || 'b\', 1.50::decimal(4, 2), date '2021-09-30'),"
        ' (2, null, 0.1::decimal(4, 2), null)) as t("i\td", name, amount, day)'
    )
    columns = [
        ("i\td", "INTEGER"),
        ("name", "VARCHAR"),
        ("amount", "DECIMAL(4,2)"),
        ("day", "DATE"),
    ]
    rows: list[list[str | None]] = [
        ["2", None, "0.10", None],
        ["1", "a\tb\\", "1.50", "2021-09-30"],
    ]
    assert found.sha256 == reference_hash(columns, rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'N' as a", "select null::varchar as a"),
        ("select '' as a", "select null::varchar as a"),
        (
            "select 'a' || chr(9) || 'Vb' as a, 'c' as b",
            "select 'a' as a, 'b' || chr(9) || 'Vc' as b",
        ),
        ("select '\\t' as a", "select chr(9) as a"),
        ("select 1::integer as a", "select 1::bigint as a"),
        ("select 1 as a", "select 1 as b"),
        ("select 1 as a", "select 1 as a union all select 1"),
        ("select 0.1::double as a", "select 0.1::double + 1e-17::double * 2 as a"),
        ("select ''::blob as a", "select null::blob as a"),
        (
            "select timestamp '2021-01-01 00:00:00' as a",
            "select timestamp '2021-01-01 00:00:00.000001' as a",
        ),
    ],
)
def test_other_content_has_another_hash(one: str, other: str) -> None:
    assert summary(one).sha256 != summary(other).sha256 != ""


def test_a_view_may_have_a_column_without_a_type() -> None:
    found = summary("select null as a")
    assert found.fault is None
    assert found.sha256 == reference_hash([("a", '"NULL"')], [[None]])


def test_the_time_zone_of_the_reader_does_not_matter() -> None:
    found = set()
    for zone in ("UTC", "Asia/Shanghai"):
        with duckdb.connect() as connection:
            connection.execute(f"set timezone = '{zone}'")
            sql = "(select to_timestamp(1632960000) as a)"
            found.add(read_relation(connection, "main.t", sql).sha256)
    assert len(found) == 1


# Manifest


def test_the_manifest_is_an_in_toto_statement_with_slsa_provenance(built_tiny: Tiny) -> None:
    """Required fields of https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1."""
    folder = built_tiny.current
    found = statement(folder)
    assert set(found) == {"_type", "subject", "predicateType", "predicate"}
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://slsa.dev/provenance/v1"
    subjects = {entry["name"]: entry["digest"]["sha256"] for entry in found["subject"]}
    files = hash_files(folder)
    del files[MANIFEST_FILE]
    assert subjects == files
    definition, run = found["predicate"]["buildDefinition"], found["predicate"]["runDetails"]
    assert re.fullmatch(r"\w+:.+", definition["buildType"])
    assert isinstance(definition["externalParameters"], dict)
    for entry in definition["resolvedDependencies"]:
        assert entry["name"]
        assert all(re.fullmatch("[0-9a-f]{40,64}", digest) for digest in entry["digest"].values())
    assert re.fullmatch(r"\w+:.+", run["builder"]["id"])
    times = [run["metadata"][name] for name in ("startedOn", "finishedOn")]
    assert [datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z") for time in times] == sorted(
        datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z") for time in times
    )
    assert run["metadata"]["invocationId"]


def test_the_manifest_says_what_went_in_and_what_came_out(built_tiny: Tiny) -> None:
    folder = built_tiny.current
    predicate = statement(folder)["predicate"]
    inputs = dependencies(folder, "input")
    jobs = (built_tiny.folder / JOBS).read_bytes()
    assert inputs[JOBS]["digest"]["sha256"] == hashlib.sha256(jobs).hexdigest()
    assert inputs[JOBS]["annotations"] == {
        "kind": "input",
        "bytes": len(jobs),
        "rows": 4,
        "table": "raw.jobs",
    }
    code = dependencies(folder, "code")
    assert "models/fct_jobs.sql" in code
    assert "python/platform_employment/release/pipeline.py" in code
    tables = predicate["platformEmployment_tables"]
    assert {name: table["rows"] for name, table in tables.items()} == {
        "audit.aud_expectation_results": 1,
        "marts.fct_jobs": 4,
        "audit.aud_figure_reconciliation": 1,
        "raw.figures": 1,
        "raw.jobs": 4,
    }
    assert len(predicate["platformEmployment_nodes"]) == 9
    assert set(predicate["platformEmployment_nodes"].values()) == {"success", "pass"}
    (expectation,) = predicate["platformEmployment_expectations"]
    assert expectation["success"] is True
    versions = predicate["runDetails"]["builder"]["version"]
    assert versions["duckdb"] == duckdb.__version__
    settings = predicate["buildDefinition"]["internalParameters"]["settings"]
    assert settings == {"storage_version": "v1.4.0"} or "storage_version" in settings
    packages = dependencies(folder, "package")
    assert packages.keys() >= {f"pkg:pypi/duckdb@{duckdb.__version__}"}
    assert all(re.fullmatch("[0-9a-f]{64}", p["digest"]["sha256"]) for p in packages.values())


def test_the_hash_of_a_package_is_of_its_wheel_and_not_of_its_installer(tmp_path: Path) -> None:
    def sha256(*lines: str) -> str | None:
        (tmp_path / "RECORD").write_text("\n".join(lines), encoding="utf-8")
        return _content_sha256(PathDistribution(tmp_path))

    wheel = ("a/b.py,sha256=x,1", "a-1.dist-info/METADATA,sha256=y,2", "a-1.dist-info/RECORD,,")
    first = sha256(*wheel)
    installed = ("../../../bin/a,sha256=z,3", "a/__pycache__/b.cpython-311.pyc,,")
    assert sha256(*reversed(wheel), "a-1.dist-info/INSTALLER,sha256=p,4", *installed) == first
    assert sha256("a/b.py,sha256=other,1", *wheel[1:]) != first
    assert sha256("a/c.py,sha256=w,1", *wheel) != first
    assert sha256() is None


def test_the_release_before_is_in_the_manifest(tiny: Tiny) -> None:
    first = tiny.current
    (entry,) = dependencies(tiny.release(), "previous release").values()
    digest = hashlib.sha256((first / MANIFEST_FILE).read_bytes()).hexdigest()
    assert (entry["name"], entry["digest"]["sha256"]) == (first.name, digest)


def test_only_named_variables_are_recorded(tiny: Tiny) -> None:
    folder = tiny.release(
        PLATFORM_EMPLOYMENT_MEMORY_LIMIT="hunter2",
        PLATFORM_EMPLOYMENT_DSN="hunter2",
        PLATFORM_EMPLOYMENT_BASELINE_RELEASE="",
    )
    parameters = statement(folder)["predicate"]["buildDefinition"]["externalParameters"]
    assert parameters["environment"] == {"PLATFORM_EMPLOYMENT_BASELINE_RELEASE": ""}
    assert "hunter2" not in (folder / MANIFEST_FILE).read_text(encoding="utf-8")


def test_a_source_that_is_overdue_is_a_warning_in_the_manifest(tiny: Tiny) -> None:
    overdue = "Quarterly GMV: the period that ends on 2025-12-31 was expected by 2026-03-31."
    result = tiny.run("release", STANDIN_FAULT=f"warn:{overdue}")
    assert f"warning: WARN sources_are_fresh: {overdue}" in result.err
    warnings = statement(tiny.current)["predicate"]["platformEmployment_warnings"]
    assert warnings == [f"WARN sources_are_fresh: {overdue}"]


# Lineage


def events(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "lineage" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_lineage_events_have_the_fields_that_openlineage_requires(built_tiny: Tiny) -> None:
    """Required fields of OpenLineage.json 2-0-2."""
    jobs, runs = (events(built_tiny.current, name) for name in ("jobs.jsonl", "runs.jsonl"))
    assert len(jobs) == 5
    for event in (*jobs, *runs):
        datetime.fromisoformat(event["eventTime"])
        assert re.fullmatch(r"\w+:.+", event["producer"])
        assert re.fullmatch(
            r"https://openlineage\.io/spec/2-0-2/OpenLineage\.json#/\$defs/(Job|Run)Event",
            event["schemaURL"],
        )
        assert event["job"]["namespace"]
        assert event["job"]["name"]
        for dataset in (*event.get("inputs", ()), *event.get("outputs", ())):
            assert dataset["namespace"]
            assert dataset["name"]
        assert_facets(event)
    for event in runs:
        UUID(event["run"]["runId"])
    started = [event["run"]["runId"] for event in runs if event["eventType"] == "START"]
    completed = [event["run"]["runId"] for event in runs if event["eventType"] == "COMPLETE"]
    assert sorted(started) == sorted(completed)
    assert len(set(started)) == len(started) == 7


def assert_facets(value: object) -> None:
    """Every facet says who made it and what its schema is."""
    if isinstance(value, list):
        for item in value:
            assert_facets(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name.lower().endswith("facets"):
                for facet in item.values():
                    assert facet["_producer"]
                    assert facet["_schemaURL"].startswith("https://openlineage.io/spec/facets/")
            assert_facets(item)


def test_lineage_names_what_a_table_is_made_from(built_tiny: Tiny) -> None:
    by_output = {
        event["outputs"][0]["name"]: event for event in events(built_tiny.current, "jobs.jsonl")
    }
    inputs = {dataset["name"] for dataset in by_output["audit.aud_figure_reconciliation"]["inputs"]}
    assert inputs == {"raw.figures", "marts.fct_jobs"}


# Differences


def change_cell(tiny: Tiny) -> list[str]:
    tiny.replace(JOBS, "total,3462.9", "total,3500")
    return []


def change_variable(tiny: Tiny) -> list[str]:
    tiny.replace(
        "models/aud_figure_reconciliation.sql", "estimates.jobs_wan as", "estimates.jobs_wan + 1 as"
    )
    return ["--vars", "{growth: 2}"]


def change_code(tiny: Tiny) -> list[str]:
    tiny.replace(
        "models/aud_figure_reconciliation.sql", "estimates.jobs_wan as", "estimates.jobs_wan * 2 as"
    )
    return []


@pytest.mark.parametrize(
    ("change", "move", "cause"),
    [
        (
            change_cell,
            "invented invented_total warehouse_value 3,462.9 3,500 +37.1 +1.071%",
            "invented 2021-09-30 base total: jobs_wan 3462.9 -> 3500",
        ),
        (
            change_variable,
            "invented invented_total warehouse_value 3,462.9 3,463.9 +1 +0.029%",
            "parameter variables.growth not set -> 2",
        ),
        (
            change_code,
            "invented invented_total warehouse_value 3,462.9 6,925.8 +3,462.9 +100.000%",
            "code models/aud_figure_reconciliation.sql changed",
        ),
    ],
)
def test_diff_names_what_moved_and_why(
    tiny: Tiny, change: Callable[[Tiny], list[str]], move: str, cause: str
) -> None:
    first = tiny.current.name
    folder = tiny.release(*change(tiny))
    for command in (["diff"], ["diff", first, folder.name], ["diff", first]):
        result = tiny.run(*command)
        assert result.code == 0, result
        lines = [" ".join(line.split()) for line in result.out.splitlines()]
        assert lines[0] == f"{first} -> {folder.name}"
        assert move in lines
        assert cause in lines[lines.index("because of:") :]
    changes = (folder / "changes.txt").read_text(encoding="utf-8")
    assert move in [" ".join(line.split()) for line in changes.splitlines()]


def test_diff_says_so_when_nothing_moved(tiny: Tiny) -> None:
    tiny.replace("CHANGELOG.md", "- None yet.", "- Nothing.")
    tiny.release()
    said = tiny.run("diff").out
    assert "0 of 10 figures moved" in said
    assert "what differs moves no figure:" in said
    assert "because of" not in said


def test_what_the_figures_are_not_made_from_is_told_apart(tiny: Tiny) -> None:
    tiny.replace(JOBS, "direct,2000", "direct,2001")
    tiny.replace("seeds/report/figures.csv", ",万,", ",万人,")
    tiny.release()
    lines = [" ".join(line.split()) for line in tiny.run("diff").out.splitlines()]
    others = lines.index("changed too, but these figures are not built from it:")
    assert f"input {JOBS} 1 rows changed, 0 added, 0 removed" in lines[:others]
    assert "input seeds/report/figures.csv 1 rows changed, 0 added, 0 removed" in lines[others:]


def test_rows_that_come_and_go_are_named(tiny: Tiny) -> None:
    tiny.replace(
        JOBS, "invented,2021-09-30,base,direct,2000", "invented,2021-12-31,base,direct,2000"
    )
    tiny.release()
    lines = [" ".join(line.split()) for line in tiny.run("diff").out.splitlines()]
    assert "invented 2021-09-30 base direct jobs_wan 2,000 - gone" in lines
    assert "invented 2021-12-31 base direct jobs_wan - 2,000 new" in lines
    assert "invented 2021-12-31 base direct: added" in lines


def test_a_figure_that_moves_must_be_in_the_changelog(tiny: Tiny) -> None:
    tiny.replace(JOBS, "total,3462.9", "total,3500")
    warned = tiny.run("release").err.splitlines()
    assert len(warned) == 2
    assert warned[0] == (
        'platform-employment: warning: `invented_total` moved and "Figures changed" in '
        "CHANGELOG.md does not name it: invented invented_total warehouse_value 3,462.9 -> 3,500"
    )
    assert "`total` moved" in warned[1]


def test_a_figure_that_the_changelog_names_is_not_warned_of(tiny: Tiny) -> None:
    tiny.replace(JOBS, "total,3462.9", "total,3500")
    tiny.replace("CHANGELOG.md", "- None yet.", "- `invented_total` and `total`: 3500.")
    assert tiny.run("release").err == ""
    # what was written for that release does not excuse the next
    tiny.replace(JOBS, "total,3500", "total,3600")
    assert "`invented_total` moved" in tiny.run("release").err


def test_only_new_lines_of_the_section_count(tmp_path: Path) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text("## Figures changed\n- `a` moved\n", encoding="utf-8")
    new.write_text(
        "# 2\n- `z`\n### Figures Changed\n- `b` moved\n\n- `a` moved\n### Fixed\n- `c`\n",
        encoding="utf-8",
    )
    assert _new_lines(new, old) == ["- `b` moved"]
    assert _new_lines(tmp_path / "missing.md", old) == []


def test_a_nested_column_is_hashed_by_its_values() -> None:
    """By the text that DuckDB gives a list of rows: order, names and values are in it."""

    def digest(value: str) -> str:
        with duckdb.connect() as connection:
            connection.execute(f"create table nested as select {value} as merchants")
            return read_relation(connection, "main.nested").sha256

    first = "[{'merchant_id': 'a', 'turnover': 1.5}, {'merchant_id': 'b', 'turnover': 2.0}]"
    others = [
        first.replace("1.5", "1.6"),
        first.replace("'a'", "'c'"),
        first.replace("merchant_id", "merchant"),
        "[{'merchant_id': 'b', 'turnover': 2.0}, {'merchant_id': 'a', 'turnover': 1.5}]",
        first.replace("'a'", "null"),
        "null",
    ]
    assert digest(first) == digest(first)
    assert len({digest(value) for value in (first, *others)}) == len(others) + 1


def test_hashes_of_unmoved_tables_stay(tiny: Tiny) -> None:
    before = hashes(tiny.current)
    tiny.replace(JOBS, "total,3462.9", "total,3500")
    after = hashes(tiny.release())
    assert {name for name in after if after[name] != before[name]} == {
        "raw.jobs",
        "marts.fct_jobs",
        "audit.aud_figure_reconciliation",
        "audit.aud_expectation_results",
    }
