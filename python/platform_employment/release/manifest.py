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
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from platform_employment.release.audit import Audited
from platform_employment.release.build import Built
from platform_employment.release.errors import ReleaseError
from platform_employment.release.inputs import LOCK_FILE, Gathered, InputFile, Previous
from platform_employment.release.openlineage import PRODUCER
from platform_employment.release.store import MANIFEST_FILE
from platform_employment.release.table_hashes import TableSummary

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
Dependencies = dict[str, dict[str, Any]]


def make_statement(
    release_id: str,
    finished: datetime,
    gathered: Gathered,
    built: Built,
    audited: Audited,
    settings: Mapping[str, str],
) -> Statement:
    """Say all of a release but the hashes of its files; settings: those of the database."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": PRODUCER,
                "externalParameters": {
                    "variables": built.artifacts.variables,
                    "environment": gathered.run.steering(),
                },
                "internalParameters": {"settings": settings},
                "resolvedDependencies": _dependencies(gathered, audited.inputs),
            },
            "runDetails": {
                "builder": {"id": PRODUCER, "version": tool_versions()},
                "metadata": {
                    "invocationId": built.artifacts.invocation_id,
                    "startedOn": timestamp(gathered.started),
                    "finishedOn": timestamp(finished),
                },
            },
            "platformEmployment_release": release_id,
            "platformEmployment_tablesSha256": tables_sha256(audited.tables),
            "platformEmployment_tables": {
                table.name: {"rows": table.rows, "sha256": table.sha256}
                for table in audited.tables.values()
            },
            "platformEmployment_nodes": {
                result.unique_id: result.status for result in built.artifacts.results.values()
            },
            "platformEmployment_expectations": [
                {
                    "table": row["table_name"],
                    "expectation": row["expectation_type"],
                    "column": row.get("column_name"),
                    "subject": row.get("subject_en"),
                    "success": row["is_success"],
                }
                for row in audited.expectations
            ],
            "platformEmployment_rejects": audited.rejects,
            "platformEmployment_warnings": audited.warnings,
        },
    }


def with_files(statement: Statement, files: Mapping[str, str]) -> Statement:
    """Give the statement on the files of a release; files: SHA-256 by name."""
    subject = [{"name": name, "digest": {"sha256": sha}} for name, sha in sorted(files.items())]
    return statement | {"subject": subject}


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
            by_kind(statement)
            return dict(statement)
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ReleaseError(f"{path}: not a manifest; platform-employment verify says what is damaged")


def dependencies(statement: Statement, kind: str) -> Dependencies:
    """Give the resolved dependencies of one kind by name."""
    return by_kind(statement)[kind]


def by_kind(statement: Statement) -> dict[str, Dependencies]:
    """Give the resolved dependencies by kind and name."""
    found: dict[str, Dependencies] = {kind: {} for kind in (INPUT, CODE, LOCK, SOURCE, PREVIOUS)}
    for entry in statement["predicate"]["buildDefinition"]["resolvedDependencies"]:
        found[entry["annotations"]["kind"]][entry["name"]] = entry
    return found


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


def _dependencies(gathered: Gathered, inputs: Sequence[InputFile]) -> list[dict[str, Any]]:
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
        for file in inputs
    ]
    for name, (_, sha256) in sorted(gathered.code.items()):
        kind = LOCK if name == LOCK_FILE else CODE
        found.append({"name": name, "digest": {"sha256": sha256}, "annotations": {"kind": kind}})
    if gathered.git:
        found.append(
            {
                "name": "git",
                "digest": {"gitCommit": gathered.git.commit},
                "annotations": {"kind": SOURCE, "isDirty": gathered.git.is_dirty},
            }
        )
    if gathered.previous:
        found.append(
            {
                "name": gathered.previous.release_id,
                "digest": {"sha256": gathered.previous.manifest_sha256},
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
