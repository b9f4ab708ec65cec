"""How the pages write a number, in Chinese and in English; `scripts/numbers.js` is the twin.

A style is a name, or a name and an argument after a colon. Chinese has 万 and 亿; English has the
base unit in millions and billions, because its readers do not read 万.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

LANGUAGES = ("zh", "en")
MINUS = "−"
_LEAST_WITH_COMMAS = {"zh": 100_000, "en": 1_000}
_DIGITS = {"unit": 6, "short": 4}
_TINY = Decimal("1e-6")  # less of a base unit is left in its own unit
_DECIMALS = {"part": 1, "percent1": 1}


class Unit(NamedTuple):
    """A unit by the product of its dimensions and by how much of it one is."""

    dimension: str
    scale: Decimal


def number(
    value: Decimal | float | None, style: str, language: str, units: Mapping[str, Unit]
) -> str:
    """Write a value in a style.

    `jobs` and `part`: 万 jobs, whole or with a decimal, in English million with two; `percent`: a
    share as a whole percent; `percent1`: one decimal; `count`; `exact`: all digits; `fixed:N`: so
    many decimals; `unit:NAME`: six digits of a value in the unit, in English of its base unit;
    `short:NAME`: four of them.
    """
    if value is None:
        return "–"
    name, _, argument = style.partition(":")
    exact = Decimal(str(value))
    if name in _DIGITS:
        return in_unit(exact, argument, language, units, _DIGITS[name])[0]
    if name == "exact":
        return _trimmed(exact, language)
    decimals = int(argument or _DECIMALS.get(name, 0))
    if name in {"percent", "percent1"}:
        return _fixed(exact.scaleb(2), decimals, language) + "%"
    if name in {"jobs", "part"} and language == "en":
        exact = exact.scaleb(-2)
        decimals = 3 if name == "part" and abs(exact) < 1 else 2
    text = _fixed(exact, decimals, language)
    return text.removesuffix(".0") if name == "part" else text


def in_unit(
    value: Decimal, unit: str, language: str, units: Mapping[str, Unit], digits: int = 6
) -> tuple[str, str]:
    """Write a value in a unit, and give the word that counts it in English, if any."""
    known = units.get(unit)
    if unit in {"share", "percent"}:
        share = value if unit == "share" else value.scaleb(-2)
        return _trimmed(_significant(share.scaleb(2), digits), language) + "%", ""
    base = _significant(value * known.scale, digits) if known else value
    if language == "zh" or known is None or known.dimension == "1" or abs(base) < _TINY:
        return _trimmed(_significant(value, digits), language), ""
    for word, power in (("billion", 9), ("million", 6)):
        if abs(base) >= Decimal(10) ** power:
            return _trimmed(base.scaleb(-power), language), word
    return _trimmed(base, language), ""


def _significant(value: Decimal, digits: int) -> Decimal:
    if value == 0:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - digits), ROUND_HALF_UP)


def _fixed(value: Decimal, decimals: int, language: str) -> str:
    return _written(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), language)


def _trimmed(value: Decimal, language: str) -> str:
    return _written(value.normalize(), language)


def _written(value: Decimal, language: str) -> str:
    commas = abs(value) >= _LEAST_WITH_COMMAS[language]
    text = f"{abs(value):,f}" if commas else f"{abs(value):f}"
    return f"{MINUS}{text}" if value < 0 else text
