"""Formulas with numbers in them, in as many digits as make the line true when it is recomputed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from platform_employment.explain.calculations import value_of
from platform_employment.formatting import DIGITS, significant
from platform_employment.method.formula import FUNCTIONS
from platform_employment.quantities import Quantity, in_unit, quantity
from platform_employment.site.report import Amount

MAX_DIGITS = 10
_TOKEN = re.compile(r"[a-z][a-z0-9_]*|\d+|\*\*|[-+*/(),]")
_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "+"}


def line(formula: str, operands: Mapping[str, Amount], result: Amount, language: str) -> str:
    """Return the formula with values substituted, such as `616.8 bn yuan ÷ 165,400 yuan a job`.

    Each operand has at least three digits and at most those that it has itself. More are added,
    to all alike, until the digits as shown give the result as it is shown. An empty text means
    that no number of digits does, or that the formula uses a function.
    """
    tokens = _TOKEN.findall(formula)
    if not tokens or {"**", *FUNCTIONS} & set(tokens):
        return ""
    is_sum = not {"*", "/", "("} & set(tokens)
    kept = min(DIGITS, result.digits)
    wanted = significant(result.base, kept)
    for digits in range(DIGITS, MAX_DIGITS + 1):
        shown = {name: _shown(amount, digits) for name, amount in operands.items()}
        found = value_of(formula, shown)
        if found is not None and significant(found, kept) == wanted:
            break
    else:
        return ""
    largest = result.base
    texts = []
    for token in tokens:
        if token not in operands:
            texts.append(_SIGNS.get(token, token))
        elif is_sum:
            own = min(digits, operands[token].digits)
            texts.append(quantity(shown[token], language, own, like=largest).digits)
        else:
            texts.append(_text(operands[token], digits, language).joined(language))
    left = " ".join(texts).replace("( ", "(").replace(" )", ")")
    right = quantity(wanted, language, kept).joined(language) if result.unit else f"{wanted:f}"
    return f"{left} = {right}"


def _shown(amount: Amount, digits: int) -> Decimal:
    """The value in base units, rounded to the digits that are shown."""
    return significant(amount.base, min(digits, amount.digits))


def _text(amount: Amount, digits: int, language: str) -> Quantity:
    return in_unit(amount.value, amount.unit, language, min(digits, amount.digits))
