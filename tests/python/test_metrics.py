"""Metrics: each stands once, is what kpi_windows has, and is answered at once."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR

from platform_employment import cli
from platform_employment.errors import UserError
from platform_employment.metrics import answer, read_metrics
from platform_employment.release.dictionary import Described
from platform_employment.release.store import MARTS_FILE, METRICS_FILE

pytest_plugins = ["star_fixtures"]

# what the metric is in kpi_windows
COLUMNS = {
    "jobs": "jobs_wan_of_scenario",
    "jobs_low": "printed_low_wan",
    "jobs_high": "printed_high_wan",
    "jobs_by_component": "jobs_wan_of_scenario",
    "share": "1",
    "gmv": "gmv_yi_yuan",
    "jobs_direct": "direct_jobs_wan",
    "jobs_per_gmv": "jobs_wan_per_yi_yuan",
    "multiplier": "total_over_direct",
}
IN_HEADLINE = {"jobs_by_component": "jobs_wan", "share": "total_jobs_share"}
SCOPES = (("各情景各窗口", "Each scenario and window"), ("默认报告", "Default report"))


def test_plain_metrics_are_those_of_the_default_report(star: Path) -> None:
    metrics = read_metrics(star.parent / "dbt" / METRICS_FILE)
    plain = {name for name in metrics if not name.startswith("scenario_")}
    assert plain == set(COLUMNS)
    with duckdb.connect(str(star), read_only=True) as connection:
        for name, column in COLUMNS.items():
            ((wanted,),) = connection.execute(
                f"select {column} from marts.kpi_windows where is_default"
            ).fetchall()
            _, ((found,),) = answer(star, metrics[name], [])
            # a ratio in the mart has nine places, a share of one component six
            places = 1e-6 if name == "share" else 1e-9
            assert float(found) == pytest.approx(float(wanted), abs=places * 1.01), name


def test_a_label_is_that_of_the_column_with_its_unit(star: Path, tables: list[Described]) -> None:
    metrics = read_metrics(star.parent / "dbt" / METRICS_FILE)
    marts = {table.name: table for table in tables}
    for name, metric in metrics.items():
        plain = name.removeprefix("scenario_")
        (table,) = {measure.table.removeprefix("marts.") for measure in metric.measures}
        column = marts[table].column(IN_HEADLINE.get(plain) or COLUMNS[plain])
        zh, en = SCOPES[plain == name]
        has_unit = column.unit in {"counted", "yi_yuan"}
        zh += f"：{column.zh}" + (f"（{column.unit_zh}）" if has_unit else "")
        en += f": {column.en}" + (f" ({column.unit_en})" if has_unit else "")
        assert metric.label == f"{zh} · {en}"


def test_scenario_metrics_are_each_row_of_the_mart(star: Path) -> None:
    metrics = read_metrics(star.parent / "dbt" / METRICS_FILE)
    keys = ["platform_id", "window_end", "scenario_id"]
    for name in (name for name in metrics if name.startswith("scenario_")):
        columns = COLUMNS[name.removeprefix("scenario_")]
        with duckdb.connect(str(star), read_only=True) as connection:
            wanted = connection.execute(
                f"select {', '.join(keys)}, {columns} from marts.kpi_windows"
                f" where {columns} is not null"
            ).fetchall()
        _, found = answer(star, metrics[name], keys)
        assert [row[:-1] for row in found] == [row[:-1] for row in wanted]
        for row, known in zip(found, wanted, strict=True):
            assert float(row[-1]) == pytest.approx(float(known[-1]), abs=1e-9)


def test_a_metric_is_printed_by_component_in_half_a_second(
    release_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.process_time()
    command = ["metrics", "jobs_by_component", "--by", "name_zh", "--root", str(release_root)]
    assert cli.main(command) == 0
    assert time.process_time() - started < 0.5
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["name_zh,jobs_by_component", "直接带动就业,2000.0000"]
    assert cli.main(["metrics", "--root", str(release_root)]) == 0
    assert "jobs: 默认报告：情景的就业人数（万） · Default report: Jobs" in capsys.readouterr().out


def test_what_is_not_there_is_one_line(star: Path, release_root: Path) -> None:
    metrics = read_metrics(star.parent / "dbt" / METRICS_FILE)
    with pytest.raises(UserError, match="jobs has no colour; group it by window_end, platform_id"):
        answer(star, metrics["jobs"], ["colour"])
    assert cli.main(["metrics", "nothing", "--root", str(release_root)]) == 2
    assert (PROJECT_DIR / "models/marts/metrics.yml").is_file()
    assert (release_root / "releases/current" / MARTS_FILE).is_file()
