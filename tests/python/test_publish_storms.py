"""Readers of PostgreSQL while releases are published and publishers are killed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from publish_fixtures import RELEASES, jobs_of, write_release_file

from platform_employment.publish.publish_commands import publish
from platform_employment.publish.shapes import Schemas

SCHEMAS = Schemas("shop", "shop_audit")
READERS, ROUNDS, ROWS = 8, 20, 1000
KILLED = Path(__file__).with_name("publish_killed.py")
# the four phases in turn, killed at once or a moment after they began
PHASES = ("delete", "copy", "read-back", "commit")
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
    """One reader with rights of its own, who reads on and on."""

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
def readers(postgres_address: str, tmp_path: Path) -> Iterator[list[Reader]]:
    with psycopg.connect(postgres_address, autocommit=True) as server:
        server.execute("drop schema if exists shop, shop_audit, team cascade")
        server.execute("drop role if exists reader")
        file = write_release_file(tmp_path / "r.duckdb", 0, components=ROWS)
        publish(postgres_address, file, SCHEMAS)
        server.execute("create role reader login")
        server.execute("create schema team")
        server.execute("create view team.mine as select sum(jobs_wan) as jobs from shop.fct_jobs")
        for schema in ("shop", "shop_audit", "team"):
            server.execute(f"grant usage on schema {schema} to reader")
            server.execute(f"grant select on all tables in schema {schema} to reader")
    stop = threading.Event()
    reading = [Reader(postgres_address, stop) for _ in range(READERS)]
    threads = [threading.Thread(target=reader.run) for reader in reading]
    for thread in threads:
        thread.start()
    yield reading
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.slow
def test_readers_see_whole_releases_that_never_go_back(
    readers: list[Reader], postgres_address: str, tmp_path: Path
) -> None:
    died: Counter[str] = Counter()
    for number in range(ROUNDS):
        killed, whole = 2 * number + 1, 2 * number + 2
        extra = "alter table marts.fct_jobs add column more varchar" if number >= ROUNDS / 2 else ""
        file = write_release_file(tmp_path / "r.duckdb", killed, components=ROWS, extra=extra)
        phase, moment = PHASES[number % len(PHASES)], MOMENTS[number % len(MOMENTS)]
        marks = tmp_path / "marks"
        command = [sys.executable, str(KILLED), phase, str(moment), postgres_address, str(file)]
        process = subprocess.run([*command, str(marks)], check=False, capture_output=True)
        assert process.returncode == -9, process.stderr
        died[marks.read_text(encoding="utf-8")] += 1
        file = write_release_file(tmp_path / "r.duckdb", whole, components=ROWS, extra=extra)
        (*_, done) = publish(postgres_address, file, SCHEMAS)
        assert done.startswith(f"published {RELEASES[whole]} ")
    print(dict(died), [reader.reads for reader in readers])
    assert [reader.faults for reader in readers] == [[]] * READERS
    assert died.total() == ROUNDS
    assert all(died[phase] for phase in PHASES), died
    assert min(reader.reads for reader in readers) > ROUNDS
