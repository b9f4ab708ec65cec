"""The wide layout in which statistical offices publish a table, into cells in long form.

Sectors are in rows and columns under the same labels in the same order, final use to the
right of the square, value added below it, imported products in a second block of the same
sectors, in a row below or in a column to the right. Where the square is follows from the labels
alone; what stands around it from the codes and words of the offices below, or from the caller.
A line that is the sum of other publishers is found by adding up. Nothing is guessed: a line that
neither a word nor a sum explains is an error, and the report says what was taken for what.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from platform_employment.errors import UserError
from platform_employment.multipliers.tables import FINAL_USE, VALUE_ADDED, Matrix, Vector

Grid = Sequence[Sequence[str]]
Place = tuple[str, str, str]

# amounts are written in 亿元 with this many decimals: to one yuan
DECIMALS = 8
# powers of ten from the unit of a file to 亿元
UNITS = {"yuan": -8, "qian_yuan": -5, "wan_yuan": -4, "million_yuan": -2, "yi_yuan": 0}
_UNIT_WORDS = {
    "亿元": "yi_yuan",
    "百万元": "million_yuan",
    "万元": "wan_yuan",
    "千元": "qian_yuan",
    "元": "yuan",
}
SKIP = "skip"
# how far from the square its labels may stand
_HEADER_ROWS, _LABEL_COLUMNS = 40, 12
# a printed sum may differ from the one of printed parts by their rounding
_SUM = 1e-6
# a row or column of labels has a text at this share of the sectors, or more
_MOSTLY = 0.9
_SMALLEST, _MAX_BLOCKS = 2, 2

# words are compared without case, spaces and signs
_SUMS = """
    total 合计 小计 tii tiu tfu tva ti tu ttu cpatotal b1g p2 p3
    中间使用合计 中间投入合计 最终使用合计 增加值合计 总投入 totaluse totalfinaluse totalinput
    totalintermediateuse totalintermediateinput grossvalueadded valueaddedbp totalusepp
    intermediateconsumption
