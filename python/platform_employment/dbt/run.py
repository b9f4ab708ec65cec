"""dbt as a process of its own: in this one it would keep the database open."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platform_employment.dbt.build_inputs import (
    INPUTS_VARIABLE,
    PREVIOUS_VARIABLE,
    compared_release,
)
from platform_employment.gates.merchants import MERCHANTS_VARIABLE, recorded_name
from platform_employment.project import DATABASE_VARIABLE

DBT_COMMAND: tuple[str, ...] = (str(Path(sys.executable).with_name("dbt")),)
_PATIENCE_SECONDS = 5
_STEERING = "PLATFORM_EMPLOYMENT_"
_SECRET = re.compile("PASSWORD|SECRET|TOKEN|DSN|URL|KEY")


@dataclass(frozen=True)
class DbtRun:
    """How and where dbt runs, for a release or to judge microdata.

    inputs: folder of own data; variables: YAML or JSON for --vars; previous: folder of the
    release before, for the gate that compares distributions.
    """

    project: Path
    database: Path
    target: Path
    logs: Path
    inputs: Path | None = None
    variables: str | None = None
    previous: Path | None = None

    def run(self, *arguments: str, target: Path | None = None) -> int:
        """Run one dbt command, its output shown as it comes; give its exit code.

        target: another folder for its artefacts. If this process is interrupted, dbt is ended.
        """
        options = ["--project-dir", self.project, "--profiles-dir", self.project]
        options += ["--target-path", target or self.target, "--log-path", self.logs]
        options += ["--vars", self.variables] if self.variables else []
        options += ["--use-colors" if sys.stdout.isatty() else "--no-use-colors"]
        process = None
        try:
            with _interrupts_held():
                process = subprocess.Popen(
                    [*DBT_COMMAND, *arguments, *map(str, options)],
                    cwd=self.project,
                    env=self.environment(),
                    stderr=subprocess.STDOUT,
                )
            return process.wait()
        except BaseException:
            if process:
                _end(process)
            raise

    def environment(self) -> Mapping[str, str]:
        """Give the environment variables that dbt has."""
        environment = {**os.environ, DATABASE_VARIABLE: str(self.database)}
        if self.inputs:
            environment[INPUTS_VARIABLE] = str(self.inputs)
        if compared := compared_release(self.project, self.previous):
            environment[PREVIOUS_VARIABLE] = str(compared.absolute())
        return environment

    def steering(self) -> dict[str, str]:
        """Give the variables of that environment that steer a build; secrets only by name."""
        return {
            name: _recorded(name, value)
            for name, value in sorted(self.environment().items())
            if name.startswith(_STEERING) and name != DATABASE_VARIABLE
        }


def _recorded(name: str, value: str) -> str:
    if _SECRET.search(name):
        return "set, not recorded"
    return recorded_name(value) if name == MERCHANTS_VARIABLE else value


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let interrupts wait: one while a process starts would leave it running, known to nobody."""
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
