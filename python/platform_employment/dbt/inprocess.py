"""Makes models and runs their tests without dbt: what dbt compiled, one node after the other.

dbt takes a tenth of a second and more for a node, DuckDB a few milliseconds. So `check` lets dbt
compile, which says what a build would do, and does it here, in a database of its own. What was made
there before, of the same code and the same rows, is not made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from platform_employment.dbt.artifacts import MANIFEST
from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError
from platform_employment.validation.overrides import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


# what rests on these takes longer than all the rest, and stops no build whose figures are right
LEFT_OUT = frozenset({"est_limits", "int_expectations__results"})
_COMMENT = re.compile("--.*")
# what reads more than the tables
_OUTSIDE = re.compile(r"\b(merchant_\w+|previous_checks|read_csv|read_parquet|input_\w+)\(")
_KEPT = "checked"
_NODES = "nodes.json"
_SHOWN_ROWS = 10
_AT_ONCE = 3  # SQL goes on while a Python model runs
_CODE_FOLDERS = ("macros", "models", "python/models", "seeds", "tests")
_CODE = {".sql", ".py", ".yml", ".yaml", ".md"}


@dataclass(frozen=True)
class Compiled:
    """A node as dbt compiled it; relation: empty for a test; severity: of a test."""

    unique_id: str
    kind: str
    name: str
    relation: str
    schema: str
    materialized: str
    language: str
    path: str
    code: str
    parents: tuple[str, ...]
    severity: str


@dataclass(frozen=True)
class Outcome:
    """A node that did not pass, and what it says; severity: error, or warn for a test."""

    name: str
    severity: str
    message: str


def compiled_nodes(dbt: DbtRun, asked: Sequence[str]) -> tuple[list[Compiled], Path]:
    """Have dbt compile what a build makes before its limits and expectations.

    Kept in a folder of the target folder for as long as no file of the project or of this
    package changes, one for each that is asked; gives that folder too, for what else rests on
    them alone. asked: what the SQL depends on besides the code and the variables, such as the
    format of microdata. Raises UserError when dbt fails.
    """
    kept = dbt.project / "target" / _KEPT / _digest(list(_state(dbt.project)))
    folder = kept / _digest([*asked, dbt.variables or ""])
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        document = json.loads((folder / _NODES).read_text(encoding="utf-8"))
        return [Compiled(**node) for node in document], folder
    if dbt.run("compile", "--quiet", "--exclude", "test_type:unit"):
        raise UserError("dbt could not compile the models, see its output above")
    nodes = read_compiled(dbt.target)
    for earlier in {*kept.parent.glob("*")} - {kept}:
        shutil.rmtree(earlier, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = json.dumps([asdict(node) for node in nodes], ensure_ascii=False)
    (folder / _NODES).write_text(text, encoding="utf-8")
    return nodes, folder


def _state(project: Path) -> Iterator[str]:
    package = Path(__file__).parents[1]
    folders = [project / name for name in _CODE_FOLDERS]
    files = [path for folder in (*folders, package) for path in folder.rglob("*")]
    for path in sorted((*files, *project.glob("*.yml"))):
        if path.suffix in _CODE:
            status = path.stat()
            yield f"{path} {status.st_mtime_ns} {status.st_size}"


def read_compiled(target: Path) -> list[Compiled]:
    """Read what `dbt compile` left, each node behind those it is made from."""
    manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    nodes = {
        unique_id: _compiled(node)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "seed"
        or (node["resource_type"] in ("model", "test") and node.get("compiled_code"))
    }
    order = TopologicalSorter(
        {name: [on for on in node.parents if on in nodes] for name, node in nodes.items()}
    )
    made = [nodes[name] for name in order.static_order()]
    left_out: dict[str, str] = {}
    for node in made:
        is_model = node.kind == "model"
        if node.name in LEFT_OUT or (is_model and left_out.keys() & set(node.parents)):
            left_out[node.unique_id] = node.relation
    # a test may name a model in a comment to run behind it, and not read it
    return [
        node
        for node in made
        if node.unique_id not in left_out
        and not any(relation in _COMMENT.sub("", node.code) for relation in left_out.values())
    ]


def _compiled(node: Mapping[str, Any]) -> Compiled:
    config = node["config"]
    return Compiled(
        unique_id=node["unique_id"],
        kind=node["resource_type"],
        name=node["name"],
        relation=node.get("relation_name") or "",
        schema=node["schema"],
        materialized=config.get("materialized") or "",
        language=node.get("language") or "sql",
        path=node["path"],
        code=node.get("compiled_code") or "",
        parents=tuple(node.get("depends_on", {}).get("nodes", ())),
        severity=str(config.get("severity") or "error").lower(),
    )


def run_compiled(
    connection: DuckDBPyConnection,
    nodes: Sequence[Compiled],
    tables: Mapping[str, Table],
    scratch: Path,
    outside: str,
) -> list[Outcome]:
    """Load the tables, make the models, run the tests; give what did not pass.

    tables: as the gates laid them; scratch: a folder for the code of Python models; outside: what
    the functions of the connection and files say besides the tables. A node whose code and whose
    rows to read are those of an earlier run in this database is as it was. What rests
    on a model that could not be made is passed over, and what a build would skip after a failed
    test is made but not spoken of.
    """
    made = _Made(connection)
    known = {node.unique_id: node for node in nodes}
    parents = {name: known.keys() & set(node.parents) for name, node in known.items()}
    for schema in sorted({node.schema for node in nodes if node.relation}):
        connection.execute(f"create schema if not exists {schema}")
    order = TopologicalSorter(parents)
    order.prepare()
    running: dict[Future[str], tuple[Compiled, str]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while order.is_active():
            while ready := order.get_ready():
                for node in (known[name] for name in ready):
                    key = made.key(node, parents[node.unique_id], tables, outside)
                    if key and not made.keeps(node, key):
                        task = pool.submit(_do, connection.cursor(), node, tables, scratch)
                        running[task] = node, key
                    else:
                        order.done(node.unique_id)
            for task in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                node, key = running.pop(task)
                made.note(node, key, task.result())
                order.done(node.unique_id)
    made.save()
    outcomes = {
        node.unique_id: Outcome(node.name, node.severity, made.messages[node.unique_id])
        for node in nodes
        if node.unique_id in made.messages
    }
    skipped = _skipped(nodes, outcomes)
    return [outcome for name, outcome in outcomes.items() if name not in skipped]


def _do(
    connection: DuckDBPyConnection, node: Compiled, tables: Mapping[str, Table], scratch: Path
) -> str:
    """Load, make or test a node; say why it did not pass, empty when it did."""
    import duckdb  # noqa: PLC0415  the command line must start fast

    try:
        if node.kind == "seed":
            _load(connection, node, tables[node.path])
        elif node.kind == "test":
            return _test(connection, node)
        elif node.language == "python":
            _run_model(connection, node, scratch)
        else:
            kind = "view" if node.materialized == "view" else "table"
            connection.execute(f"create or replace {kind} {node.relation} as ({node.code})")
    except (duckdb.Error, UserError) as error:
        return str(error)
    return ""


class _Known(NamedTuple):
    """What is known of a node: what it was made of, the sum of its rows, why it did not pass."""

    key: str
    rows: str
    message: str


class _Made:
    """Which nodes a database has, in a table of its own, and what they were made of.

    earlier: those of the run before; sums: of the rows of each that is there now; messages: why one
    did not pass.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute(
            "create table if not exists main.made"
            " (unique_id varchar, key varchar, rows varchar, message varchar)"
        )
        rows = connection.execute("from main.made").fetchall()
        self.earlier = {name: _Known(*known) for name, *known in rows}
        self.sums: dict[str, str] = {}
        self.messages: dict[str, str] = {}
        self._now: dict[str, _Known] = {}

    def key(
        self, node: Compiled, parents: Set[str], tables: Mapping[str, Table], outside: str
    ) -> str:
        """What a node is made of; empty, and the node gone, where one of them could not be."""
        if not parents <= self.sums.keys():
            self.drop(node)
            return ""
        sums = [self.sums[parent] for parent in sorted(parents)]
        if node.kind == "seed":
            sums = [_rows_of(tables[node.path])]
        elif _OUTSIDE.search(node.code):
            sums.append(outside)
        return _digest([node.code, *sums])

    def keeps(self, node: Compiled, key: str) -> bool:
        """Take a node as it is, if it is there and made of the same."""
        known = self.earlier.get(node.unique_id)
        if known is None or known.key != key:
            return False
        self._keep(node, known)
        return True

    def _keep(self, node: Compiled, known: _Known) -> None:
        self._now[node.unique_id] = known
        if known.message:
            self.messages[node.unique_id] = known.message
        if not known.message or node.kind == "test":
            self.sums[node.unique_id] = known.rows

    def note(self, node: Compiled, key: str, message: str) -> None:
        """Take a node that was made, or could not be."""
        rows = key
        if message and node.kind != "test":
            self.drop(node)
        elif node.relation and node.materialized != "view":
            made = f"from {node.relation} as made"
            of_columns = self._connection.execute(f"{made} limit 0").description
            of_rows = self._connection.execute(
                f"select count(*), sum(hash(made)::hugeint) {made}"
            ).fetchone()
            rows = _digest([str(of_columns), str(of_rows)])
        self._keep(node, _Known(key, rows, message))

    def drop(self, node: Compiled) -> None:
        """Take away what is no more."""
        if node.relation and node.unique_id in self.earlier:
            kind = "view" if node.materialized == "view" else "table"
            self._connection.execute(f"drop {kind} if exists {node.relation}")

    def save(self) -> None:
        """Write down what is there."""
        self._connection.execute("delete from main.made")
        rows = [[name, *known] for name, known in self._now.items()]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 4
        texts = dict.fromkeys(("unique_id", *_Known._fields), "varchar")
        self._connection.execute(f"insert into main.made {_unnested(texts)}", columns)


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _rows_of(table: Table) -> str:
    """What a table of the gates holds, with where each row stands."""
    return _digest(
        [f"{layer.file}\x01{row.line}\x01" + "\x01".join(row.cells) for layer, row in table.rows()]
    )


