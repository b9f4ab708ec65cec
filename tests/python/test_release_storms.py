"""Releases under kills, readers, full disks, concurrent builders and damaged bits.

Each test prints its figures: `pytest -m slow -s`. The seeds of the random numbers are fixed,
the moments at which a kill meets a build are not.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from release_helpers import JOBS, Tiny, on_disk, query, remount, used, with_dbt
from release_readers import ROWS

from platform_employment.release.integrity import fsync_tree, verify
from platform_employment.release.store import (
    DATABASE_FILE,
    PARQUET_FOLDER,
    builder_lock,
    prune,
    publish,
    run_id,
)

pytest_plugins = ["release_fixtures"]
pytestmark = pytest.mark.slow

KILLS = 200
# dbt takes ten times as long as its stand-in, so only some of the kills meet it
KILLS_OF_DBT = 20
PUBLISHES = 100
READERS = 8
BUILDERS = 20
DISK_SIZES = 10
BIT_FLIPS = 200


class Watch:
    """Looks at a store after each event and counts what must never be."""

    def __init__(self, tiny: Tiny) -> None:
        self._tiny = tiny
        self._known: set[str] = set()
        self._before = tiny.store.current_id()
        self.counts = Counter({"unreadable": 0, "mixed": 0, "lost": 0, "moved": 0})

    def look(self) -> None:
        store = self._tiny.store
        ids = set(store.release_ids())
        self.counts["lost"] += len(self._known - ids)
        self._known |= ids
        current = store.current_id()
        if current != self._before:
            self.counts["moved"] += 1
            self._before = current
        if current is None or verify(store, current).findings:
            self.counts["unreadable"] += 1
            return
        try:
            rows = query(
                store.folder(current),
                "select warehouse_value, fct_jobs.jobs_wan,"
                " cast(jobs.jobs_wan as decimal(18, 4))"
                " from audit.aud_figure_reconciliation, marts.fct_jobs, raw.jobs"
                " where fct_jobs.component_id = 'total'"
                " and jobs.component_id = 'total'",
            )
        except duckdb.Error:
            self.counts["unreadable"] += 1
            return
        self.counts["mixed"] += len(rows) != 1 or len(set(rows[0])) != 1

    def finish(self) -> None:
        """Look once more, and at every release there has been."""
        self.look()
        store = self._tiny.store
        self.counts["lost"] += sum(bool(verify(store, known).findings) for known in self._known)

    def assert_good(self) -> None:
        assert [self.counts[name] for name in ("unreadable", "mixed", "lost")] == [0, 0, 0]


def set_total(tiny: Tiny, total: int) -> None:
    """Make the next release differ from the one before in every table."""
    path = tiny.folder / JOBS
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if ",total," not in line]
    kept.append(f"invented,2021-09-30,base,total,{total}")
    path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def start_dbt(tiny: Tiny) -> subprocess.Popen[str]:
    """Start a release with dbt itself."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("platform-employment")), "release"],
        cwd=tiny.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_random_kills(tiny: Tiny) -> None:
    rng = random.Random(1)
    watch = Watch(tiny)
    ended = Counter[str]()
    longest = {}
    for is_dbt in (False, True):
        began = time.monotonic()
        set_total(tiny, 1 + is_dbt)
        process = start_dbt(tiny) if is_dbt else tiny.start("release")
        assert process.wait() == 0
        longest[is_dbt] = time.monotonic() - began
    for number in range(KILLS):
        is_dbt = number % (KILLS // KILLS_OF_DBT) == 0
        set_total(tiny, 1000 + number)
        process = start_dbt(tiny) if is_dbt else tiny.start("release")
        try:
            process.wait(rng.uniform(0, 1.05 * longest[is_dbt]))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate()
        steps = [line[3:] for line in out.splitlines() if line.startswith("== ")]
        step = steps[-1] if steps else "start"
        ended["complete" if process.returncode == 0 else step] += 1
        assert process.returncode in {0, -signal.SIGKILL}
        watch.look()
    tiny.release()
    watch.finish()
    print(f"\nrandom kills: {KILLS}, of them of dbt: {KILLS_OF_DBT}; {dict(watch.counts)}")
    print(f"  where they met the release: {dict(ended)}")
    watch.assert_good()


@pytest.mark.parametrize("stage", ["finalize", "publish"])
def test_a_kill_before_each_change_of_the_last_steps(tiny: Tiny, stage: str) -> None:
    watch = Watch(tiny)
    kills = 0
    while True:
        set_total(tiny, 1000 + kills)
        process = tiny.start("release", RELEASE_KILL_AT=f"{stage}:{kills}")
        process.communicate()
        watch.look()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        kills += 1
    watch.finish()
    print(f"\nkills in the step {stage}: {kills}; {dict(watch.counts)}")
    watch.assert_good()
    assert kills > 10


def make_generation(template: Path, folder: Path, generation: int) -> None:
    """Make the folder of a release with a number that all its marts share."""
    shutil.copytree(template, folder)
    for name in (DATABASE_FILE, f"{PARQUET_FOLDER}/first.parquet"):
        (folder / name).unlink(missing_ok=True)
    with duckdb.connect(str(folder / DATABASE_FILE)) as connection:
        connection.execute("create schema marts")
        for table in ("first", "second"):
            connection.execute(
                f"create table marts.{table} as"
                f" select {generation} as generation, range as row from range({ROWS})"
            )
        connection.execute(
            f"copy marts.first to '{folder / PARQUET_FOLDER / 'first.parquet'}' (format parquet)"
        )


def test_readers_during_publishes(tiny: Tiny, tmp_path: Path) -> None:
    """Publishes ready-made folders, old ones removed as it goes: 100 builds would take an hour."""
    store, stop, template = tiny.store, tmp_path / "stop", tmp_path / "template"
    shutil.copytree(tiny.current, template)

    def publish_generation(generation: int) -> float:
        folder = store.builds / run_id(datetime.now(UTC))
        make_generation(template, folder, generation)
        began = time.perf_counter()
        with builder_lock(store, "storm"):
            release_id = store.new_release_id(datetime.now(UTC), f"{generation:08x}")
            fsync_tree(folder)
            publish(store, folder, release_id)
        seconds = time.perf_counter() - began
        # readers that hold a removed folder's name, but none of its files yet, would fail
        prune(store, keep=30)
        return seconds

    publish_generation(0)
    has_sqlalchemy = importlib.util.find_spec("duckdb_sqlalchemy") is not None
    clients = ["duckdb", "sqlalchemy" if has_sqlalchemy else "duckdb"] * (READERS // 2)
    readers_program = str(Path(__file__).with_name("release_readers.py"))
    readers = [
        subprocess.Popen(
            [sys.executable, readers_program, client, str(store.releases), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for client in clients
    ]
    time.sleep(3)  # all of them have loaded their client and read
    seconds = [publish_generation(generation) for generation in range(1, PUBLISHES + 1)]
    stop.touch()
    counts = Counter[str]()
    for reader in readers:
        out, err = reader.communicate()
        assert reader.returncode == 0, err
        found = json.loads(out)
        assert found["reads"] > 0
        counts.update(found)
    print(f"\npublishes: {PUBLISHES}, readers: {dict(Counter(clients))}; {dict(counts)}")
    print(f"  slowest publish: {max(seconds):.2f} s")
    assert [counts[name] for name in ("errors", "mixed", "backwards")] == [0, 0, 0]
    assert counts["generations"] > READERS * PUBLISHES / 4


def test_full_disks(tiny: Tiny, small_disk: Path) -> None:
    """Sizes from nothing left to a little more than a release needs; dbt itself builds."""
    small = on_disk(tiny, small_disk)
    watch = Watch(small)
    codes = []
    start = used(small_disk)
    needed = 14 * 1024**2
    for number in range(DISK_SIZES):
        set_total(small, 1000 + number)
        remount(small_disk, f"size={start + needed * (number + 1) // DISK_SIZES}")
        before = small.store.current_id()
        result = with_dbt(small, "release")
        codes.append(result.code)
        watch.look()
        if result.code == 0:
            assert small.store.current_id() != before
        else:
            assert small.store.current_id() == before
            assert result.code == 2, result
            assert result.err.count("\n") == 1, result.err
            assert "is full" in result.err, result.err
        remount(small_disk, "size=128m")
        assert small.run("prune", "--keep", "1").code == 0
        start = used(small_disk)
    wrong = {name: watch.counts[name] for name in ("unreadable", "mixed")}
    print(f"\ndisk sizes: {DISK_SIZES}, exit codes: {codes}; {wrong}")
    assert (codes[0], codes[-1]) == (2, 0)
    assert not any(wrong.values())


def test_a_crowd_of_builders(tiny: Tiny, tmp_path: Path) -> None:
    before = tiny.store.release_ids()
    go_on = tmp_path / "go_on"
    crowd = [tiny.start("release", STANDIN_FAULT=f"wait:{go_on}") for _ in range(BUILDERS)]
    while sum(builder.poll() is None for builder in crowd) > 1:
        time.sleep(0.05)
    (winner,) = [builder for builder in crowd if builder.poll() is None]
    go_on.touch()
    errors = [builder.communicate()[1] for builder in crowd]
    codes = Counter(builder.returncode for builder in crowd)
    print(f"\nbuilders: {BUILDERS}, exit codes: {dict(codes)}")
    assert codes == {0: 1, 2: BUILDERS - 1}
    for builder, error in zip(crowd, errors, strict=True):
        if builder is not winner:
            assert error.count("\n") == 1
            assert f"process {winner.pid}, platform-employment release" in error
    assert len(tiny.store.release_ids()) == len(before) + 1


def test_bit_flips(tiny: Tiny) -> None:
    rng = random.Random(2)
    files = [path for path in sorted(tiny.current.rglob("*")) if path.is_file()]
    found = 0
    release_id = tiny.store.find()
    for number in range(BIT_FLIPS):
        path = files[number % len(files)]
        data = path.read_bytes()
        flipped = bytearray(data)
        flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.chmod(0o644)
        path.write_bytes(flipped)
        found += bool(verify(tiny.store, release_id).findings)
        path.write_bytes(data)
    print(f"\nbit flips: {BIT_FLIPS}, found: {found}")
    assert verify(tiny.store, release_id).findings == ()
    assert found == BIT_FLIPS
