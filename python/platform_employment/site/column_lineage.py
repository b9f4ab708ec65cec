"""Lineage of columns, from a published mart to the cells of the seeds.

dbt-colibri reads it from the compiled SQL. No tool reads it through Python, so a dbt Python model
declares it, and it is added here:

    config.meta.column_lineage    the columns that columns are made from, each as `model.column`;
                                  `model.*` is the column of the same name

A column that is made from no other column (a literal, a number of rows) says so:

    config.meta.lineage_ends      why its lineage ends there

Either stands under a column, or under the model as a mapping from names of columns with blanks
between them; `*` in a name stands for any text, and the first that fits a column counts.
"""

from __future__ import annotations

import base64
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from platform_employment.errors import UserError

DECLARED = "column_lineage"
ENDS = "lineage_ends"
_DATA_START = 'window.colibriData = JSON.parse(atob("'
_DATA_END = '"));'
# it would tell its makers who uses it, and ask the package index for a newer version
_SILENCE = {"DO_NOT_TRACK": "1", "DBT_COLIBRI_NO_VERSION_CHECK": "1"}


class Column(NamedTuple):
    """A column of a node of dbt; `node` is a unique id such as `seed.project.gmv_disclosures`."""

    node: str
    name: str

    def __str__(self) -> str:
        """Write it as in a model's yml."""
        return f"{self.node.rpartition('.')[2]}.{self.name}"


@dataclass(frozen=True)
class ColumnLineage:
    """What each column of a project is made from.

    columns: every column of every model and seed; sources: the columns that one is made from;
    ends: why the lineage of a column ends there, as documented.
    """

    columns: Collection[Column]
    sources: Mapping[Column, Collection[Column]]
    ends: Mapping[Column, str]

    def origins(self, column: Column) -> set[Column]:
        """Give the columns without sources of their own that a column goes back to."""
        seen, waiting = {column}, [column]
        while waiting:
            new = set(self.sources.get(waiting.pop(), ())) - seen
            seen |= new
            waiting += new
        return {origin for origin in seen if not self.sources.get(origin)}

    def faults(self) -> list[str]:
        """List where the lineage is broken, one line each, sorted.

        A column of a model has sources or a documented end, not both, and every source exists;
        so every column goes back to columns of seeds and to documented ends.
        """
        faults = []
        for column in self.columns:
            has_sources, has_end = bool(self.sources.get(column)), column in self.ends
            if has_sources and has_end:
                faults.append(f"{column}: says {ENDS} and has sources")
            elif not (has_sources or has_end or column.node.startswith("seed.")):
                faults.append(f"{column}: has neither sources nor {ENDS}")
        named = {column for found in self.sources.values() for column in found} | self.ends.keys()
        faults += [f"{column}: no such column" for column in named - set(self.columns)]
        return sorted(faults)


def read_manifest(target: Path) -> dict[str, Any]:
    """Read manifest.json of the target folder of dbt."""
    manifest: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def find_colibri() -> Path:
    """Return the command `colibri` of this environment.

    Raises:
        UserError: it is not installed.
    """
    command = Path(sys.executable).with_name("colibri")
    if not command.is_file():
        raise UserError(f"{command}: no such command: run `make setup` first")
    return command


def write_page(colibri: Path, target: Path, page: Path) -> ColumnLineage:
    """Write the page of dbt-colibri with the declared lineage added, and give the lineage.

    target: folder with manifest.json and catalog.json of `dbt docs generate`.

    Raises:
        UserError: colibri cannot read them, or a declaration names what is not there.
    """
    manifest = read_manifest(target)
    with tempfile.TemporaryDirectory() as folder:
        _run_colibri(colibri, target, Path(folder))
        html = (Path(folder) / "index.html").read_text(encoding="utf-8")
    before, data, after = _split(html)
    report = json.loads(base64.b64decode(data))
    _add_declared(report, manifest)
    encoded = base64.b64encode(json.dumps(report, separators=(",", ":")).encode()).decode("ascii")
    page.write_text(before + encoded + after, encoding="utf-8")
    return _lineage(report, manifest)


