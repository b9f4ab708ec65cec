"""Runs the gates over tables and folders, and says what came of it."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.gates.files import FileCode, scan, unreadable
from platform_employment.gates.findings import Finding
from platform_employment.gates.rows import Rejection, Value, typed
from platform_employment.gates.schemas import SeedSchema
from platform_employment.printable import shown

# folders of tables that own data may replace; report/ holds what was published
OWN_FOLDERS = ("platform", "economy", "survey", "reference", "method")
# dbt fingerprints a seed by its content only up to 1 MiB
MAX_TABLE_BYTES = 1_048_576
# DuckDB would read a path with one of these as a pattern
PATTERN_SIGNS = frozenset("*?[]")
_SHOWN_PER_FILE = 20


@dataclass(frozen=True)
class FileReport:
    """Outcome of all gates for one file; records counts the lines after the header."""

    file: str
    records: int = 0
    sha256: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Report:
    """Outcome of all gates for several files."""

    files: tuple[FileReport, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, file by file."""
        return tuple(finding for file in self.files for finding in file.findings)

    def lines(self) -> Iterator[str]:
        """Give the report as text, one line a finding."""
        for file in self.files:
            yield from map(str, file.findings[:_SHOWN_PER_FILE])
            if len(file.findings) > _SHOWN_PER_FILE:
                yield f"{shown(file.file)}: {len(file.findings) - _SHOWN_PER_FILE} more findings"
            if not file.findings:
                yield f"{shown(file.file)}: accepted, rows: {file.records}"

    def stop_on_findings(self) -> None:
        """Raise UserError with the first finding, and how many there are."""
        if self.findings:
            others = len(self.findings) - 1
            more = f" (and {others} more: run platform-employment check)" if others else ""
            raise UserError(f"{self.findings[0]}{more}")


def check_table(path: Path, schema: SeedSchema, file: str | None = None) -> FileReport:
    """Run all gates over one small table.

    file: the name to show, the path by default. A fault of the file gives one finding; rows
    are looked at only when the file is in order, and then each bad cell gives a finding.
    """
    name = file or str(path)
    if finding := unreadable(path, name):
        return FileReport(name, findings=(finding,))
    with path.open("rb") as stream:
        data = stream.read(MAX_TABLE_BYTES + 1)
    if len(data) > MAX_TABLE_BYTES:
        finding = Finding(
            name,
            FileCode.TOO_LARGE,
            f"larger than {MAX_TABLE_BYTES} bytes, too large for this table",
            "check that this is the right file; merchant microdata has a door of its own",
        )
        return FileReport(name, findings=(finding,))
    outcome = scan(io.BytesIO(data), schema.header, name)
    if schema.may_be_empty and outcome.finding and outcome.finding.code == FileCode.HEADER_ONLY:
        return FileReport(name, sha256=hashlib.sha256(data).hexdigest())
    findings = (outcome.finding,) if outcome.finding else tuple(_row_findings(data, schema, name))
    return FileReport(name, outcome.records, outcome.sha256, findings)


def check_folder(inputs: Path, schemas: Sequence[SeedSchema]) -> Report:
    """Run all gates over a folder of own data.

    inputs: holds `<folder>/<table>.csv` for each shipped table that it replaces as a whole.
    Every other file is a finding, so that a misspelt name is not ignored; names that begin
    with a dot and a README.md are left alone. Raises UserError when there is no such folder,
    or when its path could be read as a pattern.
    """
    if not inputs.is_dir():
        raise UserError(f"{inputs}: no such folder")
    _refuse_pattern(inputs)
    own = {schema.file: schema for schema in schemas if schema.folder in OWN_FOLDERS}
    files: list[FileReport] = []
    for entry in _visible(inputs):
        if _leaves(entry, inputs):
            files.append(_link(str(entry)))
        elif entry.is_dir() and entry.name in OWN_FOLDERS:
            files.extend(_check_entry(child, inputs, own) for child in _visible(entry))
        elif entry.name != "README.md":
            files.append(_unknown(entry, own))
    if not files:
        finding = Finding(
            str(inputs),
            FileCode.NO_FILES,
            "no table here, the shipped data would be used unchanged",
            "start with platform-employment new-inputs",
        )
        files.append(FileReport(str(inputs), findings=(finding,)))
    return Report(tuple(files))


def check_tables(seeds: Path, schemas: Sequence[SeedSchema], inputs: Path | None = None) -> Report:
    """Run all gates over the tables that a build reads.

    seeds: folder of the shipped tables; inputs: folder of own data that replaces some.
    """
    _refuse_pattern(seeds)
    own = check_folder(inputs, schemas).files if inputs else ()
    replaced = {report.file for report in own}
    shipped = (
        check_table(seeds / schema.file, schema, f"{seeds.name}/{schema.file}")
        for schema in schemas
        if inputs is None or str(inputs / schema.file) not in replaced
    )
    return Report((*own, *shipped))


def _refuse_pattern(folder: Path) -> None:
    path = os.path.realpath(folder)
    if PATTERN_SIGNS & set(path):
        raise UserError(f"{path}: one of * ? [ ] in the path; rename the folder")


def _check_entry(path: Path, inputs: Path, own: dict[str, SeedSchema]) -> FileReport:
    if _leaves(path, inputs):
        return _link(str(path))
    if schema := own.get(path.relative_to(inputs).as_posix()):
        return check_table(path, schema)
    return _unknown(path, own)


def _visible(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {error.strerror}") from None


def _leaves(path: Path, folder: Path) -> bool:
    """Say whether a link leads out of the folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _link(file: str) -> FileReport:
    finding = Finding(
        file, FileCode.LINK, "a link that leads out of the folder", "copy the file to this place"
    )
    return FileReport(file, findings=(finding,))


def _unknown(path: Path, own: dict[str, SeedSchema]) -> FileReport:
    """Report a file that replaces nothing, with the table or folder that may be meant."""
    names = {name: name for name in OWN_FOLDERS}
    if not path.is_dir():
        names = {file.rpartition("/")[2]: file for file in own}
    near = difflib.get_close_matches(path.name.lower(), names, n=1)
    remedy = f"perhaps {names[near[0]]} is meant; " if near else ""
    finding = Finding(
        str(path),
        FileCode.UNKNOWN_FILE,
        "not a table that own data can replace",
        f"{remedy}README.md of platform-employment new-inputs lists the tables",
    )
    return FileReport(str(path), findings=(finding,))


def _row_findings(data: bytes, schema: SeedSchema, file: str) -> Iterator[Finding]:
    """Type every cell of a table whose file is in order, and look for repeated keys."""
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    records = csv.reader(text, strict=True)
    next(records)
    first_lines: dict[tuple[Value, ...], int] = {}
    for line, record in enumerate(records, start=2):
        values: dict[str, Value] = {}
        for column, cell in zip(schema.columns, record, strict=True):
            value = typed(column, cell)
            if isinstance(value, Rejection):
                yield Finding(
                    file, value.code, value.message, value.remedy, line, column.name, cell
                )
            else:
                values[column.name] = value
        if not set(schema.unique_key) <= values.keys():
            continue
        key = tuple(values[column] for column in schema.unique_key)
        first = first_lines.setdefault(key, line)
        if first != line:
            yield Finding(
                file,
                FileCode.DUPLICATE_KEY,
                f"the key stands in line {first} already",
                "keep one of the rows",
                line,
                ", ".join(schema.unique_key),
                ", ".join(str(value) for value in key),
            )
