"""Checks on cells: a text becomes exactly the number that it shows, or is refused.

`cell_oracle` reads the same rules in Python.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from cell_oracle import code_of, outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_employment.validation.cells import (
    MAX_DIGITS,
    RULE_VERSION,
    Rejection,
    RowCode,
    Value,
    cell_rule,
)
from platform_employment.validation.judge import judge, shape, typed
from platform_employment.validation.schemas import MAX_DECIMALS, TYPES, ColumnRule, load_schemas

HIDDEN = {"Cc", "Cf", "Co", "Zl", "Zp"}
DECIMAL = ColumnRule("x", type="decimal", decimals=4)
INTEGER = ColumnRule("x", type="integer")
RULES = [ColumnRule("x", type=name, decimals=4 if name == "decimal" else 0) for name in TYPES]
LIMITED = [
    ColumnRule("x", type="decimal", decimals=2, required=False, minimum=Decimal(-1)),
    ColumnRule("x", type="integer", minimum=Decimal(2), maximum=Decimal(9)),
    ColumnRule("x", type="decimal", decimals=1, minimum=Decimal(0), exclusive_minimum=True),
    ColumnRule("x", values=("12.5", "那个", "it's")),
]

# what people and programs put around numbers
SIGNS = st.sampled_from(list("0123456789.,+-eE%'_ #/()万亿元０９．－　\u00a0\u200b−∞nNaAiIfF"))


@st.composite
def almost_numbers(draw: st.DrawFn) -> str:
    """A number with some signs more, often at its start and often such as numbers have."""
    text = f"{draw(st.decimals(0, 10**6, places=2)):f}"
    for sign in draw(st.lists(st.one_of(st.sampled_from("0-−,."), SIGNS), max_size=3)):
        at = draw(st.one_of(st.just(0), st.integers(0, len(text))))
        text = text[:at] + sign + text[at:]
    return text


CELL_TEXT = st.one_of(
    almost_numbers(),
    st.text(alphabet=st.one_of(SIGNS, st.characters(codec="utf-8")), max_size=12),
)


def outcomes_of(rule: ColumnRule, texts: list[str]) -> list[Value | RowCode]:
    """What the judge says of each text: its value, or its reason code."""
    outcomes = judge([(rule, texts)])[shape(rule)]
    found = [outcomes[text] for text in texts]
    return [found.code if isinstance(found, Rejection) else found for found in found]


def judged_code(rule: ColumnRule, text: str) -> RowCode | None:
    (outcome,) = outcomes_of(rule, [text])
    return outcome if isinstance(outcome, RowCode) else None


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        (INTEGER, "0", 0),
        (INTEGER, "-17", -17),
        (INTEGER, "9" * MAX_DIGITS, 10**MAX_DIGITS - 1),
        (DECIMAL, "0", Decimal(0)),
        (DECIMAL, "-0.5", Decimal("-0.5")),
        (DECIMAL, "1185.5940", Decimal("1185.594")),
        (ColumnRule("x", type="date"), "2020-02-29", date(2020, 2, 29)),
        (ColumnRule("x", type="boolean"), "true", True),
        (ColumnRule("x", type="boolean"), "false", False),
        (ColumnRule("x", type="code"), "007", "007"),
        (ColumnRule("x", type="code"), "a", "a"),
        (ColumnRule("x"), "快手 (Kuaishou), “about” 4 %", "快手 (Kuaishou), “about” 4 %"),
        (ColumnRule("x", required=False), "", None),
        (ColumnRule("x", type="decimal", decimals=2, required=False), "", None),
        (ColumnRule("x", values=("over", "equal")), "equal", "equal"),
    ],
)
def test_accepts(rule: ColumnRule, text: str, value: object) -> None:
    outcome = typed(rule, text)
    assert outcome == value
    assert type(outcome) is type(value)


def test_keeps_all_digits() -> None:
    rule = ColumnRule("x", type="decimal", decimals=MAX_DECIMALS)
    text = f"{'9' * MAX_DIGITS}.{'9' * MAX_DECIMALS}"
    assert str(typed(rule, text)) == text


@pytest.mark.parametrize(
    ("minimum", "exclusive", "text", "code"),
    [
        ("0", False, "0", None),
        ("0", True, "0", RowCode.ZERO),
        ("0", True, "-0.0", RowCode.ZERO),
        ("0", True, "0.0001", None),
        ("0", False, "-0.0001", RowCode.NEGATIVE),
        ("1", False, "0", RowCode.ZERO),
        ("1", False, "-1", RowCode.NEGATIVE),
        ("1", False, "0.9999", RowCode.BELOW_MINIMUM),
        ("1", False, "1.0000", None),
        ("-1", False, "-1", None),
        ("-1", True, "-1", RowCode.BELOW_MINIMUM),
        ("-1", False, "-1.0001", RowCode.BELOW_MINIMUM),
        ("0", False, "100", None),
        ("0", False, "100.0001", RowCode.ABOVE_MAXIMUM),
    ],
)
def test_limits_are_exact(minimum: str, exclusive: bool, text: str, code: RowCode | None) -> None:
    rule = ColumnRule(
        "x",
        type="decimal",
        decimals=4,
        minimum=Decimal(minimum),
        maximum=Decimal(100),
        exclusive_minimum=exclusive,
    )
    assert judged_code(rule, text) == code


def test_a_line_break_is_refused_by_every_type() -> None:
    # files cannot hold one in a cell, Parquet and databases can
    texts = ["1\n", "\n1", "2021-01-01\n", "true\n", "a\nb", "\0", "1\0"]
    for rule in RULES:
        found = outcomes_of(rule, texts)
        assert all(isinstance(code, RowCode) for code in found), (rule.type, found)


def test_names_the_allowed_values_and_the_near_one() -> None:
    outcome = typed(ColumnRule("x", values=("disclosed", "assumed")), "asumed")
    assert isinstance(outcome, Rejection)
    assert outcome.remedy == "did you mean assumed? use one of disclosed, assumed"


@given(st.lists(CELL_TEXT, min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_never_another_number(texts: list[str]) -> None:
    for rule in (DECIMAL, INTEGER):
        for text, outcome in judge([(rule, texts)])[shape(rule)].items():
            if isinstance(outcome, Rejection):
                assert outcome.message
                assert outcome.remedy
            else:
                assert outcome == Decimal(text)
                assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text)


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1),
    st.lists(st.integers(-(10**12) + 1, 10**12 - 1), min_size=1),
)
@settings(deadline=None)
def test_a_plain_number_is_accepted_as_it_is(decimals: list[Decimal], whole: list[int]) -> None:
    assert outcomes_of(DECIMAL, [f"{number:f}" for number in decimals]) == decimals
    assert outcomes_of(INTEGER, list(map(str, whole))) == whole


@given(st.lists(CELL_TEXT, min_size=20, max_size=60))
@settings(max_examples=50, deadline=None)
def test_the_judge_agrees_with_rules_read_by_python(texts: list[str]) -> None:
    known = ["", "12.5", "1,234", "１２", "12万元", "NaN", "-0", "1e5", " 1", "2021-03-31", "a\nb"]
    samples = [*texts, *known]
    for rule in (*RULES, *LIMITED):
        assert outcomes_of(rule, samples) == [outcome_of(rule, text) for text in samples]


@given(st.lists(CELL_TEXT.filter(lambda text: "\0" not in text), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_duckdb_casts_what_is_accepted_to_the_same_number(texts: list[str]) -> None:
    accepted = {
        text: outcome
        for text, outcome in judge([(DECIMAL, texts)])[shape(DECIMAL)].items()
        if isinstance(outcome, Decimal)
    }
    cast = duckdb.execute(
        "select list_transform($1, lambda text: cast(text as decimal(18, 4)))", [list(accepted)]
    ).fetchone()
    assert cast == (list(accepted.values()),)


def test_the_last_reason_matches_everything() -> None:
    for rule in RULES:
        last = cell_rule(rule).reasons[-1].pattern
        assert re.fullmatch(last, "")
        assert re.fullmatch(last, "a\nb")


# Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 16
DEFAULT_IGNORABLE = [
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
]


def test_no_character_that_shows_nothing_passes() -> None:
    ignorable = {chr(i) for first, last in DEFAULT_IGNORABLE for i in range(first, last + 1)}
    text = ColumnRule("x")
    refused: dict[RowCode | None, set[str]] = defaultdict(set)
    for character in map(chr, range(0x110000)):
        if unicodedata.category(character) != "Cs":
            refused[code_of(text, f"a{character}a")].add(character)
            # at the end a space is one too many
            is_space = unicodedata.category(character) == "Zs" or character == "\u2800"
            assert (code_of(text, character) == RowCode.BLANK) == is_space
    hidden = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) in HIDDEN}
    assert refused.keys() == {None, RowCode.INVISIBLE_CHARACTER, RowCode.GARBLED_TEXT}
    assert hidden | ignorable <= refused[RowCode.INVISIBLE_CHARACTER]
    # format characters of a later Unicode than the one of this Python
    others = refused[RowCode.INVISIBLE_CHARACTER] - hidden - ignorable
    assert {unicodedata.category(character) for character in others} <= {"Cn"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.org/a?b=c#d", None),
        ("http://例子.cn/报告", None),
        ("docs/explanation/assumptions.md", None),
        ("javascript:alert(1)", RowCode.BAD_URL),
        ("JavaScript://example.org/%0aalert(1)", RowCode.BAD_URL),
        ("data:text/html,x", RowCode.BAD_URL),
        ("//example.org/a", RowCode.BAD_URL),
        ("https://example.org/a b", RowCode.BAD_URL),
        ('https://example.org/"onclick=', RowCode.BAD_URL),
        ("https://", RowCode.BAD_URL),
        (" https://example.org", RowCode.SURROUNDING_SPACE),
    ],
)
def test_a_link_leads_to_the_web_or_to_a_file_of_the_project(
    text: str, code: RowCode | None
) -> None:
    assert judged_code(ColumnRule("x", type="url"), text) == code


def test_a_changed_rule_has_a_new_version() -> None:
    """Rejected rows name the version: change RULE_VERSION and this digest together."""
    expressions = [cell_rule(rule) for rule in RULES]
    rules = [
        (each.accepts, [(reason.code.value, reason.pattern) for reason in each.reasons])
        for each in expressions
    ]
    digest = hashlib.sha256(ascii(rules).encode()).hexdigest()
    assert (RULE_VERSION, digest[:16]) == (2, "83e651fb0fbd66f9")


def test_no_cast_of_a_seed_column_rounds_what_its_rule_lets_in() -> None:
    """Else a table that validation accepts would be another one in the warehouse."""
    seeds = {schema.name: schema for schema in load_schemas(Path("seeds"))}
    seen, narrow = 0, []
    for model in sorted(Path("models").rglob("*.sql")):
        text = model.read_text(encoding="utf-8")
        read = [seeds[name] for name in re.findall(r"ref\('(\w+)'\)", text) if name in seeds]
        casts = re.findall(r"decimal_from_text\('(?:\w+\.)?(\w+)', (\d+), (\d+)\)", text)
        assert len(casts) == text.count("decimal_from_text("), f"{model}: a cast of another form"
        for column, precision, scale in casts:
            rules = [rule for seed in read for rule in seed.columns if rule.name == column]
            assert rules, f"{model}: {column} is of no seed that it reads"
            seen += 1
            for rule in rules:
                ends = [rule.minimum, rule.maximum]
                largest = max(Decimal(10**MAX_DIGITS - 1) if e is None else abs(e) for e in ends)
                if (
                    rule.type != "decimal"
                    or rule.decimals > int(scale)
                    or largest >= 10 ** (int(precision) - int(scale))
                ):
                    narrow.append(f"{model}: {column} as decimal({precision}, {scale}), {rule}")
    assert seen > 40
    assert narrow == []
