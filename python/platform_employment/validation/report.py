"""Runs validation over tables and folders, and says what came of it."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from platform_employment.errors import UserError, ask_first, nearest
from platform_employment.formatting import safe_text
from platform_employment.reading import MEBIBYTE, ReadError, TooLargeError, leaves, read_bytes
from platform_employment.validation.cells import Rejection, Row, Value
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode, scan, unreadable
from platform_employment.validation.former_names import FORMER_COLUMNS, FORMER_TABLES
from platform_employment.validation.judge import Outcomes, judge, shape
from platform_employment.validation.limits import limit_findings
from platform_employment.validation.overrides import (
    SETTINGS_FILE,
    Layer,
    Settings,
    Table,
    merge_overrides,
    read_settings,
)
from platform_employment.validation.references import reference_findings
from platform_employment.validation.schemas import SeedSchema, other_language

# DuckDB would read a path with one of these as a pattern
PATTERN_SIGNS = frozenset("*?[]")
_SHOWN_PER_FILE = 20


@dataclass(frozen=True)
class FileReport:
    """Outcome of all checks for one file.

    records: the lines after the header; rows: the ones of a small table that passed; note: what
    the rows of an own table do to the shipped one.
    """

    file: str
    records: int = 0
    sha256: str = ""
    findings: tuple[Finding, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    note: str = ""


@dataclass(frozen=True)
class Report:
    """Outcome of all checks for several files.

    tables: as they are loaded, by file, when every file is in order.
    """

    files: tuple[FileReport, ...]
    tables: Mapping[str, Table] = field(default_factory=dict, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, file by file."""
        return tuple(finding for file in self.files for finding in file.findings)

    def lines(self) -> Iterator[str]:
        """Return the report as text, one line per finding."""
        for file in self.files:
            yield from map(str, file.findings[:_SHOWN_PER_FILE])
            if len(file.findings) > _SHOWN_PER_FILE:
                more = len(file.findings) - _SHOWN_PER_FILE
                yield f"{safe_text(file.file)}: {more} more findings"
            if not file.findings:
                note = f", {file.note}" if file.note else ""
                yield f"{safe_text(file.file)}: accepted, rows: {file.records}{note}"

    def stop_on_findings(self) -> None:
        """Raise UserError with the first finding, and how many there are."""
        if self.findings:
            others = len(self.findings) - 1
            more = f" (and {others} more: run platform-employment check)" if others else ""
            raise UserError(f"{self.findings[0]}{more}")


@dataclass(frozen=True)
class _Table:
    """A table whose file is in order and whose cells are not judged yet."""

    file: str
    sha256: str
    schema: SeedSchema
    records: tuple[tuple[str, ...], ...]


def check_table(
    path: Path, schema: SeedSchema, file: str | None = None, inside: Path | None = None
) -> FileReport:
    """Run all checks over one small table.

    file: the name to show, the path by default; inside: the folder that no link may leave. A
    fault of the file gives one finding; rows are looked at only when the file is in order, and
    then each bad cell gives a finding.
    """
    (report,) = _judged([_open_table(path, schema, file, inside)])
    return report


def check_folder(inputs: Path, schemas: Sequence[SeedSchema]) -> Report:
    """Run all checks over the files of a folder of own data.

    inputs: holds `<folder>/<table>.csv` with rows that are next to the shipped ones, and
    optionally `inputs.yml`. Every other file is a finding, so that a misspelt name is not
    ignored; names that begin with a dot and a README.md are left alone. Raises UserError when
    there is no such folder, or when its path could be read as a pattern.
    """
    return Report(tuple(_judged(_open_folder(inputs, schemas))))


