"""`platform-employment check` over merchant microdata: what the build would say, without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROJECT_DIR, Project
from test_merchant_builds import SHIPPED, query, sample_times

from platform_employment.cli import main
from platform_employment.dbt.check_microdata import SELECTOR, _finding
from platform_employment.dbt.run import DbtRun
from platform_employment.validation.schemas import load_schemas

Check = Callable[..., tuple[int, list[str]]]

HEADER, *ROWS = (
    (PROJECT_DIR / "seeds/survey/merchant_sample.csv").read_text(encoding="utf-8").splitlines()
)


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the user, empty."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def check(cache: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Check:
    """Run the command for a project; give the exit code and the lines."""

    def run(
        project: Project, *arguments: str, merchants: str | None = None
    ) -> tuple[int, list[str]]:
        if merchants:
            monkeypatch.setenv("PLATFORM_EMPLOYMENT_MERCHANTS", merchants)
        code = main(["check", *arguments, "--project-dir", str(project.folder)])
        output = capfd.readouterr()
        assert output.err == ""
        assert not list(cache.rglob("check-*"))
        return code, output.out.splitlines()

    return run


@pytest.mark.slow
def test_a_check_says_what_the_build_recorded(
    built_from_files: Project, check: Check, tmp_path: Path
) -> None:
    """In a project of another user that cannot be written, with a mistake that models find."""
    project = built_from_files.copy(tmp_path / "project")
    gmv = project.folder / "seeds/platform/gmv_disclosures.csv"
    gmv.write_text(gmv.read_text(encoding="utf-8").replace("13896", "18396"), encoding="utf-8")
    everything = [project.folder, *project.folder.rglob("*")]
    before = {path: (path.stat().st_mode, path.stat().st_mtime_ns) for path in everything}
    for path, (mode, _) in before.items():
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)
        path.chmod(mode & ~0o222)
    inputs = str(project.folder / "inputs")
    try:
        code, lines = check(project, inputs, "--vars", "max_rejected_rows: 2", merchants="m*.csv*")
        after = {path: path.stat().st_mtime_ns for path in project.folder.rglob("*")}
        assert after | {project.folder: project.folder.stat().st_mtime_ns} == {
            path: modified for path, (_, modified) in before.items()
        }
    finally:
        for path, (mode, _) in before.items():
            path.chmod(mode)
    assert code == 1
    recorded = query(
        built_from_files,
        """
        select
            file || ': ' || lines || ' lines = ' || accepted_lines || ' accepted + '
            || rejected_lines || ' rejected, sha256 ' || file_sha256
        from audit.aud_merchant_files
        """,
    )
    recorded += query(
        built_from_files,
        """
        select reason_code || ': ' || count(*) || ' rejected lines, '
            || count(case when is_waived then 1 end) || ' of them waived'
        from audit.aud_rejected_rows
        group by reason_code
        """,
    )
    assert len(recorded) == 5
    assert {line for (line,) in recorded} <= set(lines)
    assert "rejected lines: 3, also waived: 1, max_rejected_rows: 2" in lines
    assert (
        "  m1.csv, line 6, column turnover_wan_yuan: '12,345.6': a separator between digits "
        "[thousands_separator]; write digits without separators and a decimal point"
    ) in lines
    assert "merchants on more than one line: 1, most often" in lines
    assert "  kuaishou synthetic_2021 M00003: 2 lines" in lines
    assert len([line for line in lines if line.startswith("ok: kuaishou synthetic_2021: ")]) == 10
    assert lines[-3].startswith("not passed: disclosures_agree: ")
    assert "seeds/platform/gmv_disclosures.csv line " in lines[-3]
    assert lines[-2].startswith(
        "not passed: rejected_lines_are_within_the_threshold: 3 merchant lines are rejected and "
    )
    assert lines[-1] == "files: 3, findings: 2"


@pytest.mark.slow
def test_a_sample_in_yuan_is_not_passed(project: Project, check: Check) -> None:
    sample_times(10_000, project.folder / "inputs")
    code, lines = check(project, str(project.folder / "inputs"))
    assert code == 1
    stops = [line for line in lines if line.startswith("stop: kuaishou synthetic_2021: ")]
    assert len(stops) == 7
    assert any(
        line.startswith("not passed: distributions_fit_the_declared_unit: kuaishou synthetic_2021")
        for line in lines
    )
    assert not project.database.exists()


def test_a_check_runs_every_test_that_judges_inputs(project: Project) -> None:
    """A test that reads a model that is left out would drop out silently."""
    listed = project.dbt("ls", "--quiet", "--output", "name", "--selector", SELECTOR)
    assert set(listed.stdout.split()) >= {
        "a_sample_has_one_provenance_and_source",
        "distributions_are_as_usual",
        "distributions_fit_the_declared_unit",
        "every_figure_has_one_status",
        "input_output_tables_balance",
        "merchant_lines_are_conserved",
        "plausible_bands_catch_a_slip_of_10000",
        "references_are_known",
        "rejected_lines_are_within_the_threshold",
        "scenarios_find_their_sample",
        "waivers_match_a_rejected_line",
    }


def test_a_long_cell_of_parquet_is_shown_cut() -> None:
    """Python's csv module refuses a field of more than 131,072 characters."""
    cells = dict(zip(HEADER.split(","), ROWS[0].split(","), strict=True))
    cells["turnover_wan_yuan"] = "9" * 140_000
    rejected = {
        "file": "m.parquet",
        "line": 1,
        "raw_text": ",".join(cells.values()),
        "rejected_column": "turnover_wan_yuan",
        "reason_code": "too_many_digits",
    }
    sample = next(s for s in load_schemas(PROJECT_DIR / "seeds") if s.name == "merchant_sample")
    shown = str(_finding(rejected, sample))
    assert shown.startswith("m.parquet, line 1, column turnover_wan_yuan: 'kuaishou,")
    assert "[too_many_digits]" in shown
    assert len(shown) < 300


