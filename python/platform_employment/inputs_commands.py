"""The commands on own data: `check` and `init-inputs`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

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
from platform_employment.project import add_project_dir, find_project
from platform_employment.validation.merchants import MERCHANTS_VARIABLE
from platform_employment.validation.report import Report
from platform_employment.validation.schemas import load_schemas
from platform_employment.validation.template import write_template

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_FINDINGS = 1


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands to the command line."""
    check = subparsers.add_parser(
        "check",
        help="validate own data and merchant microdata, or the shipped tables",
        description=(
            "Validates the files of a folder of own data and the merchant microdata that "
            f"{MERCHANTS_VARIABLE} names, then builds the models and tests that judge them in a "
            "scratch database. Without a folder it judges the shipped tables. Exit code 1 with "
            "findings."
        ),
    )
    check.add_argument(
        "inputs",
        metavar="DIR",
        nargs="?",
        type=Path,
        help=f"folder of own data (default: the environment variable {INPUTS_VARIABLE})",
    )
    check.add_argument("--vars", metavar="YAML", help="variables for dbt, as YAML or JSON")
    add_project_dir(check)
    check.set_defaults(run=_check)

    init_inputs = subparsers.add_parser(
        "init-inputs",
        help="write a template for own data",
        description="Fills a new folder with the shipped tables and a README of each column.",
    )
    init_inputs.add_argument("target", metavar="DIR", type=Path, help="a new or empty folder")
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
    project = find_project(arguments.project_dir)
    written = write_template(arguments.target, project, load_schemas(project / "seeds"))
    print(f"{len(written)} files written to {arguments.target}; README.md says what to do next")
    return 0
