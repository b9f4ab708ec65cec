"""The rules of a cell: a text is judged by a regular expression first, then as an exact decimal.

A column accepts a text when one expression matches all of it. Only for a text that does not
match, an ordered list of reasons says why. Both are data, from which `sql` makes the SQL that
judges small tables and merchant microdata alike. ASCII classes are spelled out, special spaces are
literal characters, and nothing looks around, so that any engine reads them alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from platform_employment.errors import ask_first, nearest
from platform_employment.validation.schemas import ColumnRule

# Goes into every rejected row. Raise it with any change of a code, an expression or their
# order; a test pins the rules to it.
RULE_VERSION = 2

# digits before the point; in 万元 this is more than the output of the world
MAX_DIGITS = 12

Value = str | int | Decimal | date | bool | None


class RowCode(StrEnum):
    """Why a cell is not accepted; `EXPLAINED` has message and remedy."""

    BLANK = "blank"
    SURROUNDING_SPACE = "surrounding_space"
    INVISIBLE_CHARACTER = "invisible_character"
    GARBLED_TEXT = "garbled_text"
    BAD_CODE = "bad_code"
    BAD_URL = "bad_url"
    NOT_ALLOWED = "not_allowed"
    BAD_DATE = "bad_date"
    BAD_BOOLEAN = "bad_boolean"
    FULL_WIDTH = "full_width"
    NOT_FINITE = "not_finite"
    MISSING_WORD = "missing_word"
    SCIENTIFIC = "scientific"
    THOUSANDS_SEPARATOR = "thousands_separator"
    SIGN = "sign"
    LEADING_ZERO = "leading_zero"
    UNIT_WORD = "unit_word"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_MANY_DIGITS = "too_many_digits"
    NEGATIVE = "negative"
    ZERO = "zero"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"


@dataclass(frozen=True)
class Row:
    """A record of a table: its line, the cells as text, the values by column."""

    line: int
    cells: tuple[str, ...]
    values: Mapping[str, Value]

    def key(self, columns: Sequence[str]) -> tuple[Value, ...]:
        """Return the values of some columns."""
        return tuple(map(self.values.__getitem__, columns))


@dataclass(frozen=True)
class Reason:
    """A text that is not accepted and matches `pattern` as a whole is refused with `code`."""

    code: RowCode
    pattern: str


@dataclass(frozen=True)
class CellRule:
    """How the text of a cell that is not empty is typed.

    accepts: the expression that the whole text must match; reasons: why another text is
    refused, the first that matches counts, the last one matches everything.
    """

    accepts: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Rejection:
    """Why a text is not a value of its column."""

    code: RowCode
    message: str
    remedy: str


_EVERYTHING = "(?s).*"
# category Zs of Unicode, and the blank of Braille, which is a symbol there
_SPACE = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
# categories Cc, Cf, Co, Zl and Zp of Unicode, and what programs show as nothing (its property
# Default_Ignorable_Code_Point); written out, because neither `re` nor a version of Python decides
_INVISIBLE = (
    r"\x00-\x1f\x7f-\x9f\xad"
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u17b4-\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_DAMAGED = "\ufffd"
_INNER = f"[^{_INVISIBLE}{_DAMAGED}]"
_OUTER = f"[^{_INVISIBLE}{_DAMAGED}{_SPACE}]"
_WHOLE = "-?(0|[1-9][0-9]*)"
_PLAUSIBLE = f"-?(0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})"
_DIGIT_SEPARATOR = "[,'’_ \u00a0\u2009\u202f]"
_AFFIX = "[^0-9.,+-]"

_SPACES = (
    Reason(RowCode.BLANK, f"[{_SPACE}]+"),
    Reason(RowCode.SURROUNDING_SPACE, f"[{_SPACE}].*|.*[{_SPACE}]"),
)
_TEXT = (*_SPACES, Reason(RowCode.GARBLED_TEXT, f".*{_DAMAGED}.*"))
_NUMBER = (
    *_SPACES,
    Reason(RowCode.FULL_WIDTH, ".*[０-９．，－＋％].*"),
    Reason(
        RowCode.NOT_FINITE,
        r"[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?|∞|1\.#(INF|IND|QNAN))",
    ),
    Reason(
        RowCode.MISSING_WORD,
        "[nN][uU][lL][lL]|[nN][oO][nN][eE]|[nN]/?[aA]|[nN][iI][lL]|#[A-Z0-9/!?]+"
        r"|[-–—.?/*]+|\\N|无|暂无|未知|缺失|不详|空",
    ),
    Reason(RowCode.SCIENTIFIC, r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eEdD][+-]?[0-9]+"),
    Reason(
        RowCode.THOUSANDS_SEPARATOR,
        rf"[+-]?[0-9][0-9.]*({_DIGIT_SEPARATOR}[0-9.]+)+|[+-]?[0-9]+(\.[0-9]+){{2,}}",
    ),
    Reason(RowCode.SIGN, r"[+−–—‐‑].*|--.*|- .*|\(.*\)|（.*）|.*[0-9][+−-]"),
    Reason(RowCode.LEADING_ZERO, r"-?0[0-9]+(\.[0-9]*)?"),
    Reason(
        RowCode.UNIT_WORD,
        rf"-?{_AFFIX}*[0-9]+(\.[0-9]+)?{_AFFIX}+|-?{_AFFIX}+[0-9]+(\.[0-9]+)?"
        "|.*[0-9].*[十百千万亿%‰元].*",
    ),
)
_FILE = "[0-9A-Za-z_.-]+"
# pages make links of it, so no other scheme; else a path within the project
_URL = f"https?://[^{_INVISIBLE}{_DAMAGED}{_SPACE}<>\"']+|{_FILE}(/{_FILE})*"
_TEXTS = {
    "code": CellRule(
        "[0-9A-Za-z]([0-9A-Za-z_.:/-]*[0-9A-Za-z])?",
        (*_TEXT, Reason(RowCode.BAD_CODE, _EVERYTHING)),
    ),
    "url": CellRule(_URL, (*_TEXT, Reason(RowCode.BAD_URL, _EVERYTHING))),
    "text": CellRule(
        f"{_OUTER}({_INNER}*{_OUTER})?",
        (*_TEXT, Reason(RowCode.INVISIBLE_CHARACTER, _EVERYTHING)),
    ),
}
_NUMBER_END = (
    Reason(RowCode.TOO_MANY_DIGITS, rf"-?[0-9]{{{MAX_DIGITS + 1},}}(\.[0-9]+)?"),
    Reason(RowCode.NOT_A_NUMBER, _EVERYTHING),
)
EXPLAINED = {
    RowCode.BLANK: ("the cell is blank", "fill it in, or leave an optional cell empty"),
    RowCode.SURROUNDING_SPACE: ("spaces before or after the text", "remove them"),
    RowCode.INVISIBLE_CHARACTER: (
        "the text holds an invisible character",
        "type the text again instead of pasting it",
    ),
    RowCode.GARBLED_TEXT: (
        "the text was damaged by a wrong encoding",
        "export the table again from its source as UTF-8",
    ),
    RowCode.BAD_CODE: ("not a code", "use letters, digits and . _ : / - only"),
    RowCode.BAD_URL: (
        "neither a web address nor a file of the project",
        "write an address that begins with https:// or http://, without spaces",
    ),
    RowCode.BAD_DATE: ("not a date", "write a calendar date like 2021-09-30"),
    RowCode.BAD_BOOLEAN: ("neither true nor false", "write true or false"),
    RowCode.FULL_WIDTH: (
        "full-width characters in a number",
        "type digits, point and sign in half width, like 12.5",
    ),
    RowCode.NOT_FINITE: (
        "not a finite number",
        "put a number, or leave an optional cell empty",
    ),
    RowCode.MISSING_WORD: (
        "a word or sign for a missing value",
        "put a number, or leave an optional cell empty",
    ),
    RowCode.SCIENTIFIC: ("scientific notation", "write all digits, like 1200000"),
    RowCode.THOUSANDS_SEPARATOR: (
        "a separator between digits",
        "write digits without separators and a decimal point",
    ),
    RowCode.SIGN: (
        "an unusual sign",
        "write a plain number, with one leading - if it is below zero",
    ),
    RowCode.LEADING_ZERO: ("leading zeros", "write the number without them"),
    RowCode.UNIT_WORD: (
        "a unit or other text next to the number",
        "convert to the unit of the column and write the number alone",
    ),
    RowCode.NOT_A_NUMBER: ("not a number", "write a plain number like 1234 or 12.5"),
    RowCode.NOT_AN_INTEGER: (
        "not a whole number",
        "write a whole number without a decimal point",
    ),
    RowCode.TOO_MANY_DIGITS: (
        f"more than {MAX_DIGITS} digits before the point",
        "check the unit of the column",
    ),
    RowCode.NEGATIVE: ("below zero", "check the figure and its sign"),
    RowCode.ZERO: ("zero", "remove the row if there is nothing to report"),
}


@cache
def cell_rule(rule: ColumnRule) -> CellRule:
    """Return the expressions of a column, for a cell that is not empty.

    An empty cell is refused as blank when the column is required and is null otherwise. A
    text that is accepted still has to pass, in this order: `values` (not_allowed), the
    calendar (bad_date), and as exact decimals zero, negative, below_minimum, above_maximum.
    """
    match rule.type:
        case "integer":
            fraction = Reason(RowCode.NOT_AN_INTEGER, rf"{_WHOLE}\.[0-9]+")
            return CellRule(_PLAUSIBLE, (*_NUMBER, fraction, *_NUMBER_END))
        case "decimal":
            accepts = rf"{_PLAUSIBLE}(\.[0-9]{{1,{rule.decimals}}})?"
            places = Reason(RowCode.TOO_MANY_DECIMALS, rf"{_WHOLE}\.[0-9]{{{rule.decimals + 1},}}")
            return CellRule(accepts, (*_NUMBER, places, *_NUMBER_END))
        case "date":
            accepts = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
            return CellRule(accepts, (*_SPACES, Reason(RowCode.BAD_DATE, _EVERYTHING)))
        case "boolean":
            return CellRule("true|false", (*_SPACES, Reason(RowCode.BAD_BOOLEAN, _EVERYTHING)))
    return _TEXTS[rule.type]


# what a value of an input may be, in a table and on the command line
INPUT_VALUE = ColumnRule(
    "value",
    type="decimal",
    decimals=12,
    minimum=Decimal(-(10**11)),
    maximum=Decimal(10**11),
)


def value_of(rule: ColumnRule, text: str) -> Value:
    """Return the value of a text that the rule accepts, exactly; an empty cell is not one."""
    if not text:
        return None
    match rule.type:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "boolean":
            return text == "true"
    return text


def rejection(rule: ColumnRule, text: str, code: RowCode) -> Rejection:
    """Explain the reason code of a text that is not a value of its column."""
    match code:
        case RowCode.NOT_ALLOWED:
            allowed = f"use one of {', '.join(rule.values)}"
            remedy = ask_first(nearest(text, rule.values), allowed)
            return Rejection(code, "not an allowed value", remedy)
        case RowCode.TOO_MANY_DECIMALS:
            message = f"more than {rule.decimals} digits after the point"
            return Rejection(code, message, f"round it to {rule.decimals} digits")
        case RowCode.BELOW_MINIMUM:
            message = f"below the smallest plausible figure {rule.minimum}"
            return Rejection(code, message, "check the figure and the unit of the column")
        case RowCode.ABOVE_MAXIMUM:
            message = f"above the largest plausible figure {rule.maximum}"
            return Rejection(code, message, "check the figure and the unit of the column")
        case _:
            return Rejection(code, *EXPLAINED[code])
