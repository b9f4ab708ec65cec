"""A separate PostgreSQL server for tests, on a socket in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATABASE = "postgres"
USER = "analyst"
# a server refuses to run as root
_SERVANT = "postgres"


def find_binaries() -> Path | None:
    """Return the folder with initdb and postgres, of the newest version that is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running_server(binaries: Path, *, fsync: bool = False) -> Iterator[str]:
    """Run a server without a password; give the libpq address of its database.

    fsync: wait at each commit until it is on the disk, as a server of users does.
    """
    servant = _SERVANT if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        if servant:
            shutil.chown(folder, servant)
        initdb = [str(binaries / "initdb"), "--pgdata", str(folder / "data"), "--username", USER]
        initdb += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run(initdb, user=servant, cwd=folder, check=True, capture_output=True)
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
        command += ["-c", "listen_addresses=", "-c", f"fsync={'on' if fsync else 'off'}"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, user=servant, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(binaries, folder)
            yield f"postgresql://{USER}@/{DATABASE}?host={folder}"
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder)


def _wait_for(binaries: Path, folder: Path) -> None:
    for _ in range(200):
        ready = [str(binaries / "pg_isready"), "--quiet", "--host", str(folder)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise TimeoutError((folder / "log").read_text(encoding="utf-8", errors="replace"))
