"""Print numbers: three significant digits, half up in decimal, in the words of each language.

A value is a Decimal in the base unit of its dimension (jobs, persons, yuan). Chinese counts in 万
and 亿, English in thousands, millions and billions. `whatif.js` has a twin of `quantity`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from platform_employment.formatting import DIGITS, in_digits, significant, significant_digits
from platform_employment.words import BilingualText

LANGUAGES = ("zh", "en")
MINUS, DASH = "−", "–"
SCALES = {
    "zh": ((8, "亿"), (4, "万")),
    "en": ((9, "billion"), (6, "million"), (3, "thousand")),
}
# money is written in full below a million, as prices are
MONEY = {
    "zh": ((8, "亿元"), (4, "万元"), (0, "元")),
    "en": ((9, "bn yuan"), (6, "million yuan"), (0, "yuan")),
}
DOLLARS = {
    "zh": ((8, "亿美元"), (4, "万美元"), (0, "美元")),
    "en": ((9, "bn US dollars"), (6, "million US dollars"), (0, "US dollars")),
}
# what an amount of money is for each of
PER = {"jobs^-1": ("岗位", "job"), "persons^-1": ("人", "person")}
# what is scaled without naming what is counted
COUNTED = frozenset(
    [
        "jobs",
        "persons",
        "fte",
        "users",
        "followers",
        "views",
        "orders",
        "merchants",
        "organisations",
        "firms",
    ]
)
_LEAST_END = Decimal("0.1")  # of a range in one scale: not 0.0550–16.4 million
_LEAST_WITH_COMMAS = {"zh": 100_000, "en": 1_000}


class Unit(NamedTuple):
    """A unit by the product of its dimensions, by how much of it one is, and by its names."""

    dimension: str
    scale: Decimal
    zh: str
    en: str


class Quantity(NamedTuple):
    """The digits of a value and the word that scales or counts them, which may be empty."""

    digits: str
    word: str

    def joined(self, language: str) -> str:
        """Return digits and word as one text."""
        if not self.word or self.word == "%":
            return self.digits + self.word
        return f"{self.digits} {self.word}"


def written(value: Decimal, language: str, digits: int | None = DIGITS) -> str:
    """Return the digits of a value that is already scaled, zeros kept to the digits that count."""
    if value == 0:
        return "0"
    text = in_digits(abs(value), digits)
    bare = text.replace(",", "")
    if Decimal(bare) < _LEAST_WITH_COMMAS[language]:
        text = bare
    return f"{MINUS}{text}" if value < 0 else text


def scale_of(
    value: Decimal, scales: tuple[tuple[int, str], ...], digits: int | None = DIGITS
) -> tuple[int, str]:
    """Return the power of ten and the word for a value: the largest that leaves one digit."""
    size = abs(significant(value, digits))
    return next(
        (one for one in scales if size >= Decimal(10) ** one[0]),
        (0, scales[-1][1] if scales[-1][0] == 0 else ""),
    )


def quantity(
    value: Decimal,
    language: str,
    digits: int | None = DIGITS,
    scales: tuple[tuple[int, str], ...] | None = None,
    like: Decimal | None = None,
) -> Quantity:
    """Return a count or an amount in the scale of its size, or in the one of `like`."""
    power, word = scale_of(value if like is None else like, scales or SCALES[language], digits)
    return Quantity(written(value.scaleb(-power), language, digits), word)


def amount_of(value: Decimal, digits: int | None = DIGITS) -> BilingualText:
    """Return a count in the running text of both languages: 5.11万, 51.1 thousand."""
    zh, en = (quantity(value, language, digits) for language in LANGUAGES)
    return BilingualText(f"{zh.digits}{zh.word}", en.joined("en"))


def interval(low: Decimal, high: Decimal, language: str, digits: int = DIGITS) -> Quantity:
    """Return a range; the half width when both ends agree to the digits that are shown."""
    if low == high:
        return quantity(high, language, digits)
    power, word = scale_of(high, SCALES[language], digits)
    texts = [written(end.scaleb(-power), language, digits) for end in (low, high)]
    if texts[0] == texts[1]:
        half = quantity((high - low) / 2, language, digits)
        return Quantity(f"± {half.digits}", half.word)
    if 0 < low.scaleb(-power) < _LEAST_END:
        texts[0] = quantity(low, language, digits).joined(language)
    return Quantity(DASH.join(texts), word)


def share(value: Decimal, language: str, digits: int = DIGITS) -> str:
    """Return a share as a percentage."""
    return written(value.scaleb(2), language, digits) + "%"


def in_unit(
    value: Decimal, unit: Unit | None, language: str, digits: int | None = DIGITS
) -> Quantity:
    """Return a value in a unit of the warehouse: scaled where the language scales it."""
    name = "" if unit is None or unit.dimension == "1" else unit.zh if language == "zh" else unit.en
    if value == 1:  # one job per person
        name = name.replace("jobs ", "job ", 1)
    plain = Quantity(written(value, language, digits), name)
    if unit is None:
        return plain
    if unit.en == "rank":  # the noun comes first
        place = f"{value.normalize():f}"
        plain = Quantity(f"第 {place} 位" if language == "zh" else f"rank {place}", "")
    base = value * unit.scale
    kind, _, divisor = unit.dimension.partition(" ")
    if unit.dimension == "1":
        is_share = unit.scale != 1 or unit.en in {"percent", "share"}
        return Quantity(written(base.scaleb(2), language, digits), "%") if is_share else plain
    money = {"yuan": MONEY, "usd": DOLLARS}.get(kind)
    if money and not divisor:
        return quantity(base, language, digits, money[language])
    if kind == "yuan" and divisor in PER:
        found = quantity(base, language, digits, money[language] if money else None)
        zh, en = PER[divisor]
        word = f"{found.word}/{zh}" if language == "zh" else f"{found.word} a {en}"
        return Quantity(found.digits, word)
    if divisor or unit.dimension not in COUNTED:
        return plain
    return quantity(base, language, digits)


def printed_digits(value: Decimal, digits: int) -> int:
    """Return the digits of a printed number that are shown: zeros at the end fill up to three.

    51,100 is printed with five digits and shown as 51.1 thousand, 5400000 as 5.40 million.
    """
    return min(digits, max(DIGITS, significant_digits(value)))


def digits_of(text: str) -> int:
    """Return how many significant digits a printed number phrase has.

    Zeros at the end of a whole number count: what was printed is repeated, not judged.
    """
    number = ""
    for character in text.replace(",", "").replace("，", ""):
        if character.isdigit() or (character == "." and number):
            number += character
        elif number:
            break
    return max(1, len(number.replace(".", "").lstrip("0")))
