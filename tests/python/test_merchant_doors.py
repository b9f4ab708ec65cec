"""The input formats of merchant microdata: what each lets in, what it refuses, and what is out of
reach."""

from __future__ import annotations

import csv
import gzip
import itertools
import random
import socket
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cell_oracle import code_of, outcome_of
from conftest import PROJECT_DIR, Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_validation_cells import CELL_TEXT

from platform_employment.dbt.build_inputs import (
    INPUTS_VARIABLE,
    PREVIOUS_CHECKS,
    PREVIOUS_VARIABLE,
    own_folder,
    previous_checks,
)
from platform_employment.dbt.plugin import Plugin
from platform_employment.errors import UserError
from platform_employment.formatting import masked
from platform_employment.validation import postgres
from platform_employment.validation.cells import RowCode
from platform_employment.validation.merchants import (
    MerchantSource,
    check_merchants,
    find_merchants,
    recorded_name,
)
from platform_employment.validation.postgres import read_address
from platform_employment.validation.schemas import ColumnRule, load_schemas
from platform_employment.validation.sql import column_expressions

SAMPLE = next(s for s in load_schemas(PROJECT_DIR / "seeds") if s.name == "merchant_sample")
HEADER = SAMPLE.header
ROWS = [
    ("lantern", "s", "m-1", "food", "12.5", "3", "1", "synthetic", "lantern_invented"),
    ("lantern", "s", "m-2", "home", "1480.66", "12", "1.5", "synthetic", "lantern_invented"),
    ("lantern", "s", "m-3", "home", "0.01", "1", "1", "synthetic", "lantern_invented"),
]
GOOD = "".join(f"{','.join(row)}\n" for row in (HEADER, *ROWS)).encode()


@pytest.fixture(scope="session")
def csv_lines_sql(built_from_files: Project) -> str:
    """The compiled model that reads CSV files."""
    compiled = built_from_files.folder / "target/compiled/platform_employment/models"
    path = compiled / "staging/survey/stg_survey__csv_lines.sql"
    return path.read_text(encoding="utf-8")


def found(named: str | Path, spool: Path = Path("spool.csv")) -> MerchantSource:
    return find_merchants(str(named), spool)


def finding_of(path: Path) -> str:
    (report,) = check_merchants(found(path), HEADER)
    (finding,) = report.findings
    assert "\n" not in str(finding)
    return finding.code


# Which files


