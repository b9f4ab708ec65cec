"""Publishes a release and is killed in one phase of it: phase, milliseconds, address, file.

What it is doing is written to a file before it does it, so that a test knows where it died.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg

from platform_employment.publish.publish_commands import publish
from platform_employment.publish.shapes import Schemas

PHASES = {"delete from": "delete", "copy": "copy", "select count": "read-back", "commit": "commit"}


class Killed:
    """Kills this process some time after it began a phase."""

    def __init__(self, phase: str, seconds: float, marks: Path) -> None:
        self.phase, self.seconds, self.marks = phase, seconds, marks

    def begins(self, statement: str) -> None:
        """Note the phase that a statement belongs to, and begin to die in the wanted one."""
        phase = next((phase for start, phase in PHASES.items() if statement.startswith(start)), "")
        self.marks.write_text(phase, encoding="utf-8")
        if phase and phase == self.phase:
            if not self.seconds:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(self.seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
            self.phase = ""


def main(phase: str, milliseconds: str, address: str, file: str, marks: str) -> None:
    """Publish, and die on the way."""
    killed = Killed(phase, float(milliseconds) / 1000, Path(marks))
    execute, copy, commit = (
        psycopg.Connection.execute,
        psycopg.Cursor.copy,
        psycopg.Connection.commit,
    )

    def text(connection: Any, query: Any) -> str:
        return query if isinstance(query, str) else str(query.as_string(connection))

    def executed(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        killed.begins(text(self, query))
        return execute(self, query, *arguments, **options)

    def copied(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        killed.begins(text(self.connection, query))
        return copy(self, query, *arguments, **options)

    def committed(self: Any) -> None:
        killed.begins("commit")
        commit(self)

    psycopg.Connection.execute = executed  # type: ignore[method-assign]
    psycopg.Cursor.copy = copied  # type: ignore[assignment, method-assign]
    psycopg.Connection.commit = committed  # type: ignore[method-assign]
    print(*publish(address, Path(file), Schemas("shop", "shop_audit")), sep="\n")
    killed.begins("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