@pytest.mark.slow
def test_an_unknown_source_is_not_passed(project: Project, check: Check) -> None:
    path = project.folder / "m.csv"
    rows = [row.replace("synthetic_generator", "nowhere") for row in ROWS]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    code, lines = check(project, merchants=str(path))
    assert code == 1
    assert re.search("not passed: references_are_known: .*nowhere", "\n".join(lines))


def test_a_dbt_that_is_killed_is_no_pass(
    project: Project,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The system may end dbt for want of memory."""
    monkeypatch.setattr(DbtRun, "run", lambda *_: -9)
    sample_times(1, project.folder / "inputs")
    inputs = str(project.folder / "inputs")
    assert main(["check", inputs, "--project-dir", str(project.folder)]) == 2
    assert "dbt could not build the checks: " in capfd.readouterr().err
    assert not list(cache.rglob("check-*"))


def test_a_check_that_is_ended_leaves_nothing(project: Project, cache: Path) -> None:
    """Neither a folder with a database nor a dbt that goes on."""
    command = [sys.executable, "-m", "platform_employment.cli", "check"]
    environment = os.environ | {"PLATFORM_EMPLOYMENT_MERCHANTS": str(SHIPPED)}
    with subprocess.Popen(
        command,
        cwd=project.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None and not list(cache.rglob("check-*/dbt.log")):
            time.sleep(0.05)
        process.terminate()
        # ends only when no one, dbt neither, holds the other end of the pipes
        _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (130, "platform-employment: interrupted\n")
    assert not list(cache.rglob("check-*"))


def test_rows_are_judged_in_files_that_are_in_order(project: Project, check: Check) -> None:
    (project.folder / "m.csv").write_text(HEADER, encoding="utf-8")
    code, lines = check(project, merchants="m.csv")
    assert code == 1
    path = Path(project.folder, "m.csv")
    assert lines[1:] == [
        f"{path}: there is no row below the header [header_only]; fill it, or delete it",
        "the models were not checked: correct these errors and run check again",
        "files: 1, findings: 1",
    ]