def check_tables(
    seeds: Path,
    schemas: Sequence[SeedSchema],
    inputs: Path | None = None,
    absent: Collection[str] = (),
) -> Report:
    """Run all checks over the tables that a build reads, and lay the own ones over the shipped.

    seeds: folder of the shipped tables; inputs: folder of own data; absent: files of tables
    that microdata replaces.
    """
    _refuse_pattern(seeds)
    opened = _open_folder(inputs, schemas) if inputs else []
    own_files = len(opened)
    opened += [
        _open_table(seeds / schema.file, schema, f"{seeds.name}/{schema.file}")
        for schema in schemas
    ]
    report = Report(tuple(_judged(opened)))
    if report.findings:
        return report
    own, shipped = report.files[:own_files], report.files[own_files:]
    try:
        settings = read_settings(inputs, schemas) if inputs else Settings()
        tables = merge_overrides(
            {
                schema.file: Layer(file.file, seeds / schema.file, file.file, file.rows)
                for schema, file in zip(schemas, shipped, strict=True)
            },
            {
                file: Layer(f"{inputs.resolve().name}/{file}", inputs / file, name.file, name.rows)
                for name in own
                if inputs and (file := Path(name.file).relative_to(inputs).as_posix())
            },
            schemas,
            settings,
        )
    except UserError as error:
        return Report((*report.files, _bad_settings(f"{inputs}/{SETTINGS_FILE}", error)))
    found = [*reference_findings(tables, absent), *limit_findings(tables)]
    notes = {table.layers[-1].name: table.note() for table in tables.values()}
    files = tuple(
        replace(
            file,
            findings=tuple(finding for finding in found if finding.file == file.file),
            note=notes.get(file.file, "") if number < own_files else "",
        )
        for number, file in enumerate(report.files)
    )
    return Report(files, tables)


def _open_table(
    path: Path, schema: SeedSchema, file: str | None = None, inside: Path | None = None
) -> FileReport | _Table:
    """Read a table as text; a fault of the file gives one finding."""
    name = file or str(path)
    try:
        data = read_bytes(path, schema.most_mebibytes * MEBIBYTE, inside)
    except TooLargeError as error:
        finding = Finding(
            name,
            FileCode.TOO_LARGE,
            f"{error.problem}, too large for this table",
            "check that this is the right file; name merchant microdata in"
            " PLATFORM_EMPLOYMENT_MERCHANTS",
        )
        return FileReport(name, findings=(finding,))
    except ReadError as error:
        return FileReport(name, findings=(unreadable(error, name),))
    if former := tuple(_former_columns(data, schema.file, name)):
        return FileReport(name, findings=former)
    outcome = scan(io.BytesIO(data), schema.header, name)
    if schema.may_be_empty and outcome.finding and outcome.finding.code == FileCode.HEADER_ONLY:
        return FileReport(name, sha256=hashlib.sha256(data).hexdigest())
    if outcome.finding:
        return FileReport(name, outcome.records, findings=(outcome.finding,))
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    records = csv.reader(text, strict=True)
    next(records)
    return _Table(name, outcome.sha256, schema, tuple(map(tuple, records)))


def _open_folder(inputs: Path, schemas: Sequence[SeedSchema]) -> list[FileReport | _Table]:
    """Read the tables of a folder; a finding for each file that is not one."""
    if not inputs.is_dir():
        raise UserError(f"{inputs}: no such folder")
    _refuse_pattern(inputs)
    own = {schema.file: schema for schema in schemas}
    folders = {schema.folder for schema in schemas}
    files: list[FileReport | _Table] = []
    for entry in _visible(inputs):
        if leaves(entry, inputs):
            files.append(_link(str(entry)))
        elif entry.is_dir() and entry.name in folders:
            files.extend(_open_entry(child, inputs, own) for child in _visible(entry))
        elif entry.name not in ("README.md", SETTINGS_FILE):
            files.append(_unknown(entry, own))
    if not files and not (inputs / SETTINGS_FILE).exists():
        finding = Finding(
            str(inputs),
            FileCode.NO_FILES,
            "no table here, the shipped data would be used unchanged",
            "start with platform-employment init-inputs",
        )
        files.append(FileReport(str(inputs), findings=(finding,)))
    return files


def _bad_settings(file: str, error: UserError) -> FileReport:
    finding = Finding(file, FileCode.BAD_SETTINGS, str(error), "see docs/reference/input-files.md")
    return FileReport(file, findings=(finding,))


def _refuse_pattern(folder: Path) -> None:
    path = os.path.realpath(folder)
    if PATTERN_SIGNS & set(path):
        raise UserError(f"{path}: one of * ? [ ] in the path; rename the folder")


def _open_entry(path: Path, inputs: Path, own: dict[str, SeedSchema]) -> FileReport | _Table:
    if leaves(path, inputs):
        return _link(str(path))
    name = path.relative_to(inputs).as_posix()
    if remedy := FORMER_TABLES.get(name):
        message = "a table of an earlier version"
        finding = Finding(str(path), FileCode.OLD_SHAPE, message, remedy)
        return FileReport(str(path), findings=(finding,))
    if schema := own.get(name):
        return _open_table(path, schema, inside=inputs)
    return _unknown(path, own)


