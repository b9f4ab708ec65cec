"""The wide layout of statistical offices: what is taken for what, and what is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from io_tables import GERMANY, shipped_rows
from openpyxl import Workbook

from platform_employment.errors import UserError
from platform_employment.multipliers.excel_layout import WideTable, find_square, letters, read_wide
from platform_employment.multipliers.sheets import read_grid

Rows = list[list[str]]
SECTORS = [f"{number:02d}" for number in range(1, 43)]
FINAL = ["TC", "FU201", "FU202", "EX"]
KINDS = ["VA001", "VA002", "VA003", "VA004"]


def wan(value: Decimal) -> str:
    """亿元 as the office prints it, 万元."""
    return f"{(value * 10_000).normalize():f}"


def shipped_cells() -> dict[tuple[str, str, str], Decimal]:
    """The shipped cells but the ones of the basket, which no office prints."""
    return {
        (row["origin"], row["row_code"], row["column_code"]): Decimal(row["value"])
        for row in shipped_rows("input_output_flows")
        if row["column_code"] != "GOODS"
    }


def office_sheet() -> Rows:
    """The shipped table as the National Bureau of Statistics lays one out, sums and all."""
    cells = defaultdict(Decimal, shipped_cells())
    names = {row["sector_code"]: row["name_zh"] for row in shipped_rows("sectors")}
    columns = [*SECTORS, "TIU", "TC", "FU201", "FU202", "GCF", "EX", "TFU", "GO"]

    def value(origin: str, row: str, column: str) -> Decimal:
        match column:
            case "TIU":
                return sum((cells[origin, row, code] for code in SECTORS), Decimal(0))
            case "GCF":
                return cells[origin, row, "FU201"] + cells[origin, row, "FU202"]
            case "TFU":
                return sum((cells[origin, row, code] for code in FINAL), Decimal(0))
        return cells[origin, row, column]

    sheet = [["2017年全国投入产出表", "", *[""] * len(columns)]]
    sheet += [["单位：万元（按当年生产者价格计算）", "", *[""] * len(columns)]]
    sheet += [["", "", *[names.get(code, "合计") for code in columns]], ["", "代码", *columns]]
    for origin in ("domestic", "imported"):
        for code in SECTORS:
            line = [wan(value(origin, code, column)) for column in columns]
            sheet.append([names[code], code, *line])
    for kind in KINDS:
        added = [wan(cells["value_added", kind, code]) for code in SECTORS]
        sheet.append([names[kind], kind, *added, *[""] * 8])
    total = [
        sum((cells["value_added", kind, code] for kind in KINDS), Decimal(0)) for code in SECTORS
    ]
    sheet.append(["增加值合计", "TVA", *map(wan, total), *[""] * 8])
    sheet.append(
        ["总投入", "TI", *[wan(cells["domestic", code, "GO"]) for code in SECTORS], *[""] * 8]
    )
    return [*sheet, ["注：本表为示例。", "", *[""] * len(columns)]]


def office_workbook(path: Path, *extra: str) -> Path:
    """The same in a workbook, with numbers as numbers."""
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    for row in office_sheet():
        is_codes = row[1] == "代码"
        sheet.append(
            [_number(text) if not is_codes and n > 1 else text for n, text in enumerate(row)]
        )
    for name in extra:
        book.create_sheet(name)
    book.save(path)
    return path


def _number(text: str) -> float | str | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def reads_as_shipped(wide: WideTable) -> None:
    """The cells and roles belong to the seeds."""
    found = {place: value for place, value in wide.cells if value}
    assert found == {place: value for place, value in shipped_cells().items() if value}
    roles = {code: role for code, role, *_ in wide.sectors}
    shipped = {row["sector_code"]: row["sector_role"] for row in shipped_rows("sectors")}
    assert roles == {code: role for code, role in shipped.items() if code != "GOODS"}


def test_sheet_of_the_office() -> None:
    """Every cell of the shipped table comes back from its wide layout, sums are left out."""
    wide = read_wide(office_sheet(), {})
    reads_as_shipped(wide)
    assert wide.sectors[0] == ("01", "sector", "农林牧渔产品和服务", "农林牧渔产品和服务")
    assert wide.report[:2] == (
        "42 sectors, 01 to 42: rows 5 to 46, columns C to AR; amounts in wan_yuan, kept in yi_yuan",
        "imported products: rows 47 to 88",
    )
    left_out = [line for line in wide.report if "left out" in line]
    assert left_out == [
        "column AS, TIU 合计: left out, sum of the square",
        "column AW, GCF 合计: left out, sum of FU201, FU202",
        "column AY, TFU 合计: left out, sum of TC, FU201, FU202, EX",
        "row 93, TVA 增加值合计: left out, sum of VA001, VA002, VA003, VA004",
        "row 94, TI 总投入: left out, sum of the square, the imported block, VA001, VA002, "
        "VA003, VA004",
    ]


def test_workbook_of_the_office(tmp_path: Path) -> None:
    """The same from xlsx: floats are the decimals that they show."""
    grid, how = read_grid(office_workbook(tmp_path / "table.xlsx", "说明"))
    assert how == "table.xlsx: sheet 表, 95 rows"
    reads_as_shipped(read_wide(grid, {}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_of_the_office(tmp_path: Path, encoding: str, sign: str) -> None:
    """The same from CSV in the encodings and with the signs that Excel and WPS write."""
    path = tmp_path / "table.csv"
    path.write_text("\n".join(sign.join(row) for row in office_sheet()), encoding=encoding)
    grid, _ = read_grid(path)
    reads_as_shipped(read_wide(grid, {}))


def test_competitive_sheet() -> None:
    """One block with imports in a column: total flows."""
    wide = read_wide(SMALL, {}, "yi_yuan")
    cells = dict(wide.cells)
    assert cells["total", "a", "b"] == 20
    assert cells["total", "a", "IM"] == 7
    assert cells["total", "a", "GO"] == 33
    assert cells["value_added", "V1", "a"] == 13
    assert [sector[:2] for sector in wide.sectors] == [
        ("a", "sector"), ("b", "sector"), ("F1", "household_consumption"), ("EX", "exports"),
        ("IM", "imports"), ("GO", "output"), ("V1", "compensation"),
    ]  # fmt: skip


SMALL: Rows = [
    ["", "a", "b", "居民消费", "EX", "TFU", "IM", "GO"],
    ["a", "10", "20", "4", "6", "10", "7", "33"],
    ["b", "10", "20", "5", "6", "11", "-", "41"],
    ["劳动者报酬", "13", "1", "", "", "", "", ""],
]


def test_dashes_are_zeros_and_counted() -> None:
    """A blank cell or a dash among the amounts is zero, and said to be."""
    assert "1 blank cells were taken for zero" in read_wide(SMALL, {}, "yi_yuan").report


def spoiled(change: Callable[[Rows], None]) -> Rows:
    """The small sheet with a fault."""
    rows = [list(row) for row in SMALL]
    change(rows)
    return rows


def put(row: int, column: int, text: str) -> Callable[[Rows], None]:
    """Write one cell."""

    def change(rows: Rows) -> None:
        rows[row][column] = text

    return change


def swap(rows: Rows) -> None:
    """Sectors in another order in the rows, of a sheet with three."""
    for row in rows:
        row.insert(3, "c" if row is rows[0] else "1")
    rows.insert(1, ["c", *"1" * 8])


@pytest.mark.parametrize(
    ("change", "said", "message"),
    [
        (put(0, 1, "x"), {}, "no square of sectors"),
        (put(0, 3, "别的"), {}, "column D, 别的: is not known; say what it is with NAME=ROLE"),
        (put(3, 0, "别的"), {}, "row 4, 别的: is not known"),
        (put(2, 1, "n/a"), {}, "cell B3: 'n/a' is not an amount"),
        (put(2, 1, "1.234,5"), {}, "cell B3: '1.234,5' is not an amount"),
        (put(0, 3, "EX"), {}, "2 rows or columns have the code EX"),
        (put(0, 3, "a"), {}, "column D, a: is not known"),
        (swap, {}, "sector c is in row 2 and in column D: rows and columns must have"),
        (put(3, 0, "进口"), {}, "imports are in a column and in rows"),
        (put(0, 3, "居民消费"), {"EMP": "skip"}, "next to the sectors is called 'EMP'"),
        (put(0, 3, "居民消费"), {"EX": "sector"}, "EX=sector: no such role; one of"),
        (put(0, 3, "居民消费"), {"EX": "compensation"}, "EX: cannot be compensation there"),
    ],
)  # fmt: skip
def test_what_is_refused(
    change: Callable[[Rows], None], said: dict[str, str], message: str
) -> None:
    """One line that names the place and what to do."""
    with pytest.raises(UserError) as refused:
        read_wide(spoiled(change), said, "yi_yuan")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_unit_is_said_or_asked() -> None:
    """No unit, no reading; 万元 and 亿元 are a factor of 10,000 apart."""
    with pytest.raises(UserError, match="does not say its unit"):
        read_wide(SMALL, {})
    told = read_wide([["单位: 百万元"], *SMALL], {})
    assert dict(told.cells)["total", "a", "b"] == Decimal("0.2")
    assert dict(read_wide(SMALL, {}, "yuan").cells)["total", "a", "b"] == Decimal("0.0000002")


def test_a_caller_says_what_a_line_is() -> None:
    """NAME=ROLE for an unknown line, skip for one that does not count."""
    rows = [[*row, extra] for row, extra in zip(SMALL, ["Extra", "1", "2", ""], strict=True)]
    with pytest.raises(UserError, match="column I, Extra: is not known"):
        read_wide(rows, {}, "yi_yuan")
    assert "Extra" not in {
        code for code, *_ in read_wide(rows, {"extra": "skip"}, "yi_yuan").sectors
    }
    wide = read_wide(rows, {"Extra": "inventories"}, "yi_yuan")
    assert ("Extra", "inventories") in {sector[:2] for sector in wide.sectors}


def test_a_total_that_does_not_add_up() -> None:
    """Left out by its name, and the report says how far it is off."""
    report = read_wide(
        read_grid(GERMANY)[0], dict.fromkeys(("EMP", "EMP-WS", "EMP-FTE"), "skip"), "yi_yuan"
    ).report
    assert (
        "column O, TFU Total final use: left out, sum of the square, P3_S14, P3_S13, P5, P52, P6; "
        "a total by its name: their sum is 46 off at most" in report
    )


def test_names_stand_in_for_codes() -> None:
    """Sectors without codes are numbered and keep their names."""
    rows = [[text.replace("a", "农业").replace("b", "工业") for text in row] for row in SMALL]
    wide = read_wide(rows, {}, "yi_yuan")
    assert wide.sectors[:2] == (("1", "sector", "农业", "农业"), ("2", "sector", "工业", "工业"))
    assert dict(wide.cells)["total", "1", "2"] == 20


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"PK\x03\x04 no zip", "not a readable workbook"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB 18030"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, data: bytes, message: str) -> None:
    """A user's mistake is one line."""
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(UserError, match=message):
        read_grid(path)
    with pytest.raises(UserError, match="cannot be read: No such file or directory"):
        read_grid(tmp_path / "none")