def _skipped(nodes: Sequence[Compiled], outcomes: Mapping[str, Outcome]) -> set[str]:
    """Give what `dbt build` skips: models that rest on all that a failed test is about."""
    failed = [
        set(node.parents)
        for node in nodes
        if node.kind == "test"
        and node.unique_id in outcomes
        and outcomes[node.unique_id].severity == "error"
    ]
    above: dict[str, set[str]] = {}
    skipped: set[str] = set()
    for node in nodes:
        parents = set(node.parents)
        above[node.unique_id] = parents.union(*(above.get(parent, ()) for parent in parents))
        is_stopped = node.kind != "test" and any(about <= above[node.unique_id] for about in failed)
        if is_stopped or parents & skipped:
            skipped.add(node.unique_id)
    return skipped


def _load(connection: DuckDBPyConnection, node: Compiled, table: Table) -> None:
    """Load a seed as the macros of the project do: all text, with file and line."""
    header = [*table.schema.header, "seed_file", "seed_line"]
    rows = [(*row.cells, layer.file, row.line) for layer, row in table.rows()]
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    types = dict.fromkeys(header, "varchar") | {"seed_line": "bigint"}
    cells = [[cell if cell != "" else None for cell in column] for column in columns]
    connection.execute(f"create or replace table {node.relation} as {_unnested(types)}", cells)


