"""What we need to know from dbt's manifest.json and run_results.json."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_employment.errors import UserError
from platform_employment.reading import MEBIBYTE, read_json

MARTS_SCHEMA = "marts"
AUDIT_SCHEMA = "audit"
EXPECTATIONS_TABLE = "aud_expectation_results"
REJECTS_TABLE = "aud_rejected_rows"
MICRODATA_TABLE = "aud_merchant_files"
_MAX_BYTES = 256 * MEBIBYTE
MANIFEST = "manifest.json"
RUN_RESULTS = "run_results.json"
# around the reason of an error: the place before it, the compiled file behind it
_FRAME = re.compile(
    r"(Runtime|Compilation|Database) Error in |compiled code at |> in macro |> called by "
)
# the last line of a traceback
_RAISED = re.compile(r"[A-Za-z_.]*(Error|Exception): ")
_RUNNABLE = ("model", "seed", "snapshot", "test", "unit_test")


@dataclass(frozen=True)
class Column:
    """A column as its yml describes it."""

    name: str
    description: str
    meta: Mapping[str, Any]


@dataclass(frozen=True)
class Node:
    """A node of the project. Tests have no relation: `schema` and `alias` are empty."""

    unique_id: str
    resource_type: str
    name: str
    schema: str
    alias: str
    materialized: str
    file: str
    description: str
    columns: tuple[Column, ...]
    meta: Mapping[str, Any]
    parents: tuple[str, ...]
    macros: tuple[str, ...]
    code: str

    @property
    def table(self) -> str:
        """Name of the relation with its schema."""
        return f"{self.schema}.{self.alias}"

    @property
    def is_relation(self) -> bool:
        """Whether the build leaves a table or view for it."""
        return (
            self.resource_type in {"model", "seed", "snapshot"} and self.materialized != "ephemeral"
        )

    @property
    def is_mart(self) -> bool:
        """Whether readers are meant to use it."""
        return self.is_relation and self.schema in {MARTS_SCHEMA, AUDIT_SCHEMA}


@dataclass(frozen=True)
class NodeResult:
    """How a node came out; times are texts in UTC, None where dbt gives none."""

    unique_id: str
    status: str
    message: str
    started: str | None
    completed: str | None


@dataclass(frozen=True)
class Artifacts:
    """One dbt invocation: what there was to run and what came of it."""

    project: str
    invocation_id: str
    generated_at: str
    dbt_version: str
    variables: Mapping[str, Any]
    nodes: Mapping[str, Node]
    macro_files: Mapping[str, str]
    results: Mapping[str, NodeResult]

    @property
    def expected(self) -> list[str]:
        """Ids of the nodes that must have succeeded: unit tests look at no row of a build."""
        return sorted(
            node.unique_id
            for node in self.nodes.values()
            if node.is_relation or node.resource_type == "test"
        )

    def relations(self) -> Iterator[Node]:
        """Return the nodes with a table or view, by name."""
        return (node for node in self._sorted() if node.is_relation)

    def marts(self) -> list[Node]:
        """Return the marts, by name."""
        return [node for node in self._sorted() if node.is_mart]

    def seeds(self) -> list[Node]:
        """Return the seeds, by name."""
        return [node for node in self._sorted() if node.resource_type == "seed"]

    def upstream_files(self, tables: set[str]) -> set[str]:
        """Return the files of all nodes and macros that the named tables are built from."""
        files: set[str] = set()
        waiting = [node.unique_id for node in self.nodes.values() if node.table in tables]
        seen: set[str] = set()
        while waiting:
            unique_id = waiting.pop()
            if unique_id in seen or unique_id not in self.nodes:
                continue
            seen.add(unique_id)
            node = self.nodes[unique_id]
            files.add(node.file)
            files.update(self.macro_files[m] for m in node.macros if m in self.macro_files)
            waiting.extend(node.parents)
        return files

    def _sorted(self) -> list[Node]:
        return sorted(self.nodes.values(), key=lambda node: node.table)


def read_artifacts(folder: Path) -> Artifacts:
    """Read both files of a dbt target folder.

    Raises UserError when one is missing or is not what dbt 1.11 writes.
    """
    for name in (MANIFEST, RUN_RESULTS):
        if not (folder / name).exists():
            raise UserError(f"{folder / name}: dbt did not write it")
    try:
        manifest, run_results = (
            read_json(folder / name, _MAX_BYTES) for name in (MANIFEST, RUN_RESULTS)
        )
        return Artifacts(
            project=manifest["metadata"]["project_name"],
            invocation_id=run_results["metadata"]["invocation_id"],
            generated_at=run_results["metadata"]["generated_at"],
            dbt_version=run_results["metadata"]["dbt_version"],
            variables=run_results["args"].get("vars", {}),
            nodes={
                entry["unique_id"]: _node(entry)
                for entry in (*manifest["nodes"].values(), *manifest["unit_tests"].values())
                if entry["resource_type"] in _RUNNABLE
            },
            macro_files={
                entry["unique_id"]: entry["original_file_path"]
                for entry in manifest["macros"].values()
                if entry["package_name"] == manifest["metadata"]["project_name"]
            },
            results={entry["unique_id"]: _result(entry) for entry in run_results["results"]},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{folder}: not the artefacts of dbt 1.11: {error!r}") from None


def failure(artifacts: Artifacts) -> str:
    """Report in one line what failed in a dbt run, the first node by name and the number."""
    failed = sorted(
        (result for result in artifacts.results.values() if result.status in {"error", "fail"}),
        key=lambda result: result.unique_id,
    )
    if not failed:
        return "dbt ended with an error, but no node failed"
    node = artifacts.nodes.get(failed[0].unique_id)
    name = f"{node.resource_type.replace('_', ' ')} {node.name}" if node else failed[0].unique_id
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{name} failed: {reason_line(failed[0].message)[:300]}{more}"


def reason_line(message: str) -> str:
    """Return what a message of dbt says in one line, without its frame and without a traceback."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    errors = [line for line in lines if _RAISED.match(line)]
    if "Traceback (most recent call last):" in lines and errors:
        return _RAISED.sub("", errors[-1])
    kept = [line for line in lines if not _FRAME.match(line)]
    return " ".join(kept or lines)


def _node(entry: Mapping[str, Any]) -> Node:
    is_relation = entry["resource_type"] in {"model", "seed", "snapshot"}
    depends_on = entry["depends_on"]
    return Node(
        unique_id=entry["unique_id"],
        resource_type=entry["resource_type"],
        name=entry["name"],
        schema=entry["schema"] if is_relation else "",
        alias=entry["alias"] if is_relation else "",
        materialized=entry["config"].get("materialized") or "",
        file=entry["original_file_path"],
        description=" ".join(entry["description"].split()),
        columns=tuple(
            Column(column["name"], " ".join(column["description"].split()), column["meta"])
            for column in (entry.get("columns") or {}).values()
        ),
        meta=entry["config"].get("meta") or {},
        parents=tuple(depends_on.get("nodes", ())),
        macros=tuple(depends_on.get("macros", ())),
        code=entry.get("compiled_code") or entry.get("raw_code") or "",
    )


def _result(entry: Mapping[str, Any]) -> NodeResult:
    timing = {step["name"]: step for step in entry["timing"]}
    execute = timing.get("execute", {})
    return NodeResult(
        unique_id=entry["unique_id"],
        status=entry["status"],
        message=entry["message"] or "",
        started=execute.get("started_at"),
        completed=execute.get("completed_at"),
    )