def test_a_damaged_workbook_is_one_line(tmp_path: Path) -> None:
    """Bytes that are cut off or changed: read as they stand, or refused, never a traceback."""
    data = office_workbook(tmp_path / "table.xlsx").read_bytes()
    random = np.random.default_rng(1)
    refused = []
    for number in range(30):
        damaged = bytearray(data[: int(random.integers(4, len(data)))] if number % 3 else data)
        for place in random.integers(4, len(damaged), 20):
            damaged[place] = int(random.integers(256))
        (tmp_path / "damaged.xlsx").write_bytes(bytes(damaged))
        try:
            read_wide(read_grid(tmp_path / "damaged.xlsx")[0], {})
        except UserError as error:
            refused.append(str(error))
    assert refused
    assert not any("\n" in line for line in refused)


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    """A sheet that is not there, and a workbook without a table."""
    path = office_workbook(tmp_path / "table.xlsx", "other")
    with pytest.raises(UserError, match="no sheet 'x'; it has 表, other"):
        read_grid(path, "x")
    book = Workbook()
    book.create_sheet("second")
    book.save(path)
    with pytest.raises(UserError, match="no sheet has a square of sectors"):
        read_grid(path)
    with pytest.raises(UserError, match="a CSV has no sheets"):
        read_grid(GERMANY, "x")


def test_an_empty_sheet() -> None:
    """No rows, no square."""
    assert find_square([]) is None
    with pytest.raises(UserError):
        read_wide([], {}, "yuan")


def test_letters_of_columns() -> None:
    """As a spreadsheet names them."""
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
