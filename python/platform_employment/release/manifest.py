"""The manifest: an in-toto statement whose predicate is SLSA provenance v1.

Specifications: https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1. Fields of
our own begin with `platformEmployment_`, as SLSA asks for. The only times are those of the
run, under `runDetails.metadata`; nothing that is compared between releases holds one.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from platform_employment.dbt.artifacts import Artifacts
from platform_employment.release.audit import Audit
from platform_employment.release.inputs import LOCK_FILE, GitState, InputFile
from platform_employment.release.openlineage import PRODUCER
from platform_employment.release.stops import ReleaseError
from platform_employment.release.store import MANIFEST_FILE
from platform_employment.release.summaries import TableSummary

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"

# kinds of resolved dependencies, in their annotations
INPUT, CODE, LOCK, SOURCE, PREVIOUS = "input", "code", "lock file", "source", "previous release"

_TOOLS = (
    "dbt-core",
    "dbt-adapters",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "numpy",
    "pandas",
    "platform-employment",
    "pyarrow",
    "scipy",
    "statsmodels",
)

Statement = dict[str, Any]


@dataclass(frozen=True)
class Previous:
    """The release that was current when this one was built."""

    release_id: str
    manifest_sha256: str


@dataclass(frozen=True)
class Provenance:
    """All that a manifest says of a release, besides the hashes of its files.

    code: SHA-256 by file name; environment: variables that steer the build; settings: those
    of the database.
    """

    release_id: str
    started: datetime
    finished: datetime
    artifacts: Artifacts
    audit: Audit
    inputs: Sequence[InputFile]
    code: Mapping[str, str]
    git: GitState | None
    environment: Mapping[str, str]
    settings: Mapping[str, str]
    previous: Previous | None


def make_statement(provenance: Provenance, files: Mapping[str, str]) -> Statement:
    """Make the manifest; files are the SHA-256 of the released files by name."""
    audit = provenance.audit
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": name, "digest": {"sha256": sha256}} for name, sha256 in sorted(files.items())
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": PRODUCER,
                "externalParameters": {
                    "variables": provenance.artifacts.variables,
                    "environment": provenance.environment,
                },
                "internalParameters": {"settings": provenance.settings},
                "resolvedDependencies": _dependencies(provenance),
            },
            "runDetails": {
                "builder": {"id": PRODUCER, "version": tool_versions()},
                "metadata": {
                    "invocationId": provenance.artifacts.invocation_id,
                    "startedOn": timestamp(provenance.started),
                    "finishedOn": timestamp(provenance.finished),
                },
            },
            "platformEmployment_release": provenance.release_id,
            "platformEmployment_tablesSha256": tables_sha256(audit.tables),
            "platformEmployment_tables": {
                table.name: {"rows": table.rows, "sha256": table.sha256}
                for table in audit.tables.values()
            },
            "platformEmployment_nodes": {
                result.unique_id: result.status for result in provenance.artifacts.results.values()
            },
            "platformEmployment_expectations": [
                {
                    "table": row["table_name"],
                    "expectation": row["expectation_type"],
                    "column": row.get("column_name"),
                    "subject": row.get("subject_en"),
                    "success": row["is_success"],
                }
                for row in audit.expectations
            ],
            "platformEmployment_rejects": audit.rejects,
            "platformEmployment_warnings": audit.warnings,
        },
    }


def tables_sha256(tables: Mapping[str, TableSummary]) -> str:
    """Hash the hashes of all tables: `<name> TAB <hash> LF` by name."""
    text = "".join(f"{name}\t{tables[name].sha256}\n" for name in sorted(tables))
    return hashlib.sha256(text.encode()).hexdigest()


def tool_versions() -> dict[str, str]:
    """Give the versions of what takes part in a build."""
    versions = {
        "python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
    }
    for tool in _TOOLS:
        try:
            versions[tool] = version(tool)
        except PackageNotFoundError:
            versions[tool] = "not installed"
    return versions


def read_statement(folder: Path) -> Statement:
    """Read the manifest of a release. Raises ReleaseError when it is not one."""
    path = folder / MANIFEST_FILE
    try:
        statement = json.loads(path.read_bytes())
        if statement["_type"] == STATEMENT_TYPE and statement["predicateType"] == PREDICATE_TYPE:
            return dict(statement)
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ReleaseError(f"{path}: not a manifest; platform-employment verify says what is damaged")


def dependencies(statement: Statement, kind: str) -> dict[str, dict[str, Any]]:
    """Give the resolved dependencies of one kind by name."""
    return {
        entry["name"]: entry
        for entry in statement["predicate"]["buildDefinition"]["resolvedDependencies"]
        if entry["annotations"]["kind"] == kind
    }


def own_inputs(statement: Statement) -> Iterator[str]:
    """Say in a line each what a release rests on besides the tables that the project ships."""
    for name, entry in dependencies(statement, INPUT).items():
        counts = entry["annotations"]
        left_out = counts.get("leftOutRows")
        if counts["table"] and name.startswith("seeds/") and not left_out:
            continue
        if counts.get("release"):
            detail = f" of release {counts['release']}, compared with"
        elif left_out:
            detail = f": {counts['rows']} rows, {left_out} of them left out"
        elif counts["rows"] is None:
            detail = f": {counts['bytes']} bytes"
        elif counts.get("rejectedLines") is None:
            detail = f": {counts['rows']} rows"
        else:
            detail = f": {counts['rows']} lines, {counts['rejectedLines']} rejected"
        yield f"{name}{detail}; sha256 {entry['digest']['sha256']}"


def table_hashes(statement: Statement) -> dict[str, str]:
    """Give the hash of each table by name."""
    tables = statement["predicate"]["platformEmployment_tables"]
    return {name: table["sha256"] for name, table in tables.items()}


def previous_release(statement: Statement) -> Previous | None:
    """Give the release that was current before this one."""
    for name, entry in dependencies(statement, PREVIOUS).items():
        return Previous(name, entry["digest"]["sha256"])
    return None


def _dependencies(provenance: Provenance) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": file.name,
            "digest": {"sha256": file.sha256},
            "annotations": {
                "kind": INPUT,
                "bytes": file.size,
                "rows": file.rows,
                "table": file.table,
                **({"leftOutRows": file.left_out} if file.left_out else {}),
                **_microdata(file),
            },
        }
        for file in provenance.inputs
    ]
    for name, sha256 in sorted(provenance.code.items()):
        kind = LOCK if name == LOCK_FILE else CODE
        found.append({"name": name, "digest": {"sha256": sha256}, "annotations": {"kind": kind}})
    if provenance.git:
        found.append(
            {
                "name": "git",
                "digest": {"gitCommit": provenance.git.commit},
                "annotations": {"kind": SOURCE, "isDirty": provenance.git.is_dirty},
            }
        )
    if provenance.previous:
        found.append(
            {
                "name": provenance.previous.release_id,
                "digest": {"sha256": provenance.previous.manifest_sha256},
                "annotations": {"kind": PREVIOUS},
            }
        )
    return found


def _microdata(file: InputFile) -> dict[str, Any]:
    """Give what is known of microdata, and of the release that it was compared with, alone."""
    counts = {"acceptedLines": file.accepted, "rejectedLines": file.rejected}
    return {
        name: value
        for name, value in {**counts, "release": file.release}.items()
        if value is not None
    }


def timestamp(moment: datetime) -> str:
    """Write a time in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