"""
_TOTALS = frozenset(_SUMS.split())
# a line of these words that is a sum of other publishers is left out all the same
_WORDS = {
    "household_consumption": """
        fu101 fu102 thc 农村居民消费 城镇居民消费 农村居民消费支出 城镇居民消费支出 居民消费
        居民消费支出 居民消费支出小计 居民消费小计 p3s14 p3s15 finalconsumptionhouseholds
        householdconsumption finalconsumptionexpenditurebyhouseholds finalconsumptionprivate
    """,
    "government_consumption": """
        fu103 政府消费 政府消费支出 p3s13 finalconsumptiongovernment governmentconsumption
        finalconsumptionexpenditurebygovernment
    """,
    "consumption": "tc 最终消费支出 最终消费支出合计 finalconsumption",
    "capital_formation": """
        fu201 gcf 固定资本形成总额 资本形成总额 资本形成总额合计 p51g p51 p5
        grossfixedcapitalformation grosscapitalformation
    """,
    "inventories": """
        fu202 存货变动 存货增加 p52 p53 p5253 changesininventories inventorychange
    """,
    "exports": "ex 出口 p6 exports",
    "imports": "im 进口 p7 imports importsofgoodsandservices",
    "statistical_error": "err 其他 误差 统计误差 statisticaldiscrepancy statisticalerror",
    "output": "go 总产出 p1 output outputbp totaloutput grossoutput",
    "compensation": "va001 劳动者报酬 d1 compensationofemployees compensationemployees",
    "value_added": """
        va002 va003 va004 生产税净额 固定资产折旧 营业盈余 d21x31 d29x39 k1 p51c b2a3n b2a3g
        nettax netttaxonproduction taxeslesssubsidiesonproducts othervalueadded
        operatingsurplus othertaxeslessothersubsidiesonproduction consumptionoffixedcapital
        operatingsurplusandmixedincomenet operatingsurplusandmixedincomegross
    """,
}
_ROLE_OF_WORD = {word: role for role, words in _WORDS.items() for word in words.split()}
_RIGHT = (*FINAL_USE, "imports", "statistical_error", "output")
_BELOW = (*VALUE_ADDED, "imports", "output")
_SAYABLE = (*dict.fromkeys((*_RIGHT, *_BELOW)), SKIP)
# codes of lines that have none begin with these, value added with V, final use with F
_LETTERS = {"imports": "IM", "statistical_error": "ERR", "output": "GO"}
_SQUARE = "square"
CODE = re.compile(r"[0-9A-Za-z]([0-9A-Za-z_.:/-]*[0-9A-Za-z])?")
_NO_AMOUNT = frozenset(("", "-", "–", "—", "…", "...", "..", ":"))
_AMOUNT = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class WideTable:
    """A table in long form, and what was taken for what.

    cells: origin, row and column with the amount in 亿元; sectors: code, role, name zh, name en.
    """

    cells: tuple[tuple[Place, Decimal], ...]
    sectors: tuple[tuple[str, str, str, str], ...]
    report: tuple[str, ...]


@dataclass(frozen=True)
class Square:
    """Where the sectors stand: the row and the column of their labels, and their blocks."""

    header: int
    labels: int
    tops: tuple[int, ...]
    left: int
    size: int

    @property
    def columns(self) -> range:
        """Columns of the sectors."""
        return range(self.left, self.left + self.size)

    def rows(self, block: int = 0) -> range:
        """Rows of the sectors; block 1 belongs to imported products."""
        return range(self.tops[block], self.tops[block] + self.size)


@dataclass(frozen=True)
class _Line:
    """A row or column next to the square: its labels, code first, and amounts by sector."""

    place: str
    at: int
    texts: tuple[str, ...]
    amounts: Vector
    role: str = ""
    code: str = ""


def read_wide(grid: Grid, said: Mapping[str, str], unit: str | None = None) -> WideTable:
    """Read one sheet.

    grid: its cells as text; said: role of a code or name, or `skip`, where no word tells it;
    unit: of the amounts, as in UNITS, read from the sheet (单位：万元) if not given. Raises
    UserError.
    """
    for name, role in said.items():
        if role not in _SAYABLE:
            raise UserError(f"{name}={role}: no such role; one of {', '.join(_SAYABLE)}")
    sheet = _Sheet(grid, unit)
    square = find_square(sheet.grid)
    if square is None:
        raise UserError("no square of sectors: the same labels in a row and in a column")
    _check_order(sheet.grid, square)
    sectors = _sectors(sheet.grid, square)
    report = [
        f"{square.size} sectors, {sectors[0][0]} to {sectors[-1][0]}: rows {square.tops[0] + 1} "
        f"to {square.rows()[-1] + 1}, columns {letters(square.left)} to "
        f"{letters(square.columns[-1])}; amounts in {sheet.unit}, kept in yi_yuan"
    ]
    if len(square.tops) > _MAX_BLOCKS:
        raise UserError(f"{len(square.tops)} blocks of the same sectors: domestic, imported, and?")
    if len(square.tops) > 1:
        report.append(f"imported products: rows {square.tops[1] + 1} to {square.rows(1)[-1] + 1}")
    heard: set[str] = set()
    right = _explain(_columns_beside(sheet, square), said, _RIGHT, heard, report)
    below = _explain(_rows_below(sheet, square), said, _BELOW, heard, report)
    if any(line.role == "output" for line in right):
        below = [line for line in below if line.role != "output"]
    if missing := [name for name in said if _word(name) not in heard]:
        raise UserError(f"no row or column next to the sectors is called {missing[0]!r}")
    cells = _cells(sheet, square, [code for code, *_ in sectors], right, below)
    if sheet.blanks:
        report.append(f"{sheet.blanks} blank cells were taken for zero")
    others = [(line.code, line.role, *_names(line.texts, line.code)) for line in (*right, *below)]
    listed = [*sectors, *others]
    for code, count in Counter(code for code, *_ in listed).items():
        if count > 1:
            raise UserError(f"{count} rows or columns have the code {code}: rename all but one")
    return WideTable(tuple(cells), tuple(listed), tuple(report))


def find_square(grid: Grid) -> Square | None:
    """Find the longest run of labels that a row and a column share, or None."""
    best: tuple[tuple[int, int], Square] | None = None
    for header in range(min(len(grid), _HEADER_ROWS)):
        for labels in range(min(len(grid[header]), _LABEL_COLUMNS)):
            across = [_label(text) for text in grid[header]]
            down = [_label(row[labels]) for row in grid]
            run = _run(across, down, labels + 1, header + 1)
            if run is None:
                continue
            left, _, size = run
            wanted = across[left : left + size]
            tops = [n for n in range(header + 1, len(down)) if down[n : n + size] == wanted]
            codes = sum(bool(CODE.fullmatch(text)) for text in grid[header][left : left + size])
            found = Square(header, labels, tuple(tops), left, size)
            if best is None or (size, codes) > best[0]:
                best = (size, codes), found
    return best[1] if best else None


def _run(
    across: Sequence[str], down: Sequence[str], left: int, top: int
) -> tuple[int, int, int] | None:
    """The longest run of equal labels: where it begins in both, and how long it is."""
    at: dict[str, int] = {}
    for column in range(left, len(across)):
        at.setdefault(across[column], column)
    best: tuple[int, int, int] | None = None
    row = top
    while row < len(down):
        column = at.get(down[row], -1)
        size = 0
        while (
            column >= 0
            and row + size < len(down)
            and column + size < len(across)
            and across[column + size] == down[row + size]
            and across[column + size]
            and across[column + size] not in _TOTALS
            and across[column + size] not in across[column : column + size]
        ):
            size += 1
        if size >= _SMALLEST and (best is None or size > best[2]):
            best = column, row, size
        row += max(size, 1)
    return best


def _check_order(grid: Grid, square: Square) -> None:
    """Sectors outside the run of labels are missing or out of order on one side."""
    across = [_label(text) for text in grid[square.header]]
    down = [_label(row[square.labels]) for row in grid]
    inside = set(across[square.left : square.left + square.size])
    columns = {label: n for n, label in enumerate(across) if n > square.labels and label}
    for row in range(square.header + 1, len(down)):
        label = down[row]
        known = label in inside or label in _TOTALS or label in _ROLE_OF_WORD
        if label in columns and not known:
            raise UserError(
                f"sector {grid[row][square.labels]} is in row {row + 1} and in column "
                f"{letters(columns[label])}: rows and columns must have the same sectors in the "
                "same order"
            )


def _sectors(grid: Grid, square: Square) -> list[tuple[str, str, str, str]]:
    """Code, role and names of each sector."""
    texts = [
        _texts(grid, square, column=column, row=row)
        for column, row in zip(square.columns, square.rows(), strict=True)
    ]
    codes = [text[0] for text in texts]
    if not all(CODE.fullmatch(code) for code in codes):
        width = len(str(len(codes)))
        codes = [f"{number:0{width}d}" for number in range(1, len(codes) + 1)]
    return [(code, "sector", *_names(text, code)) for code, text in zip(codes, texts, strict=True)]


def _texts(
    grid: Grid, square: Square, *, column: int | None = None, row: int | None = None
) -> tuple[str, ...]:
    """The labels of a column, of a row or of both: the ones of the square's labels come first."""
    found = []
    if column is not None:
        found += [grid[n][column] for n in (square.header, *_label_rows(grid, square))]
    if row is not None:
        found += [grid[row][n] for n in (square.labels, *_label_columns(grid, square))]
    return tuple(dict.fromkeys(text.strip() for text in found if text.strip()))


