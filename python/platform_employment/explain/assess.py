"""Print the assessment of a report on one page."""

from __future__ import annotations

import argparse
import json

from platform_employment import assessment, one_page
from platform_employment.command_help import add_command
from platform_employment.errors import UserError
from platform_employment.formatting import DIGITS
from platform_employment.warehouse import LANGUAGES, add_place, asked_warehouse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `assess`."""
    parser = add_command(
        subparsers,
        "assess",
        "print the assessment of a report on one page",
        "Prints what a report claims, which figures follow from others, which are circular or"
        " assumed, which could not be verified and which conflict, what a referee would ask, and"
        " how the report counts.",
        ["assess taobao_2017", "assess kuaishou_2022 --page", "assess kuaishou_2022 --answers"],
    )
    parser.add_argument(
        "report",
        nargs="?",
        metavar="REPORT",
        help="report, or the key of its estimate (default: the default report)",
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, default="en", help="language (default: %(default)s)"
    )
    parser.add_argument(
        "--answers",
        action="store_true",
        help="print every audit question with its answer, place, address or search",
    )
    parser.add_argument(
        "--page",
        action="store_true",
        help="print one page: the claim, four stages, benchmarks, what may be said",
    )
    parser.add_argument(
        "--html", action="store_true", help="with --page: as one file of HTML that prints on A4"
    )
    parser.add_argument(
        "--full", action="store_true", help="print computed numbers with all their digits"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, in both languages")
    add_place(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with asked_warehouse(arguments) as warehouse:
        report = warehouse.report(arguments.report)
        if report is None:
            raise UserError("no report is about a platform of this build")
        if arguments.answers and arguments.json:
            answers = warehouse.rows(assessment.ANSWERS, report["report_id"])
            print(json.dumps(answers, ensure_ascii=False, indent=2, default=str))
            return 0
        if arguments.answers:
            print(assessment.render_answers(warehouse.rows, report["report_id"], arguments.lang))
            return 0
        if arguments.page:
            title, blocks = one_page.blocks(warehouse.rows, report["report_id"])
            render = one_page.render_html if arguments.html else one_page.render
            print(render(title, blocks, arguments.lang))
            return 0
        digits = None if arguments.full else DIGITS
        found = assessment.sheet(warehouse.rows, report["report_id"], digits)
    if arguments.json:
        lines = [
            dict(zip(assessment.ROW_COLUMNS, row, strict=True)) for row in assessment.as_rows(found)
        ]
        print(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        print(assessment.render(found, arguments.lang))
    return 0
