"""The docs folder of a release."""

from __future__ import annotations

import shutil
from pathlib import Path

from platform_employment.release.dbt import DbtRun
from platform_employment.release.errors import ReleaseError

_PARSE_CACHE = "partial_parse.msgpack"
_PAGE = "static_index.html"
_CATALOG = "catalog.json"


def build_docs(dbt: DbtRun, folder: Path) -> None:
    """Write every page of the docs into a new folder.

    dbt: the run that built the warehouse; its artefacts stay as they are. The pages open from
    disk without a network.
    """
    # in a target folder of its own, because it overwrites manifest.json and run_results.json
    target = dbt.target.with_name("docs-target")
    target.mkdir()
    if (dbt.target / _PARSE_CACHE).is_file():
        shutil.copyfile(dbt.target / _PARSE_CACHE, target / _PARSE_CACHE)
    if dbt.run("--quiet", "docs", "generate", "--static", target=target) != 0:
        raise ReleaseError(
            "dbt docs generate failed, see its output above; nothing was published: mend it and "
            "release again"
        )
    folder.mkdir()
    shutil.copyfile(target / _PAGE, folder / "index.html")
    shutil.copyfile(target / _CATALOG, dbt.target / _CATALOG)
