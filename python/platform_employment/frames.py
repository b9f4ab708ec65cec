"""Tables of a release as data frames, for notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.errors import UserError, unknown

if TYPE_CHECKING:
    import pandas as pd


def load(
    table: str,
    release: str | Path | None = None,
    *,
    language: str | None = None,
    root: str | Path | None = None,
) -> pd.DataFrame:
    """Return a table of a release as a pandas data frame with its labels.

    Numbers are floats and days are timestamps. `frame.attrs` has the `title` and the `release`, and
    for each column `labels`, `units` and `descriptions`.

    Args:
        table: a table of the schemas marts and audit, such as "headline".
        release: id of a release or its folder; the current release by default.
        language: "zh" or "en" names the columns by their labels; None keeps their names.
        root: folder with `releases/`; by default the project of the current folder.

    Raises:
        UserError: there is no such release or table, or the language is unknown.
    """
    # the command line must start fast
    import pyarrow.parquet as pq  # noqa: PLC0415

    from platform_employment.project import find_project  # noqa: PLC0415
    from platform_employment.release.store import PARQUET_FOLDER, Store  # noqa: PLC0415

    if language not in (None, "zh", "en"):
        raise UserError(f"unknown language {language!r}: use zh or en")
    folder = Path(release) if release is not None else None
    if folder is None or not (folder / PARQUET_FOLDER).is_dir():
        store = Store(Path(root).absolute() if root else find_project(None))
        folder = store.folder(store.find(str(release) if release is not None else None))
    known = sorted(path.stem for path in (folder / PARQUET_FOLDER).glob("*.parquet"))
    if table not in known:
        raise unknown("table", table, known)
    read = pq.read_table(folder / PARQUET_FOLDER / f"{table}.parquet")
    texts = {key.decode(): value.decode() for key, value in (read.schema.metadata or {}).items()}
    labels = json.loads(texts["labels"])
    frame: pd.DataFrame = read.replace_schema_metadata().to_pandas()
    frame.attrs = {
        "title": texts["description"].partition(". ")[0],
        "release": folder.resolve().name,
        "labels": {name: f"{label['zh']} · {label['en']}" for name, label in labels.items()},
        "units": {
            name: " ".join(filter(None, (label["unit_zh"], label["unit_en"])))
            for name, label in labels.items()
        },
        "descriptions": json.loads(texts["columns"]),
    }
    if language:
        frame = frame.rename(columns={name: label[language] for name, label in labels.items()})
    return frame
