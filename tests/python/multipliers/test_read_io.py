"""The command `import-io-table`, up to the files that it writes."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from io_tables import GERMANY

from platform_employment.errors import UserError
from platform_employment.multipliers import commands
from platform_employment.validation.report import check_folder
from platform_employment.validation.schemas import load_schemas

SAID = [text for code in ("EMP", "EMP-WS", "EMP-FTE") for text in ("--as", f"{code}=skip")]


def read_io(*arguments: str) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    commands.add_parser(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["import-io-table", *arguments])
    return int(parsed.run(parsed))


def german(*arguments: str) -> int:
    """Read the sheet of Germany 1995."""
    return read_io(str(GERMANY), "--year", "1995", "--unit", "yi_yuan", *SAID, *arguments)


TO = ("--source-id", "eurostat", "--to")


def test_rows_of_own_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three files with the headers of the seeds; a second table is added to them."""
    assert german(*TO, str(tmp_path), "--table-id", "de_1995") == 0
    assert "6 sectors, CPA_A to CPA_O-T" in capsys.readouterr().out
    folder = tmp_path / "economy"
    lines = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in folder.iterdir()}
    seeds = Path(__file__).parents[3] / "seeds" / "economy"
    for name, rows in lines.items():
        with (seeds / f"{name}.csv").open(encoding="utf-8") as file:
            assert rows[0] == file.readline().strip()
    assert lines["input_output_tables"][1] == (
        "de_1995,1995,0.0000001,yi_yuan,de_1995,de_1995,published,eurostat"
    )
    assert "de_1995,domestic,CPA_A,CPA_B-E,25480" in lines["input_output_flows"]
    assert "de_1995,imported,P7,CPA_A,2927" in lines["input_output_flows"]
    assert german(*TO, str(tmp_path), "--table-id", "again") == 0
    both = (folder / "input_output_flows.csv").read_text(encoding="utf-8").splitlines()
    assert len(both) == 2 * len(lines["input_output_flows"]) - 1
    with pytest.raises(UserError, match="has rows of de_1995 already"):
        german(*TO, str(tmp_path), "--table-id", "de_1995")
    assert (folder / "input_output_flows.csv").read_text(encoding="utf-8").splitlines() == both


def test_a_failed_check_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An output that is off is named; told a tolerance, it is taken."""
    text = GERMANY.read_text(encoding="utf-8").replace("P1,Output,43910,", "P1,Output,43911,")
    path = tmp_path / "off.csv"
    path.write_text(text, encoding="utf-8")
    arguments = ["--year", "1995", "--unit", "yi_yuan", *SAID, *TO, str(tmp_path)]
    assert read_io(str(path), *arguments) == 1
    printed = capsys.readouterr().out
    assert "failed: row_balance: CPA_A: sum of the row 43910.0000" in printed
    assert printed.endswith("nothing written\n")
    assert not (tmp_path / "economy").exists()
    assert read_io(str(path), *arguments, "--tolerance", "0.0001") == 0
    register = (tmp_path / "economy" / "input_output_tables.csv").read_text(encoding="utf-8")
    assert "off,1995,0.0001,yi_yuan,off,off,published,eurostat" in register


def test_only_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder nothing is written."""
    assert german() == 0
    assert "rows written" not in capsys.readouterr().out


@pytest.mark.parametrize("pair", ["EMP", "EMP=", "=skip"])
def test_what_a_line_is_needs_a_name_and_a_role(pair: str) -> None:
    """--as takes NAME=ROLE."""
    with pytest.raises(UserError, match="write NAME=ROLE"):
        german("--as", pair)


def test_a_file_of_other_columns(tmp_path: Path) -> None:
    """Rows are added to tables of the declared header only."""
    (tmp_path / "economy").mkdir()
    path = tmp_path / "economy" / "sectors.csv"
    path.write_text("code,name\n", encoding="utf-8")
    with pytest.raises(UserError, match="line 1 must be: table_id,sector_code"):
        german(*TO, str(tmp_path))
    assert [file.name for file in path.parent.iterdir()] == ["sectors.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "x"), "--source-id: name a row of reference/sources"),
        (("--table-id", "表"), "--table-id '表': use letters"),
        (("--tolerance", "0"), "--tolerance 0: above 0, at most 0.01"),
        (("--tolerance", "nan"), "--tolerance nan"),
        (("--year", "95"), "--year 95: from 1980 to 2100"),
    ],
)
def test_what_the_gates_would_refuse(arguments: tuple[str, ...], message: str) -> None:
    """Said before anything is read."""
    with pytest.raises(UserError, match=message):
        german(*arguments)


def test_what_is_written_passes_the_gates(tmp_path: Path) -> None:
    """The files are tables of own data as they stand."""
    assert german(*TO, str(tmp_path)) == 0
    report = check_folder(tmp_path, load_schemas(Path(__file__).parents[3] / "seeds"))
    assert len(report.files) == 3
    assert report.findings == ()
