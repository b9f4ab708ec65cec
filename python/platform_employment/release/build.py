"""Build: dbt makes the warehouse aside, and says what it is built from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from platform_employment.dbt.artifacts import Artifacts, failure, read_artifacts
from platform_employment.dbt.run import DbtRun, failed_test_messages
from platform_employment.errors import UserError
from platform_employment.formatting import shown
from platform_employment.reading import sha256_of
from platform_employment.release.errors import ReleaseError
from platform_employment.release.inputs import BuildContext, InputFile

DBT_PAGE, CATALOG = "static_index.html", "catalog.json"
_PARSE_CACHE = "partial_parse.msgpack"
_LAST_LINES = 20


@dataclass(frozen=True)
class Built:
    """A warehouse that dbt made; nothing of it is judged yet.

    artifacts: of the run; inputs: the files behind every seed; pages: dbt's own page and
    catalogue are in this folder next to its manifest.
    """

    artifacts: Artifacts
    inputs: tuple[InputFile, ...]
    pages: Path


def build(context: BuildContext) -> Built:
    """Run dbt, and let it write its page. Raises ReleaseError that says what failed."""
    artifacts = _build(context.run)
    return Built(
        artifacts=artifacts,
        inputs=(*_seed_files(artifacts, context), *context.compared),
        pages=_write_pages(context.run),
    )


def _build(dbt: DbtRun) -> Artifacts:
    """Return what failed from the results of dbt rather than from its exit code alone."""
    assert dbt.log is not None  # a request has one
    dbt.log.unlink(missing_ok=True)
    code = dbt.run("build")
    try:
        artifacts = read_artifacts(dbt.target)
    except UserError:
        print(_end_of(dbt.log), flush=True)
        raise ReleaseError(
            f"dbt build stopped with exit code {code} before it built anything, see its output "
            "above; nothing was published: correct it and release again"
        ) from None
    if code != 0:
        for line in failed_test_messages(dbt.log):
            print(shown(line), flush=True)
        raise ReleaseError(
            f"{failure(artifacts)}; nothing was published, the failed build is in "
            f"{dbt.target.parent}, all that dbt said in {dbt.log}: correct it and release again"
        )
    return artifacts


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    return "\n".join(map(shown, text.splitlines()[-_LAST_LINES:]))


def _seed_files(artifacts: Artifacts, context: BuildContext) -> Iterator[InputFile]:
    """Describe the files behind every seed, what the project ships before own data."""
    read = context.read
    for seed in artifacts.seeds():
        table = read.tables.tables["/".join(Path(seed.file).parts[-2:])]
        for layer in table.layers:
            yield InputFile(
                name=layer.name,
                path=layer.path,
                sha256=sha256_of(layer.path),
                size=layer.path.stat().st_size,
                rows=len(layer.rows) + len(layer.left_out),
                table=seed.table,
                left_out=len(layer.left_out),
            )
    if path := read.settings:
        yield InputFile(str(path), path, sha256_of(path), path.stat().st_size)


def _write_pages(dbt: DbtRun) -> Path:
    # in a separate target folder, because it overwrites manifest.json and run_results.json
    target = dbt.target.with_name("docs-target")
    target.mkdir()
    if (dbt.target / _PARSE_CACHE).is_file():
        shutil.copyfile(dbt.target / _PARSE_CACHE, target / _PARSE_CACHE)
    if dbt.run("--quiet", "docs", "generate", "--static", target=target) != 0:
        raise ReleaseError(
            "dbt docs generate failed, see logs/release.log; nothing was published: correct it and "
            "release again"
        )
    return target
