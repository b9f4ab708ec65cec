"""Processes beside dbt that make what Python models are: SQL goes on meanwhile, on another core.

Python runs one thread at a time, and dbt itself keeps it busy. A worker imports what it will need,
is asked for one table after the other, and ends with the process that started it.

Between the two go pickled questions, `(model, tables)` with tables of Arrow, and answers,
`(table, error)`.
"""

from __future__ import annotations

import atexit
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from platform_employment.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

# each has a function of the name of the model, which takes the tables that it reads as relations
# of DuckDB by name, and gives a frame or rows that know how to be a relation
_MODULES = {
    "int_chain__formulas": "platform_employment.method.tables",
    "est_steps": "platform_employment.method.tables",
    "est_limits": "platform_employment.method.tables",
    "est_choices": "platform_employment.method.choice_frames",
    "est_multipliers": "platform_employment.multipliers.table_frames",
    "est_merchant_fits": "platform_employment.fit.tables",
    "est_estimator_comparison": "platform_employment.fit.tables",
    "int_expectations__results": "platform_employment.expectations.runner",
}
# takes seconds to import: a worker of its own
_EXPECTATIONS = _MODULES["int_expectations__results"]
_MOST = 2  # of the others: a core each on the smallest machine


class _Worker:
    """A process that makes models, and imports their modules first."""

    def __init__(self, modules: Sequence[str]) -> None:
        command = (sys.executable, "-m", __name__, *modules)
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None  # a pipe is asked for
        assert self._process.stdout is not None
        self._questions, self._answers = self._process.stdin, self._process.stdout

    def ask(self, model: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Have a model made.

        Raises UserError for a mistake in the rows, RuntimeError for all else.
        """
        try:
            pickle.dump((model, tables), self._questions)
            self._questions.flush()
            table, error = pickle.load(self._answers)
        except (EOFError, OSError, pickle.UnpicklingError) as gone:
            self.end()
            status = self._process.returncode
            text = f"{model}: its process ended with {status}; has this machine enough memory?"
            raise RuntimeError(text) from gone
        if error is not None:
            raise error
        return table

    @property
    def is_there(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()


class _Pool:
    """Workers for the same modules."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._modules: Sequence[str] = ()
        self._all: list[_Worker] = []
        self._free: list[_Worker] = []

    def start(self, modules: Sequence[str]) -> None:
        """Start as many workers as there may be."""
        with self._changed:
            self._modules = modules
            while len(self._all) < self._most:
                self._all.append(_Worker(modules))
                self._free.append(self._all[-1])

    @property
    def is_started(self) -> bool:
        """Whether it has had workers."""
        return bool(self._modules)

    def ask(self, model: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Have a model made by the next free worker."""
        with self._changed:
            self.start(self._modules)
            while not self._free:
                self._changed.wait()
                self.start(self._modules)  # those that died are replaced
            worker = self._free.pop()
        try:
            return worker.ask(model, tables)
        finally:
            with self._changed:
                if worker.is_there:
                    self._free.append(worker)
                else:
                    self._all.remove(worker)
                self._changed.notify_all()

    def end(self) -> None:
        """End all workers."""
        for worker in self._all:
            worker.end()


_ESTIMATORS, _JUDGES = _Pool(_MOST), _Pool(1)


def _pool(module: str) -> _Pool:
    return _JUDGES if module == _EXPECTATIONS else _ESTIMATORS


def start_workers(models: Iterable[str]) -> None:
    """Let workers import what some Python models need, long before they are asked for them."""
    modules = {module: None for model in models if (module := _MODULES.get(model))}
    for pool in (_ESTIMATORS, _JUDGES):
        if of_pool := [module for module in modules if _pool(module) is pool]:
            pool.start(of_pool)


def made(
    model: str, session: DuckDBPyConnection, **tables: DuckDBPyRelation
) -> pa.Table | DuckDBPyRelation:
    """Make a Python model of the tables that it reads: in a worker if some were started, else here.

    Gives a table of Arrow, or a relation of the session. Raises UserError for a mistake in the
    rows.
    """
    pool = _pool(_MODULES[model])
    if not pool.is_started:
        return _relation(_function(model)(tables), session)
    return pool.ask(model, {name: rows.to_arrow_table() for name, rows in tables.items()})


def _relation(made: Any, connection: DuckDBPyConnection) -> DuckDBPyRelation:
    """What the function of a model gives as a relation: rows that know how, or a frame."""
    if hasattr(made, "relation"):
        relation: DuckDBPyRelation = made.relation(connection)
        return relation
    connection.register("made", made)
    return connection.table("made")


def _function(model: str) -> Callable[[Mapping[str, DuckDBPyRelation]], Any]:
    function: Callable[[Mapping[str, DuckDBPyRelation]], Any]
    function = getattr(import_module(_MODULES[model]), model)
    return function


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more questions."""
    import duckdb  # noqa: PLC0415  those who ask need not wait for it

    while True:
        try:
            model, tables = pickle.load(questions)
        except EOFError:
            return
        table: pa.Table | None = None
        error: Exception | None = None
        try:
            with duckdb.connect() as connection:
                relations = {name: connection.from_arrow(rows) for name, rows in tables.items()}
                table = _relation(_function(model)(relations), connection).to_arrow_table()
        except UserError as mistake:
            error = mistake
        except Exception:
            error = RuntimeError(f"{model}:\n{traceback.format_exc()}")
        pickle.dump((table, error), answers)
        answers.flush()


atexit.register(_ESTIMATORS.end)
atexit.register(_JUDGES.end)

if __name__ == "__main__":
    # an interrupt is for the process that asks: this one ends with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stdout = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    for name in sys.argv[1:]:
        import_module(name)
    _serve(sys.stdin.buffer, stdout)