def _label_rows(grid: Grid, square: Square) -> list[int]:
    """Other rows above the square with a text over nearly every sector, nearest first."""
    rows = [n for n in range(square.tops[0] - 1, -1, -1) if n != square.header]
    return [n for n in rows if _is_label([grid[n][column] for column in square.columns])]


def _label_columns(grid: Grid, square: Square) -> list[int]:
    columns = [n for n in range(square.left - 1, -1, -1) if n != square.labels]
    return [n for n in columns if _is_label([grid[row][n] for row in square.rows()])]


def _is_label(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text.strip()]
    return len(filled) > _MOSTLY * len(texts) and len(set(filled)) > _MOSTLY * len(filled)


def _columns_beside(sheet: _Sheet, square: Square) -> Iterator[_Line]:
    """Columns to the right of the square that hold amounts, the sum of the square first."""
    block = sheet.block(square.rows(), square.columns)
    yield _Line("", -1, (), block.sum(axis=1), role=_SQUARE)
    for column in range(square.columns[-1] + 1, len(sheet.grid[0])):
        if sheet.has_amounts((row, column) for row in square.rows()):
            amounts = sheet.block(square.rows(), [column])[:, 0]
            texts = _texts(sheet.grid, square, column=column)
            yield _Line(f"column {letters(column)}", column, texts, amounts)


