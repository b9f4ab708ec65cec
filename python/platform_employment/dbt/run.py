"""dbt as a separate process: in this one it would keep the database open."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from platform_employment.dbt.build_inputs import (
    INPUTS_VARIABLE,
    PREVIOUS_VARIABLE,
    compared_release,
)
from platform_employment.formatting import without_secrets
from platform_employment.project import DATABASE_VARIABLE
from platform_employment.validation.merchants import MERCHANTS_VARIABLE, recorded_name

DBT_COMMAND: tuple[str, ...] = (str(Path(sys.executable).with_name("dbt")),)
_PATIENCE_SECONDS = 5
# of the variables that steer a build those whose values a release records; no other variable of the
# environment is, neither its value nor its name
_RECORDED = (INPUTS_VARIABLE, MERCHANTS_VARIABLE, PREVIOUS_VARIABLE)
# dbt writes the values of these into its manifest
_PUBLISHED_BY_DBT = "DBT_ENV_CUSTOM_ENV_"
# lines of dbt: a node that is done; a row of a failed test, by macros/log_failed_rows.sql
_DONE = re.compile(rb"([0-9]+) of ([0-9]+) (?:OK|PASS|FAIL|ERROR|WARN|SKIP|NO-OP) (?!hook)")
_TOLD = re.compile(r"^(?:[0-9:]+  )?((?:FAIL|WARN) [a-z0-9_]+: .*)$", re.MULTILINE)
# between lines that say how far a run is, without a terminal; and before the last one is repeated
_SECONDS_BETWEEN_LINES = 5
_SECONDS_OF_SILENCE = 10


@dataclass(frozen=True)
class DbtRun:
    """How and where dbt runs, for a release or to judge microdata.

    inputs: folder of own data; variables: YAML or JSON for --vars; previous: folder of the
    release before, for the check that compares distributions; log: a file for all that dbt prints,
    instead of the terminal; command: dbt itself.
    """

    project: Path
    database: Path
    target: Path
    logs: Path
    inputs: Path | None = None
    variables: str | None = None
    previous: Path | None = None
    log: Path | None = None
    command: Sequence[str] = field(default_factory=lambda: DBT_COMMAND)

    def run(self, *arguments: str, target: Path | None = None) -> int:
        """Run one dbt command; give its exit code.

        Its output is shown as it comes, or kept in the log, and how far it is is shown. target:
        another folder for its artefacts. If this process is interrupted, dbt is ended.
        """
        options = ["--project-dir", self.project, "--profiles-dir", self.project]
        options += ["--target-path", target or self.target, "--log-path", self.logs]
        options += ["--vars", self.variables] if self.variables else []
        is_shown = self.log is None and sys.stdout.isatty()
        options += ["--use-colors" if is_shown else "--no-use-colors"]
        process = None
        try:
            with _interrupts_held():
                process = subprocess.Popen(
                    [*self.command, *arguments, *map(str, options)],
                    cwd=self.project,
                    env=self.environment(),
                    stdout=subprocess.PIPE if self.log else None,
                    stderr=subprocess.STDOUT,
                )
            if self.log:
                _keep(process, self.log)
            return process.wait()
        except BaseException:
            if process:
                _end(process)
            raise

    def environment(self) -> Mapping[str, str]:
        """Return the environment variables that dbt has."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_PUBLISHED_BY_DBT)
        }
        environment[DATABASE_VARIABLE] = str(self.database)
        if self.inputs:
            environment[INPUTS_VARIABLE] = str(self.inputs)
        if compared := compared_release(self.project, self.previous):
            environment[PREVIOUS_VARIABLE] = str(compared.absolute())
        return environment

    def steering(self) -> dict[str, str]:
        """Return the variables of that environment that a release records, without secrets."""
        environment = self.environment()
        return {name: recorded_name(environment[name]) for name in _RECORDED if name in environment}


def failed_test_messages(log: Path) -> list[str]:
    """Return the messages of failed tests from the log of a run, one line each."""
    if not log.is_file():
        return []
    text = log.read_text(encoding="utf-8", errors="replace")
    return [found[1] for found in _TOLD.finditer(text)]


def error_line(log: Path) -> str:
    """Return the last line of a log that speaks of an error, or a hint where no line does."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    errors = [line for line in lines if "error" in line.lower()]
    last = (errors or lines or ["it said nothing; has this machine enough memory?"])[-1]
    return " ".join(last.split())


def _keep(process: subprocess.Popen[bytes], log: Path) -> None:
    """Write what a process prints to a file, and show how many nodes are done."""
    assert process.stdout is not None  # a pipe
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file, _Progress() as progress:
        for line in process.stdout:
            file.write(without_secrets(line.decode(errors="replace")).encode())
            file.flush()
            if found := _DONE.search(line):
                done, of = int(found[1]), int(found[2])
                progress.show(f"{done} of {of}", is_last=done == of)


class _Progress:
    """Shows how far a run is: at once in a terminal, else a line every few seconds.

    Without news the last state is shown again, with the time that it has lasted.
    """

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._state = "dbt starts"
        self._shown = self._since = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def __enter__(self) -> _Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._is_terminal:
            print("\r", end="", flush=True)

    def show(self, state: str, *, is_last: bool) -> None:
        """Show a new state; in a file the last one, and others now and then."""
        now = time.monotonic()
        self._state, self._since = state, now
        if self._is_terminal:
            print(f"\r   {state}", end="", flush=True)
        elif is_last or now - self._shown > _SECONDS_BETWEEN_LINES:
            self._shown = now
            print(f"   {state}", flush=True)

    def _repeat(self) -> None:
        while not self._ended.wait(1):
            now = time.monotonic()
            if not self._is_terminal and now - self._shown > _SECONDS_OF_SILENCE:
                self._shown = now
                print(f"   {self._state}, for {now - self._since:.0f} s", flush=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Allow interrupts to wait: one while a process starts would leave it running, known to no
    one."""
    held: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _: held.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for received in held:
            signal.raise_signal(received)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
