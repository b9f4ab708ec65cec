"""Judges data without building: by what dbt compiled of the models and tests of the project.

They run in a database of their own. So `check` and `dbt build` cannot differ.
"""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.build_inputs import (
    BuildInputs,
    previous_checks,
    read_variables,
    refuse_unknown_variables,
)
from platform_employment.dbt.connection import InputFunctions, limit_memory, parquet_types
from platform_employment.dbt.inprocess import Outcome, compiled_nodes, run_compiled
from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError
from platform_employment.formatting import shown
from platform_employment.validation.cells import RowCode, rejection
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode
from platform_employment.validation.schemas import SeedSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATABASE = "judged.duckdb"
# what dbt keeps of a parsed project: with it the next parse takes a second
PARSED = "partial_parse.msgpack"
# those of profiles.yml that change a number
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {"ieee_floating_point_ops": False}
_SHOWN_PER_REASON = 5
_SHOWN_MERCHANTS = 5
_LONGEST_MESSAGE = 400

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """Lines rejected for one reason: how many, how many are waived, the first of the others."""

    code: str
    lines: int
    waived: int
    first: tuple[Finding, ...]


@dataclass(frozen=True)
class Judgement:
    """What the models and tests of the project say of merchant microdata.

    files: rows of aud_merchant_files; number_repeated: of merchants on more than one line;
    repeated: those on the most lines; distributions: rows of aud_distribution_checks; findings:
    what stops a build; warnings: what it only warns of.
    """

    files: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    number_repeated: int
    repeated: tuple[Row, ...]
    distributions: tuple[Row, ...]
    findings: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Give what became of the merchants as text."""
        for file in self.files:
            yield (
                f"{shown(file['file'])}: {file['lines']} lines = {file['accepted_lines']} accepted"
                f" + {file['rejected_lines']} rejected, sha256 {file['file_sha256']}"
            )
        waived = sum(file["waived_lines"] for file in self.files)
        counted = sum(file["rejected_lines"] for file in self.files) - waived
        if not self.files:
            return
        yield (
            f"rejected lines: {counted}, waived besides: {waived},"
            f" max_rejected_rows: {self.files[0]['max_rejected_rows']}"
        )
        for reason in self.reasons:
            yield f"{reason.code}: {reason.lines} rejected lines, {reason.waived} of them waived"
            yield from (f"  {finding}" for finding in reason.first)
        if self.number_repeated:
            yield f"merchants on more than one line: {self.number_repeated}, most often"
        for row in self.repeated:
            key = " ".join((row["platform_id"], row["sample_id"], row["merchant_id"]))
            yield f"  {shown(key)}: {row['lines']} lines"
        for row in self.distributions:
            yield f"{row['result']}: {shown(row['message'])}"

    def verdicts(self) -> Iterator[str]:
        """Give what stops a build, or what it would warn of, as text."""
        yield from (f"warning: {warning}" for warning in self.warnings)
        yield from (f"not passed: {finding}" for finding in self.findings)


def judge(project: Path, scratch: Path, inputs: BuildInputs, variables: str | None) -> Judgement:
    """Judge the data that a build would read; its files have passed their gates.

    scratch: a folder for the database; variables: for --vars of dbt. Raises UserError when dbt
    cannot compile the models, or a variable names something wrong.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    refuse_unknown_variables(project, read_variables(variables))
    previous = previous_checks(project)
    folder = inputs.own.absolute() if inputs.own else None
    dbt = DbtRun(project, scratch / DATABASE, scratch, scratch, folder, variables)
    merchants = inputs.merchants.format if inputs.merchants else "seed"
    types = parquet_types(inputs.files) if merchants == "parquet" else {}
    partitions = str(inputs.merchants.partition_numbers if inputs.merchants else [])
    asked = [merchants, str(types), partitions, str(previous is not None)]
    nodes, kept = compiled_nodes(dbt, asked)
    if (kept / DATABASE).is_file():
        shutil.copyfile(kept / DATABASE, dbt.database)
    with duckdb.connect(str(dbt.database), config=_SETTINGS) as connection:
        if fault := limit_memory(connection):
            raise UserError(fault)
        functions = InputFunctions(inputs, previous)
        functions.register(connection)
        functions.fence(connection)
        outside = f"{functions.merchant_files()} {previous and (previous, previous.stat())}"
        outcomes = run_compiled(connection, nodes, inputs.tables.tables, scratch, outside)
        judgement = _judgement(connection, inputs.sample, outcomes)
    if inputs.merchants is None:
        # microdata of its own leaves no copy
        dbt.database.replace(kept / DATABASE)
    return judgement