def test_a_pattern_names_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "c.csv"):
        (tmp_path / name).write_bytes(GOOD)
    (tmp_path / "folder.csv").mkdir()
    source = found(f"{tmp_path}/*.csv*")
    assert [file.path.name for file in source.files] == ["a.csv.gz", "b.csv", "c.csv"]
    assert (source.format, source.first_line) == ("csv", 2)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documented commands have it in quotes, where no shell expands it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "m1.csv").write_bytes(GOOD)
    assert [file.path for file in found("~/m*.csv").files] == [tmp_path.resolve() / "m1.csv"]
    monkeypatch.setenv(INPUTS_VARIABLE, "~/mine")
    assert own_folder(PROJECT_DIR) == tmp_path / "mine"
    checks = tmp_path / "release" / PREVIOUS_CHECKS
    checks.parent.mkdir(parents=True)
    checks.touch()
    monkeypatch.setenv(PREVIOUS_VARIABLE, "~/release")
    assert previous_checks(PROJECT_DIR) == checks.resolve()
    with pytest.raises(UserError, match="no such file"):
        found("~nobody/m.csv")


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("/etc/passwd", "neither .csv nor .csv.gz nor .parquet"),
        ("packed.csv.zst", "packed, and not by gzip: unpack it"),
        ("packed.csv.bz2", "packed, and not by gzip: unpack it"),
        ("absent.csv", "no such file"),
        ("*.parquet", "no such file"),
        ("folder", "a folder: name files in it"),
        ("link.csv", "a link that leads to another folder"),
        ("good.*", "CSV and Parquet files"),
        ("odd[1].csv", "rename it"),
        ("a\nb.csv", "no such file"),
    ],
)
def test_what_is_not_a_merchant_file_is_refused_in_one_line(
    named: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("good.csv", "good.parquet", "odd[1].csv", "packed.csv.zst", "packed.csv.bz2"):
        Path(name).write_bytes(GOOD)
    Path("folder").mkdir()
    Path("link.csv").symlink_to("/etc/passwd")
    if named == "*.parquet":
        Path("good.parquet").unlink()
    with pytest.raises(UserError) as refusal:
        found(named)
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD.replace(b"food", "茶叶".encode("gbk")), "not_utf8"),
        (GOOD.replace(b"headcount", b"staff"), "column_renamed"),
        (GOOD.replace(b"m-2", b'"m-2'), "unclosed_quote"),
        (GOOD[:-1], "truncated"),
        (GOOD.replace(b",", b";"), "wrong_delimiter"),
        (b"", "empty"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(data: bytes, code: str, tmp_path: Path) -> None:
    for name, packed in (("merchants.csv", data), ("merchants.csv.gz", gzip.compress(data))):
        (tmp_path / name).write_bytes(packed)
        assert finding_of(tmp_path / name) == code


def write_parquet(path: Path, columns: dict[str, pa.Array]) -> None:
    pq.write_table(pa.table(columns), path)


def test_parquet_needs_the_columns_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "merchants.parquet"
    columns = {name: pa.array([row[i] for row in ROWS]) for i, name in enumerate(HEADER)}
    write_parquet(path, dict(reversed(columns.items())))
    (report,) = check_merchants(found(path), HEADER)
    assert (report.findings, report.records) == ((), 3)
    write_parquet(path, {name: values.slice(0, 0) for name, values in columns.items()})
    assert finding_of(path) == "header_only"
    del columns["headcount"]
    write_parquet(path, columns)
    assert finding_of(path) == "column_missing"
    write_parquet(path, columns | {"staff": columns["merchant_id"]})
    assert finding_of(path) == "column_renamed"
    path.write_bytes(path.read_bytes()[:-9])
    assert finding_of(path) == "damaged_parquet"
    path.write_bytes(GOOD)
    assert finding_of(path) == "damaged_parquet"


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("turnover_wan_yuan", pa.decimal128(18, 2), pa.float32()),
        ("turnover_wan_yuan", pa.decimal128(18, 2), pa.decimal128(18, 4)),
        ("headcount", pa.int64(), pa.float64()),
        ("headcount", pa.int64(), pa.string()),
    ],
)
def test_a_column_has_one_type_in_all_parquet_files(
    tmp_path: Path, column: str, one: pa.DataType, other: pa.DataType
) -> None:
    """DuckDB would read both as a common type: 1234567.89 and a float make 1234567.9."""
    columns = {name: pa.array([row[i] for row in ROWS]) for i, name in enumerate(HEADER)}
    cells = pa.array([Decimal(3)] * len(ROWS))
    for name, kind in (("a", one), ("b", other), ("c", one)):
        write_parquet(tmp_path / f"{name}.parquet", columns | {column: cells.cast(kind)})
    first, second, third = check_merchants(found(f"{tmp_path}/*.parquet"), HEADER)
    assert first.findings == third.findings == ()
    (finding,) = second.findings
    assert (finding.code, finding.column) == ("column_types_differ", column)
    assert "a.parquet" in finding.message


def test_a_decimal_that_would_be_rounded_is_refused(tmp_path: Path) -> None:
    """DuckDB reads 12.5000000000000000000001 as a float."""
    columns = {name: pa.array([row[i] for row in ROWS]) for i, name in enumerate(HEADER)}
    path = tmp_path / "merchants.parquet"
    for digits, findings in ((38, ()), (39, ("column_too_wide",))):
        kind = pa.decimal256(digits, 22) if digits > 38 else pa.decimal128(digits, 22)
        wide = pa.array([Decimal("12.5000000000000000000001")] * len(ROWS), kind)
        write_parquet(path, columns | {"turnover_wan_yuan": wide})
        (report,) = check_merchants(found(path), HEADER)
        assert tuple(finding.code for finding in report.findings) == findings


