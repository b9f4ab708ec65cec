"""Formulas built by hypothesis, with their exact value and a bound on what rounding does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st


class TooNearError(ArithmeticError):
    """A divisor is as near to zero as what rounding does to it: nothing bounds the quotient."""


@dataclass(frozen=True)
class Bounded:
    """A value in Fractions, and how far arithmetic that rounds each step may be from it."""

    exact: Fraction
    error: Fraction

    def rounded(self, exact: Fraction, error: Fraction, unit: Fraction) -> Bounded:
        return Bounded(exact, error + unit * (abs(exact) + error))


@dataclass(frozen=True)
class Tree:
    """A formula built by the test: its text, and what it is worth by the names and the rounding."""

    text: str
    value: Callable[[dict[str, Fraction], Fraction], Bounded]


NAMES = "abc"


def binary(sign: str, left: Tree, right: Tree) -> Tree:
    def value(x: dict[str, Fraction], unit: Fraction) -> Bounded:
        p, q = left.value(x, unit), right.value(x, unit)
        match sign:
            case "+":
                return p.rounded(p.exact + q.exact, p.error + q.error, unit)
            case "-":
                return p.rounded(p.exact - q.exact, p.error + q.error, unit)
            case "*":
                error = abs(p.exact) * q.error + abs(q.exact) * p.error + p.error * q.error
                return p.rounded(p.exact * q.exact, error, unit)
        if q.error >= abs(q.exact) and q.error > 0:
            raise TooNearError
        quotient = p.exact / q.exact
        error = (p.error + abs(quotient) * q.error) / (abs(q.exact) - q.error)
        return p.rounded(quotient, error, unit)

    return Tree(f"({left.text}) {sign} ({right.text})", value)


def power(base: Tree, exponent: int) -> Tree:
    def value(x: dict[str, Fraction], unit: Fraction) -> Bounded:
        p = base.value(x, unit)
        largest = (abs(p.exact) + p.error) ** exponent
        return p.rounded(p.exact**exponent, largest - abs(p.exact) ** exponent, 4 * unit)

    return Tree(f"({base.text}) ** {exponent}", value)


def extreme(name: str, left: Tree, right: Tree) -> Tree:
    choose = min if name == "min" else max

    def value(x: dict[str, Fraction], unit: Fraction) -> Bounded:
        p, q = left.value(x, unit), right.value(x, unit)
        return Bounded(choose(p.exact, q.exact), max(p.error, q.error))

    return Tree(f"{name}({left.text}, {right.text})", value)


def negative(of: Tree) -> Tree:
    def value(x: dict[str, Fraction], unit: Fraction) -> Bounded:
        p = of.value(x, unit)
        return Bounded(-p.exact, p.error)

    return Tree(f"-({of.text})", value)


def name(text: str) -> Tree:
    return Tree(text, lambda x, _: Bounded(x[text], Fraction(0)))


def number(value: int) -> Tree:
    return Tree(str(value), lambda *_: Bounded(Fraction(value), Fraction(0)))


def trees(signs: str) -> st.SearchStrategy[Tree]:
    leaves = st.one_of(st.sampled_from(NAMES).map(name), st.sampled_from([1, 2]).map(number))
    more: Callable[[st.SearchStrategy[Tree]], st.SearchStrategy[Tree]] = lambda inner: st.one_of(  # noqa: E731
        st.builds(binary, st.sampled_from(signs), inner, inner),
        st.builds(power, inner, st.sampled_from([2, 3])),
        st.builds(extreme, st.sampled_from(["min", "max"]), inner, inner),
        *([inner.map(negative)] if "-" in signs else []),
    )
    return st.recursive(leaves, more, max_leaves=6)


def numbers(low: str, high: str) -> st.SearchStrategy[dict[str, Decimal]]:
    return st.fixed_dictionaries(
        dict.fromkeys(NAMES, st.decimals(Decimal(low), Decimal(high), places=4))
    )
