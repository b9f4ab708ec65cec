"""dbt commands in processes that have dbt imported already: half of a small command is that.

Each command is a separate process, forked from a server that has done nothing but import.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "dbt.adapters.duckdb",
        "dbt.cli.main",
        "great_expectations",
        "platform_employment.dbt.plugin",
        "pyarrow",
        "scipy.stats",
        "statsmodels.api",
    ]
)


def run_dbt(
    arguments: list[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    is_imported: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run one dbt command in a folder with these environment variables alone.

    is_imported: False starts it as users do, with modules of other folders for example.
    """
    if not is_imported:
        return subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    with tempfile.TemporaryDirectory() as name:
        files = [str(Path(name, stream)) for stream in ("stdout", "stderr")]
        process = _PROCESSES.Process(
            target=_command, args=(arguments, str(folder), dict(environment), files)
        )
        process.start()
        process.join()
        assert process.exitcode is not None  # joined
        out, err = (Path(file).read_text(encoding="utf-8", errors="replace") for file in files)
    return subprocess.CompletedProcess(["dbt", *arguments], process.exitcode, out, err)


def _command(
    arguments: list[str], folder: str, environment: Mapping[str, str], files: list[str]
) -> None:
    for descriptor, file in zip((1, 2), files, strict=True):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["dbt", *arguments]
    from dbt.adapters.duckdb.connections import (  # noqa: PLC0415  imported by the server
        DuckDBConnectionManager,
    )
    from dbt.cli.main import cli  # noqa: PLC0415

    try:
        cli()
    finally:
        # dbt-duckdb does this at exit, which a forked process does not reach
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
