"""One page in one language: texts, addresses, and numbers that lead to the cell they come from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup, escape

from platform_employment.formatting import DIGITS
from platform_employment.quantities import (
    Quantity,
    in_unit,
    interval,
    printed_digits,
    quantity,
    share,
)
from platform_employment.site.report import ALL_DIGITS, Amount
from platform_employment.site.rows import Cell
from platform_employment.words import BilingualText, bounded

HTML_LANG = {"zh": "zh-CN", "en": "en"}
_SIGNS = {"over": ">", "at_least": "≥", "up_to": "≤", "under": "<"}
_CJK = re.compile(r"[\u3400-\u9fff]")


def address_of(cell: Cell) -> str:
    """Return the place of the evidence page of a seed line, or of its line in a long seed."""
    return f"{folder_of(cell.file)}/{cell.line}.html"


def folder_of(file: str) -> str:
    """Return the folder of the evidence pages of a seed file."""
    name = file.removesuffix(".csv").removeprefix("seeds/")
    return "evidence/" + re.sub(r"[^A-Za-z0-9_/-]+", "-", name).strip("/-")


@dataclass(frozen=True)
class Writer:
    """Writes for one page. `path`: of the page under the root of its language."""

    language: str
    path: str
    short: Collection[str] = ()

    @property
    def html_lang(self) -> str:
        """The language as HTML names it."""
        return HTML_LANG[self.language]

    @property
    def root(self) -> str:
        """The way to the folder of the site."""
        depth = self.path.count("/") + (self.language == "en")
        return "../" * depth

    def t(self, zh: str, en: str) -> str:
        """Return the text of the language of the page."""
        return zh if self.language == "zh" else en

    def of(self, text: BilingualText | None) -> str:
        """Return the text of the language of the page."""
        return text.of(self.language) if text else ""

    def field(self, row: dict[str, object], stem: str) -> str:
        """Return the column of a row in the language of the page."""
        found = row.get(f"{stem}_{self.language}")
        return "" if found is None else str(found)

    def href(self, path: str) -> str:
        """Return the relative address of another page of the same language."""
        file, mark, place = path.partition("#")
        here = posixpath.dirname(self.path)
        return posixpath.relpath(file, here or ".") + mark + place

    def other_language(self) -> str:
        """Return the relative address of this page in the other language."""
        return self.root + (f"en/{self.path}" if self.language == "zh" else self.path)

    def cell_path(self, cell: Cell) -> str:
        """Return the page of a seed line; lines of long seeds share one page."""
        if cell.file in self.short:
            return f"{folder_of(cell.file)}.html#l{cell.line}"
        return address_of(cell)

    def cell(self, cell: Cell, text: str) -> Markup:
        """Return a link to the evidence page of a seed line."""
        return Markup('<a href="{}">{}</a>').format(self.href(self.cell_path(cell)), text)

    def n(
        self, text: object, cell: Cell | None = None, to: str = "", name: str = "", lang: str = ""
    ) -> Markup:
        """Return a number that leads to its seed line, or to where it is taken apart.

        Parameters
        ----------
        text
            The number as it is shown.
        cell
            The line that states it.
        to
            An address on this page, such as `#part-merchants`, or the path of another page.
        name
            What `data-cell` holds when there is no single line.
        lang
            Language of the text when it is not the language of the page.
        """
        if cell is not None:
            target, where = self.href(self.cell_path(cell)), f"{cell.file}:{cell.line}"
        elif to:
            target = to if to.startswith("#") else self.href(to)
            where = name or to
        else:
            return Markup("<b>{}</b>").format(text)
        attribute = Markup(' lang="{}"').format(lang) if lang else ""
        return Markup('<a class="n" data-cell="{}" href="{}"{}>{}</a>').format(
            where, target, attribute, text
        )

    def amount(
        self, amount: Amount, digits: int | None = DIGITS, *, sign: bool = False, word: bool = True
    ) -> str:
        """Return a number with its bound and its scale; `sign`: `>` for `over`, as in columns."""
        kept = None if digits is None else min(digits, amount.digits)
        found = self.quantity(amount, kept)
        text = found.joined(self.language) if word else found.digits
        return self.bounded(text, amount.comparator, sign=sign)

    def quantity(self, amount: Amount, digits: int | None = DIGITS) -> Quantity:
        """Return digits and scale of a number."""
        if digits is None and amount.digits < ALL_DIGITS:
            digits = printed_digits(amount.value, amount.digits)
        return in_unit(amount.value, amount.unit, self.language, digits)

    def bounded(self, text: str, comparator: str, *, sign: bool = False) -> str:
        """Return a number with the word of its bound, which stays with it wherever it is shown."""
        if sign and comparator in _SIGNS:
            return f"{_SIGNS[comparator]} {text}"
        return bounded(text, comparator, self.language)

    def count(self, value: Decimal, digits: int | None = DIGITS) -> str:
        """Return a computed number of jobs or persons."""
        return quantity(value, self.language, digits).joined(self.language)

    def interval(self, low: Decimal, high: Decimal) -> Quantity:
        """Return a range of jobs or persons."""
        return interval(low, high, self.language)

    def share(self, value: Decimal) -> str:
        """Return a share as a percentage."""
        return share(value, self.language)

    def quoted(self, text: object) -> Markup:
        """Return words of a source, marked as Chinese where the page is English."""
        if self.language == "en" and _CJK.search(str(text)):
            return Markup('<span lang="zh-CN">{}</span>').format(text)
        return escape(text)

    def month_of(self, day: date) -> str:
        """Return the year and month of a day as text."""
        return self.month(day.isoformat()[:7])

    def month(self, day: str | None) -> str:
        """Return the year and month of a date as text, as far as it is known."""
        parts = (day or "").split("-")
        if not parts[0]:
            return ""
        if len(parts) == 1:
            return self.t(f"{parts[0]} 年", parts[0])
        names = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
        month = int(parts[1])
        return self.t(f"{parts[0]} 年 {month} 月", f"{names[month - 1]} {parts[0]}")
