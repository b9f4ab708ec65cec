"""Lineage as OpenLineage events, one JSON object a line.

`jobs.jsonl` says how tables are built from each other (JobEvent: design, no run). It depends on
inputs and code alone: its event time belongs to the commit. `runs.jsonl` says what ran when
and what came of it (RunEvent, one START and one COMPLETE each).

The classes of the OpenLineage library say which version of its specification they follow.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openlineage.client.event_v2 import (
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    set_producer,
)
from openlineage.client.facet_v2 import (
    DatasetFacet,
    data_quality_assertions_dataset,
    documentation_dataset,
    job_type_job,
    output_statistics_output_dataset,
    parent_run,
    schema_dataset,
    sql_job,
)
from openlineage.client.serde import Serde

from platform_employment.dbt.artifacts import EXPECTATIONS_TABLE, Artifacts, Node, NodeResult
from platform_employment.release.manifest import PRODUCER
from platform_employment.release.table_hashes import TableSummary

Assertion = data_quality_assertions_dataset.Assertion


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
    set_producer(PRODUCER)
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
        self._assertions: dict[str, list[Assertion]] = {}
        for row in expectations:
            self._assertions.setdefault(row["table_name"], []).append(
                Assertion(
                    assertion=row["expectation_type"],
                    success=bool(row["is_success"]),
                    column=row.get("column_name") or None,
                )
            )

    def job_events(self, moment: str) -> Iterator[JobEvent]:
        for node in self._artifacts.relations():
            yield JobEvent(
                eventTime=moment,
                job=self._job(node),
                inputs=self._inputs(node),
                outputs=[self._output(node)],
            )

    def run_events(self) -> Iterator[RunEvent]:
        results = self._artifacts.results
        times = sorted(
            moment
            for result in results.values()
            for moment in (result.started, result.completed)
            if moment
        )
        whole = Run(self._parent_id)
        job = Job(
            self._artifacts.project,
            "dbt build",
            {"jobType": job_type_job.JobTypeJobFacet("BATCH", "DBT", "JOB")},
        )
        yield RunEvent(eventTime=times[0], run=whole, job=job, eventType=RunState.START)
        for node in self._artifacts.relations():
            yield from self._node_run(node, results[node.unique_id])
        yield from self._expectation_run(times[-1])
        yield RunEvent(eventTime=times[-1], run=whole, job=job, eventType=RunState.COMPLETE)

    def _node_run(self, node: Node, result: NodeResult) -> Iterator[RunEvent]:
        run, job = self._run(node.unique_id), self._job(node)
        start = result.started or self._artifacts.generated_at
        end = result.completed or start
        yield RunEvent(eventTime=start, run=run, job=job, eventType=RunState.START)
        output = self._output(node)
        output.outputFacets = {
            "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                rowCount=self._tables[node.table].rows
            )
        }
        yield RunEvent(
            eventTime=end,
            run=run,
            job=job,
            eventType=RunState.COMPLETE,
            inputs=self._inputs(node),
            outputs=[output],
        )

    def _expectation_run(self, moment: str) -> Iterator[RunEvent]:
        """Return the run of the expectations: its inputs are the tables that they are about."""
        names = {node.alias: node.table for node in self._artifacts.relations()}
        inputs = [
            InputDataset(
                self._artifacts.project,
                names.get(table, table),
                {
                    "dataQualityAssertions": (
                        data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
                            assertions
                        )
                    )
                },
            )
            for table, assertions in sorted(self._assertions.items())
        ]
        run = self._run(EXPECTATIONS_TABLE)
        job = Job(self._artifacts.project, EXPECTATIONS_TABLE)
        yield RunEvent(eventTime=moment, run=run, job=job, eventType=RunState.START)
        yield RunEvent(
            eventTime=moment, run=run, job=job, eventType=RunState.COMPLETE, inputs=inputs
        )

    def _run(self, name: str) -> Run:
        parent = parent_run.ParentRunFacet(
            run=parent_run.Run(self._parent_id),
            job=parent_run.Job(self._artifacts.project, "dbt build"),
        )
        text = f"{self._artifacts.invocation_id} {name}"
        return Run(str(uuid.uuid5(uuid.NAMESPACE_URL, text)), {"parent": parent})

    def _job(self, node: Node) -> Job:
        job_type = job_type_job.JobTypeJobFacet("BATCH", "DBT", node.resource_type.upper())
        job = Job(self._artifacts.project, node.unique_id, {"jobType": job_type})
        if (
            job.facets
            and node.code
            and node.resource_type == "model"
            and node.file.endswith(".sql")
        ):
            job.facets["sql"] = sql_job.SQLJobFacet(node.code)
        return job

    def _inputs(self, node: Node) -> list[InputDataset]:
        parents = (self._artifacts.nodes[name] for name in node.parents)
        return [
            InputDataset(self._artifacts.project, parent.table)
            for parent in parents
            if parent.is_relation
        ]

    def _output(self, node: Node) -> OutputDataset:
        texts = {column.name: column.description for column in node.columns}
        fields = [
            schema_dataset.SchemaDatasetFacetFields(name, kind, texts.get(name, ""))
            for name, kind in self._tables[node.table].columns
        ]
        facets: dict[str, DatasetFacet] = {"schema": schema_dataset.SchemaDatasetFacet(fields)}
        if node.description:
            facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(
                node.description
            )
        return OutputDataset(self._artifacts.project, node.table, facets=facets)


def _write(path: Path, events: Iterable[JobEvent | RunEvent]) -> None:
    lines = (Serde.to_json(event, ensure_ascii=False) for event in events)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
