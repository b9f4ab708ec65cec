"""Choices of a method: what is refused, which combinations there are, what each decision does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_methods import rows

from platform_employment.errors import UserError
from platform_employment.method.choices import Decisions, chosen, of_platform, read_choices
from platform_employment.method.combinations import (
    Combinations,
    combine,
    drop_irrelevant_decisions,
    duplicate_options,
    select_all,
    variance_shares,
)
from platform_employment.method.methods import Method, read_methods

INPUTS = """\
input_name,unit,element_set,role,value_constraint,is_carried
people,wan_persons,-,creators,not_negative,true
each,jobs_per_person,-,conversion,positive,true
tiers,factor,tier,share,any,true
"""
# twice: people * each * rate + given, where `given` may be brought and `rate` sums the tiers
STEPS = """\
method_id,step_id,component_id,formula,decimals,unit,element_set,value_constraint,can_be_overridden
m,rate,,sum(tiers),,factor,-,any,true
m,first,first,people * each,,wan_jobs,-,any,false
m,second,second,first * rate,1,wan_jobs,-,any,false
"""
COMPONENTS = """\
method_id,component_id,parent_component_id,sort_order,layer,unit_counted
m,total,,1,,jobs
m,first,total,2,direct,jobs
m,second,total,3,indirect,jobs
"""
UNITS = """\
unit,dimension,scale
jobs,jobs,1
wan_jobs,jobs,10000
wan_persons,persons,10000
jobs_per_person,jobs persons^-1,1
factor,1,1
"""
CHOICES = """\
method_id,platform_id,decision_id,option_id,sort_order,is_report,is_defensible,requires,keeps_base,decision_zh,decision_en
m,,jobs,one,1,true,true,,true,d,d
m,,jobs,half,2,false,true,,false,d,d
m,,jobs,low,3,false,false,table=new,false,d,d
m,,table,new,4,true,true,,false,d,d
m,,table,old,5,false,false,,false,d,d
m,,table,given,6,false,true,,false,d,d
"""
OVERLAYS = """\
method_id,platform_id,options,input_name,element_id,low,central,high,provenance
m,,jobs=half,each,-,,0.5,,assumed
m,,jobs=low,each,-,,0.8,,disclosed
"""
RANKS = {"disclosed": 1, "published": 2, "assumed": 4, "synthetic": 5}


def method() -> Method:
    methods, findings = read_methods(rows(INPUTS), rows(STEPS), rows(COMPONENTS), rows(UNITS))
    assert not findings
    return methods["m"]


def decisions(text: str = CHOICES) -> Decisions:
    found, findings = read_choices(rows(text), {"m": method()})
    assert not findings, findings
    return found["m"]


def value(
    name: str,
    central: float | None,
    provenance: str = "disclosed",
    element: str = "-",
    options: Sequence[str] = (),
    priority: int | None = None,
) -> dict[str, Any]:
    """A row of int_inputs__rows."""
    return {
        "priority": priority if priority is not None else 3 if options else 2,
        "options": list(options),
        "input_name": name,
        "element_id": element,
        "central": central,
        "provenance": provenance,
    }


def input_rows() -> list[dict[str, Any]]:
    """Tiers of the new and the old table, a given rate with the third; `each` by jobs."""
    return [
        value("people", 10),
        value("each", 1),
        value("each", 0.5, "assumed", options=["jobs=half"]),
        value("each", 0.8, options=["jobs=low"]),
        value("tiers", 0.25, "published", "small", ["table=new"]),
        value("tiers", 0.5, "published", "large", ["table=new"]),
        value("tiers", 0.75, "published", "small", ["table=old"]),
        value("tiers", 0.5, "published", "large", ["table=old"]),
        value("rate", 2, "synthetic", options=["table=given"]),
    ]


def totals(found: Combinations) -> dict[str, float]:
    return dict(zip(found.texts(), found.jobs["total"], strict=True))


def test_combinations_are_worked_out_by_hand() -> None:
    """The low end goes with the new table alone; a given rate replaces the tiers."""
    found = combine(method(), decisions(), input_rows(), (), RANKS)
    assert totals(found) == pytest.approx(
        {
            "jobs=one table=new": 10 + 7.5,
            "jobs=one table=old": 10 + 12.5,
            "jobs=one table=given": 10 + 20,
            "jobs=half table=new": 5 + 3.8,  # 3.75 is rounded as the step says
            "jobs=half table=old": 5 + 6.3,
            "jobs=half table=given": 5 + 10,
            "jobs=low table=new": 8 + 6,
        },
        abs=1e-9,
    )
    first, total = (
        dict(zip(found.texts(), found.ranks[n], strict=True)) for n in ("first", "total")
    )
    assert (first["jobs=one table=new"], total["jobs=one table=new"]) == (1, 2)
    assert (first["jobs=half table=new"], total["jobs=half table=new"]) == (4, 4)
    assert (first["jobs=one table=given"], total["jobs=one table=given"]) == (1, 5)


def test_an_option_without_a_value_is_no_combination() -> None:
    served = [row for row in input_rows() if row["options"] != ["table=old"]]
    found = combine(method(), decisions(), served, (), RANKS)
    assert not any("table=old" in name for name in totals(found))
    assert len(totals(found)) == 5


def test_a_value_that_is_not_allowed_is_no_combination() -> None:
    rows_of_half = [
        row | {"central": -0.5} if row["options"] == ["jobs=half"] else row for row in input_rows()
    ]
    found = combine(method(), decisions(), rows_of_half, (), RANKS)
    assert not any("half" in name for name in totals(found))


def test_a_row_applies_where_all_its_options_are_taken() -> None:
    """A sample is fixed; of two options that a row names both must be taken."""
    more = [
        value("rate", 3, options=["table=given", "sample=s"], priority=4),
        value("each", 2, options=["jobs=half", "table=old"], priority=4),
    ]
    ours, theirs = (
        totals(combine(method(), decisions(), [*input_rows(), *more], {f"sample={name}"}, RANKS))
        for name in ("s", "t")
    )
    assert (ours["jobs=one table=given"], theirs["jobs=one table=given"]) == (40, 30)
    assert ours["jobs=half table=old"] == 20 + 25
    assert ours["jobs=half table=new"] == theirs["jobs=half table=new"] == 5 + 3.8


def test_the_highest_priority_replaces_an_input_whole_and_can_take_it_away() -> None:
    """One tier of higher priority is all tiers; an empty row leaves none, so the rate is needed."""
    more = [
        value("tiers", 1, element="small", options=["jobs=one", "table=new"], priority=4),
        value("tiers", None, options=["table=old"], priority=4),
    ]
    found = totals(combine(method(), decisions(), [*input_rows(), *more], (), RANKS))
    assert found["jobs=one table=new"] == 10 + 10
    assert found["jobs=half table=new"] == 5 + 3.8
    assert not any("table=old" in name for name in found)


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_the_rule_is_the_same_for_one_combination_and_for_all(data: st.DataObject) -> None:
    """Against the rule in words, on any rows: priorities, lists of options, elements, gaps."""
    options = ["jobs=one", "jobs=half", "table=new", "table=old", "sample=s", "sample=t"]
    row = st.builds(
        value,
        st.sampled_from(["x", "y"]),
        st.none() | st.integers(0, 9).map(float),
        element=st.sampled_from(["a", "b"]),
        options=st.sets(st.sampled_from(options), max_size=2).map(sorted),
        priority=st.integers(0, 4),
    )
    made = data.draw(st.lists(row, max_size=12))
    # a key has one row
    made = list(
        {(r["priority"], r["input_name"], r["element_id"], *r["options"]): r for r in made}.values()
    )
    ways = [list(way.values())[:2] for way in decisions().values()]
    grid = np.array(list(itertools.product(range(2), range(2))))
    values, _ = select_all(made, ways, grid, {"sample=s"}, RANKS)
    for number, places in enumerate(grid):
        taken = {w[place].text for w, place in zip(ways, places, strict=True)} | {"sample=s"}
        for name in ("x", "y"):
            applying = [r for r in made if r["input_name"] == name and taken >= set(r["options"])]
            top = max((r["priority"] for r in applying), default=0)
            lists = {tuple(r["options"]) for r in applying if r["priority"] == top}
            assume(len(lists) <= 1)  # two would collide, which a test of the warehouse refuses
            wanted = {r["element_id"]: r["central"] for r in applying if r["priority"] == top}
            wanted = {e: x for e, x in wanted.items() if x is not None}
            found = {
                e: x[number] for e, x in values.get(name, {}).items() if x[number] == x[number]
            }
            assert found == wanted


def test_a_decision_with_nothing_to_decide_is_the_reports() -> None:
    text = CHOICES + "m,,idle,a,7,true,true,,true,d,d\n"
    text += "m,,idle,b,8,false,true,,false,d,d\n"
    ways = decisions(text)
    same = [*input_rows(), value("people", 10, options=["idle=b"])]
    found = combine(method(), ways, same, (), RANKS)
    report = list(chosen(ways, "").values())
    kept = drop_irrelevant_decisions(found, "total", report)
    assert (len(found.options), len(kept.options)) == (14, 7)
    assert all("idle=a" in name for name in totals(kept))
    # where it decides something it stays
    moved = [*input_rows(), value("people", 20, options=["idle=b"])]
    found = combine(method(), ways, moved, (), RANKS)
    assert len(drop_irrelevant_decisions(found, "total", report).options) == 14


def test_of_twins_one_counts() -> None:
    """The one that can be defended; what is the same next to some options alone is no twin."""
    text = CHOICES + "m,,table,again,7,false,true,,false,d,d\n"
    again = [
        row | {"options": ["table=again"]}
        for row in input_rows()
        if row["options"] == ["table=old"]
    ]
    found = combine(method(), decisions(text), [*input_rows(), *again], (), RANKS)
    repeated = duplicate_options(found)
    names = {name for name, row in zip(found.texts(), repeated, strict=True) if row.any()}
    assert names == {"jobs=one table=old", "jobs=half table=old"}
    assert not repeated[:, 0].any()


def test_too_many_combinations_are_refused() -> None:
    text = CHOICES.splitlines()[0] + "\n"
    for decision in "abcdefg":
        for option in range(9):
            is_report = str(option == 0).lower()
            text += f"m,,{decision},o{option},1,{is_report},true,,false,d,d\n"
    _, findings = read_choices(rows(text), {"m": method()})
    (found,) = map(str, findings)
    assert found.startswith("method/choices.csv line 2: m: 9 (a) x 9 (b) x 9 (c) x 9 (d) x 9 (e)")
    assert found.endswith("options are 4782969 combinations, at most 2000000: leave options out")


def test_too_many_options_are_refused() -> None:
    text = CHOICES.splitlines()[0] + "\n"
    for option in range(61):
        text += f"m,,a,o{option},1,{str(option == 0).lower()},true,,false,d,d\n"
    _, findings = read_choices(rows(text), {"m": method()})
    assert [str(finding) for finding in findings] == [
        "method/choices.csv line 62: a=o60: 61 options of a, at most 60"
    ]


@given(
    requires=st.lists(
        st.tuples(*[st.integers(0, 2)] * 2, st.sets(st.integers(0, 2), min_size=1)), max_size=6
    )
)
@settings(deadline=None, max_examples=60)
def test_requires_leave_what_agrees_and_nothing_else(
    requires: list[tuple[int, int, set[int]]],
) -> None:
    """Option o of decision d goes with some options of the next decision alone."""
    needs = {(d, o): ((d + 1) % 3, with_) for d, o, with_ in requires}
    lines = [CHOICES.splitlines()[0]]
    for d, o in itertools.product(range(3), range(3)):
        other, with_ = needs.get((d, o), (0, set()))
        text = f"d{other}=" + "|".join(f"o{w}" for w in sorted(with_)) if with_ else ""
        lines.append(f"m,,d{d},o{o},1,{str(o == 0).lower()},true,{text},false,n,n")
    always = [value(name, 1) for name in ("people", "each", "rate")]
    found = combine(method(), decisions("\n".join(lines) + "\n"), always, (), RANKS)
    expected = {
        combination
        for combination in itertools.product(range(3), repeat=3)
        if all(
            combination[other] in with_
            for (d, o), (other, with_) in needs.items()
            if combination[d] == o
        )
    }
    assert set(map(tuple, found.options.tolist())) == expected


def shapley_by_orders(
    options: Sequence[tuple[int, ...]], result: Sequence[Fraction]
) -> list[Fraction]:
    """Shares of variance by their definition: what each decision adds, over all orders."""
    count = len(options[0])
    mean = sum(result, Fraction()) / len(result)

    def explained(known: frozenset[int]) -> Fraction:
        groups: dict[tuple[int, ...], list[Fraction]] = {}
        for option, value in zip(options, result, strict=True):
            groups.setdefault(tuple(option[k] for k in sorted(known)), []).append(value)
        return sum(
            (len(g) * (sum(g, Fraction()) / len(g) - mean) ** 2 for g in groups.values()),
            Fraction(),
        )

    orders = list(itertools.permutations(range(count)))
    shares = [Fraction()] * count
    for order in orders:
        for place, decision in enumerate(order):
            before = frozenset(order[:place])
            shares[decision] += explained(before | {decision}) - explained(before)
    everything = explained(frozenset(range(count)))
    return [share / len(orders) / everything for share in shares]


@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_shapley_shares_are_those_of_all_orders(data: st.DataObject) -> None:
    """On any set of combinations, any is left out of the product; they add up to one."""
    whole = list(itertools.product(range(2), range(3), range(2), range(2)))
    options = data.draw(st.lists(st.sampled_from(whole), min_size=2, unique=True))
    values = st.integers(-50, 50)
    result = data.draw(st.lists(values, min_size=len(options), max_size=len(options)))
    if len(set(result)) == 1:
        result[0] += 1
    found = variance_shares(np.array(options), np.array(result, dtype=np.float64))
    expected = shapley_by_orders(options, [Fraction(value) for value in result])
    np.testing.assert_allclose(found.shapley, [float(share) for share in expected], atol=1e-12)
    assert found.shapley.sum() == pytest.approx(1, abs=1e-12)
    assert found.interaction == pytest.approx(1 - found.first_order.sum(), abs=1e-12)


def test_shares_of_sums_and_products() -> None:
    """Of a sum the variances; of a product of two the interaction is shared alike."""
    options = np.array(list(itertools.product(range(2), range(3), range(1))))
    added = variance_shares(options, 4.0 * options[:, 0] + options[:, 1])
    # variances 4 and 2/3 of 14/3
    np.testing.assert_allclose(added.shapley, [6 / 7, 1 / 7, 0], atol=1e-12)
    assert added.interaction == pytest.approx(0, abs=1e-12)
    signs = np.array(list(itertools.product((-1, 1), repeat=2)), dtype=np.float64)
    places = (signs + 1).astype(np.intp) // 2
    product = variance_shares(places, signs[:, 0] * signs[:, 1])
    np.testing.assert_allclose(product.shapley, [0.5, 0.5], atol=1e-12)
    assert product.interaction == pytest.approx(1, abs=1e-12)
    assert np.isnan(variance_shares(places, np.full(4, 7.0)).shapley).all()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "table,old,5,false",
            "table,old,5,true",
            "lines 5, 6: m: 2 options of table are the report",
        ),
        ("table,new,4,true", "table,new,4,false", "lines 5, 6, 7: m: 0 options of table are"),
        ("table=new,false", "tabel=new,false", "requires no other decision 'tabel'; did you mean"),
        ("table=new,false", "jobs=one,false", "requires no other decision 'jobs'"),
        ("table=new,false", "table=neu,false", "requires no option of table 'neu'; did you mean"),
        ("half,2,false,true,,false,d,d", "half,2,false,true,,false,d,e", "another name of the dec"),
        ("jobs,half", "jobs,Half", "a name is a-z, 0-9 and _"),
    ],
)
def test_what_is_wrong_with_an_option_is_told_in_a_line(old: str, new: str, message: str) -> None:
    assert CHOICES.count(old) == 1
    _, findings = read_choices(rows(CHOICES.replace(old, new)), {"m": method()})
    assert any(message in str(finding) for finding in findings), findings
    assert all(str(finding).startswith("method/choices.csv line") for finding in findings)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("jobs=half,each", "jobs=hafl,each", "no option of jobs 'hafl'; did you mean 'half'?"),
        ("jobs=half,each", "job=half,each", "no decision 'job'; did you mean 'jobs'?"),
        ("jobs=half,each", "jobs,each", "'jobs': write decision=option"),
        ("half,each", "half,eahc", "m reads no input 'eahc'; did you mean 'each'?"),
        ("half,each,-", "half,each,small", "its element is one of -, not 'small'"),
        ("half,each,-", "half,tiers,-", "its element is one of tier, not '-'"),
        ("0.5,,assumed", "0.5,,", "has a value, whose provenance is empty"),
        (
            "jobs=low,",
            "table=old,",
            "lines 2, 3: each has two values where jobs=half and table=old are taken",
        ),
    ],
)
def test_what_is_wrong_with_an_overlay_is_told_in_a_line(old: str, new: str, message: str) -> None:
    assert OVERLAYS.count(old) == 1
    overlays = rows(OVERLAYS.replace(old, new))
    _, findings = read_choices(rows(CHOICES), {"m": method()}, (), overlays)
    assert any(message in str(finding) for finding in findings), findings


FACTOR = "m,,counted=once,total,-,0.5,0.75,1,assumed\n"


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (FACTOR, ""),
        ("", "choices.csv line 8: counted=once: has 0 rows in method/overlays.csv: write one with"),
        (FACTOR * 2, "choices.csv line 8: counted=once: has 2 rows"),
        (FACTOR.replace("total", "totl"), "m has no component 'totl'; did you mean 'total'?"),
        (FACTOR.replace("0.75", ""), "low, central and high rise from 0 to 1 at most"),
        (FACTOR.replace("0.75", "1.5"), "low, central and high rise from 0 to 1 at most"),
        (FACTOR.replace("assumed", ""), "has a value, whose provenance is empty"),
        (FACTOR.replace(",-,", ",a,"), "a factor is of every platform and of the element '-'"),
        (FACTOR.replace("m,,", "m,p,"), "a factor is of every platform and of the element '-'"),
    ],
)
def test_an_option_of_coverage_has_one_factor_on_a_component(factor: str, message: str) -> None:
    """It is no decision: nothing is combined with it."""
    header, *lines = CHOICES.splitlines()
    choices = "\n".join(
        [f"{header},layer", *lines, "m,,counted,once,9,false,true,,false,e,e,coverage"]
    )
    decisions, findings = read_choices(rows(choices), {"m": method()}, (), rows(OVERLAYS + factor))
    assert "counted" not in decisions["m"]
    assert len(findings) == bool(message), findings
    assert all(message in str(finding) for finding in findings), findings


@pytest.mark.parametrize(
    "odd", ["m,p,counted,once,9,false,true,,false", "m,,counted,once,9,true,true,,false"]
)
def test_an_option_of_coverage_is_never_the_report_s(odd: str) -> None:
    text = "\n".join([CHOICES.splitlines()[0] + ",layer", f"{odd},e,e,coverage"])
    overlays = rows(OVERLAYS.splitlines()[0] + "\n" + FACTOR)
    _, findings = read_choices(rows(text), {"m": method()}, (), overlays)
    assert len(findings) == 1
    assert "an option of coverage is never the report's, keeps no base" in str(findings[0])


def test_an_option_that_another_replaces_says_that_it_keeps_the_base() -> None:
    text = CHOICES.replace("one,1,true,true,,true", "one,1,true,true,,false")
    _, findings = read_choices(rows(text), {"m": method()}, (), rows(OVERLAYS))
    assert [str(finding) for finding in findings] == [
        "method/choices.csv line 2: jobs=one: has no value for each, which another option "
        "replaces: add it to method/overlays.csv or set keeps_base"
    ]
    assert not read_choices(rows(CHOICES), {"m": method()}, (), rows(OVERLAYS))[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tabel=old", "s: no decision 'tabel'; did you mean 'table'?"),
        ("table=odl", "s: no option of table 'odl'; did you mean 'old'?"),
        ("table", "s: 'table': write decision=option"),
        ("table=old table=new", "s: table is decided twice"),
        ("jobs=low table=old", "s: jobs=low requires table=new"),
    ],
)
def test_a_scenario_names_options_that_go_together(text: str, message: str) -> None:
    scenario = {"line": 4, "method_id": "m", "scenario_id": "s", "choices": text}
    _, findings = read_choices(rows(CHOICES), {"m": method()}, [scenario])
    assert [str(finding) for finding in findings] == [f"reference/scenarios.csv line 4: {message}"]
    with pytest.raises(UserError, match=re.escape(message.removeprefix("s: "))):
        chosen(decisions(), text)


def test_an_option_of_one_platform() -> None:
    text = CHOICES + "m,a,table,own,9,false,true,,false,d,d\n"
    ways = decisions(text)
    assert "own" in of_platform(ways, "a")["table"]
    assert "own" not in of_platform(ways, "b")["table"]
    assert chosen(of_platform(ways, "a"), "table=own")["table"].text == "table=own"
    scenario = {"line": 4, "platform_id": "b", "method_id": "m", "scenario_id": "s"}
    _, findings = read_choices(rows(text), {"m": method()}, [scenario | {"choices": "table=own"}])
    assert "no option of table 'own'" in str(findings)