def _visible(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {error.strerror}") from None


def _link(file: str) -> FileReport:
    finding = Finding(
        file, FileCode.LINK, "a link that leads out of the folder", "copy the file to this place"
    )
    return FileReport(file, findings=(finding,))


def _former_columns(data: bytes, table: str, file: str) -> Iterator[Finding]:
    """Report each column of a table that has another name or place by now."""
    former = FORMER_COLUMNS.get(table, {})
    if former:
        header = data.partition(b"\n")[0].decode("utf-8-sig", errors="replace").rstrip("\r")
        for column in header.split(","):
            if remedy := former.get(column):
                message = "a column of an earlier version"
                yield Finding(file, FileCode.OLD_SHAPE, message, remedy, 1, column)


def _unknown(path: Path, own: dict[str, SeedSchema]) -> FileReport:
    """Report a file that is no table, with the table or folder that may be meant."""
    names = {schema.folder: schema.folder for schema in own.values()}
    if not path.is_dir():
        names = {file.rpartition("/")[2]: file for file in own}
    meant = nearest(path.name.lower(), names)
    finding = Finding(
        str(path),
        FileCode.UNKNOWN_FILE,
        "not a table of this project",
        ask_first(
            meant and names[meant], "README.md of platform-employment init-inputs lists the tables"
        ),
    )
    return FileReport(str(path), findings=(finding,))


def _judged(files: Sequence[FileReport | _Table]) -> Iterator[FileReport]:
    """Judge the cells of all files at once."""
    outcomes = judge(
        column
        for file in files
        if isinstance(file, _Table)
        for column in zip(file.schema.columns, zip(*file.records, strict=True), strict=True)
    )
    for file in files:
        if isinstance(file, _Table):
            rows, findings = _typed_rows(file, [outcomes[shape(c)] for c in file.schema.columns])
            loaded = () if findings else rows
            yield FileReport(file.file, len(rows), file.sha256, findings, loaded)
        else:
            yield file


def _typed_rows(
    file: _Table, columns: Sequence[Outcomes]
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Take what came of every cell; look for repeated keys and ends in the wrong order."""
    rows: list[Row] = []
    findings: list[Finding] = []
    first_lines: dict[tuple[Value, ...], int] = {}
    ascending = file.schema.ascending
    places = {name: place for place, name in enumerate(file.schema.header)}
    for line, record in enumerate(file.records, start=2):
        values: dict[str, Value] = {}
        for column, outcome, cell in zip(file.schema.columns, columns, record, strict=True):
            # a text may be written in one language alone
            other = "" if cell else other_language(column.name)
            is_in_other = other in places and record[places[other]]
            value = None if is_in_other else outcome[cell]
            if isinstance(value, Rejection):
                findings.append(
                    Finding(
                        file.file, value.code, value.message, value.remedy, line, column.name, cell
                    )
                )
            else:
                values[column.name] = value
        row = Row(line, record, values)
        rows.append(row)
        findings += _falling(file.file, ascending, row)
        if not set(file.schema.unique_key) <= values.keys():
            continue
        key = row.key(file.schema.unique_key)
        first = first_lines.setdefault(key, line)
        if first != line:
            findings.append(
                Finding(
                    file.file,
                    FileCode.DUPLICATE_KEY,
                    f"the key is in line {first} already",
                    "keep one of the rows",
                    line,
                    ", ".join(file.schema.unique_key),
                    ", ".join("" if value is None else str(value) for value in key),
                )
            )
    return tuple(rows), tuple(findings)


def _falling(file: str, ascending: Sequence[Sequence[str]], row: Row) -> Iterator[Finding]:
    """Report each column that is above the next one of its group, such as `low` above `high`."""
    for group in ascending:
        held = [(name, value) for name in group if (value := row.values.get(name)) is not None]
        for (lower, low), (upper, high) in itertools.pairwise(held):
            if low > high:  # type: ignore[operator]  # numbers or days, as their columns are
                yield Finding(
                    file,
                    FileCode.NOT_ASCENDING,
                    f"{lower} is above {upper}",
                    "correct one of them",
                    row.line,
                    f"{lower}, {upper}",
                    f"{low}, {high}",
                )
