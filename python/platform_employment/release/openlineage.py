"""Lineage as OpenLineage events, one JSON object a line.

`jobs.jsonl` says how tables are made from each other (JobEvent: design, no run). It depends on
inputs and code alone: its event time is that of the commit. `runs.jsonl` says what ran when
and what came of it (RunEvent, one START and one COMPLETE each).

Shapes: https://openlineage.io/spec/2-0-2/OpenLineage.json and its facets.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platform_employment.dbt.artifacts import EXPECTATIONS_TABLE, Artifacts, Node, NodeResult
from platform_employment.release.table_hashes import TableSummary

PRODUCER = "urn:x-platform-employment:release:1"
_SPEC = "https://openlineage.io/spec"
_EVENTS = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs"
_FACETS = f"{_SPEC}/facets"

Event = dict[str, Any]


def write_lineage(
    artifacts: Artifacts,
    tables: Mapping[str, TableSummary],
    expectations: Iterable[Mapping[str, Any]],
    committed: int,
    folder: Path,
) -> None:
    """Write both files into a new folder.

    tables: of the audit, by name; expectations: their result rows; committed: time of the
    commit in seconds since 1970.
    """
    folder.mkdir()
    lineage = _Lineage(artifacts, tables, expectations)
    moment = datetime.fromtimestamp(committed, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _write(folder / "jobs.jsonl", lineage.job_events(moment))
    _write(folder / "runs.jsonl", lineage.run_events())


class _Lineage:
    def __init__(
        self,
        artifacts: Artifacts,
        tables: Mapping[str, TableSummary],
        expectations: Iterable[Mapping[str, Any]],
    ) -> None:
        self._artifacts = artifacts
        self._tables = tables
        self._parent_id = str(uuid.uuid5(uuid.NAMESPACE_URL, artifacts.invocation_id))
        self._assertions: dict[str, list[Event]] = {}
        for row in expectations:
            assertion = {"assertion": row["expectation_type"], "success": bool(row["is_success"])}
            if row.get("column_name"):
                assertion["column"] = row["column_name"]
            self._assertions.setdefault(row["table_name"], []).append(assertion)

    def job_events(self, moment: str) -> Iterator[Event]:
        for node in self._artifacts.relations():
            yield self._event("JobEvent", moment) | self._body(node)

    def run_events(self) -> Iterator[Event]:
        results = self._artifacts.results
        times = sorted(
            moment
            for result in results.values()
            for moment in (result.started, result.completed)
            if moment
        )
        whole_run = {"run": {"runId": self._parent_id}, "job": self._build_job()}
        yield self._event("RunEvent", times[0]) | whole_run | {"eventType": "START"}
        for node in self._artifacts.relations():
            yield from self._node_run(node, results[node.unique_id])
        yield from self._expectation_run(times[-1])
        yield self._event("RunEvent", times[-1]) | whole_run | {"eventType": "COMPLETE"}

    def _node_run(self, node: Node, result: NodeResult) -> Iterator[Event]:
        run = self._run(node.unique_id)
        start = result.started or self._artifacts.generated_at
        end = result.completed or start
        body = self._body(node)
        job = {"run": run, "job": body["job"]}
        yield self._event("RunEvent", start) | job | {"eventType": "START"}
        (output,) = body["outputs"]
        output["outputFacets"] = {
            "outputStatistics": _facet(
                "1-0-2/OutputStatisticsOutputDatasetFacet", rowCount=self._tables[node.table].rows
            )
        }
        yield self._event("RunEvent", end) | body | {"run": run, "eventType": "COMPLETE"}

    def _expectation_run(self, moment: str) -> Iterator[Event]:
        """Give the run of the expectations: its inputs are the tables that they are about."""
        names = {node.alias: node.table for node in self._artifacts.relations()}
        inputs = [
            {
                "namespace": self._artifacts.project,
                "name": names.get(table, table),
                "inputFacets": {
                    "dataQualityAssertions": _facet(
                        "1-0-1/DataQualityAssertionsDatasetFacet", assertions=assertions
                    )
                },
            }
            for table, assertions in sorted(self._assertions.items())
        ]
        job = {"namespace": self._artifacts.project, "name": EXPECTATIONS_TABLE}
        body = {"run": self._run(EXPECTATIONS_TABLE), "job": job}
        yield self._event("RunEvent", moment) | body | {"eventType": "START"}
        yield self._event("RunEvent", moment) | body | {"eventType": "COMPLETE", "inputs": inputs}

    def _run(self, name: str) -> Event:
        text = f"{self._artifacts.invocation_id} {name}"
        parent = {"run": {"runId": self._parent_id}, "job": self._build_job(facets=False)}
        return {
            "runId": str(uuid.uuid5(uuid.NAMESPACE_URL, text)),
            "facets": {"parent": _facet("1-0-1/ParentRunFacet", **parent)},
        }

    def _body(self, node: Node) -> Event:
        facets = {
            "jobType": _facet(
                "2-0-3/JobTypeJobFacet",
                processingType="BATCH",
                integration="DBT",
                jobType=node.resource_type.upper(),
            )
        }
        if node.code and node.resource_type == "model" and node.file.endswith(".sql"):
            facets["sql"] = _facet("1-0-1/SQLJobFacet", query=node.code)
        parents = (self._artifacts.nodes[name] for name in node.parents)
        return {
            "job": {
                "namespace": self._artifacts.project,
                "name": node.unique_id,
                "facets": facets,
            },
            "inputs": [self._dataset(parent) for parent in parents if parent.is_relation],
            "outputs": [self._dataset(node, with_facets=True)],
        }

    def _dataset(self, node: Node, *, with_facets: bool = False) -> Event:
        dataset: Event = {"namespace": self._artifacts.project, "name": node.table}
        if with_facets:
            texts = {column.name: column.description for column in node.columns}
            fields = [
                {"name": name, "type": kind, "description": texts.get(name, "")}
                for name, kind in self._tables[node.table].columns
            ]
            dataset["facets"] = {"schema": _facet("1-1-1/SchemaDatasetFacet", fields=fields)}
            if node.description:
                dataset["facets"]["documentation"] = _facet(
                    "1-0-1/DocumentationDatasetFacet", description=node.description
                )
        return dataset

    def _build_job(self, *, facets: bool = True) -> Event:
        job: Event = {"namespace": self._artifacts.project, "name": "dbt build"}
        if facets:
            job["facets"] = {
                "jobType": _facet(
                    "2-0-3/JobTypeJobFacet",
                    processingType="BATCH",
                    integration="DBT",
                    jobType="JOB",
                )
            }
        return job

    @staticmethod
    def _event(kind: str, moment: str) -> Event:
        return {"eventTime": moment, "producer": PRODUCER, "schemaURL": f"{_EVENTS}/{kind}"}


def _facet(schema: str, **fields: object) -> Event:
    name = schema.rpartition("/")[2]
    return {
        "_producer": PRODUCER,
        "_schemaURL": f"{_FACETS}/{schema}.json#/$defs/{name}",
        **fields,
    }


def _write(path: Path, events: Iterable[Event]) -> None:
    lines = (json.dumps(event, ensure_ascii=False, sort_keys=True) for event in events)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