def _rows_below(sheet: _Sheet, square: Square) -> Iterator[_Line]:
    """Rows below the first block that hold amounts, sums of the blocks first."""
    for block in range(len(square.tops)):
        amounts = sheet.block(square.rows(block), square.columns).sum(axis=0)
        yield _Line("", -1, (), amounts, role=_SQUARE)
    inside = {row for block in range(len(square.tops)) for row in square.rows(block)}
    for row in range(square.rows()[-1] + 1, len(sheet.grid)):
        if row not in inside and sheet.has_amounts((row, column) for column in square.columns):
            amounts = sheet.block([row], square.columns)[0]
            texts = _texts(sheet.grid, square, row=row)
            yield _Line(f"row {row + 1}", row, texts, amounts)


def _explain(
    lines: Iterable[_Line],
    said: Mapping[str, str],
    roles: Sequence[str],
    heard: set[str],
    report: list[str],
) -> list[_Line]:
    """Return each line its role, in order; leave out sums of other publishers and what the caller
    skips."""
    spoken = {_word(name): role for name, role in said.items()}
    kept: list[_Line] = []
    squares: list[_Line] = []
    for line in lines:
        if line.role == _SQUARE:
            squares.append(line)
            continue
        words = [_word(text) for text in line.texts]
        name = " ".join(line.texts) or "without a label"
        told = next((word for word in words if word in spoken), None)
        role = next((_ROLE_OF_WORD[word] for word in words if word in _ROLE_OF_WORD), "")
        parts, off = _sum_of(line, squares, kept)
        is_sum = off <= _SUM * np.abs(line.amounts).max()
        if told is not None:
            heard.add(told)
            role = spoken[told]
        elif role != "output" and (is_sum or any(word in _TOTALS for word in words)):
            doubt = "" if is_sum else f"; a total by its name: their sum is {off:g} off at most"
            report.append(f"{line.place}, {name}: left out, sum of {parts}{doubt}")
            continue
        if role == SKIP:
            report.append(f"{line.place}, {name}: left out, as told")
            continue
        if role not in roles:
            kind = f"cannot be {role} there" if role else "is not known"
            raise UserError(
                f"{line.place}, {name}: {kind}; say what it is with NAME=ROLE, one of "
                f"{', '.join(roles)}, {SKIP}"
            )
        report.append(f"{line.place}, {name}: {role}")
        kept.append(replace(line, role=role, code=_code(line, role, kept)))
    return kept


def _sum_of(line: _Line, squares: Sequence[_Line], kept: Sequence[_Line]) -> tuple[str, float]:
    """The lines whose sum is nearest, and how far off it is at most.

    Sums are of the last two lines or more, of blocks of sectors, or of blocks and last lines.
    """
    names, best = "", np.inf
    for n in range(len(squares) + 1):
        for first in range(len(kept) + 1):
            parts = [*squares[:n], *kept[first:]]
            if (n or len(parts) > 1) and line.amounts.any():
                off = np.abs(sum(part.amounts for part in parts) - line.amounts).max()
                if off < best:
                    blocks = ("the square", "the imported block")[:n]
                    names = ", ".join([*blocks, *(part.code for part in kept[first:])])
                    best = float(off)
    return names, best


def _code(line: _Line, role: str, kept: Sequence[_Line]) -> str:
    """The code of a line: its own, or one made for its role."""
    if line.texts and CODE.fullmatch(line.texts[0]):
        return line.texts[0]
    letter = _LETTERS.get(role, "V" if role in VALUE_ADDED else "F")
    return f"{letter}{1 + sum(part.code.startswith(letter) for part in kept)}"


