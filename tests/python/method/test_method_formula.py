"""The grammar by probes, the arithmetic against Fractions and 50 digits of mpmath."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from formula_trees import TooNearError, Tree, numbers, trees
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import platform_employment
from platform_employment.method.evaluate import evaluate
from platform_employment.method.formula import FUNCTIONS, FormulaError, parse

PACKAGE = Path(platform_employment.__file__).parent
PARTS = "is not a part of a formula: + - * / ** ( ) min max sum smaller_root"


def decimal_value(text: str, **values: Any) -> Decimal:
    value = evaluate(parse(text), {n: each(Decimal, v) for n, v in values.items()}, Decimal)
    return Decimal(only(value))


def float_value(text: str, **values: Any) -> float:
    value = only(
        evaluate(parse(text), {n: each(np.float64, v) for n, v in values.items()}, np.float64)
    )
    return float(value)


def each(kind: Callable[[Any], Any], value: Any) -> dict[str, Any]:
    return {e: kind(x) for e, x in (value if isinstance(value, dict) else {"-": value}).items()}


def only(value: Any) -> Any:
    assert list(value) == ["-"]
    return value["-"]


# the grammar


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gmv / productivity", ["gmv", "productivity"]),
        ("b0 + b1 * m + b2 * m ** 2", ["b0", "b1", "m", "b2"]),
        ("creators * min(1, share * factor)", ["creators", "share", "factor"]),
        ("sum(teams * members)", ["teams", "members"]),
        ("smaller_root(b0 - p, b1, b2)", ["b0", "p", "b1", "b2"]),
        ("max (a,b)", ["a", "b"]),
        ("-(a ** 3) - (-a) ** 2 / 2", ["a"]),
        ("base ** s", ["base", "s"]),
        (" a", ["a"]),
    ],
)
def test_formulas_of_the_grammar_name_what_they_rest_on(text: str, names: list[str]) -> None:
    assert list(parse(text).names) == names


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("9 ** 9 ** 9", "'9'"),
        ("a ** 2 ** 3", "'** 2 **'"),
        ("a ** b ** c", "'** b **'"),
        ("a ** 1", "'** 1'"),
        ("a ** -1", "'** -'"),
        ("a ** (b)", "'** ('"),
        ("a ** min(b, c)", "'** min ('"),
        ("3 * a", "'3'"),
        ("3", "'3'"),
        ("a * 10000", "'10000'"),
        ("0 + a", "'0'"),
        ("1.5 * a", "'1.5'"),
        ("1e400", "'1e400'"),
        ("1_0", "'1_0'"),
        ("0x10", "'0x10'"),
        ("1j * a", "'1j'"),
        ("ｇｍｖ", "'ｇｍｖ'"),
        ("Gmv", "'Gmv'"),
        ("_a", "'_a'"),
        ("a" * 41, repr("a" * 41)),
        ("True", "'True'"),
        ("None", "'None'"),
        ("a if b else c", "'if'"),
        ("not a", "'not'"),
        ("lambda: a", "'lambda'"),
        ("gmv.real", "'gmv.real'"),
        ("gmv . real", "'.'"),
        ("a[b]", "'['"),
        ("a > b", "'>'"),
        ("a == b", "'='"),
        ("a // b", "'//'"),
        ("a % b", "'%'"),
        ("a @ b", "'@'"),
        ("a := b", "':'"),
        ("'a'", '"\'"'),
        ("a\n+ b", r"'\n'"),
        ("a\t+ b", r"'\t'"),
        ("a # b", "'#'"),
        ("+a", "'+a'"),
        ("min(a)", "'min(a)'"),
        ("max(a, b, c)", "'max(a, b, c)'"),
        ("sum()", "'sum()'"),
        ("min(a, b,)", "', )'"),
        ("min(*a, b)", "'*a'"),
        ("open(a)", "'open(a)'"),
        ("(a)(b)", "'a(b)'"),
        ("2 (a)", "'2 ('"),
        ("a, b", "'(a, b)'"),
        ("()", "'()'"),
        ("min + 1", "'min'"),
        ("min(sum, a)", "'sum'"),
    ],
)
def test_what_is_not_of_the_grammar_is_refused_by_name(text: str, piece: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse(text)
    assert str(error.value) == f"{piece} {PARTS}"


@pytest.mark.parametrize("text", ["", "a +", "(a", "a)", "a b", "a (", "* a"])
def test_half_a_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="is no formula"):
        parse(text)


@pytest.mark.parametrize("text", ["-a ** 2", "b - - a ** 2", "-(a) ** 2", "- min(a, b) ** 2"])
def test_a_sign_before_a_power_needs_brackets(text: str) -> None:
    """Python reads -a ** 2 as -(a ** 2), the grammar as (-a) ** 2."""
    with pytest.raises(FormulaError, match="bracket the power or its base"):
        parse(text)
    assert decimal_value("b - a ** 2", a=3, b=1) == -8
    assert decimal_value("-( a ** 2)", a=3) == -9
    assert decimal_value("(-a) ** 2", a=3) == 9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+".join(["a"] * 20_000), "39999 characters, at most 120: make two steps"),
        ("a + " * 29 + "abcde", "121 characters, at most 120: make two steps"),
        ("(" * 250 + "a" + ")" * 250, "501 characters, at most 120: make two steps"),
        ("(" * 7 + "a" + ")" * 7, "7 brackets deep, at most 6: make two steps"),
        (" + ".join("abcdefghijklm"), "13 names, at most 12: make two steps"),
    ],
)
def test_size_has_limits(text: str, message: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse(text)
    assert str(error.value) == message


def test_size_just_below_the_limits_is_taken() -> None:
    parse("a + " * 29 + "abcd")
    parse("(" * 6 + "a" + ")" * 6)
    parse(" + ".join("abcdefghijkl"))
    assert len(parse(" + ".join(f"part_{n}" for n in range(60)), is_limited=False).names) == 60


def test_a_text_that_python_warns_of_is_refused_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    with pytest.raises(FormulaError):
        parse("1 (a)")
    assert not recwarn.list


def test_the_language_stays_small() -> None:
    """A fifth function is decided in docs/decisions, not here."""
    assert sorted(FUNCTIONS) == ["max", "min", "smaller_root", "sum"]


def test_no_other_module_reads_code() -> None:
    """`ast`, `eval`, `exec` and `compile` are in the evaluator alone."""
    readers = {}
    for path in PACKAGE.rglob("*.py"):
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    found |= {alias.name for alias in names} & {"ast"}
                case ast.ImportFrom(module="ast"):
                    found.add("ast")
                case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" as name)):
                    found.add(name)
        if found:
            readers[path.relative_to(PACKAGE).as_posix()] = found
    assert readers == {"method/formula.py": {"ast"}}


# elements


def test_elements_are_aligned_by_id_and_never_by_position() -> None:
    one = {"b": Decimal(2), "a": Decimal(1)}
    other = {"a": Decimal(10), "b": Decimal(100)}
    values = {"one": one, "other": other, "alone": {"-": Decimal(3)}}
    assert evaluate(parse("one * other + alone"), values, Decimal) == {"a": 13, "b": 203}
    assert evaluate(parse("sum(one * other)"), values, Decimal) == {"-": 210}
    assert evaluate(parse("alone / sum(other) * one"), values, Decimal)["b"] == decimal_value(
        "x / y * 2", x=3, y=110
    )


@pytest.mark.parametrize("lacking", ["a", "b"])
def test_an_element_of_one_operand_alone_is_refused(lacking: str) -> None:
    full = {"a": Decimal(1), "b": Decimal(2)}
    part = {e: x for e, x in full.items() if e != lacking}
    for values in ({"x": full, "y": part}, {"x": part, "y": full}):
        with pytest.raises(FormulaError, match=f"no value for {lacking} in one of the operands"):
            evaluate(parse("x + y"), values, Decimal)


def test_a_sum_does_not_depend_on_the_order_of_rows() -> None:
    values = {f"e{n}": np.float64(x) for n, x in enumerate([1e16, 1.0, -1e16, 1.0])}
    turned = dict(reversed(values.items()))
    first, second = (evaluate(parse("sum(x)"), {"x": x}, np.float64) for x in (values, turned))
    assert first == second


# arithmetic


ANY_TREE = trees("+-*/")


@given(ANY_TREE, numbers("-1e6", "1e6"))
@settings(max_examples=300, deadline=None)
def test_decimals_are_fractions_to_34_digits(tree: Tree, values: dict[str, Decimal]) -> None:
    """The bound on rounding follows each operation, so cancellation is no excuse."""
    formula = parse(tree.text, is_limited=False)
    exact = {name: Fraction(x) for name, x in values.items()}
    try:
        bounded = tree.value(exact, Fraction(1, 10**33))
    except TooNearError:
        assume(False)
    except ZeroDivisionError:
        with pytest.raises(FormulaError, match=r"divides by zero|has no value"):
            evaluate(formula, {n: {"-": x} for n, x in values.items()}, Decimal)
        return
    found = only(evaluate(formula, {n: {"-": x} for n, x in values.items()}, Decimal))
    assert abs(Fraction(found) - bounded.exact) <= bounded.error


@given(ANY_TREE, numbers("-1e6", "1e6"))
@settings(max_examples=300, deadline=None)
def test_floats_are_fractions_to_16_digits(tree: Tree, values: dict[str, Decimal]) -> None:
    exact = {name: Fraction(float(x)) for name, x in values.items()}
    try:
        bounded = tree.value(exact, Fraction(1, 2**52))
    except ArithmeticError:
        assume(False)
    floats = {name: {"-": np.float64(x)} for name, x in values.items()}
    found = only(evaluate(parse(tree.text, is_limited=False), floats, np.float64))
    assert abs(Fraction(float(found)) - bounded.exact) <= bounded.error


@given(trees("+*/"), numbers("0.001", "1e4"))
@settings(max_examples=200, deadline=None)
def test_decimals_and_floats_agree(tree: Tree, values: dict[str, Decimal]) -> None:
    formula = parse(tree.text, is_limited=False)
    exact = only(evaluate(formula, {n: {"-": x} for n, x in values.items()}, Decimal))
    floats = {n: {"-": np.float64(x)} for n, x in values.items()}
    assert float(only(evaluate(formula, floats, np.float64))) == pytest.approx(
        float(exact), rel=1e-9
    )


@given(*[st.decimals(Decimal("-1e4"), Decimal("1e4"), places=6)] * 3)
@settings(max_examples=300, deadline=None)
def test_smaller_root_is_that_of_50_digits(a: Decimal, b: Decimal, c: Decimal) -> None:
    square = b * b - 4 * a * c
    # a root where two nearly meet has half the digits, anyone who works it out
    assume(b != 0 and abs(square) > Decimal("1e-4") * (b * b + abs(4 * a * c)))
    formula = parse("smaller_root(a, b, c)")
    values = {n: {"-": x} for n, x in zip("abc", (a, b, c), strict=True)}
    floats = {n: {"-": np.float64(x["-"])} for n, x in values.items()}
    if square < 0:
        with pytest.raises(FormulaError, match="has no value"):
            evaluate(formula, values, Decimal)
        assert np.isnan(only(evaluate(formula, floats, np.float64)))
        return
    with mpmath.workdps(50):
        exact = [mpmath.mpf(str(x)) for x in ((a, b, c) if c else (a, b))]
        roots = mpmath.polyroots(exact, maxsteps=200, extraprec=200, asc=True)
        nearer = min(roots, key=abs)
        found = mpmath.mpf(str(only(evaluate(formula, values, Decimal))))
        assert abs(found - nearer) <= mpmath.mpf(10) ** -28 * abs(nearer)
        there = mpmath.mpf(float(only(evaluate(formula, floats, np.float64))))
        assert abs(there - nearer) <= mpmath.mpf(10) ** -9 * abs(nearer)


def test_of_two_roots_as_near_to_zero_it_is_the_positive_one_where_a_is_negative() -> None:
    assert decimal_value("smaller_root(a, b, c)", a=-4, b=0, c=1) == 2
    assert float_value("smaller_root(a, b, c)", a=-4, b=0, c=1) == 2
    assert decimal_value("smaller_root(a, b, c)", a=4, b=0, c=-1) == -2


def test_smaller_root_of_the_report() -> None:
    """f(m) = b0 + b1 m + b2 m^2 = GMV / jobs, the mean turnover that the report implies."""
    root = decimal_value(
        "smaller_root(b0 - gmv / jobs, b1, b2)",
        b0="7.823",
        b1="0.059",
        b2="-0.0000024",
        gmv=6168,
        jobs="372.9",
    )
    assert root.quantize(Decimal("0.000001")) == Decimal("148.655317")


@given(
    st.decimals(Decimal("0.0001"), Decimal("1e6"), places=4),
    st.decimals(-3, 3, places=3),
)
@settings(max_examples=200, deadline=None)
def test_powers_by_name_are_those_of_50_digits(base: Decimal, exponent: Decimal) -> None:
    found = decimal_value("base ** s", base=base, s=exponent)
    with mpmath.workdps(50):
        exact = mpmath.power(mpmath.mpf(str(base)), mpmath.mpf(str(exponent)))
        assert abs(mpmath.mpf(str(found)) - exact) <= mpmath.mpf(10) ** -32 * exact
        assert float_value("base ** s", base=base, s=exponent) == pytest.approx(
            float(exact), rel=1e-9
        )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a / (b - b)", "divides by zero"),
        ("(b - b) / (b - b)", "has no value"),
        ("(-a) ** s", "has no value"),
    ],
)
def test_a_formula_without_a_value_says_so(text: str, reason: str) -> None:
    with pytest.raises(FormulaError, match=reason):
        decimal_value(text, a=1, b=2, s="0.5")
    assert not np.isfinite(float_value(text, a=1, b=2, s="0.5"))


def test_arithmetic_does_not_depend_on_the_context_of_the_caller() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 5, ROUND_DOWN
        third = decimal_value("a / b", a=2, b=3)
    assert third == Decimal("0." + "6" * 33 + "7")
