"""Judge input data by the models and tests of the project, in a scratch database.

A dbt build of the nodes that judge input runs outside the project: the project may be read-only,
and a database of a build stays as it is.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import connect
from platform_employment.dbt.artifacts import RUN_RESULTS, Artifacts, read_artifacts, reason_line
from platform_employment.dbt.build_inputs import (
    BuildInputs,
    previous_checks,
    read_variables,
    refuse_unknown_variables,
)
from platform_employment.dbt.run import DbtRun, error_line, failed_test_messages
from platform_employment.errors import UserError
from platform_employment.formatting import safe_text
from platform_employment.project import DEFAULT_DATABASE
from platform_employment.validation.cells import RowCode, rejection
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode
from platform_employment.validation.schemas import SeedSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SELECTOR = "input_checks"
# the name that it has by default: dbt parses the project again for a database of another name
DATABASE = DEFAULT_DATABASE
# the parsed project as dbt stores it: with it the next parse takes a second
PARSED = "partial_parse.msgpack"
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
class Outcome:
    """A node that did not pass, and why; severity: error, or warn of a test."""

    name: str
    severity: str
    message: str


@dataclass(frozen=True)
class Judgement:
    """What the models and tests of the project say of merchant microdata.

    files: rows of aud_merchant_files; number_repeated: of merchants on more than one line;
    repeated: those on the most lines; distributions: rows of aud_distribution_checks; findings:
    what fails a build; warnings: what it only warns of.
    """

    files: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    number_repeated: int
    repeated: tuple[Row, ...]
    distributions: tuple[Row, ...]
    findings: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Return what became of the merchants as text."""
        for file in self.files:
            yield (
                f"{safe_text(file['file'])}: {file['lines']} lines ="
                f" {file['accepted_lines']} accepted + {file['rejected_lines']} rejected,"
                f" sha256 {file['file_sha256']}"
            )
        waived = sum(file["waived_lines"] for file in self.files)
        counted = sum(file["rejected_lines"] for file in self.files) - waived
        if not self.files:
            return
        yield (
            f"rejected lines: {counted}, also waived: {waived},"
            f" max_rejected_rows: {self.files[0]['max_rejected_rows']}"
        )
        for reason in self.reasons:
            yield f"{reason.code}: {reason.lines} rejected lines, {reason.waived} of them waived"
            yield from (f"  {finding}" for finding in reason.first)
        if self.number_repeated:
            yield f"merchants on more than one line: {self.number_repeated}, most often"
        for row in self.repeated:
            key = " ".join((row["platform_id"], row["sample_id"], row["merchant_id"]))
            yield f"  {safe_text(key)}: {row['lines']} lines"
        for row in self.distributions:
            yield f"{row['result']}: {safe_text(row['message'])}"

    def verdicts(self) -> Iterator[str]:
        """Return what fails a build, or what it would warn of, as text."""
        yield from (f"warning: {warning}" for warning in self.warnings)
        yield from (f"not passed: {finding}" for finding in self.findings)


def judge(project: Path, scratch: Path, inputs: BuildInputs, variables: str | None) -> Judgement:
    """Build the nodes that judge what a build would read; its files have passed validation.

    Args:
        project: folder of the dbt project, which is only read.
        scratch: folder for the database and for what dbt writes.
        inputs: what the build would read.
        variables: for --vars of dbt.

    Raises:
        UserError: dbt could not run, or a variable names something wrong.
    """
    refuse_unknown_variables(project, read_variables(variables))
    previous_checks(project)
    folder = inputs.own.absolute() if inputs.own else None
    target, log = scratch / "target", scratch / "dbt.log"
    dbt = DbtRun(project, scratch / DATABASE, target, scratch, folder, variables, log=log)
    code = dbt.run("build", "--selector", SELECTOR)
    if not (target / RUN_RESULTS).is_file():
        raise UserError(f"dbt could not build the checks: {error_line(log)}")
    artifacts = read_artifacts(target)
    outcomes = _outcomes(artifacts, failed_test_messages(log))
    if code and not any(outcome.severity == "error" for outcome in outcomes):
        raise UserError(f"dbt could not build the checks: {error_line(log)}")
    with connect(dbt.database) as connection:
        return _judgement(connection, inputs.sample, outcomes)


