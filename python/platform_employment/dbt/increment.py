"""A daily increment: partitions of the ledger that were counted before are not read again.

What is kept of them is the last hand-over of sums, which stands by partition, and their typed rows,
by run. `--since` names the first partition that was not counted: those before it must be the
ones that were, file by file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from platform_employment.dbt.hand_over import HAND_OVER_VARIABLE, HandedStep, HandOver
from platform_employment.errors import UserError
from platform_employment.formatting import quoted
from platform_employment.validation.merchants import MerchantSource
from platform_employment.validation.report import FileReport

SINCE_VARIABLE = "PLATFORM_EMPLOYMENT_SINCE"
FILES = "stg_survey__merchant_files"


@dataclass(frozen=True)
class KeptFile:
    """A file that was counted before; name: below the folder of the partitions."""

    partition: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Increment:
    """The sums that are kept, and the files that they are of, which the ledger begins with."""

    kept: HandedStep
    files: tuple[KeptFile, ...]

    def findings(self, reports: Sequence[FileReport]) -> Iterator[str]:
        """Say which files are others than when they were counted; reports: of all files."""
        for file, report in zip(self.files, reports, strict=False):
            if report.sha256 != file.sha256:
                yield (
                    f"{file.partition}/{file.name}: changed since it was counted: bring it back, or"
                    " count the whole ledger anew"
                )


class Gates(Protocol):
    """What judges a line of microdata."""

    @property
    def rules(self) -> str:
        """A hash of its rules."""


def named_increment(
    hand_over: HandOver | None, merchants: MerchantSource | None, gates: Gates
) -> Increment | None:
    """Give the increment that the environment names, None without.

    Raises UserError where the partition cannot follow those that were counted.
    """
    since = os.environ.get(SINCE_VARIABLE)
    if not since:
        return None
    if hand_over is None or merchants is None:
        raise UserError(f"{SINCE_VARIABLE}: needs {HAND_OVER_VARIABLE} and files of merchants")
    if hand_over.kept is None:
        raise UserError(f"{hand_over.folder}: nothing was kept there: count the whole ledger first")
    return increment_since(since, hand_over.kept, merchants, gates.rules)


def increment_since(
    since: str, kept: HandedStep, merchants: MerchantSource, rules: str
) -> Increment:
    """Give the increment that begins with a partition.

    Raises UserError where it cannot follow those that were counted.
    """
    if merchants.format != "parquet" or not all(merchants.partitions):
        raise UserError(
            f"--since {quoted(since)}: the ledger must be Parquet files in folders such as"
            " day=2026-11-26"
        )
    files = counted_files(kept)
    if kept.rules != rules:
        raise UserError(
            f"--since {quoted(since)}: the rules of the gates have changed since: count the whole"
            " ledger anew"
        )
    if since in {file.partition for file in files}:
        raise UserError(
            f"--since {quoted(since)}: counted before, the last one was {files[-1].partition}: name"
            " the first partition that was not"
        )
    if since not in merchants.partitions:
        raise UserError(f"--since {quoted(since)}: the ledger has no such partition")
    first = merchants.partitions.index(since)
    before = [
        (partition, file.path.name)
        for partition, file in zip(merchants.partitions, merchants.files, strict=True)
    ][:first]
    counted = [(file.partition, file.name) for file in files]
    for partition, name in counted:
        if (partition, name) not in before:
            raise UserError(
                f"{partition}/{name}: was counted before, and does not lie before {quoted(since)}"
            )
    for partition, name in before:
        if (partition, name) not in counted:
            raise UserError(
                f"{partition}/{name}: lies before {quoted(since)}, and was never counted"
            )
    if before != counted:
        raise UserError(f"--since {quoted(since)}: the files are in another order than before")
    return Increment(kept, files)


def counted_files(kept: HandedStep) -> tuple[KeptFile, ...]:
    """Give the files that sums are of, in the order in which they were counted."""
    import pyarrow.parquet as pq  # noqa: PLC0415  the command line must start fast

    rows = [row for file in kept.tables[FILES].files for row in pq.read_table(file).to_pylist()]
    return tuple(
        KeptFile(row["partition_name"], row["file"], row["file_sha256"])
        for row in sorted(rows, key=lambda row: int(row["file_number"]))
    )
