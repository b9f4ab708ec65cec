"""The input for merchant microdata: files of any size, a PostgreSQL table or a folder of sums.

A file is checked as a whole before anything is loaded, in constant memory. Its rows are judged
in SQL, by the rules of the table `merchant_sample`.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from platform_employment.errors import UserError
from platform_employment.formatting import masked, quoted, safe_text
from platform_employment.project import named_path
from platform_employment.reading import ReadError, open_file, sha256_of
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode, column_finding, scan_file, unreadable
from platform_employment.validation.postgres import (
    PREFIXES,
    PostgresTable,
    is_address,
    read_address,
    spool,
)
from platform_employment.validation.report import PATTERN_SIGNS, FileReport
from platform_employment.validation.sums import check_sums, files_of_sums, is_folder_of_sums

MERCHANTS_VARIABLE = "PLATFORM_EMPLOYMENT_MERCHANTS"

Format = Literal["csv", "parquet", "sums"]

# of a decimal; DuckDB reads a wider one as a float
_MAX_DIGITS = 38
_PACKED = {".zst", ".bz2", ".xz", ".zip", ".7z"}
_FORMATS: dict[str, Format] = {".csv": "csv", ".csv.gz": "csv", ".parquet": "parquet"}


@dataclass(frozen=True)
class MerchantFile:
    """One file; name: as the user knows it; path: where it is, links resolved."""

    name: str
    path: Path


@dataclass(frozen=True)
class MerchantSource:
    """Files of one format in the order in which they are read.

    table: the PostgreSQL table that is copied into the one file before that is read.
    """

    format: Format
    files: tuple[MerchantFile, ...]
    table: PostgresTable | None = None

    @property
    def first_line(self) -> int:
        """Number of the line with the first record: a CSV has its header above that."""
        return 2 if self.format == "csv" else 1


def find_merchants(named: str, spool_file: Path, folder: Path = Path()) -> MerchantSource:
    """Find what the variable names: a path, a pattern, or a table of PostgreSQL.

    spool_file: where a table is copied to; folder: where a relative path begins. Raises
    UserError for anything else, and for a link that leads to another folder: the variable
    reaches what it names and nothing else.
    """
    if named.startswith(PREFIXES):
        table = read_address(named)
        file = MerchantFile(f"postgresql:{table}", spool_file.absolute())
        return MerchantSource("csv", (file,), table)
    path = str(named_path(folder, named))
    if is_address(named) and not Path(path).exists():
        raise UserError(
            f"{MERCHANTS_VARIABLE}: an address of another kind than {PREFIXES[0]}; "
            "name files on this machine or a table of PostgreSQL"
        )
    # a name with a bracket in it is a name first
    names = [path] if Path(path).exists() else sorted(glob.glob(path, recursive=True))  # noqa: PTH207
    if is_folder_of_sums(Path(path)):
        return MerchantSource("sums", tuple(map(_file, files_of_sums(Path(path)))))
    files = [name for name in names if not Path(name).is_dir()]
    if not files:
        problem = "a folder: name files in it, like FOLDER/*.csv" if names else "no such file"
        raise UserError(f"{MERCHANTS_VARIABLE}: {quoted(masked(named))}: {problem}")
    formats = {_format(name) for name in files}
    if len(formats) > 1:
        raise UserError(
            f"{MERCHANTS_VARIABLE}: {quoted(masked(named))}: CSV and Parquet files; name one kind"
        )
    return MerchantSource(formats.pop(), tuple(map(_file, files)))


def recorded_name(named: str) -> str:
    """Return what may be kept of what the variable names: of an address the table, no secret."""
    if named.startswith(PREFIXES):
        return f"postgresql:{read_address(named)}"
    return masked(named)


def check_merchants(source: MerchantSource, columns: Sequence[str]) -> tuple[FileReport, ...]:
    """Run validation on files, the table of PostgreSQL copied first; columns: the header."""
    if source.table:
        (file,) = source.files
        if finding := spool(source.table, columns, file.name, file.path):
            return (FileReport(file.name, findings=(finding,)),)
    if source.format == "sums":
        return tuple(check_sums([(file.name, file.path) for file in source.files]))
    if source.format == "csv":
        return tuple(_check_csv(file, columns) for file in source.files)
    return tuple(_check_parquet_files(source.files, columns))


def _format(name: str) -> Format:
    for suffix, kind in _FORMATS.items():
        if name.endswith(suffix):
            return kind
    message = "neither .csv nor .csv.gz nor .parquet"
    if Path(name).suffix in _PACKED:
        message = "packed, and not by gzip: unpack it"
    raise UserError(f"{MERCHANTS_VARIABLE}: {quoted(masked(name))}: {message}")


def _file(name: str) -> MerchantFile:
    path = Path(os.path.realpath(name))
    if path.parent != Path(os.path.realpath(Path(name).parent)):
        raise UserError(
            f"{MERCHANTS_VARIABLE}: {quoted(name)}: a link that leads to another folder; "
            "name the file itself"
        )
    if PATTERN_SIGNS & set(str(path)):
        raise UserError(
            f"{MERCHANTS_VARIABLE}: {quoted(str(path))}: one of * ? [ ] in the name; rename it"
        )
    return MerchantFile(name, path)


def _check_csv(file: MerchantFile, columns: Sequence[str]) -> FileReport:
    outcome = scan_file(file.path, columns, file.name)
    findings = (outcome.finding,) if outcome.finding else ()
    return FileReport(file.name, outcome.records, outcome.sha256, findings)


def _check_parquet_files(
    files: Sequence[MerchantFile], columns: Sequence[str]
) -> Iterator[FileReport]:
    """Check each file, and that a column is of one type: a common one would change its values."""
    first: _Parquet | None = None
    for file in files:
        parquet = _read_parquet(file)
        if isinstance(parquet, Finding):
            yield FileReport(file.name, findings=(parquet,))
            continue
        if finding := _parquet_finding(parquet, first or parquet, columns):
            yield FileReport(file.name, findings=(finding,))
            continue
        first = first or parquet
        yield FileReport(file.name, parquet.rows, sha256_of(file.path))


@dataclass(frozen=True)
class _Parquet:
    """What the footer of a Parquet file states.

    types: of its columns, as they are stored; wide: the columns that DuckDB would round.
    """

    file: str
    names: Sequence[str]
    types: Mapping[str, str]
    wide: Sequence[str]
    rows: int


def _read_parquet(file: MerchantFile) -> _Parquet | Finding:
    import pyarrow as pa  # noqa: PLC0415  the command line must start fast
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with open_file(file.path) as raw, pq.ParquetFile(raw) as parquet:
            stored = [parquet.schema.column(i) for i in range(len(parquet.schema))]
            # a text may be of several Arrow types, which are stored alike
            types = {
                column.path: column.physical_type
                if column.logical_type.type == "NONE"
                else str(column.logical_type)
                for column in stored
            }
            wide = [
                column.path
                for column in stored
                if column.logical_type.type == "DECIMAL" and column.precision > _MAX_DIGITS
            ]
            names, rows = parquet.schema_arrow.names, parquet.metadata.num_rows
            return _Parquet(file.name, names, types, wide, rows)
    except ReadError as error:
        return unreadable(error, file.name)
    except (pa.ArrowException, OSError):
        message = "not a Parquet file, or damaged or cut off"
        return Finding(file.name, FileCode.DAMAGED_PARQUET, message, "copy or export it again")


def _parquet_finding(parquet: _Parquet, first: _Parquet, columns: Sequence[str]) -> Finding | None:
    """Check the columns, in any order, that there are rows, and the types of the first file."""
    if finding := column_finding(parquet.names, columns, parquet.file):
        return finding
    if parquet.rows == 0:
        message, remedy = "there is no row", "fill it or leave it"
        return Finding(parquet.file, FileCode.HEADER_ONLY, message, remedy)
    for column in parquet.wide:
        message = f"a decimal of more than {_MAX_DIGITS} digits, which would be rounded"
        remedy = "write it with the declared digits, or as text"
        return Finding(parquet.file, FileCode.COLUMN_TOO_WIDE, message, remedy, column=column)
    for column, kind in parquet.types.items():
        other = first.types.get(column, "of another type")
        if kind != other:
            return Finding(
                parquet.file,
                FileCode.COLUMN_TYPES_DIFFER,
                f"{kind} here, {other} in {safe_text(first.file)}",
                "write all files with the same types, or as text",
                column=column,
            )
    return None