def scratch_folder(project: Path) -> tempfile.TemporaryDirectory[str]:
    """Make a folder for a database beside that of a build, with what dbt knows of the project.

    Not in the temporary folder of the system, which may be in memory.
    """
    target = project / "target"
    target.mkdir(exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix="check-", dir=target.absolute())
    if (target / PARSED).is_file():
        shutil.copyfile(target / PARSED, Path(folder.name, PARSED))
    return folder


def _judgement(
    connection: DuckDBPyConnection, sample: SeedSchema, outcomes: Sequence[Outcome]
) -> Judgement:
    import duckdb  # noqa: PLC0415  the command line must start fast

    def rows(query: str, *values: object) -> tuple[Row, ...]:
        try:
            result = connection.execute(query, values)
        except duckdb.CatalogException:
            # what it rests on did not pass
            return ()
        names = [column[0] for column in result.description or ()]
        return tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())

    reasons = rows(
        """
        select
            reason_code,
            count(*) as lines,
            count(case when is_waived then 1 end) as waived
        from audit.aud_rejected_rows
        group by reason_code
        order by lines desc, reason_code
        """
    )
    first = """
        select file, line, raw_text, rejected_column, reason_code
        from audit.aud_rejected_rows
        where reason_code = ? and not is_waived
        order by file_number, line
        limit ?
    """
    repeated = rows("select count(*) as merchants from staging.stg_survey__repeated_merchants")
    return Judgement(
        files=rows("select * from audit.aud_merchant_files order by file_number"),
        reasons=tuple(
            Reason(
                code=row["reason_code"],
                lines=row["lines"],
                waived=row["waived"],
                first=tuple(
                    _finding(rejected, sample)
                    for rejected in rows(first, row["reason_code"], _SHOWN_PER_REASON)
                ),
            )
            for row in reasons
        ),
        number_repeated=repeated[0]["merchants"] if repeated else 0,
        repeated=rows(
            """
            select platform_id, sample_id, merchant_id, lines
            from staging.stg_survey__repeated_merchants
            order by lines desc, platform_id, sample_id, merchant_id
            limit ?
            """,
            _SHOWN_MERCHANTS,
        ),
        distributions=rows(
            """
            select result, message
            from audit.aud_distribution_checks
            order by platform_id, sample_id, measure, quantile
            """
        ),
        findings=tuple(_messages(outcomes, "error")),
        warnings=tuple(_messages(outcomes, "warn")),
    )


def _finding(row: Row, sample: SeedSchema) -> Finding:
    """Say of a rejected line what the gates say of a cell of a small table."""
    column = row["rejected_column"]
    raw = row["raw_text"]
    # a text of Parquet can be longer than the csv module reads: then the line stands for it
    with contextlib.suppress(csv.Error):
        raw = next(csv.reader(io.StringIO(raw, newline="")))[sample.header.index(column)]
    if row["reason_code"] == FileCode.DUPLICATE_KEY:
        message, remedy = "the merchant stands on more than one line", "keep one of the lines"
    else:
        rule = next(rule for rule in sample.columns if rule.name == column)
        explained = rejection(rule, raw, RowCode(row["reason_code"]))
        message, remedy = explained.message, explained.remedy
    return Finding(row["file"], row["reason_code"], message, remedy, row["line"], column, raw)


def _messages(outcomes: Sequence[Outcome], severity: str) -> Sequence[str]:
    """Give a line for each node that ended so: its name and what it says."""
    return sorted(
        f"{outcome.name}: {_message(outcome.message)}"
        for outcome in outcomes
        if outcome.severity == severity
    )


def _message(text: str) -> str:
    """Give what a node says in one line that is not too long."""
    line = " ".join(text.split())
    return shown(line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…")