def _cells(
    sheet: _Sheet,
    square: Square,
    codes: Sequence[str],
    right: Sequence[_Line],
    below: Sequence[_Line],
) -> Iterator[tuple[Place, Decimal]]:
    """The cells that count, in 亿元: all of the square, and next to it those that are not zero."""
    own = "total" if any(line.role == "imports" for line in right) else "domestic"
    if own == "total" and (len(square.tops) > 1 or any(line.role == "imports" for line in below)):
        raise UserError("imports are in a column and in rows: leave one out with NAME=skip")
    for block, origin in zip(range(len(square.tops)), (own, "imported"), strict=False):
        for supplier, row in zip(codes, square.rows(block), strict=True):
            for user, column in zip(codes, square.columns, strict=True):
                yield (origin, supplier, user), sheet.amount(row, column)
            for line in right:
                is_of_block = not block or line.role in FINAL_USE
                if is_of_block and (value := sheet.amount(row, line.at)):
                    yield (origin, supplier, line.code), value
    for line in below:
        for user, column in zip(codes, square.columns, strict=True):
            if value := sheet.amount(line.at, column):
                if line.role == "output":
                    yield (own, user, line.code), value
                else:
                    origin = "imported" if line.role == "imports" else "value_added"
                    yield (origin, line.code, user), value


class _Sheet:
    """The cells of a sheet, and amounts among them in 亿元."""

    def __init__(self, grid: Grid, unit: str | None) -> None:
        width = max((len(row) for row in grid), default=0)
        self.grid: list[list[str]] = [[*row, *[""] * (width - len(row))] for row in grid]
        self.unit = unit or self._unit()
        if self.unit not in UNITS:
            raise UserError(f"{self.unit}: no such unit; one of {', '.join(UNITS)}")
        self._blanks: set[tuple[int, int]] = set()

    @property
    def blanks(self) -> int:
        """How many cells among the amounts were blank or a dash."""
        return len(self._blanks)

    def amount(self, row: int, column: int) -> Decimal:
        """One amount in 亿元, exact up to DECIMALS."""
        text = unicodedata.normalize("NFKC", self.grid[row][column]).strip()
        if text in _NO_AMOUNT:
            self._blanks.add((row, column))
            return Decimal(0)
        if not _AMOUNT.fullmatch(text):
            raise UserError(f"cell {letters(column)}{row + 1}: {text!r} is not an amount")
        value = Decimal(text.replace(",", "")).scaleb(UNITS[self.unit])
        return round(value, DECIMALS)

    def block(self, rows: Sequence[int], columns: Sequence[int]) -> Matrix:
        """Amounts as an array."""
        return np.array([[float(self.amount(r, c)) for c in columns] for r in rows])

    def has_amounts(self, places: Iterable[tuple[int, int]]) -> bool:
        """Return whether one of the cells holds anything."""
        return any(self.grid[row][column].strip() not in _NO_AMOUNT for row, column in places)

    def _unit(self) -> str:
        for row in self.grid[:_HEADER_ROWS]:
            for text in row:
                said = re.search("单位[:：]?(百万元|亿元|万元|千元|元)", text.replace(" ", ""))
                if said:
                    return _UNIT_WORDS[said.group(1)]
        raise UserError(f"the sheet does not say its unit (单位): name one of {', '.join(UNITS)}")


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: A, B, ..., AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _label(text: str) -> str:
    """A label to compare: numbers without leading zeros, words as `_word`."""
    word = _word(text)
    return str(int(word)) if word.isdecimal() else word


def _word(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in plain if character.isalnum())


def _names(texts: Sequence[str], code: str) -> tuple[str, str]:
    """Chinese and English name among the labels; one that is missing belongs to the other."""
    others = [text for text in texts if text != code] or [code]
    chinese = [text for text in others if re.search("[\u4e00-\u9fff]", text)]
    english = [text for text in others if text not in chinese]
    return (chinese or english)[0], (english or chinese)[0]
