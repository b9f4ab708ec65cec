"""Own samples and scenarios through `dbt build`: to its end, or to a line that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conftest import Project
from test_merchant_builds import BUILD, shipped_rows, tables, write_table

Rows = list[dict[str, str]]


def write_sample(folder: Path, rows: Iterable[dict[str, str]]) -> None:
    write_table(folder / "inputs" / "survey" / "merchant_sample.csv", list(rows))


def sample(sample_id: str, turnover: Iterable[object], headcount: Iterable[object]) -> Rows:
    """Merchants like the shipped ones, with these turnovers and headcounts."""
    return [
        row | {"sample_id": sample_id, "turnover_wan_yuan": str(x), "headcount": str(y)}
        for row, x, y in zip(shipped_rows(), turnover, headcount, strict=False)
    ]


def test_samples_that_cannot_be_fitted_stop_the_build_in_one_line(project: Project) -> None:
    shipped = shipped_rows()
    people = [int(row["headcount"]) for row in shipped]
    samples = {
        "few": sample("few", [20, 40, 80], [2, 3, 4]),
        "equal": sample("equal", [48] * 2000, people),
        "two": sample("two", [48, 60] * 1000, people),
        "constant": sample("constant", [11 * y for y in people], people),
    }
    write_sample(project.folder, [*shipped, *(row for rows in samples.values() for row in rows)])
    selected = ["--select", "+fct_productivity_diagnostics", "+fct_estimator_comparison"]
    result = project.dbt(*BUILD, *selected, PLATFORM_EMPLOYMENT_INPUTS="inputs")
    assert result.returncode == 1
    assert "Traceback" not in result.stdout + result.stderr
    assert "Completed with 1 error," in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if "problems: " in line]
    reasons = {
        "few": "only 3 merchants, the fit needs 4",
        "equal": "only one distinct turnover, a quadratic needs 3",
        "two": "only two distinct turnovers, a quadratic needs 3",
        "constant": "all merchants have the same turnover per head",
    }
    assert "problems: 4. " in line
    for sample_id, reason in reasons.items():
        named = f"merchant sample {sample_id} of platform kuaishou: {reason}; survey more merchants"
        assert line.count(named) == 1
    made = tables(project)
    assert "est_merchant_fits" in made
    assert not {"est_estimator_comparison", "fct_productivity_coefficients"} & made
