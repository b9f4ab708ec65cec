"""Choices of a method: what is refused, which combinations there are, what each decision does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_methods import rows

from platform_employment.errors import UserError
from platform_employment.method.choices import Decisions, chosen, of_platform, read_choices
from platform_employment.method.combinations import (
    Combinations,
    Offer,
    combine,
    twins,
    variance_shares,
    without_idle,
)
from platform_employment.method.methods import Method, read_methods

INPUTS = """\
input_name,unit,element_set,role,must_be,is_carried
people,wan_persons,-,creators,not_negative,true
each,jobs_per_person,-,conversion,positive,true
tiers,factor,tier,share,any,true
"""
# twice: people * each * rate + given, where `given` may be brought and `rate` sums the tiers
STEPS = """\
method_id,step_id,component_id,formula,decimals,unit,element_set,must_be,may_be_given
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
method_id,platform_id,decision_id,option_id,sort_order,is_report,is_defensible,requires,sets,provenance,decision_zh,decision_en
m,,jobs,one,1,true,true,,each=central,,d,d
m,,jobs,half,2,false,true,,each=0.5,assumed,d,d
m,,jobs,low,3,false,false,table=new,each=low,,d,d
m,,table,new,4,true,true,,table_year=2017 ratio_kind=use,,d,d
m,,table,old,5,false,false,,table_year=2012 ratio_kind=use,,d,d
m,,table,given,6,false,true,,table_year=2020 ratio_kind=jobs,,d,d
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


def offers() -> list[Offer]:
    """Tiers of the new and the old table, a given rate with the third; `each` has a range."""
    new, old = ({"table_year": year, "ratio_kind": "use"} for year in ("2017", "2012"))
    jobs = {"table_year": "2020", "ratio_kind": "jobs"}
    return [
        Offer("people", "-", None, 10, None, 1),
        Offer("each", "-", 0.8, 1, 1.2, 1),
        Offer("tiers", "small", None, 0.25, None, 2, 1, new),
        Offer("tiers", "large", None, 0.5, None, 2, 1, new),
        Offer("tiers", "small", None, 0.75, None, 2, 1, old),
        Offer("tiers", "large", None, 0.5, None, 2, 1, old),
        Offer("rate", "-", None, 2, None, 5, 1, jobs),
    ]


def totals(found: Combinations) -> dict[str, float]:
    return dict(zip(found.texts(), found.jobs["total"], strict=True))


def test_combinations_are_worked_out_by_hand() -> None:
    """The low end goes with the new table alone; a given rate takes the place of the tiers."""
    found = combine(method(), decisions(), offers(), {}, RANKS)
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


def test_what_nothing_serves_is_no_row() -> None:
    """Neither an option without a row of a table, nor an end where there is no range."""
    served = [offer for offer in offers() if offer.settings != {"table_year": "2012"}]
    served = [o for o in served if (o.settings or {}).get("table_year") != "2012"]
    served[1] = Offer("each", "-", None, 1, None, 1)
    found = combine(method(), decisions(), served, {}, RANKS)
    assert set(totals(found)) == {
        *("jobs=one table=new", "jobs=half table=new"),
        *("jobs=one table=given", "jobs=half table=given"),
    }


def test_what_must_be_positive_is_no_row_else() -> None:
    text = CHOICES.replace("each=0.5", "each=-0.5")
    found = combine(method(), decisions(text), offers(), {}, RANKS)
    assert not any("half" in name for name in totals(found))


def test_a_fixed_setting_and_precedence() -> None:
    """A row of another sample is not served; a value that counts first hides the other."""
    of_sample = {"table_year": "2020", "ratio_kind": "jobs", "sample_id": "s"}
    more = [Offer("rate", "-", None, 3, None, 1, 0, of_sample)]
    ours = totals(combine(method(), decisions(), [*offers(), *more], {"sample_id": "s"}, RANKS))
    theirs = totals(combine(method(), decisions(), [*offers(), *more], {"sample_id": "t"}, RANKS))
    assert (ours["jobs=one table=given"], theirs["jobs=one table=given"]) == (40, 30)
    assert ours["jobs=one table=new"] == theirs["jobs=one table=new"]


def test_offers_of_one_group_stand_for_each_other() -> None:
    """Where a rate is given the tiers go, though they are another input."""
    given_rate = Offer("rate", "-", None, 4, None, 1, 0, {"table_year": "2012"}, "rates")
    tiers = [
        Offer(o.name, o.element, o.low, o.central, o.high, o.rank, 1, o.settings, "rates")
        if o.name == "tiers"
        else o
        for o in offers()
    ]
    found = totals(combine(method(), decisions(), [*tiers, given_rate], {}, RANKS))
    assert found["jobs=one table=old"] == 10 + 40
    assert found["jobs=one table=new"] == 10 + 7.5


