"""The command line: exit codes, one line for a mistake, never a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import runpy
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from platform_employment import cli
from platform_employment.cli import main
from platform_employment.command_help import PROGRAM, commands_of, examples_of
from platform_employment.dbt.check_microdata import Judgement
from platform_employment.warehouse import default_warehouse

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented project with good and bad own data."""
    folder = tmp_path_factory.mktemp("project")
    runpy.run_path(str(FIXTURES / "make_bad_files.py"))["write"](folder)
    return folder


@pytest.fixture(autouse=True)
def _in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented project has no models: nothing depends on its rows."""
    monkeypatch.chdir(project)
    passed = Judgement((), (), 0, (), (), (), ())
    monkeypatch.setattr("platform_employment.inputs_commands.judge", lambda *_: passed)


def run(*arguments: str) -> int:
    """The exit code, also where argparse ends the program."""
    try:
        return main(arguments)
    except SystemExit as end:
        return int(str(end.code))


def test_check_accepts_good_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "good") == 0
    assert capsys.readouterr() == (
        "good/platform/gmv.csv: accepted, rows: 3, 0 added, 3 shipped ones replaced: "
        "line 2 (lantern, 2021-03-31) replaces seeds/platform/gmv.csv line 2; "
        "line 3 (lantern, 2021-06-30) replaces seeds/platform/gmv.csv line 3; "
        "line 4 (lantern, 2021-09-30) replaces seeds/platform/gmv.csv line 4\n"
        "good/survey/merchants.csv: accepted, rows: 3, 0 added, 3 shipped ones replaced: "
        "line 2 (m-1) replaces seeds/survey/merchants.csv line 2; "
        "line 3 (m-2) replaces seeds/survey/merchants.csv line 3; "
        "line 4 (m-3) replaces seeds/survey/merchants.csv line 4\n"
        "files in order; building the models and tests that judge them\n"
        "files: 2, findings: 0\n",
        "",
    )


def test_check_reports_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "bad/unit_wan_yuan") == 1
    assert capsys.readouterr() == (
        "bad/unit_wan_yuan/survey/merchants.csv, line 3, column turnover_wan_yuan: '12.5万元': "
        "a unit or other text next to the number [unit_word]; "
        "convert to the unit of the column and write the number alone\n"
        "the models were not checked: correct these errors and run check again\n"
        "files: 1, findings: 1\n",
        "",
    )


def test_every_bad_file_gives_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in sorted((project / "bad").iterdir()):
        assert run("check", str(folder)) == 1, folder.name
        output = capsys.readouterr()
        assert len(output.out.splitlines()) == 3, folder.name
        assert output.err == ""


def test_init_inputs_writes_named_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new" / "inputs"
    assert run("init-inputs", str(target), "platform/gmv", "merchants") == 0
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files == {"README.md", "inputs.yml", "platform/gmv.csv", "survey/merchants.csv"}
    assert run("check", str(target)) == 1
    assert "there is no row below the header [header_only]" in capsys.readouterr().out
    (target / "survey/merchants.csv").unlink()
    with (target / "platform/gmv.csv").open("a", encoding="utf-8") as file:
        file.write("lantern,2024-03-31,100,,synthetic,\n")
    assert run("check", str(target)) == 0
    readme = (target / "README.md").read_text(encoding="utf-8")
    assert "One row per platform and quarter: GMV of an invented platform." in readme
    assert "The first shipped row: `lantern,2021-03-31,1185.594,0.25,synthetic," in readme
    assert (
        "| gmv_yi_yuan | decimal, at most 4 digits after the point, above 0, up to 100000 "
        "| 亿元, 100 million yuan | no | Gross merchandise value. |" in readme
    )
    assert "| provenance | code, one of published, synthetic |  | no |  |" in readme
    assert "| note | text |  | yes |  |" in readme
    assert capsys.readouterr().err == ""


def test_init_inputs_lists_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "mine")
    assert run("init-inputs", target) == 2
    assert "Tables: platform/gmv, survey/merchants" in capsys.readouterr().err
    assert run("init-inputs", target, "platform/gvm") == 2
    assert "unknown table 'platform/gvm'; did you mean 'platform/gmv'?" in capsys.readouterr().err
    assert run("init-inputs", target, "platform/gmv", "--example") == 2
    assert not Path(target).exists()


def test_init_inputs_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = tmp_path / "ours.csv"
    stored.write_text("ours", encoding="utf-8")
    absent = tmp_path / "absent" / ".."
    for folder in (tmp_path, stored, absent):
        assert run("init-inputs", str(folder), "--example") == 2
    assert {path.name for path in tmp_path.iterdir()} == {"absent", "ours.csv"}
    assert stored.read_text(encoding="utf-8") == "ours"
    assert capsys.readouterr().err.splitlines() == [
        f"platform-employment: {tmp_path}: the folder is not empty; name a new one",
        f"platform-employment: {stored}: not a folder; name a new one",
        f"platform-employment: {absent}: the folder is not empty; name a new one",
    ]


def test_finds_the_project_from_below_and_by_name(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "good" / "platform")
    assert run("check", "..") == 0
    monkeypatch.chdir(tmp_path)
    good = str(project / "good")
    assert run("check", good) == 2
    assert run("check", good, "--project-dir", str(tmp_path)) == 2
    assert run("check", good, "--project-dir", str(project)) == 0


def test_an_empty_variable_names_no_merchants(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_MERCHANTS", "")
    assert run("check") == 0
    assert "2 shipped tables" in capsys.readouterr().out
    assert run("check", "good") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "required: COMMAND"),
        (("chek", "good"), "unknown command; did you mean 'check'? Available: "),
        (("check", "good", "--quick"), "unrecognized arguments: --quick"),
        (("check", "absent"), "absent: no such folder"),
        (("check", "good/platform/gmv.csv"), "no such folder"),
        (("check", "a\nb"), r"a\nb: no such folder"),
        (("check", "good", "--project-dir", "absent"), "no dbt_project.yml in this folder"),
        (("init-inputs", "dbt_project.yml/inputs", "--example"), "Not a directory"),
    ],
)
def test_a_mistake_gives_one_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert output.err.startswith("platform-employment")
    assert message in output.err


def test_a_broken_declaration_is_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: broken", encoding="utf-8")
    (tmp_path / "seeds" / "platform").mkdir(parents=True)
    (tmp_path / "seeds" / "platform" / "gmv.yml").write_text("seeds: [\n", encoding="utf-8")
    assert run("check", str(project / "good"), "--project-dir", str(tmp_path)) == 2
    error = capsys.readouterr().err
    assert error.startswith("platform-employment: platform/gmv.yml: not valid YAML")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ValueError("a\nb"), 3, r"fault of the program: test_cli.py:"),
        (OSError(28, "No space left on device", "inputs/gmv.csv"), 2, "inputs/gmv.csv: No space"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_an_unforeseen_error_gives_one_line(
    error: BaseException,
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("platform_employment.inputs_commands.named_inputs", fail)
    assert run("check", "good") == code
    output = capsys.readouterr().err
    assert message in output
    assert output.count("\n") == 1


def test_a_terminal_without_chinese_is_no_problem() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "platform_employment.cli", "check", "bad/unit_wan_yuan"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (1, "")
    assert r"12.5\u4e07\u5143" in result.stdout


def test_a_closed_pipe_is_no_problem() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "platform_employment.cli", "check", "good"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_starts_without_heavy_libraries() -> None:
    script = (
        "import sys, platform_employment.cli, platform_employment.validation;"
        "print(sorted({'pandas', 'numpy', 'duckdb', 'dbt', 'statsmodels'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


def test_version_and_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"platform-employment {version('platform-employment')}\n"
    assert run("completion", "bash") == 0
    script = capsys.readouterr().out
    assert all(name in script for names in cli.COMMAND_GROUPS.values() for name in names)
    assert "--option" in script


def test_every_command_has_examples() -> None:
    for name, (_, parser) in commands_of(cli.make_parser()).items():
        examples = [shlex.split(example) for example in examples_of(parser)]
        assert examples, name
        for program, command, *arguments in examples:
            assert (program, command) == (PROGRAM, name)
            parser.parse_args(arguments)


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    output = capsys.readouterr().out
    listed = {
        line.split()[0] for line in output.splitlines() if line[:4].isspace() and line[4:5] > " "
    }
    assert listed - {"COMMAND"} == {name for names in cli.COMMAND_GROUPS.values() for name in names}


@pytest.mark.parametrize("group", cli.COMMAND_GROUPS)
def test_a_command_is_found_in_its_group(group: str) -> None:
    subparsers = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(f"platform_employment.{group}").add_parser(subparsers)
    assert tuple(subparsers.choices) == cli.COMMAND_GROUPS[group]


def test_headlines_are_those_of_the_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path / "docs")
    monkeypatch.delenv("PLATFORM_EMPLOYMENT_DATABASE", raising=False)
    assert default_warehouse() == tmp_path / "dev.duckdb"
    release = tmp_path / "releases/20261125T000000Z-00000000/platform_employment.duckdb"
    release.parent.mkdir(parents=True)
    release.touch()
    (tmp_path / "releases/current").symlink_to(release.parent.name)
    assert default_warehouse().resolve() == release
    monkeypatch.setenv("PLATFORM_EMPLOYMENT_DATABASE", "mine.duckdb")
    assert default_warehouse() == tmp_path / "mine.duckdb"