def test_texts_are_of_one_type_however_arrow_holds_them(tmp_path: Path) -> None:
    columns = {name: pa.array([row[i] for row in ROWS]) for i, name in enumerate(HEADER)}
    write_parquet(tmp_path / "a.parquet", columns)
    columns["merchant_id"] = columns["merchant_id"].cast(pa.large_string())
    columns["industry_code"] = columns["industry_code"].dictionary_encode()
    write_parquet(tmp_path / "b.parquet", columns)
    reports = check_merchants(found(f"{tmp_path}/*.parquet"), HEADER)
    assert [report.findings for report in reports] == [(), ()]


# PostgreSQL


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://u:hunter2@h/db?table=a.b", "holds a password"),
        ("postgresql://u@h/db?table=a.b&password=hunter2", "holds a password"),
        ("postgresql://u@h/db?table=a.b&sslpassword=hunter2", "holds a password"),
        ("postgresql://u@h/db?table=a.b&oauth_client_secret=hunter2", "secret, which"),
        ("postgresql://u@h/db", "must name one table"),
        ("postgresql://u@h/db?table=merchants", "must name one table"),
        ("postgresql://u@h/db?table=a.b.c", "must name one table"),
        ("postgresql://u@h/db?table=a.b&table=c.d", "must name one table"),
        ("postgresql://u@h/db?hunter2", "cannot be read"),
        ("postgresql://u@[hunter2/db?table=a.b", "cannot be read"),
        ("postgresql://u@h/db?table=a.b&sslmod=hunter2", "cannot be read"),
        ("postgresql://u@h/hunter2%zz?table=a.b", "cannot be read"),
        ("postgresql://u@h/hunter2?table=a.%ff", "cannot be read"),
        ("postgresql://u:hunter2?table=a.b&x=@h/db", "holds a password"),
        ("postgresql://u@h/db?table=a.b&p%61ssword=hunter2", "holds a password"),
        ("postgresql://u:hunter2?table=a.b", "a port that is not a number"),
        ("postgresql://u@h/db?table=a.b%00hunter2", "must name one table"),
        ("postgresql://u@h/db?table=a%00hunter2.b", "must name one table"),
        ("postgresql://u@h/d%00hunter2?table=a.b", "cannot be read"),
    ],
)
def test_an_address_without_a_table_or_with_a_password_is_refused(
    address: str, reason: str
) -> None:
    with pytest.raises(UserError, match=reason) as refusal:
        read_address(address)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u@h:5433/db?sslmode=require",
        "postgresql://u@h/db",
        "postgres://",
        "postgresql:///db?host=/run/postgresql",
        "postgresql:///?service=sales",
        "postgresql://a%40b:@h1:1,[::1]:2/%E5%BA%97%20?target_session_attrs=any&user=",
        "postgresql://u@h/db?options=-c%20search_path%3Da,b+c&application_name=a+b%26c",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_libpq_reads_an_address_as_it_stands(address: str, first: bool) -> None:
    """A parser of our own would change a plus, an empty host or an empty option."""
    base, mark, options = address.partition("?")
    named = f"{base}?table=Sales.a%20b+c{'&' if mark else ''}{options}"
    if mark and not first:
        named = f"{address}&table=Sales.a%20b+c"
    table = read_address(named)
    assert table.address == address
    assert str(table) == "Sales.a b+c"


