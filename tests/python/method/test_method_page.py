"""The example of a method has the total that the page states; pages name what there is."""

from __future__ import annotations

import re
from decimal import Decimal

from small_methods import rows
from test_shipped_methods import SEEDS, TABLES, worked_out

from platform_employment.method.methods import read_methods

TEXT = (SEEDS.parent / "docs/how-to/write-a-method.md").read_text(encoding="utf-8")


def test_the_example_is_a_method_with_the_total_that_the_page_says() -> None:
    blocks = re.findall(r"```csv\n(.*?)```", TEXT, flags=re.DOTALL)
    inputs, steps, components = (rows(block) for block in blocks)
    methods, findings = read_methods([*TABLES[0], *inputs], steps, components, TABLES[3])
    assert findings == []
    values = {"gmv": "500", "turnover_per_job": "25", "suppliers_per_seller": "0.5"}
    found, wrong = worked_out(
        methods["sellers"], {name: {"-": Decimal(value)} for name, value in values.items()}
    )
    assert wrong == {}
    numbers = [str(found[name]["-"]) for name in ("sellers", "suppliers", "total")]
    assert "{} + {} = {} 万".format(*numbers) in TEXT
    header = [set(table[0]) for table in TABLES[:3]]
    assert header == [set(table[0]) for table in (inputs, steps, components)]


def test_what_the_page_on_the_total_names_is_there() -> None:
    """Paths, models, macros, tests, steps and columns in backticks."""
    project = SEEDS.parent
    page = (project / "docs/explanation/how-the-total-is-calculated.md").read_text("utf-8")
    roots = (project, project / "python/platform_employment")
    known = {
        path.stem
        for folder in ("models", "macros", "python/models", "tests/singular")
        for path in (project / folder).rglob("*.*")
    }
    known |= {cell for table in TABLES for row in table for cell in (*row, *map(str, row.values()))}
    known |= set(re.findall(r"def (\w+)", (roots[1] / "method/combinations.py").read_text("utf-8")))
    missing = [
        name
        for name in re.findall(r"`([^` ]+)`", page)
        if name.removeprefix("marts.") not in known
        and not any((root / name).is_file() for root in roots)
    ]
    assert missing == []
