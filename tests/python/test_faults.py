"""A release on a disk that fails: each write, flush and rename of it, one after the other."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from release_helpers import Tiny

from platform_employment.release.integrity import verify

pytest_plugins = ["release_fixtures"]
pytestmark = pytest.mark.slow

# what changes the disk from Python; the writes of DuckDB end in the files that these flush
POINTS: tuple[tuple[Any, str], ...] = (
    (os, "fsync"),
    (os, "rename"),
    (os, "replace"),
    (os, "symlink"),
    (os, "mkdir"),
    (os, "chmod"),
    (Path, "write_bytes"),
    (Path, "write_text"),
    (shutil, "copyfile"),
)


@dataclass
class Faults:
    """Fails the n-th point; n is 0 for none."""

    n: int
    code: int
    seen: list[str] = field(default_factory=list)

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def point(*arguments: Any, **options: Any) -> Any:
            self.seen.append(name)
            if len(self.seen) == self.n:
                raise OSError(self.code, os.strerror(self.code), str(arguments[0]))
            return function(*arguments, **options)

        return point


@contextmanager
def failing(n: int, code: int) -> Iterator[Faults]:
    """Make the n-th point fail while the block runs."""
    faults = Faults(n, code)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in POINTS:
            patch.setattr(owner, name, faults.wrap(name, getattr(owner, name)))
        yield faults


def test_every_point_of_a_release_may_fail(tiny: Tiny) -> None:
    """`current` is the old release or a whole new one, and the next release clears up."""
    with failing(0, 0) as all_points:
        assert tiny.run("release").code == 0
    points = len(all_points.seen)
    half = 0
    for n in range(1, points + 1):
        before = tiny.store.find()
        with failing(n, errno.ENOSPC if n % 2 else errno.EIO):
            result = tiny.run("release")
        assert "fault of the program" not in result.err, (n, all_points.seen[n - 1], result.err)
        now = tiny.store.find()
        assert result.code == 0 or now == before or all_points.seen[n - 1] == "fsync"
        for release_id in tiny.store.release_ids():
            half += bool(verify(tiny.store, release_id).findings)
        assert half == 0, (n, all_points.seen[n - 1])
        assert tiny.run("prune", "--keep", "2").code == 0
    assert tiny.run("release").code == 0
    kinds = {name: all_points.seen.count(name) for _, name in POINTS}
    print(f"{points} points failed, {half} half states: {kinds}")
