"""A folder of sums instead of merchant microdata: what another engine has built from a ledger.

The folder has one file or folder of Parquet or CSV files per table, as `dbt run --target spark
--selector sums` writes them, and `SHA256SUMS` as the command `sha256sum` does. No file is used
whose hash is another one, and none that is not listed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.formatting import safe_text
from platform_employment.reading import (
    MEBIBYTE,
    ReadError,
    leaves,
    open_file,
    read_text,
    sha256_of,
)
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode, column_finding, unreadable
from platform_employment.validation.report import FileReport

HASHES = "SHA256SUMS"
MAX_FILES = 10_000
# the tables and their columns; a test compares them with the models
_PAIRS = [f"{i}{j}" for i in range(3) for j in range(i, 3)]
TABLES: Mapping[str, tuple[str, ...]] = {
    "stg_survey__merchant_counts": (
        *("file_number", "platform_id", "sample_id", "industry_code", "provenance", "source_id"),
        *("merchants", "turnover_wan_yuan", "headcount", "survey_weight"),
        "weighted_turnover_wan_yuan",
    ),
    "int_survey__histograms": ("platform_id", "sample_id", "measure", "step", "merchants"),
    "int_fit__sums": (
        *("platform_id", "sample_id", "industry_code", "nobs", "lowest_wan_yuan"),
        *("range_wan_yuan", "s0", "p0", "pp", "lowest_weight", "highest_weight", "m", "r", "k"),
        *(f"{name}{j}" for name in ("a", "c", "d", "z", "reset", "squares") for j in range(3)),
        *(f"{name}{pair}" for name in ("g", "g3_") for pair in _PAIRS),
        *("rss", "largest_leverage", "zz", "squares_squared", "reset_squared", "reset_residual"),
        *("merchants_outside_domain", "turnover_share_outside_domain"),
        *(f"v{pair}" for pair in (*_PAIRS, "03", "13", "23", "33")),
        *("design_units", "design_strata"),
    ),
    "int_fit__influential_merchants": (
        *("platform_id", "sample_id", "merchant_id", "turnover_wan_yuan", "headcount"),
        *("fitted_wan_yuan_per_job", "residual_wan_yuan_per_job", "leverage", "cooks_distance"),
    ),
    "int_fit__compared_merchants": (
        *("platform_id", "sample_id", "merchant_id", "industry_code", "turnover_wan_yuan"),
        *("headcount", "survey_weight"),
    ),
}
_LINE = re.compile(r"([0-9a-f]{64}) [ *](?:\./)?(.+)")
_COMMAND = (
    f"cd FOLDER && find . -type f -name '*.[pc][as][rv]*' ! -name '.*' | sort | xargs sha256sum "
    f"> {HASHES}"
)


def is_folder_of_sums(path: Path) -> bool:
    """Return whether a path is a folder with a table of sums in it."""
    return path.is_dir() and any(
        (path / f"{table}{suffix}").exists()
        for table in TABLES
        for suffix in ("", ".parquet", ".csv")
    )


def files_of_sums(folder: Path) -> list[str]:
    """Return the files of the folder that `SHA256SUMS` lists, by table.

    Raises:
        UserError: the list is missing or is not one, a table has no file, or a link leads out.
    """
    hashes = _hashes(folder)
    found = []
    for table in TABLES:
        its = [
            name for name in hashes if re.fullmatch(rf"{table}(?:\.|/.*\.)(?:parquet|csv)", name)
        ]
        if not its:
            raise UserError(
                f"{folder}: no file of the table {table} in {HASHES}: write all of "
                f"{', '.join(TABLES)}, then {_COMMAND}"
            )
        if len({Path(name).suffix for name in its}) > 1:
            raise UserError(f"{folder}: {table} has CSV and Parquet files: keep one kind")
        found += sorted(its)
    for name in found:
        if ".." in Path(name).parts or leaves(folder / name, folder):
            raise UserError(
                f"{folder}: {safe_text(name)} leads out of the folder: copy the file there"
            )
    unlisted = sorted(
        {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.suffix in {".parquet", ".csv"} and not path.name.startswith((".", "_"))
        }
        - hashes.keys()
    )
    if unlisted:
        raise UserError(f"{folder}: {safe_text(unlisted[0])} is not in {HASHES}: {_COMMAND}")
    return [str(folder / name) for name in found]


def check_sums(files: Sequence[tuple[str, Path]]) -> Iterator[FileReport]:
    """Check hash and columns of each file that `files_of_sums` names.

    Args:
        files: names as the user knows them, and paths.
    """
    hashes_of: dict[Path, Mapping[str, str]] = {}
    for name, path in files:
        table, folder = _place(path)
        if folder not in hashes_of:
            hashes_of[folder] = _hashes(folder)
        listed = hashes_of[folder].get(path.relative_to(folder).as_posix())
        yield FileReport(name, 0, *_checked(name, path, table, listed))


def _place(path: Path) -> tuple[str, Path]:
    """Return the table of a file, and the folder of sums."""
    return next(
        (table, parent)
        for table in TABLES
        for parent in path.parents[:2]
        if path.relative_to(parent).as_posix().startswith((f"{table}.", f"{table}/"))
    )


def _checked(
    name: str, path: Path, table: str, listed: str | None
) -> tuple[str, tuple[Finding, ...]]:
    try:
        digest, columns = sha256_of(path), _columns(path)
    except ReadError as error:
        return "", (unreadable(error, name),)
    if columns is None:
        message = "not a Parquet file, or damaged or cut off"
        return digest, (Finding(name, FileCode.DAMAGED_PARQUET, message, "write it again"),)
    if digest != listed:
        message = f"its SHA-256 is {digest}, {HASHES} has {listed}"
        remedy = "copy the folder again, or write the tables and their hashes again"
        return digest, (Finding(name, FileCode.OTHER_HASH, message, remedy),)
    finding = column_finding(columns, TABLES[table], name)
    return digest, (finding,) if finding else ()


def _columns(path: Path) -> list[str] | None:
    """Return the names of the columns; None of a file that is not Parquet."""
    if path.suffix == ".csv":
        header = read_text(path, 100 * MEBIBYTE).partition("\n")[0]
        return next(csv.reader(io.StringIO(header)), [])
    import pyarrow as pa  # noqa: PLC0415  the command line must start fast
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with open_file(path) as raw, pq.ParquetFile(raw) as parquet:
            names: list[str] = parquet.schema_arrow.names
            return names
    except (pa.ArrowException, OSError):
        return None


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file that the list names."""
    path = folder / HASHES
    if not path.exists():
        raise UserError(f"{folder}: has no {HASHES}: {_COMMAND}")
    lines = read_text(path, 100 * MAX_FILES).splitlines()
    matches = [_LINE.fullmatch(line) for line in lines if line]
    if not all(matches) or len(matches) > MAX_FILES:
        raise UserError(f"{path}: not a list of sha256sum: {_COMMAND}")
    return {match[2]: match[1] for match in matches if match}