@pytest.mark.parametrize(
    "named",
    [
        "PostgreSQL://u:hunter2@h/db?table=a.b",
        " postgresql://u:hunter2@h/db?table=a.b",
        "mysql://u:hunter2@h/db",
        "postgresql+psycopg://u:hunter2@h/db",
        "postgresql:/u:hunter2@h/db",
        "host=h dbname=db password = hunter2",
        "https://u:hunter2@h/merchants.csv",
        "file:///etc/hunter2.csv",
        '"postgresql://u:hunter2@h/db?table=a.b"',
        "jdbc:postgresql://h/db?user=u&password=hunter2",
        "url=postgresql://u:hunter2@h/db",
        "\u200bpostgresql://u:hunter2@h/db",
        "postgresql:u:hunter2@h/db",
        "postgresql%3A//u%3Ahunter2%40h/db",
        "u:hunter2@h:5432/db.csv",
        "h:5432:db:u:hunter2",
    ],
)
def test_an_address_of_another_kind_is_not_repeated(named: str) -> None:
    with pytest.raises(UserError, match="an address of another kind") as refusal:
        found(named)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"postgresql://u:hunter2@h/db?table=a.b"', '"postgresql:***@h/db?table=a.b"'),
        ("jdbc:x://h/db?user=u&Password=hunter2;a=b", "jdbc:x://h/db?user=u&Password=***;a=b"),
        ("url=postgresql:u:h:u/n@t@er2@h", "url=postgresql:***@h"),
        ("postgresql%3A//u%3Ahunter2%40h/db", "postgresql:***@h/db"),
        ("u：hunter2＠h/m.csv", "u:***@h/m.csv"),
        ("u﹕hunter2﹫h/m.csv", "u:***@h/m.csv"),
        ("postgresql%253A//u%253Ahunter2%2540h/db", "postgresql:***@h/db"),
        ("password=a&b=u%3Ahunter2%40h", "password=***&b=u:***@h"),
        ("pass\u200bword=hunter2", "password=***"),
        (r"password='hun\' ter2' dbname=db", "password=*** dbname=db"),
        ('password="hun ter2', "password=***"),
        (
            "https://h/m.csv?X-Amz-Signature=hunter2&sig=hunter2",
            "https://h/m.csv?X-Amz-Signature=***&sig=***",
        ),
        ("h:5432:db:u:hunter2", "h:5432:db:u:***"),
        (r"*:*:d\:b:u:hun:ter2", r"*:*:d\:b:u:***"),
        ("write postgres://user@host/database", "write postgres://user@host/database"),
        ("u:hunter2@h: write postgres://user@host/db", "u:***@h: write postgres://user@host/db"),
        ("m@home/2021-*.csv", "m@home/2021-*.csv"),
        ("2021-01-01 12:30:15.csv", "2021-01-01 12:30:15.csv"),
        ("not passed: rates_agree: 3 rows", "not passed: rates_agree: 3 rows"),
        ("it passes: yes; pass: hunter2", "it passes: yes; pass: ***"),
        ("PGPASS: hunter2 passwd: hunter2", "PGPASS: *** passwd: ***"),
    ],
)
def test_what_may_be_a_secret_is_masked(text: str, expected: str) -> None:
    assert masked(text) == expected
    assert recorded_name(text) == expected


def test_a_file_may_have_a_name_like_an_address(tmp_path: Path) -> None:
    path = tmp_path / "2021:a@b.csv"
    path.write_text("", encoding="utf-8")
    assert [file.path for file in found(path).files] == [path]


