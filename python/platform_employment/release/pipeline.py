"""One release from beginning to end: inputs, build, audit, write, finalize, publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.release.audit import audit
from platform_employment.release.build import ReleaseRequest, build, collect_inputs
from platform_employment.release.diff import Changes
from platform_employment.release.exports import write
from platform_employment.release.integrity import finalize
from platform_employment.release.store import (
    ReleaseError,
    disk_full,
    first_line,
    is_disk_full,
    publish,
    run_id,
    store_lock,
)


@dataclass
class Stages:
    """Prints the stages as they begin and keeps their seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block."""
        print(f"== {name}", flush=True)
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    def line(self) -> str:
        """Return the seconds of all stages and of each."""
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())
        return f"  {sum(self.seconds.values()):.0f} s: {parts}"


@dataclass(frozen=True)
class Release:
    """A published release; changes are those since the release before; log: what dbt said."""

    release_id: str
    folder: Path
    manifest_sha256: str
    previous: str | None
    changes: Changes
    warnings: Sequence[str]
    log: Path


def release(request: ReleaseRequest, stages: Stages) -> Release:
    """Build, audit and publish.

    Raises UserError, one line, when any stage fails; then `current` is what it was. What a
    failed build made stays in its folder below build/ until the next release, for a look at
    it, unless the disk is full.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    started = datetime.now(UTC)
    store = request.store
    with store_lock(store, "platform-employment release"):
        work = store.builds / run_id(started)
        try:
            work.mkdir()
            with stages.stage("inputs"):
                context = collect_inputs(request, started, work)
            with stages.stage("build"):
                built = build(context)
            with stages.stage("audit"):
                audited = audit(context, built)
            with stages.stage("write"):
                written = write(context, built, audited, store)
            with stages.stage("finalize"):
                manifest_sha256 = finalize(written.statement, request.key, written.folder)
            with stages.stage("publish"):
                publish(store, written.folder, written.release_id)
                shutil.rmtree(work, ignore_errors=True)
        except (OSError, duckdb.Error, UserError) as error:
            # a full disk shows in many ways; dbt can even end with exit code 0
            if is_disk_full(store.root, error):
                shutil.rmtree(work, ignore_errors=True)
                raise disk_full(store.root) from error
            if isinstance(error, UserError):
                raise
            raise ReleaseError(
                f"{first_line(error)}; nothing was published: correct it and release again"
            ) from error
    assert context.run.log is not None  # a request has one
    return Release(
        release_id=written.release_id,
        folder=store.folder(written.release_id),
        manifest_sha256=manifest_sha256,
        previous=context.previous.release_id if context.previous else None,
        changes=written.changes,
        warnings=audited.warnings,
        log=context.run.log,
    )
