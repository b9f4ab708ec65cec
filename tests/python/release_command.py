"""The command `platform-employment` with a stand-in for dbt, which can be killed on the dot.

Environment: RELEASE_KILL_AT=STAGE:N kills the process group when a stage of a release has
made N changes to the file system; N = 0 is the moment in which it begins.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import _GeneratorContextManager
from pathlib import Path

from platform_employment.cli import main
from platform_employment.dbt import run as dbt_run
from platform_employment.release.pipeline import Stages

STANDIN = (sys.executable, str(Path(__file__).with_name("release_standin_dbt.py")))
# audit events of Python; `open` represents the writes and the fsync that come after it
_CHANGES = {"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"}


def kill_at(stage: str, number: int) -> None:
    """Arrange that this process group is killed in a stage, before its change `number`."""
    left = None
    original = Stages.stage

    def watched(self: Stages, name: str) -> _GeneratorContextManager[None]:
        nonlocal left
        left = number if name == stage else None
        _kill_if(left == 0)
        return original(self, name)

    def count(event: str, _arguments: object) -> None:
        nonlocal left
        if left is not None and event in _CHANGES:
            left -= 1
            _kill_if(left < 0)

    Stages.stage = watched  # type: ignore[method-assign]
    sys.addaudithook(count)


def _kill_if(is_due: bool) -> None:
    if is_due:
        sys.stdout.flush()
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    if "RELEASE_KILL_AT" in os.environ:
        stage, _, number = os.environ["RELEASE_KILL_AT"].rpartition(":")
        kill_at(stage, int(number))
    if "STANDIN_RELEASE" in os.environ:
        dbt_run.DBT_COMMAND = STANDIN
    sys.exit(main())