def test_a_decision_with_nothing_to_decide_is_the_reports() -> None:
    text = CHOICES + "m,,idle,a,7,true,true,,tiers=central,,d,d\n"
    text += "m,,idle,b,8,false,true,,tiers=high,,d,d\n"
    ways = decisions(text)
    same = [
        Offer(o.name, o.element, o.central, o.central, o.central, o.rank, o.precedence, o.settings)
        if o.name == "tiers"
        else o
        for o in offers()
    ]
    found = combine(method(), ways, same, {}, RANKS)
    report = list(chosen(ways, "").values())
    kept = without_idle(found, "total", report)
    assert (len(found.options), len(kept.options)) == (14, 7)
    assert all("idle=a" in name for name in totals(kept))
    # where it decides something it stays
    moved = [
        Offer(o.name, o.element, 0, o.central, 9, o.rank, o.precedence, o.settings)
        if o.name == "tiers"
        else o
        for o in offers()
    ]
    found = combine(method(), ways, moved, {}, RANKS)
    assert len(without_idle(found, "total", report).options) == 14


def test_of_twins_one_counts() -> None:
    """The one that can be defended; what is the same beside some options alone is no twin."""
    text = CHOICES + "m,,table,again,7,false,true,,table_year=2012 ratio_kind=use,,d,d\n"
    found = combine(method(), decisions(text), offers(), {}, RANKS)
    repeated = twins(found)
    names = {name for name, row in zip(found.texts(), repeated, strict=True) if row.any()}
    assert names == {"jobs=one table=old", "jobs=half table=old"}
    assert not repeated[:, 0].any()


def test_too_many_combinations_are_refused() -> None:
    text = CHOICES.splitlines()[0] + "\n"
    for decision in "abcdefg":
        for option in range(9):
            is_report = str(option == 0).lower()
            text += f"m,,{decision},o{option},1,{is_report},true,,,,d,d\n"
    with pytest.raises(UserError, match=r"9 \(a\) x 9 \(b\) .* are 4782969 combinations"):
        combine(method(), decisions(text), offers(), {}, RANKS)


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
        lines.append(f"m,,d{d},o{o},1,{str(o == 0).lower()},true,{text},,,n,n")
    always = [Offer(name, "-", None, 1, None, 1) for name in ("people", "each", "rate")]
    found = combine(method(), decisions("\n".join(lines) + "\n"), always, {}, RANKS)
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
    """On any set of combinations, whatever is left out of the product; they add up to one."""
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
        ("each=0.5", "eahc=0.5", "no input or setting 'eahc'; did you mean 'each'?"),
        ("each=0.5", "each=half", "each is a number or one of low, central, high, not 'half'"),
        ("each=0.5,assumed", "each=0.5,", "each is set to a number, whose provenance is empty"),
        ("each=0.5", "tiers=0.5", "tiers has a value for each tier: set an end of it"),
        ("each=0.5", "each=1 each=0.5", "sets a name twice"),
        ("each=0.5,", ",", "line 3: jobs=half: leaves each open, which another option sets"),
        ("table_year=2012", "table_year=12", "table_year is one of [0-9]{4}, not '12'"),
        ("table_year=2012 ", "table_year=2012 each=1 ", "each is set by the decision jobs too"),
        ("table=new,each", "tabel=new,each", "requires no other decision 'tabel'; did you mean"),
        ("table=new,each", "jobs=one,each", "requires no other decision 'jobs'"),
        ("table=new,each", "table=neu,each", "requires no option of table 'neu'; did you mean"),
        ("each=0.5,assumed,d,d", "each=0.5,assumed,d,e", "another name of the decision"),
        ("jobs,half", "jobs,Half", "a name is a-z, 0-9 and _"),
    ],
)
def test_what_is_wrong_with_an_option_is_told_in_a_line(old: str, new: str, message: str) -> None:
    assert CHOICES.count(old) == 1
    _, findings = read_choices(rows(CHOICES.replace(old, new)), {"m": method()})
    assert any(message in str(finding) for finding in findings), findings
    assert all(str(finding).startswith("method/choices.csv line") for finding in findings)


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
    text = CHOICES + "m,a,table,own,9,false,true,,table_year=2023 ratio_kind=use,,d,d\n"
    ways = decisions(text)
    assert "own" in of_platform(ways, "a")["table"]
    assert "own" not in of_platform(ways, "b")["table"]
    assert chosen(of_platform(ways, "a"), "table=own")["table"].sets["table_year"] == "2023"
    scenario = {"line": 4, "platform_id": "b", "method_id": "m", "scenario_id": "s"}
    _, findings = read_choices(rows(text), {"m": method()}, [scenario | {"choices": "table=own"}])
    assert "no option of table 'own'" in str(findings)