def fill_table(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


MERCHANTS_TABLE = """
    create table "Sales"."merchants; drop" (
        source_id text, provenance text, platform_id text, sample_id text, merchant_id text,
        industry_code text, turnover_wan_yuan numeric(18, 4), headcount smallint,
        survey_weight float8
    )
"""


def test_a_postgresql_table_is_copied_as_a_file_like_any_other(
    postgres_address: str, tmp_path: Path
) -> None:
    fill_table(
        postgres_address,
        'drop schema if exists "Sales" cascade',
        'create schema "Sales"',
        MERCHANTS_TABLE,
        """insert into "Sales"."merchants; drop" values
        ('x', 'synthetic', 'lantern', 's', 'm-2', '茶, "水"', 1480.6600, 12, 1.5),
        ('x', 'synthetic', 'lantern', 's', 'm-1', '', 100.0000, null, 'nan')""",
    )
    path = tmp_path / "target" / "merchants.csv"
    source = find_merchants(f"{postgres_address}&table=Sales.merchants; drop", path)
    shas = set()
    for _ in range(2):
        (report,) = check_merchants(source, HEADER)
        assert (report.findings, report.records) == ((), 2)
        shas.add(report.sha256)
    assert len(shas) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        list(HEADER),
        ["lantern", "s", "m-1", "", "100", "", "NaN", "synthetic", "x"],
        ["lantern", "s", "m-2", '茶, "水"', "1480.66", "12", "1.5", "synthetic", "x"],
    ]


def test_the_same_rows_of_a_postgresql_table_give_the_same_bytes(
    postgres_address: str, tmp_path: Path
) -> None:
    columns = ", ".join(f"{name} text" for name in HEADER)
    source = find_merchants(f"{postgres_address}&table=public.ordered", tmp_path / "m.csv")
    shas = set()
    for direction in ("asc", "desc"):
        fill_table(
            postgres_address,
            "drop table if exists public.ordered",
            f"create table public.ordered ({columns})",
            f"""
            insert into public.ordered
            select 'a', 's', 'M' || n, 'food', '1', '1', '1', 'synthetic', 'x'
            from generate_series(1, 200) as n
            order by n {direction}
            """,
        )
        (report,) = check_merchants(source, HEADER)
        assert report.records == 200
        shas.add(report.sha256)
    assert len(shas) == 1


def test_a_float_of_postgresql_has_all_its_digits(postgres_address: str, tmp_path: Path) -> None:
    columns = ", ".join(
        f"{name} {'float8' if name == 'turnover_wan_yuan' else 'text'}" for name in HEADER
    )
    fill_table(
        postgres_address,
        "drop table if exists public.floats",
        f"create table public.floats ({columns})",
        "insert into public.floats values"
        " ('a', 's', 'm', 'food', 1234567.89, '3', '1', 'synthetic', 'x')",
    )
    options = "options=-c%20extra_float_digits%3D-12"
    source = find_merchants(f"{postgres_address}&{options}&table=public.floats", tmp_path / "m.csv")
    assert check_merchants(source, HEADER)[0].findings == ()
    assert "1234567.89" in (tmp_path / "m.csv").read_text(encoding="utf-8")


def test_what_postgresql_refuses_is_one_line(postgres_address: str, tmp_path: Path) -> None:
    fill_table(postgres_address, "create table if not exists public.other (merchant_id text)")
    for address, code in (
        (f"{postgres_address}&table=public.absent", "unreadable"),
        (f"{postgres_address}&table=public.other", "column_missing"),
        ("postgresql://u@/db?host=/nowhere&table=a.b", "unreadable"),
    ):
        (report,) = check_merchants(find_merchants(address, tmp_path / "m.csv"), HEADER)
        (finding,) = report.findings
        assert finding.code == code
        assert "\n" not in str(finding)
        assert not (tmp_path / "m.csv").exists()


def test_a_server_that_does_not_answer_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_CONNECT_SECONDS", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/db?table=a.b"
        (report,) = check_merchants(find_merchants(address, tmp_path / "m.csv"), HEADER)
    (finding,) = report.findings
    assert finding.message == "cannot be read: connection timeout expired"
    assert "\n" not in str(finding)


