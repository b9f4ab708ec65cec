"""Readers of PostgreSQL while releases are published and publishers are killed.

The server writes each commit to the disk, so that one takes long enough to be killed in.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from postgres_server import find_binaries, running_server
from publish_fixtures import RELEASES, jobs_of, write_release_file

from platform_employment.publish.publish_commands import publish
from platform_employment.publish.shapes import Schemas

SCHEMAS = Schemas("shop", "shop_audit")
READERS, ROUNDS, ROWS = 8, 40, 1000
KILLED = Path(__file__).with_name("publish_killed.py")
# killed at once or so many milliseconds after a phase began, most often around the commit
PHASES = ("delete", "commit", "copy", "commit", "read-back")
MOMENTS = (0, 1, 3, 8, 20)
READ = """
    select
        (select release_id from shop.meta_release),
        (select sum(jobs_wan) from shop.fct_jobs),
        (select jobs from team.mine),
        (select count(*) from shop.dim_components),
        (select sum(jobs_wan) from shop_audit.aud_jobs)
"""


@dataclass
class Reader:
    """One reader with separate rights, a reader on and on."""

    address: str
    stop: threading.Event
    reads: int = 0
    faults: list[str] = field(default_factory=list)

    def run(self) -> None:
        seen = ""
        with psycopg.connect(self.address, user="reader", autocommit=True) as connection:
            while not self.stop.is_set():
                try:
                    row = connection.execute(READ).fetchone()
                except psycopg.Error as error:
                    self.faults.append(f"error: {error}")
                    return
                assert row is not None
                release, *sums = row
                jobs = jobs_of(RELEASES.index(release))
                if sums != [jobs, jobs, ROWS, jobs]:
                    self.faults.append(f"half a state: {row}")
                if release < seen:
                    self.faults.append(f"backwards: {seen} to {release}")
                seen = release
                self.reads += 1


@pytest.fixture
def durable_address(postgres_address: str) -> Iterator[str]:
    binaries = find_binaries()
    assert binaries is not None, postgres_address  # without one this is skipped before
    with running_server(binaries, fsync=True) as address:
        yield address


@pytest.fixture
def readers(durable_address: str, tmp_path: Path) -> Iterator[list[Reader]]:
    with psycopg.connect(durable_address, autocommit=True) as server:
        file = write_release_file(tmp_path / "r.duckdb", 0, components=ROWS)
        publish(durable_address, file, SCHEMAS)
        server.execute("create role reader login")
        server.execute("create schema team")
        server.execute("create view team.mine as select sum(jobs_wan) as jobs from shop.fct_jobs")
        for schema in ("shop", "shop_audit", "team"):
            server.execute(f"grant usage on schema {schema} to reader")
            server.execute(f"grant select on all tables in schema {schema} to reader")
    stop = threading.Event()
    reading = [Reader(durable_address, stop) for _ in range(READERS)]
    threads = [threading.Thread(target=reader.run) for reader in reading]
    for thread in threads:
        thread.start()
    yield reading
    stop.set()
    for thread in threads:
        thread.join()


def locks_of_writers(address: str) -> list[tuple[object, ...]]:
    """Locks that a killed publisher still holds, once the server has seen that it is gone."""
    with psycopg.connect(address, autocommit=True) as server:
        for _ in range(100):
            locks = server.execute(
                "select pid, locktype, mode, relation::regclass::text from pg_locks"
                " where pid != pg_backend_pid()"
                " and (locktype = 'advisory' or mode not in ('AccessShareLock', 'ExclusiveLock'))"
            ).fetchall()
            if not locks:
                return []
            time.sleep(0.05)
    return locks


@pytest.mark.slow
def test_readers_see_whole_releases_that_never_go_back(
    readers: list[Reader], durable_address: str, tmp_path: Path
) -> None:
    died: Counter[str] = Counter()
    left: list[tuple[object, ...]] = []
    for number in range(ROUNDS):
        killed, whole = 2 * number + 1, 2 * number + 2
        extra = "alter table marts.fct_jobs add column more varchar" if number >= ROUNDS / 2 else ""
        file = write_release_file(tmp_path / "r.duckdb", killed, components=ROWS, extra=extra)
        phase, moment = PHASES[number % len(PHASES)], MOMENTS[number // len(PHASES) % len(MOMENTS)]
        marks = tmp_path / "marks"
        command = [sys.executable, str(KILLED), phase, str(moment), durable_address, str(file)]
        process = subprocess.run([*command, str(marks)], check=False, capture_output=True)
        assert process.returncode == -9, process.stderr
        died[marks.read_text(encoding="utf-8")] += 1
        left += locks_of_writers(durable_address)
        file = write_release_file(tmp_path / "r.duckdb", whole, components=ROWS, extra=extra)
        (*_, done) = publish(durable_address, file, SCHEMAS)
        assert done.startswith(f"published {RELEASES[whole]} ")
    print(dict(died), [reader.reads for reader in readers])
    assert [reader.faults for reader in readers] == [[]] * READERS
    assert died.total() == ROUNDS
    assert all(died[phase] for phase in PHASES), died
    assert died["commit"] >= 10
    assert left == []
    assert min(reader.reads for reader in readers) > ROUNDS
