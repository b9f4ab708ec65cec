"""Metrics: for every metric and every subset of its dimensions, the number is right or refused."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT_DIR

from platform_employment import cli
from platform_employment.errors import UserError
from platform_employment.metrics import answer, read_metrics
from platform_employment.release import measures
from platform_employment.release.dictionary import Described
from platform_employment.release.store import MARTS_FILE
from platform_employment.warehouse import Warehouse, open_warehouse

pytest_plugins = ["star_fixtures"]


@pytest.fixture(scope="module")
def warehouse(star: Path) -> Iterator[Warehouse]:
    with open_warehouse(star) as opened:
        yield opened


def test_every_metric_by_every_subset_is_right_or_refused(
    warehouse: Warehouse, tables: list[Described]
) -> None:
    """By hand in Python: a group is one estimate, quarter series or report, or it is refused."""
    metrics = read_metrics(warehouse)
    keys = {table.name: table for table in tables}
    answered = refused = 0
    refusals: set[str] = set()
    for metric in metrics.values():
        rows = [
            row
            for row in warehouse.rows(f"from marts.{metric.mart}")
            if row[metric.column] is not None and (row.get("is_default") or not metric.default_only)
        ]
        allowed = keys[metric.mart].column(metric.column).additive_over
        is_additive = keys[metric.mart].column(metric.column).additivity == "additive"
        for size in range(len(metric.dimensions) + 1):
            for by in itertools.combinations(metric.dimensions, size):
                groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
                for row in rows:
                    groups[tuple(row[name] for name in by)].append(row)
                try:
                    _, found = answer(warehouse, metric, by)
                except UserError as error:
                    refusals.add(str(error).partition(" over ")[0].removeprefix(metric.name))
                    refused += 1
                    continue
                answered += 1
                assert len(found) == len(groups), (metric.name, by)
                for *group, value in found:
                    members = groups[tuple(group)]
                    whole = {
                        tuple(row[k] for k in keys[metric.mart].key if k not in allowed)
                        for row in members
                    }
                    assert is_additive or len(whole) == 1, (metric.name, by, group)
                    assert value == sum(row[metric.column] for row in members), (metric.name, by)
    assert answered > 300
    assert refused > 300
    assert refusals == {" is not to be added up"}


def test_a_refusal_says_what_makes_it_right(
    release_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ["--root", str(release_root)]
    assert cli.main(["metrics", "scenario_jobs", *root]) == 2
    said = capsys.readouterr().err
    assert "scenario_jobs is not to be added up over platform_id, window_end, scenario_id:" in said
    assert "add estimate_key to --by, or --where platform_id=VALUE" in said
    assert cli.main(["metrics", "scenario_multiplier", "--by", "platform_id", *root]) == 2
    assert "not to be added up over window_end, scenario_id" in capsys.readouterr().err
    where = ["--where", "platform_id=wechat", "--where", "scenario_id=report_2019"]
    command = ["metrics", "scenario_multiplier", "--by", "window_end", *where, *root]
    assert cli.main(command) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("2019-12-31,1.14")
    one = ["--where", "estimate_key=kuaishou/2021-09-30/report", *root]
    assert cli.main(["metrics", "scenario_jobs", *one]) == 0
    assert capsys.readouterr().out == "scenario_jobs,comparator\n3460,at_least\n"
    assert cli.main(["metrics", "scenario_jobs", *one, "--full"]) == 0
    assert capsys.readouterr().out == "scenario_jobs,comparator\n3462.9275,at_least\n"


def test_the_range_of_the_default_report_is_the_widest(warehouse: Warehouse) -> None:
    metrics = read_metrics(warehouse)
    _, ((jobs,),) = answer(warehouse, metrics["jobs"], [])
    _, ((layer, low),) = answer(warehouse, metrics["jobs_low"], ["low_layer"])
    assert (str(jobs), str(low), layer) == ("3462.9275", "2685.2253", "choices")
    # "over 2000" has no upper end
    assert answer(warehouse, metrics["jobs_high"], [])[1] == []
    (report,) = warehouse.rows("from marts.report_totals where report_id = 'platforms_2021'")
    assert report["low_wan"] <= 23500
    assert report["high_wan"] >= 24500
    bounds = warehouse.rows(
        "from marts.report_totals"
        " where report_id in ('tiktok_us_2024', 'douyin_2024', 'kuaishou_2022')"
    )
    assert {row["comparator"] for row in bounds} == {"at_least"}
    assert {row["high_layer"] for row in bounds} == {"undisclosed"}
    alone = warehouse.rows(
        "from marts.report_totals where low_layer = 'rounding' and report_id not in"
        " (select report_id from audit.aud_figure_reconciliation where comparator = 'about')"
    )
    assert alone == []


def test_the_file_of_metricflow_is_that_of_the_rows(tables: list[Described]) -> None:
    written = (PROJECT_DIR / measures.METRICS_YML).read_text(encoding="utf-8")
    assert written == measures.semantic_models(measures.read_metrics(tables)), (
        "run python -m platform_employment.release.measures"
    )


def test_a_metric_is_printed_by_component_in_half_a_second(
    release_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.process_time()
    command = ["metrics", "jobs_by_component", "--by", "name_zh", "--root", str(release_root)]
    assert cli.main(command) == 0
    assert time.process_time() - started < 0.5
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["name_zh,jobs_by_component,comparator", "直接带动就业,2000,at_least"]
    assert cli.main(["metrics", "--root", str(release_root)]) == 0
    assert "jobs: 默认报告：情景的就业人数（万） · Default report: Jobs" in capsys.readouterr().out


def test_an_unknown_name_is_one_line(
    release_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ["--root", str(release_root)]
    assert cli.main(["metrics", "jobs", "--by", "colour", *root]) == 2
    assert "unknown column of jobs 'colour'" in capsys.readouterr().err
    assert cli.main(["metrics", "nothing", *root]) == 2
    assert "unknown metric 'nothing'" in capsys.readouterr().err
    assert (release_root / "releases/current" / MARTS_FILE).is_file()
