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


class Unit(NamedTuple):
    """A unit by the product of its dimensions and by how much of it one is."""

    dimension: str
    scale: Decimal


def number(value: Decimal | float | None, style: str, language: str, units: Mapping[str, Unit]) -> str:
    """Write a value; styles are

    `jobs` and `part`: 万 jobs, whole or with a decimal, in English million with two; `percent`: a
    share as a whole percent; `percent1`: one decimal; `count`; `exact`: all digits; `fixed:N`: so
    many decimals; `unit:NAME`: six digits of a value in the unit, in English of its base unit;
    `short:NAME`: four of them.
    """
    if value is None:
        return "–"
    name, _, argument = style.partition(":")
    exact = Decimal(str(value))
    match name:
        case "jobs" | "part":
            if language == "zh":
                return _fixed(exact, 0 if name == "jobs" else 1, language)
            million = exact.scaleb(-2)
            small = name == "part" and abs(million) < 1
            return _fixed(million, 3 if small else 2, language)
        case "percent" | "percent1":
            return _fixed(exact.scaleb(2), 0 if name == "percent" else 1, language) + "%"
        case "count":
            return _fixed(exact, 0, language)
        case "exact":
            return _trimmed(exact, language)
        case "fixed":
            return _fixed(exact, int(argument), language)
        case "unit" | "short":
            return in_unit(exact, argument, language, units, _DIGITS[name])[0]
    raise ValueError(f"no style {style!r}")


def in_unit(
    value: Decimal, unit: str, language: str, units: Mapping[str, Unit], digits: int = 6
) -> tuple[str, str]:
    """Write a value in a unit, with the word that counts it in English: million, billion or none."""
    known = units.get(unit)
    if unit in {"share", "percent"}:
        share = value if unit == "share" else value.scaleb(-2)
        return _trimmed(_significant(share.scaleb(2), digits), language) + "%", ""
    if language == "zh" or known is None or known.dimension == "1":
        return _trimmed(_significant(value, digits), language), ""
    base = _significant(value * known.scale, digits)
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
