"""What CONTRIBUTING says that an addition touches is enough: each row done in a copy."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR, Project, copy_project

# one invented platform of pretended numbers; 12 万 riders and 0.5 cooks to each of them
ROWS: dict[str, dict[str, Sequence[dict[str, str]]]] = {
    "a quarter": {
        "platform/gmv_disclosures.csv": [
            {
                "platform_id": "kuaishou",
                "disclosure_id": "kuaishou_2025q4_pretended",
                "period_start": "2025-10-01",
                "period_end": "2025-12-31",
                "gmv_yi_yuan": "5000",
                "half_width_yi_yuan": "0.5",
                "confidence": "low",
                "provenance": "assumed",
                "source_id": "project_assumptions",
            }
        ]
    },
    "a platform": {
        "reference/platforms.csv": [
            {
                "platform_id": "meals",
                "name_zh": "虚构外卖",
                "name_en": "Invented meals",
                "operator_zh": "虚构公司",
                "operator_en": "Invented company",
                "is_invented": "true",
                "provenance": "synthetic",
                "source_id": "synthetic_generator",
            }
        ],
        "reference/scenarios.csv": [
            {
                "platform_id": "meals",
                "scenario_id": "report",
                "method_id": "meals",
                "name_zh": "报告口径",
                "name_en": "As the report",
                "description_zh": "虚构",
                "description_en": "invented",
                "provenance": "synthetic",
                "source_id": "synthetic_generator",
            }
        ],
    },
    "a component": {
        "method/components.csv": [
            {
                "method_id": "meals",
                "component_id": component,
                "parent_component_id": parent,
                "sort_order": order,
                "layer": layer,
                "unit_counted": "jobs",
                "name_zh": name_zh,
                "name_en": name_en,
                "definition_zh": name_zh,
                "definition_en": name_en,
            }
            for component, parent, order, layer, name_zh, name_en in [
                ("all_jobs", "", "1", "", "合计", "all jobs"),
                ("riders", "all_jobs", "2", "direct", "骑手", "riders"),
                ("cooks", "all_jobs", "3", "indirect", "厨师", "cooks"),
            ]
        ],
        "method/steps.csv": [
            {
                "method_id": "meals",
                "step_id": step,
                "component_id": step,
                "formula": formula,
                "decimals": "1",
                "unit": "wan_jobs",
                "element_set": "-",
                "role": "jobs",
                "value_constraint": "not_negative",
                "can_be_overridden": "false",
                "name_zh": step,
                "name_en": step,
            }
            for step, formula in [
                ("riders", "riders_counted"),
                ("cooks", "riders * cooks_per_rider"),
            ]
        ],
        "method/inputs.csv": [
            {
                "input_name": name,
                "unit": unit,
                "element_set": "-",
                "role": role,
                "value_constraint": "not_negative",
                "is_carried": carried,
                "name_zh": name,
                "name_en": name,
            }
            for name, unit, role, carried in [
                ("riders_counted", "wan_jobs", "jobs", "false"),
                ("cooks_per_rider", "ratio", "multiplier", "true"),
            ]
        ],
        "platform/input_values.csv": [
            {
                "platform_id": "meals",
                "period_start": "2024-01-01",
                "period_end": "2024-12-31",
                "input_name": name,
                "element_id": "-",
                "central": value,
                "unit": unit,
                "provenance": "synthetic",
                "source_id": "synthetic_generator",
                "rationale_zh": "虚构",
                "rationale_en": "invented",
            }
            for name, value, unit in [
                ("riders_counted", "12", "wan_jobs"),
                ("cooks_per_rider", "0.5", "ratio"),
            ]
        ],
    },
    "a report": {
        "report/reports.csv": [
            {
                "report_id": "meals_2024",
                "sort_order": "90",
                "platform_id": "meals",
                "scenario_id": "report",
                "window_end": "2024-12-31",
                "title_zh": "虚构报告",
                "title_en": "An invented report",
                "is_default": "false",
                "is_net": "false",
                "source_id": "synthetic_generator",
            }
        ],
        "report/figure_ledger.csv": [
            {
                "report_id": "meals_2024",
                "figure_id": "meals_total",
                "chapter": "1",
                "section": "1",
                "location": "text",
                "topic": "jobs_estimate",
                "subject_zh": "合计",
                "subject_en": "All jobs",
                "value": "18",
                "comparator": "equal",
                "unit": "wan_jobs",
                "role": "result",
                "provenance": "published",
                "source_id": "synthetic_generator",
            }
        ],
        "report/figure_links.csv": [
            {
                "report_id": "meals_2024",
                "figure_id": "meals_total",
                "relation": "steps",
                "name": "all_jobs",
                "element_id": "-",
                "headline_order": "1",
            }
        ],
    },
    "an estimator": {
        "reference/estimators.csv": [
            {
                "estimator_id": "ratio_again",
                "sort_order": "90",
                "name_zh": "又一个比率",
                "name_en": "The ratio again",
                "assumption_zh": "同比率估计",
                "assumption_en": "As the ratio.",
                "preferred_when_zh": "从不",
                "preferred_when_en": "Never.",
            }
        ]
    },
}
# file, what is there, what is there then
EDITS = {
    "an estimator": [
        (
            "python/platform_employment/fit/estimators.py",
            '    "ratio": ratio,\n',
            '    "ratio": ratio,\n    "ratio_again": ratio,\n',
        )
    ],
    "a column of a mart": [
        (
            "models/marts/fct_steps.sql",
            "        steps.method_id,\n        steps.step_id,\n",
            "        steps.method_id,\n"
            "        extract(year from steps.window_end) as window_year,\n"
            "        steps.step_id,\n",
        ),
        (
            "models/marts/fct_steps.yml",
            "    columns:\n",
            "    columns:\n"
            "      - {name: window_year, description: Year of the window., data_type: bigint}\n",
        ),
    ],
}


# the models that show them; what needs the limits of every window is in other tests
SHOWN_IN = (
    *("fct_gmv", "fct_job_totals", "dim_platforms", "fct_all_jobs", "aud_figure_reconciliation"),
    *("fct_steps", "fct_estimator_comparison"),
)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, parse_cache: Path) -> Project:
    """A copy with everything added at once, what shows it built with its data tests."""
    project = copy_project(tmp_path_factory.mktemp("added"))
    (project.folder / "target").mkdir()
    shutil.copy2(parse_cache, project.folder / "target")
    for tables in ROWS.values():
        for table, rows in tables.items():
            _append(project.folder / "seeds" / table, rows)
    for edits in EDITS.values():
        for file, before, after in edits:
            text = (project.folder / file).read_text()
            assert text.count(before) == 1, f"{file}: {before!r}"
            (project.folder / file).write_text(text.replace(before, after))
    path = os.pathsep.join([str(project.folder / "python")])
    selected = ["--select", *(f"+{model}" for model in SHOWN_IN)]
    result = project.dbt(
        *("build", "--exclude-resource-type", "unit_test"), *selected, PYTHONPATH=path
    )
    assert result.returncode == 0, result.stdout[-4000:]
    return project


def test_the_table_has_the_additions_that_are_tried() -> None:
    text = (PROJECT_DIR / "CONTRIBUTING.md").read_text()
    table = text[text.index("| to add |") : text.index("Formulas are rows")]
    listed = dict(re.findall(r"^\| (an? [a-z ]+) \| (.+) \|$", table, re.MULTILINE))
    assert listed.keys() == ROWS.keys() | EDITS.keys()
    for addition, tables in ROWS.items():
        for table in tables:
            named = table in listed[addition] or Path(table).name in listed[addition]
            assert named or f"seeds/{Path(table).parent}/*.csv" in listed[addition], table


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        pytest.param(
            "select gmv_yi_yuan from marts.fct_gmv where platform_id = 'kuaishou'"
            " and period_end = '2025-12-31'",
            5000,
            id="a quarter",
        ),
        pytest.param(
            "select count(*) from marts.fct_job_totals where platform_id = 'kuaishou'"
            " and scenario_id = 'report' and window_end = '2025-12-31' and component_id = 'total'",
            1,
            id="its window",
        ),
        pytest.param(
            "select count(*) from marts.dim_platforms where platform_id = 'meals'",
            1,
            id="a platform",
        ),
        pytest.param(
            "select jobs_wan_of_scenario from marts.fct_all_jobs where component_id = 'cooks'",
            6,
            id="a component",
        ),
        pytest.param(
            "select warehouse_value from audit.aud_figure_reconciliation"
            " where report_id = 'meals_2024' and is_amount",
            18,
            id="a report",
        ),
        pytest.param(
            "select count(distinct window_year) from marts.fct_steps where platform_id = 'meals'",
            1,
            id="a column of a mart",
        ),
        pytest.param(
            "select count(*) from marts.fct_estimator_comparison as a"
            " inner join marts.fct_estimator_comparison as b"
            " on a.window_end = b.window_end and a.jobs_wan_of_estimator = b.jobs_wan_of_estimator"
            " where a.estimator_id = 'ratio' and b.estimator_id = 'ratio_again'"
            " and a.window_end = '2021-09-30'",
            1,
            id="an estimator",
        ),
    ],
)
def test_an_addition_arrives(added: Project, sql: str, expected: float) -> None:
    with duckdb.connect(str(added.database), read_only=True) as connection:
        assert [float(value) for (value,) in connection.execute(sql).fetchall()] == [expected]


def _append(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
        writer.writerows(rows)