@pytest.mark.parametrize(
    ("limit", "said"),
    [("lock_timeout", "lock timeout"), ("statement_timeout", "statement timeout")],
)
def test_a_locked_table_of_postgresql_is_one_line(
    postgres_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    said: str,
) -> None:
    fill_table(
        postgres_address,
        "drop table if exists public.held",
        f"create table public.held ({', '.join(f'{name} text' for name in HEADER)})",
    )
    named = f"{postgres_address}&table=public.held"
    monkeypatch.setitem(postgres._LIMITS, limit, "100ms")
    with psycopg.connect(postgres_address) as holder:
        holder.execute("lock table public.held in access exclusive mode")
        (report,) = check_merchants(find_merchants(named, tmp_path / "m.csv"), HEADER)
        (finding,) = report.findings
        assert finding.message == f"cannot be read: canceling statement due to {said}"
        assert "options=-c%20statement_timeout%3D2h" in finding.remedy
        # what the address says counts
        options = f"options=-c%20{limit}%3D50ms"
        monkeypatch.setitem(postgres._LIMITS, limit, "1h")
        source = find_merchants(f"{named}&{options}", tmp_path / "m.csv")
        assert check_merchants(source, HEADER)[0].findings[0].message == finding.message


def test_a_line_break_in_a_postgresql_text_is_found(postgres_address: str, tmp_path: Path) -> None:
    columns = ", ".join(f"{name} text" for name in HEADER)
    values = ", ".join(["'a\nb'", *("'x'" for _ in HEADER[1:])])
    fill_table(
        postgres_address,
        "drop table if exists public.broken",
        f"create table public.broken ({columns})",
        f"insert into public.broken values ({values})",
    )
    source = find_merchants(f"{postgres_address}&table=public.broken", tmp_path / "m.csv")
    (report,) = check_merchants(source, HEADER)
    assert [finding.code for finding in report.findings] == ["unclosed_quote"]


# The rules in SQL

RULES = [
    *SAMPLE.columns,
    ColumnRule("optional", type="decimal", decimals=4, required=False, minimum=Decimal("-1")),
    ColumnRule("from_two", type="integer", minimum=Decimal(2), maximum=Decimal(9)),
    ColumnRule("day", type="date"),
    ColumnRule("flag", type="boolean"),
    ColumnRule("free", type="text", required=False),
    ColumnRule("listed", type="text", values=("it's", "那个")),
]
CELL = st.one_of(
    st.sampled_from(["", "synthetic", "it's", "那个", "true", "2021-02-29", "2020-02-29", "0"]),
    st.sampled_from(
        ["12.5万元", "1e5", "NaN", "-inf", "1,234", "００７", "3.0", "-0.5", "9", "10"]
    ),
    st.decimals(-1000, 10**8, places=2).map(str),
    st.integers(-5, 10**14).map(str),
    CELL_TEXT.filter(lambda text: "\0" not in text),
)


@given(st.lists(CELL, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_sql_gives_every_cell_the_code_that_python_gives(cells: list[str]) -> None:
    for rule in RULES:
        expressions = column_expressions(rule)
        result = duckdb.execute(
            f"""
            select cells.cell, {expressions.rejection}, coalesce({expressions.accepted}, false)
            from (select unnest($cells) as cell) as cells,
            lateral (select nullif(cells.cell, '') as "{rule.name}")
            """,
            {"cells": cells},
        ).fetchall()
        assert len(result) == len(cells)
        for cell, code, is_accepted in result:
            expected = code_of(rule, cell)
            assert code == expected, (rule.name, cell)
            assert is_accepted == (expected is None), (rule.name, cell)


NUMBER_TYPES = ["DECIMAL(18,2)", "DECIMAL(18,4)", "DECIMAL(9,0)", "DECIMAL(38,6)", "DECIMAL(38,9)"]
NUMBER_TYPES += ["DOUBLE", "FLOAT", "TINYINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"]
# around what the columns allow, and around where a float is written with an exponent
NUMBER = st.one_of(
    st.sampled_from([*("0", "-0", "1", "0.01", "0.005", "1e-4", "0.0001", "0.00001", "0.000001")]),
    st.sampled_from(["0.00012", "10000000", "10000000.01", "1000000", "1000001", "1e9", "1e15"]),
    st.sampled_from(["0.1", "0.3", "2.675", "1.005", "4999.995", "nan", "inf", "-inf", "1e300"]),
    st.integers(-3, 10**10).map(str),
    st.decimals(-2, 10**8, places=2).map(str),
    st.decimals(-2, 100, places=7).map(str),
    st.floats(0, 10**7).map(repr),
    # sums of two hundredths are often not the double next to their decimal
    st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)).map(
        lambda n: repr(n[0] / 100 + n[1] / 100)
    ),
)


