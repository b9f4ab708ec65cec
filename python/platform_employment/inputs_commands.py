"""The commands on input files: `check` and `init-inputs`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command
from platform_employment.dbt.build_inputs import (
    INPUTS_VARIABLE,
    SAMPLE,
    SPOOL_FILE,
    named_inputs,
    own_folder,
    previous_checks,
    read_variables,
)
from platform_employment.dbt.check_microdata import judge, scratch_folder
from platform_employment.errors import UserError
from platform_employment.project import add_project_dir, find_project
from platform_employment.validation.merchants import MERCHANTS_VARIABLE
from platform_employment.validation.report import Report
from platform_employment.validation.schemas import load_schemas
from platform_employment.validation.template import write_example, write_template

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_FINDINGS = 1


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands `check` and `init-inputs`."""
    check = add_command(
        subparsers,
        "check",
        "validate input files and microdata without building",
        "Validates the files of an inputs folder and the merchant microdata that"
        f" {MERCHANTS_VARIABLE} names, then builds the models and tests that judge them in a"
        " scratch database. Without a folder it validates the shipped tables. Exit code 1 if it"
        " finds an error.",
        ["check ~/mine", "check ~/mine --vars 'max_rejected_rows: 5'"],
    )
    check.add_argument(
        "inputs",
        metavar="DIR",
        nargs="?",
        type=Path,
        help=f"inputs folder (default: the environment variable {INPUTS_VARIABLE})",
    )
    check.add_argument("--vars", metavar="YAML", help="variables for dbt, as YAML or JSON")
    add_project_dir(check)
    check.set_defaults(run=_check)

    init_inputs = add_command(
        subparsers,
        "init-inputs",
        "write an inputs folder: a filled example, or headers of the tables that you name",
        "Writes a new inputs folder. --example fills it with a platform, method and report of an"
        " invented institute, which can be checked, built and released. Otherwise it writes the"
        " header of each table that you name, and a README of its columns.",
        [
            "init-inputs ~/mine --example",
            "init-inputs ~/mine platform/gmv_disclosures reference/sources",
        ],
    )
    init_inputs.add_argument("target", metavar="DIR", type=Path, help="a new or empty folder")
    init_inputs.add_argument(
        "tables", metavar="TABLE", nargs="*", help="table, such as platform/gmv_disclosures"
    )
    init_inputs.add_argument(
        "--example", action="store_true", help="write a filled example instead of headers"
    )
    add_project_dir(init_inputs)
    init_inputs.set_defaults(run=_init_inputs)


def _check(arguments: argparse.Namespace) -> int:
    project = find_project(arguments.project_dir)
    own = arguments.inputs or own_folder(project)
    has_merchants = os.environ.get(MERCHANTS_VARIABLE) or (own and (own / SAMPLE).is_file())
    with scratch_folder(project) as scratch:
        variables = read_variables(arguments.vars)
        inputs = named_inputs(project, scratch / SPOOL_FILE, own, variables)
        previous_checks(project)
        microdata = inputs.microdata if inputs.merchants else ()
        report = Report((*inputs.own_tables, *microdata))
        if not own:
            print(f"{inputs.seeds}: {len(inputs.schemas)} shipped tables", flush=True)
        _print((*report.lines(), *inputs.notes))
        # of tables in order: a formula that names a missing row is reported as that
        failed = () if report.findings else inputs.methods
        _print(failed)
        if report.findings or failed:
            print("the models were not checked: correct these errors and run check again")
        else:
            print("files in order; building the models and tests that judge them", flush=True)
            judgement = judge(project, scratch, inputs, arguments.vars)
            _print(judgement.lines() if has_merchants else ())
            _print(judgement.verdicts())
            failed += judgement.findings
    findings = len(report.findings) + len(failed)
    print(f"files: {len(report.files)}, findings: {findings}")
    return _FINDINGS if findings else 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _init_inputs(arguments: argparse.Namespace) -> int:
    target: Path = arguments.target
    if arguments.example:
        if arguments.tables:
            raise UserError("--example writes its tables: leave out --example or the table names")
        written = write_example(target)
        print(f"{len(written)} files written to {target}")
        print(f"next: platform-employment check {target}")
        return 0
    project = find_project(arguments.project_dir)
    written = write_template(target, project, load_schemas(project / "seeds"), arguments.tables)
    print(f"{len(written)} files written to {target}; README.md describes each column")
    print(f"next: fill the tables, then run platform-employment check {target}")
    return 0
