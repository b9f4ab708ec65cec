"""`platform_employment.load` gives a labelled frame that analysts can use as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import platform_employment
from platform_employment.errors import UserError

pytest_plugins = ["star_fixtures"]


def test_a_table_of_a_release_is_a_labelled_frame(release_root: Path) -> None:
    frame = platform_employment.load("headline", root=release_root)
    assert frame["jobs_wan"].dtype == "float64"
    assert frame["jobs_wan"].sum() == pytest.approx(3462.9275, abs=1e-9)
    assert pd.api.types.is_datetime64_any_dtype(frame["window_end"])
    assert frame["window_end"].dt.year.unique().tolist() == [2021]
    assert frame.attrs["labels"]["jobs_wan"] == "就业人数 · Jobs"
    assert frame.attrs["units"]["jobs_wan"] == "万 10 thousand"
    assert frame.attrs["release"] == "20260101T000000Z-abcdef01"
    chinese = platform_employment.load("headline", language="zh", root=release_root)
    assert chinese["就业人数"].sum() == pytest.approx(3462.9275, abs=1e-9)
    by_folder = platform_employment.load("headline", release_root / "releases/current")
    pd.testing.assert_frame_equal(by_folder, frame)


def test_an_unknown_table_is_named(release_root: Path) -> None:
    with pytest.raises(UserError, match="unknown table 'headlin'; did you mean 'headline'"):
        platform_employment.load("headlin", root=release_root)
    with pytest.raises(UserError, match="unknown language 'de': use zh or en"):
        platform_employment.load("headline", language="de", root=release_root)