def _run_colibri(colibri: Path, target: Path, folder: Path) -> None:
    command = [str(colibri), "generate", "--disable-telemetry"]
    command += ["--manifest", str(target / "manifest.json")]
    command += ["--catalog", str(target / "catalog.json"), "--output-dir", str(folder)]
    done = subprocess.run(
        command, env=os.environ | _SILENCE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).split("\n")
        raise UserError(f"{colibri.name}: {next(filter(None, reversed(said)), 'failed')}")


def _split(html: str) -> tuple[str, str, str]:
    """Split the page into what is before its data, the data in base64, and the rest."""
    start = html.index(_DATA_START) + len(_DATA_START)
    end = html.index(_DATA_END, start)
    return html[:start], html[start:end], html[end:]


def _add_declared(report: dict[str, Any], manifest: Mapping[str, Any]) -> None:
    nodes, edges = report["nodes"], report["lineage"]["edges"]
    for target, source in _declared(manifest, _columns(report)):
        for column in (target, source):
            if column.name not in nodes[column.node]["columns"]:
                raise UserError(f"{DECLARED} names {column}, which does not exist")
            nodes[column.node]["columns"][column.name]["hasLineage"] = True
        nodes[target.node]["columns"][target.name]["lineageType"] = "transformation"
        edges.append(
            {
                "id": len(edges) + 1,
                "source": source.node,
                "sourceColumn": source.name,
                "target": target.node,
                "targetColumn": target.name,
            }
        )


def _columns(report: Mapping[str, Any]) -> set[Column]:
    return {
        Column(node["id"], name) for node in report["nodes"].values() for name in node["columns"]
    }


def _declared(
    manifest: Mapping[str, Any], columns: Collection[Column]
) -> Iterator[tuple[Column, Column]]:
    """Give each declared pair of a column and one that it is made from."""
    for target, sources in _said(manifest, columns, DECLARED):
        parents = manifest["nodes"][target.node]["depends_on"]["nodes"]
        by_name = {parent.rpartition(".")[2]: parent for parent in parents}
        for text in sources:
            name, _, column = text.partition(".")
            if name not in by_name:
                raise UserError(f"{target}: {DECLARED} names {text}, which it does not read")
            yield target, Column(by_name[name], target.name if column == "*" else column)


def _said(
    manifest: Mapping[str, Any], columns: Collection[Column], key: str
) -> Iterator[tuple[Column, Any]]:
    """Give what is said of each column under a key of meta: by itself, or else by its model."""
    names: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        names[column.node].append(column.name)
    for node in manifest["nodes"].values():
        unique_id, described = node["unique_id"], node.get("columns", {}).items()
        own = {name: column["config"].get("meta", {}) for name, column in described}
        found = {name: meta[key] for name, meta in own.items() if key in meta}
        of_model = node["config"].get("meta", {}).get(key, {})
        for texts, said in of_model.items():
            for text in texts.split():
                fitting = fnmatch.filter(names[unique_id], text)
                if not fitting:
                    raise UserError(f"{key} names {Column(unique_id, text)}, which does not exist")
                found = {**dict.fromkeys(fitting, said), **found}
        yield from ((Column(unique_id, name), said) for name, said in found.items())


def _lineage(report: Mapping[str, Any], manifest: Mapping[str, Any]) -> ColumnLineage:
    sources: dict[Column, set[Column]] = defaultdict(set)
    for edge in _data_edges(report["lineage"]["edges"]):
        target = Column(edge["target"], edge["targetColumn"])
        sources[target].add(Column(edge["source"], edge["sourceColumn"]))
    columns = _columns(report)
    return ColumnLineage(columns, sources, dict(_said(manifest, columns, ENDS)))


def _data_edges(edges: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Leave out edges between whole tables, and those of joins and filters."""
    return (edge for edge in edges if edge["targetColumn"] and not edge.get("edgeType"))
