"""What is wrong with a method is said at once, by file and line, before anything is calculated."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from small_methods import COMPONENTS, INPUTS, STEPS, UNITS, read, rows, small_method

from platform_employment.method.check import findings
from platform_employment.method.methods import read_methods


def said(**tables: str) -> list[str]:
    methods, found = read(**tables)
    assert bool(methods) is not bool(found)
    return [str(finding) for finding in found]


def changed(table: str, old: str, new: str) -> str:
    assert table.count(old) == 1
    return table.replace(old, new)


# what is read


def test_the_small_method_is_read_in_the_order_of_evaluation() -> None:
    method = small_method()
    done = set(method.inputs)
    for step in method.steps.values():
        assert set(step.formula.names) <= done
        done.add(step.name)
    assert method.root == "total"
    assert (
        method.steps["total"].formula.text == "direct + creator_teams + institutions + e_commerce"
    )
    assert method.steps["e_commerce"].formula.text == "merchants + supply_chain"
    assert method.steps["e_commerce"].unit == "wan_jobs"
    assert method.children("e_commerce") == ["merchants", "supply_chain"]


def test_file_order_is_not_evaluation_order() -> None:
    header, *lines = STEPS.splitlines()
    turned = "\n".join([header, *reversed(lines)])
    methods, found = read(steps=turned)
    assert not found
    names = list(methods["small"].steps)
    assert names.index("productivity") < names.index("merchants") < names.index("total")


def test_order_is_the_same_in_every_process() -> None:
    """Sets of text have another order in each process."""
    program = "from small_methods import small_method; print(*small_method().steps)"
    orders = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(sys.path[0])},
            cwd=str(__file__).rpartition("/")[0],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(orders) == 1


def test_what_a_step_rests_on_is_read_off_the_formulas() -> None:
    plan = small_method().plan()
    assert plan.rests_on["merchants"] == ("b0", "b1", "b2", "gmv", "turnover")
    assert plan.rests_on["supply_chain"] == ("b0", "b1", "b2", "gmv", "ratio", "turnover")
    assert plan.rests_on["teams"] == ("creators", "share", "share_factor")
    assert (
        set(plan.rests_on["total"])
        == set(plan.inputs)
        == set(small_method().inputs) - {"productivity"}
    )


def test_a_given_step_cuts_what_is_below_it() -> None:
    plan = small_method().plan(["productivity", "gmv", "merchants"])
    assert plan.rests_on["merchants"] == ("gmv", "productivity")
    assert {"b0", "b1", "b2", "turnover"}.isdisjoint(plan.inputs)
    assert "productivity" not in [step.name for step in plan.steps]
    # only a step that may be given is
    assert "merchants" in [step.name for step in plan.steps]


# messages, one by one


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "gmv / productivity",
            "gmv / productivty",
            "line 3: small.merchants: no name 'productivty'; did you mean 'productivity'?",
        ),
        ("gmv / productivity", "gmv / xyz", "line 3: small.merchants: no name 'xyz'"),
        (
            "gmv / productivity",
            "gmv if productivity",
            "line 3: small.merchants: 'if' is not a part of a formula: "
            "+ - * / ** ( ) min max sum smaller_root",
        ),
        ("gmv / productivity", "", "line 3: small.merchants: '' is no formula"),
        (
            "gmv / productivity",
            "min(1 / 2)",
            "line 3: small.merchants: 'min(1 / 2)' is not a part of a formula: "
            "+ - * / ** ( ) min max sum smaller_root",
        ),
        (
            "creators * min(1, share * share_factor)",
            "creators * min(1, staff * share_factor)",
            "line 5: small.teams: creators (tier) times min(1, (staff * share_factor)) "
            "(institution_type): sum one of them first",
        ),
        (
            "sum(teams * members) * members_factor",
            "sum(teams * organisations) * members_factor",
            "line 6: small.creator_teams: teams (tier) times organisations (institution_type): "
            "sum one of them first",
        ),
        (
            "sum(teams * members) * members_factor",
            "teams * members * members_factor",
            "line 6: small.creator_teams: gives a value for each tier, - is declared",
        ),
        (
            "with_income * jobs_per_creator",
            "sum(with_income) * jobs_per_creator",
            "line 8: small.direct: sum(with_income): with_income is one value and needs no sum",
        ),
        (
            "sum(organisations * staff) * staff_factor / persons_per_wan",
            "sum(organisations * staff) * staff_factor",
            "line 7: small.institutions: gives jobs, 万 jobs is declared: factor 10000",
        ),
        (
            "with_income * jobs_per_creator",
            "with_income",
            "line 8: small.direct: gives persons, jobs is declared",
        ),
        (
            "with_income * jobs_per_creator",
            "with_income + merchants",
            "line 8: small.direct: adds persons (with_income) and jobs (merchants): "
            "convert one by a step",
        ),
        (
            "with_income * jobs_per_creator",
            '"max(merchants, merchants / persons_per_wan)"',
            "line 8: small.direct: compares 万 jobs (merchants) and 亿 jobs "
            "((merchants / persons_per_wan)): factor 10000",
        ),
        (
            "with_income * jobs_per_creator",
            "merchants * gmv ** share_factor",
            "line 8: small.direct: gmv is in 亿 yuan: a power by name takes numbers",
        ),
        (
            "with_income * jobs_per_creator",
            "merchants * hundredth ** ratio",
            "line 8: small.direct: hundredth is in 0.01: a power by name takes numbers",
        ),
        (
            "creators * min(1, share * share_factor)",
            "sum(creators * min(1, share * share_factor))",
            "line 5: small.teams: gives one value, tier is declared",
        ),
        (
            "sum(teams * members) * members_factor,4,wan_jobs,-",
            "teams * members * members_factor,4,wan_jobs,tier",
            "line 6: small.creator_teams: a component is one value: sum it first",
        ),
        (
            "with_income * jobs_per_creator",
            "merchants * staff_factor ** productivity",
            "line 8: small.direct: the exponent productivity is a step: "
            "an exponent is 2, 3 or an input",
        ),
        (
            "merchants * ratio",
            '"merchants * smaller_root(ratio, staff_factor, gmv)"',
            "line 4: small.supply_chain: adds 1 (ratio) and yuan (gmv x ** 2): "
            "convert one by a step",
        ),
        (
            "with_income * jobs_per_creator,4",
            "with_income * jobs_per_creator,11",
            "line 8: small.direct: decimals is empty or 0 to 10",
        ),
        (
            "with_income * jobs_per_creator,4,wan_jobs",
            "with_income * jobs_per_creator,4,wan_job",
            "line 8: small.direct: no unit 'wan_job'; did you mean 'wan_jobs'?",
        ),
        (
            "small,direct,direct,with_income * jobs_per_creator,4,wan_jobs,-,any",
            "small,direct,direct,with_income * jobs_per_creator,4,wan_jobs,-,some",
            "line 8: small.direct: value_constraint is one of any, positive, not_negative, share",
        ),
        (
            "small,teams,,",
            "small,min,,",
            "line 5: small.min: 'min' is a reserved word",
        ),
        (
            "small,direct,direct,with_income",
            "small,direct,direct_jobs,with_income",
            "line 8: small.direct: no component 'direct_jobs'; did you mean 'direct'?",
        ),
        (
            "small,teams,,",
            "small,teams,creator_teams,",
            "line 5: small.teams: the step of a component has its name",
        ),
        (
            "small,direct,direct,",
            "small,direct,,",
            "line 8: small.direct: the step of a component has its name",
        ),
        (
            "positive,true",
            "positive,false",
            "line 2: small.productivity: is an input too; "
            "only can_be_overridden lets one replace it",
        ),
    ],
)
def test_a_wrong_step_is_named_by_its_line(old: str, new: str, message: str) -> None:
    inputs = INPUTS + "hundredth,percent,-,factor,any,true\n"
    assert f"method/steps.csv {message}" in said(steps=changed(STEPS, old, new), inputs=inputs)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "small,direct,total",
            "small,direct,totl",
            "line 3: small.direct: no component 'totl'; did you mean 'total'?",
        ),
        (
            "small,total,,1",
            "small,total,e_commerce,1",
            "lines 2, 6: small: total -> e_commerce -> total goes in a circle",
        ),
        (
            "small,e_commerce,total",
            "small,e_commerce,e_commerce",
            "line 6: small: e_commerce -> e_commerce goes in a circle",
        ),
        (
            "small,e_commerce,total",
            "small,e_commerce,",
            "lines 2, 6: small: 2 components without a parent: one adds up all",
        ),
        (
            "small,direct,total,2,direct,jobs",
            "small,direct,total,2,direct,persons",
            "line 3: small.direct: counts persons, its step gives jobs",
        ),
        (
            "small,direct,total",
            "small,subsidies,total",
            "line 3: small.subsidies: has neither parts nor a step",
        ),
        ("small,direct,total", "small,total,total", "line 3: small.total: is there twice"),
        (
            "small,merchants,e_commerce",
            "small,merchants,direct",
            "line 3: small.direct: has parts",
        ),
    ],
)
def test_a_wrong_component_is_named_by_its_line(old: str, new: str, message: str) -> None:
    found = said(components=changed(COMPONENTS, old, new))
    places = (
        "method/components.csv " + message,
        "method/steps.csv line 8: small.direct: has parts",
    )
    assert any(line.startswith(places) for line in found), found


def test_a_component_has_at_most_60_parts() -> None:
    parts = [f"part_{n}" for n in range(61)]
    steps = "".join(f"small,{p},{p},merchants,,wan_jobs,-,any,false\n" for p in parts)
    components = "".join(f"small,{p},e_commerce,9,indirect,jobs\n" for p in parts)
    assert said(steps=STEPS + steps, components=COMPONENTS + components) == [
        "method/components.csv line 6: small.e_commerce: 63 parts, at most 60"
    ]


def test_parts_of_different_kinds_are_not_added() -> None:
    """The report adds persons to jobs; a step has to say by how much."""
    steps = changed(STEPS, "with_income * jobs_per_creator,4,wan_jobs", "with_income,4,wan_persons")
    components = changed(COMPONENTS, "total,2,direct,jobs", "total,2,direct,persons")
    assert said(steps=steps, components=components) == [
        "method/components.csv line 2: small.total: adds persons (direct) and jobs "
        "(creator_teams): convert one by a step"
    ]


@pytest.mark.parametrize(
    ("formulas", "message"),
    [
        (["b", "a"], "lines 9, 10: small: a -> b -> a goes in a circle"),
        (["a * ratio"], "line 9: small: a -> a goes in a circle"),
        (["b", "c", "a"], "lines 9, 10, 11: small: a -> b -> c -> a goes in a circle"),
    ],
)
def test_steps_in_a_circle_are_refused(formulas: list[str], message: str) -> None:
    more = "".join(
        f"small,{name},,{formula},,wan_jobs,-,any,false\n"
        for name, formula in zip("abc", formulas, strict=False)
    )
    found = said(steps=STEPS + more)
    assert f"method/steps.csv {message}" in found


def test_two_circles_are_two_findings_and_one_through_the_tree_is_found() -> None:
    more = "small,a,,b,,wan_jobs,-,any,false\nsmall,b,,a,,wan_jobs,-,any,false\n"
    steps = changed(STEPS, "merchants * ratio", "total * ratio") + more
    circles = [line for line in said(steps=steps) if "circle" in line]
    assert circles == [
        "method/steps.csv line 4: small: total -> e_commerce -> supply_chain -> total "
        "goes in a circle",
        "method/steps.csv lines 9, 10: small: a -> b -> a goes in a circle",
    ]


def test_a_step_that_nothing_uses_is_refused() -> None:
    found = said(steps=STEPS + "small,x,,merchants * ratio,,wan_jobs,-,any,false\n")
    assert found == ["method/steps.csv line 9: small.x: used by no step and no component"]


def test_a_check_stands_beside_what_is_used() -> None:
    """It is calculated though nothing needs it, and what it reads is an input of the method."""
    header, rest = STEPS.split("\n", 1)
    steps = f"{header},role\n" + rest.replace("\n", ",,\n")
    steps += "small,x,,merchants * ratio,,wan_jobs,-,any,false,,check\n"
    methods, found = read(steps=steps)
    assert found == []
    (method,) = methods.values()
    assert [step.name for step in method.plan().steps if step.role == "check"] == ["x"]


def test_a_second_control_total_is_refused_and_a_second_scale() -> None:
    inputs = INPUTS + (
        "printed,wan_jobs,-,control_total,positive,false\n"
        "also_printed,wan_jobs,-,control_total,positive,false\n"
        "of_no_method,wan_jobs,-,control_total,positive,false\n"
    )
    columns = "value_constraint,can_be_overridden,is_rounding"
    steps = (
        changed(STEPS, columns, f"{columns},role").replace("\n", ",,\n").replace("role,,", "role")
    )
    steps = changed(steps, "merchants * ratio", "merchants * ratio * scale * other_scale") + (
        "small,scale,,printed / merchants,,factor,-,positive,true,,scale\n"
        "small,other_scale,,also_printed / merchants,,factor,-,positive,true,,scale\n"
    )
    assert said(inputs=inputs, steps=steps) == [
        "method/inputs.csv lines 20, 21: small: also_printed, printed: a method has one control "
        "total at most",
        "method/steps.csv lines 9, 10: small: scale, other_scale: a method has one scale at most",
    ]


def test_a_formula_without_a_name_is_refused() -> None:
    steps = changed(STEPS, "merchants * ratio", "1 + 1")
    message = "names no input: a separate number is an input with unit and source"
    assert f"method/steps.csv line 4: small.supply_chain: {message}" in said(steps=steps)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("b0,wan_yuan_per_job", "1b,wan_yuan_per_job", "line 3: 1b: a name is a-z"),
        ("b0,wan_yuan_per_job", "sum,wan_yuan_per_job", "line 3: sum: 'sum' is a reserved word"),
        ("b0,wan_yuan_per_job", "from,wan_yuan_per_job", "line 3: from: 'from' is a reserved word"),
        ("b0,wan_yuan_per_job", "gmv,yi_yuan", "line 3: gmv: is there twice"),
        ("b0,wan_yuan_per_job", "b0,wan_yuan_a_job", "line 3: b0: no unit 'wan_yuan_a_job'"),
        ("gmv,positive", "gmv,large", "line 2: gmv: value_constraint is one of"),
    ],
)
def test_a_wrong_input_is_named_by_its_line(old: str, new: str, message: str) -> None:
    found = said(inputs=changed(INPUTS, old, new))
    assert any(line.startswith(f"method/inputs.csv {message}") for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("percent,1,0.01", "percent,1,0", "line 17: percent: dimension '1', scale '0'"),
        ("percent,1,0.01", "percent,,0.01", "line 17: percent: dimension '', scale '0.01'"),
        ("percent,1,0.01", "percent,1,a hundredth", "line 17: percent: dimension '1', scale"),
        ("percent,1,0.01", "percent,1,nan", "line 17: percent: dimension '1', scale"),
        ("percent,1,0.01", "percent,jobs/yuan,1", "line 17: percent: 'jobs/yuan' is no dimension"),
    ],
)
def test_a_wrong_unit_is_named_by_its_line(old: str, new: str, message: str) -> None:
    found = said(units=changed(UNITS, old, new))
    assert any(line.startswith(f"reference/units.csv {message}") for line in found), found


def test_an_input_that_replaces_a_step_has_its_unit() -> None:
    inputs = changed(INPUTS, "productivity,wan_yuan_per_job", "productivity,wan_yuan")
    assert said(inputs=inputs) == [
        "method/steps.csv line 2: small.productivity: the input of this name has another unit or "
        "element set"
    ]


def test_everything_wrong_is_said_at_once_in_the_order_of_lines() -> None:
    steps = STEPS
    for old, new in (
        ("gmv / productivity", "gmv / productivty"),
        ("merchants * ratio", "merchants + ratio"),
        ("sum(teams * members) * members_factor", "teams * members"),
        ("with_income * jobs_per_creator", "with_income.jobs"),
    ):
        steps = changed(steps, old, new)
    components = changed(COMPONENTS, "7,indirect,jobs", "7,indirect,persons")
    found = said(steps=steps, components=components)
    lines = [re.match(r"method/(\w+)\.csv line (\d+)", line) for line in found]
    assert [place.groups() for place in lines if place] == [
        ("steps", "3"),
        ("steps", "4"),
        ("steps", "6"),
        ("steps", "8"),
        ("components", "8"),
    ]


def test_formulas_are_read_where_the_components_are_no_tree() -> None:
    steps = changed(STEPS, "gmv / productivity", "gmv / xyz")
    steps = changed(steps, "merchants * ratio", "merchants + ratio")
    components = changed(COMPONENTS, "small,total,,1", "small,total,e_commerce,1")
    assert said(steps=steps, components=components) == [
        "method/steps.csv line 2: small.productivity: used by no step and no component",
        "method/steps.csv line 3: small.merchants: no name 'xyz'",
        "method/steps.csv line 4: small.supply_chain: adds jobs (merchants) and 1 (ratio): "
        "convert one by a step",
        "method/components.csv lines 2, 6: small: total -> e_commerce -> total goes in a circle",
    ]


def test_a_method_without_a_finding_is_read_beside_a_wrong_one() -> None:
    other = (
        STEPS.replace("small,", "other,")
        .partition("\n")[2]
        .replace("merchants * ratio", "merchants")
    )
    parts = COMPONENTS.replace("small,", "other,").partition("\n")[2]
    broken = changed(STEPS, "merchants * ratio", "merchants + ratio")
    methods, found = read(steps=broken + other, components=COMPONENTS + parts)
    assert list(methods) == ["other"]
    assert [f.lines for f in found] == [(4,)]


def test_gates_ask_for_lines_of_text() -> None:
    tables = {
        "method/inputs.csv": rows(INPUTS),
        "method/steps.csv": rows(changed(STEPS, "gmv / productivity", "gmv > productivity")),
        "method/components.csv": rows(COMPONENTS),
        "reference/units.csv": rows(UNITS),
    }
    assert findings(tables) == [
        "method/steps.csv line 3: small.merchants: '>' is not a part of a formula: "
        "+ - * / ** ( ) min max sum smaller_root"
    ]
    assert findings({}) == []
    assert read_methods([], [], [], []) == ({}, [])


def test_a_method_that_is_too_large_is_refused_in_a_line_and_at_once() -> None:
    """Other faults of its thousands of rows are not looked for, and no walk goes over them."""
    header = COMPONENTS.splitlines()[0]
    deep = [f"big,c{n},{f'c{n - 1}' if n else ''},1,,jobs" for n in range(5_000)]
    steps = [f"big,s{n},,s{n - 1} + gmv,,wan_jobs,-,any,false" for n in range(1, 5_000)]
    found = said(
        steps="\n".join([STEPS.splitlines()[0], *steps]) + "\n",
        components="\n".join([header, *deep]) + "\n",
    )
    assert found == [
        "method/steps.csv line 302: big: 4999 steps, at most 300: make two methods",
        "method/components.csv line 202: big: 5000 components, at most 200: make two methods",
    ]


def test_a_deep_tree_is_refused_with_its_depth() -> None:
    header = COMPONENTS.splitlines()[0]
    deep = [f"small,c{n},{f'c{n - 1}' if n else ''},1,,jobs" for n in range(12)]
    found = said(
        steps=STEPS.splitlines()[0] + "\nsmall,c11,c11,gmv / turnover,,wan_jobs,-,any,false\n",
        components="\n".join([header, *deep]) + "\n",
    )
    assert any("small.c11: 12 levels deep, at most 10" in one for one in found), found
