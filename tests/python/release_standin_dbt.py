"""A stand-in for dbt that builds the tiny project in a fraction of a second.

It loads the seeds, runs the models and tests of the project as they are now, and writes the
artefacts that dbt wrote of the same project, with the results of this run in them. What a
release does with all that is the real thing; what dbt itself does is tested with dbt.

Environment: STANDIN_RELEASE, a release that dbt built, for its artefacts; STANDIN_FAULT, what
is to go wrong: kill, wal, skipped, unrun, no_database, sql:STATEMENTS to run at the end,
warn:TEXT of a test that warns, or wait:FILE to go on when a file is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import yaml

_REF = re.compile(r"\{\{ ref\('(\w+)'\) \}\}")


def main() -> int:
    """Do what dbt would do with these arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", nargs="+")
    for option in ("project-dir", "profiles-dir", "target-path", "log-path", "vars"):
        parser.add_argument(f"--{option}")
    for flag in ("quiet", "static", "no-use-colors", "use-colors"):
        parser.add_argument(f"--{flag}", action="store_true")
    arguments = parser.parse_args()
    recorded = Path(os.environ["STANDIN_RELEASE"])
    target = Path(arguments.target_path)
    target.mkdir(exist_ok=True)
    if arguments.command == ["docs", "generate"]:
        # a project without the tools environment has the page of dbt alone
        pages = [recorded / "docs" / name for name in ("dbt.html", "index.html")]
        shutil.copyfile(next(filter(Path.is_file, pages)), target / "static_index.html")
        shutil.copyfile(recorded / "dbt/catalog.json", target / "catalog.json")
        return 0
    return _build(Path(arguments.project_dir), target, recorded / "dbt", arguments.vars)


def _build(project: Path, target: Path, recorded: Path, variables: str | None) -> int:
    manifest = json.loads((recorded / "manifest.json").read_text(encoding="utf-8"))
    run = json.loads((recorded / "run_results.json").read_text(encoding="utf-8"))
    fault = os.environ.get("STANDIN_FAULT", "")
    database = Path(os.environ["PLATFORM_EMPLOYMENT_DATABASE"])
    tables = {
        node["name"]: f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] != "test"
    }
    results = []
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"set threads = {os.environ.get('TINY_PROJECT_THREADS', '2')}")
        connection.execute("create schema raw; create schema marts; create schema audit")
        for result in run["results"]:
            node = manifest["nodes"][result["unique_id"]]
            if not (project / node["original_file_path"]).is_file():
                del manifest["nodes"][result["unique_id"]]
                continue
            message = _run_node(connection, project, node, tables)
            results.append(result | ({"status": "fail", "message": message} if message else {}))
            if fault == "kill" and node["resource_type"] == "model":
                os.killpg(0, signal.SIGKILL)
        if fault.startswith("sql:"):
            connection.execute(fault.removeprefix("sql:"))
    if fault == "wal":
        database.with_name(f"{database.name}.wal").write_bytes(b"rows that are not in the file")
    elif fault == "skipped":
        results[-1]["status"] = "skipped"
    elif fault == "unrun":
        results.pop()
    elif fault == "no_database":
        database.unlink()
    elif fault.startswith("warn:"):
        print(f"12:00:00  WARN sources_are_fresh: {fault.removeprefix('warn:')}")
    elif fault.startswith("wait:"):
        while not Path(fault.removeprefix("wait:")).exists():
            time.sleep(0.02)
    run["results"] = results
    run["args"]["vars"] = yaml.safe_load(variables or "{}")
    shutil.copyfile(recorded / "semantic_manifest.json", target / "semantic_manifest.json")
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (target / "run_results.json").write_text(json.dumps(run), encoding="utf-8")
    return int(any(result["status"] == "fail" for result in results))


def _run_node(
    connection: duckdb.DuckDBPyConnection,
    project: Path,
    node: dict[str, Any],
    tables: dict[str, str],
) -> str | None:
    """Build a seed or model, or run a test; give the message of a test that fails."""
    file = project / node["original_file_path"]
    if node["resource_type"] == "seed":
        own = os.environ.get("PLATFORM_EMPLOYMENT_INPUTS")
        if own and Path(own, *file.parts[-2:]).is_file():
            file = Path(own, *file.parts[-2:])
        query = f"from read_csv('{file}', all_varchar = true, header = true)"
    elif file.suffix == ".sql":
        text = file.read_text(encoding="utf-8")
        query = _REF.sub(lambda match: tables[match.group(1)], text)
    else:
        query = node["compiled_code"]
    if node["resource_type"] != "test":
        connection.execute(f"create table {tables[node['name']]} as {query}")
        return None
    failures = len(connection.execute(query).fetchall())
    return f"Got {failures} results, configured to fail if != 0" if failures else None


if __name__ == "__main__":
    sys.exit(main())