@given(st.lists(NUMBER, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_number_is_judged_as_its_text_is(numbers: list[str]) -> None:
    """Whatever type stores it: the same cells are accepted, with the same value."""
    rules = [rule for rule in SAMPLE.columns if rule.type in {"integer", "decimal"}]
    for rule, data_type in itertools.product(rules, NUMBER_TYPES):
        expressions = column_expressions(rule, data_type)
        rows = duckdb.execute(
            f"""
            with stored as (
                select try_cast(number as {data_type}) as "{rule.name}"
                from (select unnest($numbers) as number)
            ),
            lines as (select {expressions.source} as "{rule.name}" from stored)
            select
                {expressions.text},
                coalesce({expressions.accepted}, false),
                case when {expressions.accepted} then {expressions.value} end
            from lines
            """,
            {"numbers": numbers},
        ).fetchall()
        for text, is_accepted, value in rows:
            outcome = outcome_of(rule, text or "")
            assert is_accepted == (not isinstance(outcome, RowCode)), (data_type, text)
            assert value == (outcome if is_accepted else None), (data_type, text)


PIECES = [b",", b'"', b"\n", b"\r\n", b" ", b"x", b";", b"\0", b"\xff", b"-", b"0", b"9", b"."]
PIECES += ["万".encode(), "０".encode(), b"e5", b"nan", b"'"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file after a few cuts and insertions."""
    data = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(start + 3, len(data))))
        data = data[:start] + draw(st.sampled_from([b"", *PIECES])) + data[end:]
    return data


def numbers(row: dict[str, str]) -> tuple[object, ...] | None:
    """The three numbers of a row, None when Python rejects a cell of it."""
    values = [outcome_of(rule, row[rule.name]) for rule in SAMPLE.columns]
    if any(isinstance(value, RowCode) for value in values):
        return None
    return (row["merchant_id"], *values[4:7])


@given(mutated())
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_mutated_file_is_refused_or_read_without_another_number(
    csv_lines_sql: str, tmp_path: Path, data: bytes
) -> None:
    # DuckDB would read the name of the folder as the column
    path = tmp_path / "headcount=5" / "merchants.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    (report,) = check_merchants(found(path), HEADER)
    if report.findings:
        return
    rules = {rule.name: column_expressions(rule) for rule in SAMPLE.columns}
    with duckdb.connect() as connection:
        connection.create_function("merchant_paths", lambda: [str(path)], [], "varchar[]")
        rows = connection.execute(
            f"""
            with judged as (
                select *, {" and ".join(rule.accepted for rule in rules.values())} as is_accepted
                from ({csv_lines_sql})
            )
            select
                merchant_id,
                {rules["turnover_wan_yuan"].value},
                {rules["headcount"].value},
                {rules["survey_weight"].value},
                is_accepted
            from judged
            where is_accepted
            union all
            select null, null, null, null, is_accepted from judged where is_accepted is not true
            """
        ).fetchall()
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = [numbers(row) for row in csv.DictReader(file)]
    assert report.records == len(rows) == len(expected)
    accepted = [row for row in expected if row]
    assert [row[:-1] for row in rows if row[-1]] == accepted


# What SQL can reach


@pytest.fixture
def own_merchants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A merchant file that the environment names, with the project as the working folder."""
    path = tmp_path / "merchants.csv"
    path.write_bytes(GOOD)
    monkeypatch.chdir(PROJECT_DIR)
    monkeypatch.delenv("PLATFORM_EMPLOYMENT_INPUTS", raising=False)
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MERCHANTS", str(path))
    return path


def connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    Plugin("test", {}).configure_connection(connection)
    return connection


def test_sql_reads_the_named_file_and_no_other(own_merchants: Path) -> None:
    neighbour = own_merchants.with_name("other.csv")
    neighbour.write_bytes(GOOD)
    with connected() as connection:
        assert connection.execute("select input_findings()").fetchone() == ([],)
        read = "select count(*) from read_csv('{}', all_varchar = true)"
        assert connection.execute(read.format(own_merchants)).fetchone() == (3,)
        for statement in (
            read.format(neighbour),
            read.format("/etc/passwd"),
            f"copy (select 1) to '{own_merchants.with_name('out.csv')}'",
            "set enable_external_access = true",
            "set allowed_paths = ['/etc/passwd']",
            "set threads = 1",
            "install httpfs",
            "attach '/etc/passwd'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


@pytest.mark.parametrize("limit", ["much", "-1GB", "none", "0GB", "2", "1GB; drop table x"])
def test_a_memory_limit_is_a_size(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB takes a negative size and the word none for no limit at all."""
    monkeypatch.chdir(PROJECT_DIR)
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MEMORY_LIMIT", limit)
    plugin = Plugin("test", {})
    with duckdb.connect() as connection:
        plugin.configure_connection(connection)
    (finding,) = plugin.findings()
    expected = f"PLATFORM_EMPLOYMENT_MEMORY_LIMIT: '{limit}': write a size such as 2GB"
    assert finding == expected


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT_DIR)
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MEMORY_LIMIT", "512MiB")
    with connected() as connection:
        limit = connection.execute("select current_setting('memory_limit')").fetchone()
    assert limit == ("512.0 MiB",)


@pytest.mark.parametrize(
    ("variable", "named"),
    [
        ("PLATFORM_EMPLOYMENT_MERCHANTS", "/etc/passwd"),
        ("PLATFORM_EMPLOYMENT_MERCHANTS", "/etc/*"),
        ("PLATFORM_EMPLOYMENT_BASELINE_RELEASE", "/etc"),
        ("PLATFORM_EMPLOYMENT_INPUTS", "/etc"),
        ("PLATFORM_EMPLOYMENT_MERCHANTS", f"/{'x' * 300}.csv"),
        ("PLATFORM_EMPLOYMENT_BASELINE_RELEASE", f"/{'x' * 300}"),
        ("PLATFORM_EMPLOYMENT_INPUTS", f"/{'x' * 300}"),
    ],
)
def test_a_variable_that_names_something_else_is_refused(
    own_merchants: Path, monkeypatch: pytest.MonkeyPatch, variable: str, named: str
) -> None:
    monkeypatch.setenv(variable, named)
    with connected() as connection:
        result = connection.execute("select input_findings()").fetchone()
        assert result is not None
        findings = result[0]
        assert findings
        assert not any("\n" in finding or "root:" in finding for finding in findings)


def test_line_numbers_hold_in_files_of_many_blocks(csv_lines_sql: str, tmp_path: Path) -> None:
    """DuckDB reads in parallel; rows of the table stay in the order of the file."""
    path = tmp_path / "merchants.csv"
    picked = random.Random(7).sample(range(400_000), 300)
    bad = set(picked)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(HEADER) + "\n")
        for number in range(400_000):
            turnover = "12.5万元" if number in bad else "12.5"
            file.write(f"lantern,s,m{number},food,{turnover},3,1,synthetic,lantern_invented\n")
    with duckdb.connect() as connection:
        connection.create_function("merchant_paths", lambda: [str(path)], [], "varchar[]")
        connection.execute(f"create table lines as {csv_lines_sql}")
        found_rows = connection.execute(
            "select rowid, merchant_id from lines where turnover_wan_yuan = '12.5万元'"
        ).fetchall()
    assert sorted(found_rows) == [(number, f"m{number}") for number in sorted(bad)]
