"""One release from beginning to end: build aside, audit, publish."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.dbt.artifacts import Artifacts, failure, read_artifacts
from platform_employment.dbt.build_inputs import (
    SPOOL_FILE,
    BuildInputs,
    compared_release,
    named_inputs,
    read_variables,
)
from platform_employment.dbt.run import DbtRun, told
from platform_employment.errors import UserError
from platform_employment.printable import shown
from platform_employment.release.assemble import (
    Changes,
    database_settings,
    previous_release,
    write_changes,
    write_exports,
    write_manifest,
)
from platform_employment.release.audit import audit
from platform_employment.release.docs import write_docs, write_site
from platform_employment.release.inputs import (
    check_unchanged,
    code_files,
    git_state,
    previous_distributions,
    seed_files,
    sha256_of,
    with_microdata,
)
from platform_employment.release.lock import builder_lock
from platform_employment.release.manifest import Provenance, tables_sha256, timestamp
from platform_employment.release.marts_file import ReleaseRow
from platform_employment.release.placing import publish, remove_leftovers, seal
from platform_employment.release.steps import BUILD_STEP, Steps
from platform_employment.release.stops import ReleaseError, disk_full, first_line, is_disk_full
from platform_employment.release.store import (
    CHANGES_FILE,
    DATABASE_FILE,
    DOCS_FOLDER,
    MANIFEST_FILE,
    Store,
    run_id,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


LOG_FILE = "release.log"
_LAST_LINES = 20


@dataclass(frozen=True)
class Order:
    """What to release.

    project: folder of the dbt project; store: where builds and releases are; variables: for
    dbt's --vars; inputs: folder of own data; key: signs the manifest.
    """

    project: Path
    store: Store
    variables: str | None = None
    inputs: Path | None = None
    key: Ed25519PrivateKey | None = None


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


def release(order: Order, steps: Steps) -> Release:
    """Build, audit and publish.

    Raises UserError, one line, when any step fails; then `current` is what it was. What a
    failed build made stays in its folder below build/ until the next release, for a look at
    it, unless the disk is full.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    started = datetime.now(UTC)
    order.store.prepare()
    with builder_lock(order.store.lock_file, "platform-employment release"):
        remove_leftovers(order.store)
        work = order.store.builds / run_id(started)
        try:
            work.mkdir()
            return _run(order, steps, started, work)
        except (OSError, duckdb.Error, UserError) as error:
            # a full disk shows in many ways; dbt can even end with exit code 0
            if is_disk_full(order.store.root, error):
                shutil.rmtree(work, ignore_errors=True)
                raise disk_full(order.store.root) from error
            if isinstance(error, UserError):
                raise
            raise ReleaseError(
                f"{first_line(error)}; nothing was published: mend it and release again"
            ) from error


def _run(order: Order, steps: Steps, started: datetime, work: Path) -> Release:
    folder = work / "release"
    folder.mkdir()
    began = folder.stat().st_ctime_ns
    previous = previous_release(order.store)
    dbt = DbtRun(
        project=order.project,
        database=work / DATABASE_FILE,
        target=work / "target",
        logs=work / "logs",
        inputs=order.inputs,
        variables=order.variables,
        previous=order.store.folder(previous.release_id) if previous else None,
        log=order.store.root / "logs" / LOG_FILE,
    )
    with steps.step("gates"):
        _check_inputs(order)
        code = code_files(order.project)
    with steps.step(BUILD_STEP):
        artifacts = _build(dbt)
    with steps.step("docs"):
        write_docs(dbt, folder / DOCS_FOLDER)
    with steps.step("audit"):
        variables = read_variables(order.variables)
        read = named_inputs(order.project, dbt.target / SPOOL_FILE, order.inputs, variables)
        inputs = seed_files(artifacts, read)
        audited = audit(dbt.database, artifacts, inputs)
        inputs = with_microdata(inputs, audited.microdata, read.microdata_files)
        inputs += previous_distributions(compared_release(order.project, dbt.previous))
        code_sha256 = {name: sha256_of(path) for name, path in code.items()}
        paths = [file.path for file in inputs if file.path]
        check_unchanged([*code.values(), *paths], since=began)
    with steps.step("exports"):
        git = git_state(order.project)
        tables = tables_sha256(audited.tables)
        release_id = order.store.new_release_id(started, tables)
        row = ReleaseRow(release_id, timestamp(started), git.commit if git else "", tables)
        write_exports(dbt, artifacts, audited, row, git.committed if git else 0, folder)
    with steps.step("manifest"):
        provenance = Provenance(
            release_id=release_id,
            started=started,
            finished=datetime.now(UTC),
            artifacts=artifacts,
            audit=audited,
            inputs=inputs,
            code=code_sha256,
            git=git,
            environment=dbt.steering(),
            settings=database_settings(folder / DATABASE_FILE),
            previous=previous,
        )
        changes = write_changes(order.store, provenance, folder)
        write_site(
            *(dbt.target, folder / DATABASE_FILE, folder / DOCS_FOLDER),
            *(row, folder / CHANGES_FILE),
        )
        write_manifest(provenance, order.key, folder)
        manifest_sha256 = sha256_of(folder / MANIFEST_FILE)
    with steps.step("publish"):
        seal(folder)
        publish(order.store, folder, provenance.release_id)
        shutil.rmtree(work, ignore_errors=True)
    return Release(
        release_id=provenance.release_id,
        folder=order.store.folder(provenance.release_id),
        manifest_sha256=manifest_sha256,
        previous=previous.release_id if previous else None,
        changes=changes,
        warnings=audited.warnings,
        log=order.store.root / "logs" / LOG_FILE,
    )


def _check_inputs(order: Order) -> None:
    tables = BuildInputs(order.project / "seeds", order.inputs).tables
    tables.stop_on_findings()
    print(f"{len(tables.files)} files accepted", flush=True)


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    return "\n".join(map(shown, text.splitlines()[-_LAST_LINES:]))


def _build(dbt: DbtRun) -> Artifacts:
    """Run dbt; tell what failed from its results rather than from its exit code alone."""
    assert dbt.log is not None  # an order has one
    dbt.log.unlink(missing_ok=True)
    code = dbt.run("build")
    try:
        artifacts = read_artifacts(dbt.target)
    except UserError:
        print(_end_of(dbt.log), flush=True)
        raise ReleaseError(
            f"dbt build stopped with exit code {code} before it built anything, see its output "
            "above; nothing was published: mend it and release again"
        ) from None
    if code != 0:
        for line in told(dbt.log):
            print(shown(line), flush=True)
        raise ReleaseError(
            f"{failure(artifacts)}; nothing was published, the failed build is in "
            f"{dbt.target.parent}, all that dbt said in {dbt.log}: mend it and release again"
        )
    return artifacts
