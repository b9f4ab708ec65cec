"""The docs folder of a release."""

from __future__ import annotations

import shutil
from pathlib import Path

from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError
from platform_employment.release.marts_file import ReleaseRow
from platform_employment.release.stops import ReleaseError
from platform_employment.site.column_lineage import find_colibri
from platform_employment.site.folder import build_docs, write_own_pages
from platform_employment.site.pages import COLUMNS_PAGE, Release

_PARSE_CACHE = "partial_parse.msgpack"
_PAGE = "static_index.html"
_CATALOG = "catalog.json"


def write_docs(dbt: DbtRun, folder: Path) -> None:
    """Write the pages of a build into a new folder; they open from disk without a network.

    dbt: the run that built the warehouse; its artefacts stay as they are. A project without
    the tools environment gets the page of dbt alone.
    """
    # in a target folder of its own, because it overwrites manifest.json and run_results.json
    target = dbt.target.with_name("docs-target")
    target.mkdir()
    if (dbt.target / _PARSE_CACHE).is_file():
        shutil.copyfile(dbt.target / _PARSE_CACHE, target / _PARSE_CACHE)
    if dbt.run("--quiet", "docs", "generate", "--static", target=target) != 0:
        raise ReleaseError(
            "dbt docs generate failed, see logs/release.log; nothing was published: mend it and "
            "release again"
        )
    shutil.copyfile(target / _CATALOG, dbt.target / _CATALOG)
    if missing := _missing_tools(dbt.project):
        print(f"only the page of dbt: {missing}", flush=True)
        folder.mkdir()
        shutil.copyfile(target / _PAGE, folder / "index.html")
        return
    try:
        build_docs(dbt.project, target, dbt.database, folder)
    except UserError as error:
        raise ReleaseError(f"{error}; nothing was published") from None


def write_site(target: Path, database: Path, folder: Path, row: ReleaseRow, changes: Path) -> None:
    """Write our own pages anew when the release has its id and what changed is known.

    target: of dbt; database: where the exports have put it.
    """
    if (folder / COLUMNS_PAGE).is_file():
        said = changes.read_text(encoding="utf-8") if changes.is_file() else ""
        release = Release(
            row.built_at[:10], row.release_id, row.git_commit[:12], row.tables_sha256, said
        )
        write_own_pages(target, database, folder, release)


def _missing_tools(project: Path) -> str | None:
    try:
        find_colibri(project)
    except UserError as error:
        return str(error)
    return None
