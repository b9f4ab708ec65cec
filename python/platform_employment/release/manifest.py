"""The manifest: an in-toto statement whose predicate is SLSA provenance v1.

Specifications: https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1. Fields of
our own begin with `platformEmployment_`, as SLSA asks for. The only times belong to the
run, under `runDetails.metadata`; nothing that is compared between releases holds one.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

from platform_employment.reading import MEBIBYTE, ReadError, read_json
from platform_employment.release.audit import Audited
from platform_employment.release.build import LOCK_FILE, BuildContext, Built, InputFile, Previous
from platform_employment.release.store import MANIFEST_FILE, ReleaseError
from platform_employment.release.table_hashes import TableSummary

PRODUCER = "urn:x-platform-employment:release:1"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"

# kinds of resolved dependencies, in their annotations
INPUT, CODE, LOCK, SOURCE, PREVIOUS = "input", "code", "lock file", "source", "previous release"
PACKAGE = "package"
_KINDS = (INPUT, CODE, LOCK, SOURCE, PREVIOUS, PACKAGE)
# a manifest of 150 tables has 0.3 MiB
_MAX_BYTES = 8 * MEBIBYTE
# a name may not lead out of the folder of the release
_NAME = {"type": "string", "pattern": r"^(?!/)(?!(.*/)?\.\.(/|$))[^\\]+$"}
_OBJECT, _TEXT = {"type": "object"}, {"type": "string"}


def _shape(**fields: object) -> dict[str, object]:
    """Return the JSON Schema of an object that has these fields and may have others."""
    return {"type": "object", "required": list(fields), "properties": fields}


def _of_kind(kind: str, **fields: object) -> dict[str, object]:
    """Return the JSON Schema of what an entry of a kind must have."""
    is_kind = _shape(annotations=_shape(kind={"const": kind}))
    return {"if": is_kind, "then": _shape(**fields)}


_NUMBER_OR_NONE = {"type": ["integer", "null"]}
_COUNTS = _shape(
    bytes={"type": "integer"}, rows=_NUMBER_OR_NONE, table={"type": ["string", "null"]}
)
_DIRTY = _shape(isDirty={"type": "boolean"})
# what the commands rely on, as JSON Schema
_SCHEMA = _shape(
    _type={"const": STATEMENT_TYPE},
    predicateType={"const": PREDICATE_TYPE},
    subject={
        "type": "array",
        "items": _shape(name=_NAME, digest=_shape(sha256=_TEXT)),
    },
    predicate=_shape(
        buildDefinition=_shape(
            externalParameters=_OBJECT,
            internalParameters=_OBJECT,
            resolvedDependencies={
                "type": "array",
                "items": {
                    **_shape(
                        name=_TEXT,
                        digest={"type": "object", "additionalProperties": _TEXT},
                        annotations=_shape(kind={"enum": list(_KINDS)}),
                    ),
                    "allOf": [
                        _of_kind(INPUT, digest=_shape(sha256=_TEXT), annotations=_COUNTS),
                        _of_kind(SOURCE, digest=_shape(gitCommit=_TEXT), annotations=_DIRTY),
                        *(
                            _of_kind(kind, digest=_shape(sha256=_TEXT))
                            for kind in (CODE, LOCK, PREVIOUS, PACKAGE)
                        ),
                    ],
                },
            },
        ),
        runDetails=_shape(builder=_shape(version=_OBJECT), metadata=_OBJECT),
        platformEmployment_release=_TEXT,
        platformEmployment_tables={
            "type": "object",
            "additionalProperties": _shape(rows={"type": "integer"}, sha256=_TEXT),
        },
    ),
)

_WRITTEN_BY_INSTALLER = ("/INSTALLER", "/REQUESTED", "/direct_url.json", "/uv_cache.json")
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

_DAMAGED = "platform-employment verify says what is damaged"

Statement = dict[str, Any]
Dependencies = dict[str, dict[str, Any]]


def make_statement(
    release_id: str,
    finished: datetime,
    context: BuildContext,
    built: Built,
    audited: Audited,
    settings: Mapping[str, str],
) -> Statement:
    """Report all of a release but the hashes of its files; settings: the ones of the database."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": PRODUCER,
                "externalParameters": {
                    "variables": built.artifacts.variables,
                    "environment": context.run.steering(),
                },
                "internalParameters": {"settings": settings},
                "resolvedDependencies": _dependencies(context, audited.inputs),
            },
            "runDetails": {
                "builder": {"id": PRODUCER, "version": tool_versions()},
                "metadata": {
                    "invocationId": built.artifacts.invocation_id,
                    "startedOn": timestamp(context.started),
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
    """Return the statement on the files of a release; files: SHA-256 by name."""
    subject = [{"name": name, "digest": {"sha256": sha}} for name, sha in sorted(files.items())]
    return statement | {"subject": subject}


def tables_sha256(tables: Mapping[str, TableSummary]) -> str:
    """Hash the hashes of all tables: `<name> TAB <hash> LF` by name."""
    text = "".join(f"{name}\t{tables[name].sha256}\n" for name in sorted(tables))
    return hashlib.sha256(text.encode()).hexdigest()


def tool_versions() -> dict[str, str]:
    """Return the versions of what takes part in a build."""
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
    """Read the manifest of a release, of whose shape the callers may be sure.

    Raises ReleaseError, one line, when it is not one.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415  the command line must start fast
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    path = folder / MANIFEST_FILE
    try:
        statement = read_json(path, _MAX_BYTES)
    except ReadError as error:
        raise ReleaseError(f"{path}: not a manifest: {error.problem}; {_DAMAGED}") from None
    wrong = best_match(  # type: ignore[no-untyped-call]
        Draft202012Validator(_SCHEMA).iter_errors(statement)
    )
    if wrong:
        place = wrong.json_path.removeprefix("$.")
        raise ReleaseError(f"{path}: not a manifest: {place} ({wrong.validator}); {_DAMAGED}")
    return dict(statement)


def dependencies(statement: Statement, kind: str) -> Dependencies:
    """Return the resolved dependencies of one kind by name."""
    return by_kind(statement)[kind]


def by_kind(statement: Statement) -> dict[str, Dependencies]:
    """Return the resolved dependencies by kind and name."""
    found: dict[str, Dependencies] = {kind: {} for kind in _KINDS}
    for entry in statement["predicate"]["buildDefinition"]["resolvedDependencies"]:
        found[entry["annotations"]["kind"]][entry["name"]] = entry
    return found


def own_inputs(statement: Statement) -> Iterator[str]:
    """Report in a line each what a release depends on in addition to the tables that the project
    ships."""
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
    """Return the hash of each table by name."""
    tables = statement["predicate"]["platformEmployment_tables"]
    return {name: table["sha256"] for name, table in tables.items()}


def previous_release(statement: Statement) -> Previous | None:
    """Return the release that was current before this one."""
    for name, entry in dependencies(statement, PREVIOUS).items():
        return Previous(name, entry["digest"]["sha256"])
    return None


def _dependencies(context: BuildContext, inputs: Sequence[InputFile]) -> list[dict[str, Any]]:
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
    for name, (_, sha256) in sorted(context.code.items()):
        kind = LOCK if name == LOCK_FILE else CODE
        found.append({"name": name, "digest": {"sha256": sha256}, "annotations": {"kind": kind}})
    found += _packages()
    if context.git:
        found.append(
            {
                "name": "git",
                "digest": {"gitCommit": context.git.commit},
                "annotations": {"kind": SOURCE, "isDirty": context.git.is_dirty},
            }
        )
    if context.previous:
        found.append(
            {
                "name": context.previous.release_id,
                "digest": {"sha256": context.previous.manifest_sha256},
                "annotations": {"kind": PREVIOUS},
            }
        )
    return found


def _packages() -> list[dict[str, Any]]:
    """Return what was installed when the release was built, with a hash of each wheel's content.

    The hash is the SHA-256 over the sorted lines of RECORD that give a file of the wheel and its
    hash. It does not depend on where or by what the wheel was installed.
    """
    found = {}
    for package in distributions():
        if sha256 := _content_sha256(package):
            name = f"pkg:pypi/{package.name.lower().replace('_', '-')}@{package.version}"
            found[name] = sha256
    return [
        {"name": name, "digest": {"sha256": sha256}, "annotations": {"kind": PACKAGE}}
        for name, sha256 in sorted(found.items())
    ]


def _content_sha256(package: Distribution) -> str | None:
    lines = (package.read_text("RECORD") or "").splitlines()
    # what the installer writes itself differs from machine to machine
    own = [
        line
        for line in lines
        if ",sha256=" in line
        and not line.startswith("../")
        and ".pyc," not in line
        and not line.partition(",")[0].endswith(_WRITTEN_BY_INSTALLER)
    ]
    text = "".join(f"{line}\n" for line in sorted(own))
    return hashlib.sha256(text.encode()).hexdigest() if own else None


def _microdata(file: InputFile) -> dict[str, Any]:
    """Return what is known of microdata, and of the release that it was compared with, alone."""
    counts = {"acceptedLines": file.accepted, "rejectedLines": file.rejected}
    return {
        name: value
        for name, value in {**counts, "release": file.release}.items()
        if value is not None
    }


def timestamp(moment: datetime) -> str:
    """Write a time in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
