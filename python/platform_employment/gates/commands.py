"""The commands of the gates: `check` and `new-inputs`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.gates.new_inputs import write_template
from platform_employment.gates.report import check_folder
from platform_employment.gates.schemas import load_schemas
from platform_employment.project import find_project

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands to the command line."""
    check = subparsers.add_parser(
        "check",
        help="run all gates over a folder of own data, build nothing",
        description="Runs all gates over a folder of own data. Exit code 1 with findings.",
    )
    check.add_argument("inputs", metavar="DIR", type=Path, help="folder of own data")
    _add_project_dir(check)
    check.set_defaults(run=_check)

    new_inputs = subparsers.add_parser(
        "new-inputs",
        help="write a template for own data",
        description="Fills a new folder with the shipped tables and a README of each column.",
    )
    new_inputs.add_argument("target", metavar="DIR", type=Path, help="a new or empty folder")
    _add_project_dir(new_inputs)
    new_inputs.set_defaults(run=_new_inputs)


def _add_project_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project-dir",
        metavar="DIR",
        type=Path,
        help="folder with dbt_project.yml; by default this folder or the nearest above it",
    )


def _check(arguments: argparse.Namespace) -> int:
    project = find_project(arguments.project_dir)
    report = check_folder(arguments.inputs, load_schemas(project / "seeds"))
    for line in report.lines():
        print(line)
    return 1 if report.findings else 0


def _new_inputs(arguments: argparse.Namespace) -> int:
    project = find_project(arguments.project_dir)
    written = write_template(arguments.target, project, load_schemas(project / "seeds"))
    print(f"{len(written)} files written to {arguments.target}; README.md says what to do next")
    return 0