def _unnested(types: Mapping[str, str]) -> str:
    """SQL that makes rows of one list a column; types: by name, in the order of the lists.

    Lists, and no frame: what makes one of them takes half a second to load.
    """
    columns = enumerate(types.items(), start=1)
    return "select " + ", ".join(f"unnest(${n}::{kind}[]) as {name}" for n, (name, kind) in columns)


def _run_model(connection: DuckDBPyConnection, node: Compiled, scratch: Path) -> None:
    file = scratch / f"{node.name}.py"
    file.write_text(node.code.lstrip(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(node.name, file)
    assert spec is not None  # the file is there
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    frame = module.model(module.dbtObj(lambda name: connection.sql(f"from {name}")), connection)
    connection.register("rows_of_model", frame)
    connection.execute(f"create or replace table {node.relation} as from rows_of_model")
    connection.unregister("rows_of_model")


def _test(connection: DuckDBPyConnection, node: Compiled) -> str:
    """Say what a test finds, empty when it passes."""
    result = connection.execute(f"select * from ({node.code}\n) as failed")
    columns = [column[0] for column in result.description or ()]
    rows = result.fetchmany(_SHOWN_ROWS + 1)
    texts = [failed_row(dict(zip(columns, row, strict=True))) for row in rows[:_SHOWN_ROWS]]
    more = ["and more"] if len(rows) > _SHOWN_ROWS else []
    return " | ".join([*texts, *more])


def failed_row(row: Mapping[str, Any]) -> str:
    """Give a row of a failed test as people read it, as the macro of this name does."""
    if "problem" not in row:
        return ", ".join(f"{name} {value}" for name, value in row.items())
    place = " line ".join(str(row[name]) for name in ("seed", "seed_line") if row.get(name))
    remedy = f"; {row['remedy']}" if row.get("remedy") else ""
    return f"{f'{place}: ' if place else ''}{row['problem']}{remedy}"