@contextlib.contextmanager
def scratch_folder(project: Path) -> Iterator[Path]:
    """Make a folder for a check in the cache of the user, and remove it in the end.

    What dbt parsed of the project is stored next to it for the next check.
    """
    cache = _cache_folder() / hashlib.sha256(str(project).encode()).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=cache) as name:
        folder = Path(name)
        target = folder / "target"
        target.mkdir()
        # of the last check, or of a build in the project
        for parsed in (cache / PARSED, project / "target" / PARSED):
            if parsed.is_file():
                with contextlib.suppress(OSError):
                    shutil.copyfile(parsed, target / PARSED)
                    break
        yield folder
        if (target / PARSED).is_file():
            (target / PARSED).replace(cache / PARSED)


def _cache_folder() -> Path:
    """Return a folder that this user can write, not the temporary one if there is another.

    The temporary folder of a system may be in memory.
    """
    named = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(named) if named else Path("~/.cache").expanduser()) / "platform-employment"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):
        return Path(tempfile.gettempdir()) / f"platform-employment-{os.getuid()}"


def _outcomes(artifacts: Artifacts, failed_rows: Sequence[str]) -> list[Outcome]:
    """Return the nodes that did not pass, a test with the rows that it printed."""
    rows: dict[str, list[str]] = {}
    for line in failed_rows:
        name, _, text = line.split(" ", 1)[1].partition(": ")
        rows.setdefault(name, []).append(text)
    outcomes = []
    for result in artifacts.results.values():
        if result.status not in {"error", "fail", "warn"}:
            continue
        node = artifacts.nodes.get(result.unique_id)
        name = node.name if node else result.unique_id
        message = " | ".join(rows.get(name, [])) or reason_line(result.message)
        outcomes.append(Outcome(name, "warn" if result.status == "warn" else "error", message))
    return outcomes


def _judgement(
    connection: DuckDBPyConnection, sample: SeedSchema, outcomes: Sequence[Outcome]
) -> Judgement:
    import duckdb  # noqa: PLC0415  the command line must start fast

    def rows(query: str, *values: object) -> tuple[Row, ...]:
        try:
            result = connection.execute(query, values)
        except duckdb.CatalogException:
            # what it depends on did not pass
            return ()
        names = [column[0] for column in result.description or ()]
        return tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())

    reasons = rows(
        """
        select
            reason_code,
            count(*) as lines,
            count(case when is_waived then 1 end) as waived
        from staging.stg_survey__rejected_lines
        group by reason_code
        order by lines desc, reason_code
        """
    )
    first = """
        select file, line, raw_text, rejected_column, reason_code
        from staging.stg_survey__rejected_lines
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
            from intermediate.int_survey__distribution_checks
            order by platform_id, sample_id, measure, quantile
            """
        ),
        findings=tuple(_messages(outcomes, "error")),
        warnings=tuple(_messages(outcomes, "warn")),
    )


def _finding(row: Row, sample: SeedSchema) -> Finding:
    """Report of a rejected line what validation say of a cell of a small table."""
    column = row["rejected_column"]
    raw = row["raw_text"]
    # a text of Parquet can be longer than the csv module reads: then the line represents it
    with contextlib.suppress(csv.Error):
        raw = next(csv.reader(io.StringIO(raw, newline="")))[sample.header.index(column)]
    if row["reason_code"] == FileCode.DUPLICATE_KEY:
        message, remedy = "the merchant is on more than one line", "keep one of the lines"
    else:
        rule = next(rule for rule in sample.columns if rule.name == column)
        explained = rejection(rule, raw, RowCode(row["reason_code"]))
        message, remedy = explained.message, explained.remedy
    return Finding(row["file"], row["reason_code"], message, remedy, row["line"], column, raw)


def _messages(outcomes: Sequence[Outcome], severity: str) -> Sequence[str]:
    """Return a line for each node that ended so: its name and what it says."""
    return sorted(
        f"{outcome.name}: {_message(outcome.message)}"
        for outcome in outcomes
        if outcome.severity == severity
    )


def _message(text: str) -> str:
    """Return what a node says in one line that is not too long."""
    line = " ".join(text.split())
    return safe_text(line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…")
