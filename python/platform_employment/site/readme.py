"""The part of README.md that a build writes: how each report was verified.

`python -m platform_employment.site.readme` rewrites it, with `--check` it only compares.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.project import find_project
from platform_employment.site.build import default_database
from platform_employment.site.rows import opened
from platform_employment.verification import sentence_en, sentence_zh
from platform_employment.warehouse import Row

START = "<!-- verification: written by `make readme` -->"
END = "<!-- /verification -->"
COUNTS = """
    select counts.*, reports.title_zh, reports.title_en
    from audit.aud_verification_counts as counts
    inner join marts.dim_reports as reports using (report_id)
    where counts.figures > 0
    order by reports.is_default desc, reports.sort_order, report_id, status_rank
"""


def verification_block(counts: Sequence[Row]) -> str:
    """Return in English and Chinese, for each report, how its numbers were verified.

    counts: rows of `aud_verification_counts` with the titles of the reports, report by report,
    in the order of rank. All reports but the first are folded away, a line each.
    """
    (en, zh), *more = (
        (
            f"**{rows[0]['title_en']}.** {sentence_en(rows)}",
            f"**{rows[0]['title_zh']}。**{sentence_zh(rows)}",
        )
        for rows in (list(group) for _, group in groupby(counts, itemgetter("report_id")))
    )
    first, others = f"{en}\n\n{zh}", [f"- {en} {zh}" for en, zh in more]
    if not others:
        return first
    folded = f"<details><summary>{len(others)} more 另有{len(others)}份报告</summary>"
    return "\n\n".join([first, folded, "\n".join(others), "</details>"])


def with_block(text: str, block: str) -> str:
    """Put the block between the two markers.

    Raises:
        UserError: the markers are not there, once each and in order.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end) or START in rest or END in after:
        raise UserError(f"README.md: not once each, in this order: {START} and {END}")
    return f"{before}{START}\n{block}\n{END}{after}"


def main(argv: Sequence[str] | None = None) -> int:
    """Rewrite or compare; exit code 1 when README.md differs from the build, 2 for a mistake."""
    parser = argparse.ArgumentParser(description="Writes how reports were verified into README.md.")
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("--database", type=Path, help="the built warehouse")
    arguments = parser.parse_args(argv)
    try:
        project = find_project(None)
        with opened(arguments.database or default_database(project)) as rows:
            counts = rows.read(COUNTS)
        readme = project / "README.md"
        text = readme.read_text(encoding="utf-8")
        new_text = with_block(text, verification_block(counts))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.check:
        if new_text != text:
            print("README.md differs from this build: run `make readme`", file=sys.stderr)
        return int(new_text != text)
    readme.write_text(new_text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
