"""The shipped choices, every combination calculated again by a separate script."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from conftest import PROJECT_DIR, Project

from platform_employment.cli import main
from platform_employment.dbt.build_inputs import BuildInputs

WINDOW = "2021-09-30"
FACTORS = ("team_share", "team_members", "organisations", "average_staff")
# options of choices.csv by hand
DECISIONS: dict[str, dict[str, Any]] = {
    "merchant_jobs": {
        "published_curve": None,
        "sample_curve": "report_formula",
        "ratio": "ratio",
        "sum_of_predictions": "sum_of_predictions",
        "log_log": "log_log",
        "turnover_weighted": "turnover_weighted",
        "huber": "huber",
        "median": "median",
    },
    "ratio": {"use": None, "output": "output", "jobs": "jobs"},
    "table": {"2017": 2017, "2012": 2012, "2018": 2018, "2020": 2020},
    "imports": {
        "as_home_made": "total",
        "domestic": "domestic",
        "import_shares": "import_shares",
        "all_flows": "all_flows",
    },
    "demand": {
        "all_final_use": "-",
        "consumption": "TC",
        "goods": "GOODS",
        "trade": "28",
        "exports": "EX",
    },
    "creators": {"all_counted": Fraction(1), "merchants_once": Fraction("0.979")},
    # a total that is given is the sum of the central values
    "content": {"central": 1, "bottom_up": 1, "low": 0, "high": 2},
}
# in the window of the report the total that is given is the sum of the central values
TWINS = {"content=bottom_up"}
# curves at a mean that is not their own: not calculated here
MIXED = {"sample_curve_at_implied_mean", "published_curve_at_sample_mean"}


def rounded(value: Fraction, digits: int) -> Fraction:
    """The value half up."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(decimal.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


@pytest.fixture(scope="module")
def warehouse(built_project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        yield connection


def exact(warehouse: duckdb.DuckDBPyConnection, query: str) -> dict[Any, Any]:
    """The first columns of a query as the key of the last, whose numbers are exact."""
    return {
        row[0] if len(row) == 2 else row[:-1]: Fraction(repr(float(row[-1])))
        for row in warehouse.execute(query).fetchall()
        if row[-1] is not None
    }


def by_hand(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Fraction]:
    """The total of every valid combination, in exact fractions and with no code of the package."""
    jobs_a_yuan = exact(
        warehouse,
        "select estimator_id, jobs_per_wan_yuan from intermediate.est_estimator_comparison",
    )
    uses = exact(
        warehouse,
        "select table_year, origin, intermediate_use_yi_yuan / final_use_yi_yuan::double"
        " from staging.stg_economy__input_output_totals",
    )
    multipliers = exact(
        warehouse,
        "select quantity, import_convention, sector_code, indirect_over_direct"
        " from intermediate.est_multipliers where record = 'multiplier'"
        " and table_id = 'china_2017_42'"
        " and multiplier_type = 'type_1' and sector_code is not null"
        " union all select quantity, import_convention, '-', indirect_over_direct"
        " from intermediate.est_multipliers where record = 'multiplier'"
        " and table_id = 'china_2017_42'"
        " and multiplier_type = 'type_1' and demand = 'all_final_use'",
    )
    inputs: dict[Any, dict[str, list[Fraction]]] = {}
    for name, element, *ends in warehouse.execute(
        "select input_name, element_id, low, central, high from intermediate.int_chain__inputs"
        f" where scenario_id = 'report' and window_end = '{WINDOW}' and method_id = 'ruc_2022'"
        " and platform_id = 'kuaishou'"
    ).fetchall():
        low, central, high = (end if end is not None else ends[1] for end in ends)
        three = [Fraction(repr(float(end))) for end in (low, central, high)]
        inputs.setdefault(name, {})[element] = three
    alone = {name: cell["-"][1] for name, cell in inputs.items() if "-" in cell}
    alone |= exact(
        warehouse,
        "select step_id, value from marts.fct_steps where step_id = 'mean_turnover'"
        f" and scenario_id = 'report' and window_end = '{WINDOW}'",
    )
    known = set(
        warehouse.execute("select decision_id, option_id from marts.dim_choices").fetchall()
    )
    found = {}
    for names in itertools.product(*DECISIONS.values()):
        option = dict(zip(DECISIONS, names, strict=True))
        if not known.issuperset(option.items()):
            continue
        value: dict[str, Any] = {d: DECISIONS[d][o] for d, o in option.items()}
        if value["ratio"] is None:
            if value["demand"] != "-":
                continue
            ratio = uses.get((value["table"], value["imports"]))
        elif value["table"] == 2017:
            ratio = multipliers.get((value["ratio"], value["imports"], value["demand"]))
        else:
            continue
        if ratio is None:
            continue
        if value["merchant_jobs"] is None:
            m = alone["mean_turnover"]
            productivity = alone["b0"] + alone["b1"] * m + alone["b2"] * m**2
        else:
            productivity = 1 / jobs_a_yuan[value["merchant_jobs"]]
        merchants = rounded(alone["gmv"] / productivity, 4)
        supply_chain = rounded(merchants * rounded(ratio, 3), 4)
        factor = {name: inputs[f"{name}_factor"]["-"][value["content"]] for name in FACTORS}
        teams = Fraction()
        for tier, (_, creators, _) in inputs["tier_creators"].items():
            share = min(Fraction(1), inputs["team_share"][tier][1] * factor["team_share"])
            members = rounded(inputs["team_members"][tier][1] * factor["team_members"], 4)
            teams += rounded(rounded(creators * share, 4) * members, 4)
        institutions = Fraction()
        for kind, (_, organisations, _) in inputs["organisations"].items():
            number = rounded(organisations * factor["organisations"], 4)
            staff = rounded(inputs["average_staff"][kind][1] * factor["average_staff"], 4)
            institutions += rounded(number * staff / 10000, 4)
        direct = rounded(alone["creators_with_income"] * value["creators"], 4)
        text = " ".join(sorted(f"{d}={o}" for d, o in option.items()))
        found[text] = direct + teams + institutions + merchants + supply_chain
    return found


def test_every_combination_is_what_a_script_of_its_own_gives(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The same combinations, none more and none less, with the same totals."""
    rows = warehouse.execute(
        "select choices, jobs_wan_of_combination from marts.fct_choice_combinations"
        f" where window_end = '{WINDOW}' and component_id = 'total'"
    ).fetchall()
    product = {}
    for choices, jobs in rows:
        if not any(mixed in choices for mixed in MIXED):
            # the rest has one option here
            parts = [part for part in choices.split() if part.partition("=")[0] in DECISIONS]
            assert " ".join(parts) not in product
            product[" ".join(parts)] = float(jobs)
    expected = by_hand(warehouse)
    assert len(rows) > 1000
    assert product.keys() == expected.keys()
    for choices, jobs in expected.items():
        # a tie of the fourth decimal, in floats and exactly
        assert product[choices] == pytest.approx(float(jobs), abs=0.0003), choices


def test_scenarios_are_combinations(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Whatever scenario names its choices, that combination has its total."""
    rows = warehouse.execute(
        """
        select scenarios.scenario_id, combinations.jobs_wan_of_combination,
            totals.jobs_wan_of_scenario
        from marts.dim_scenarios as scenarios
        inner join marts.fct_choice_combinations as combinations
            using (platform_id, method_id, choices)
        inner join marts.fct_job_totals as totals
            using (platform_id, scenario_id, window_end, component_key)
        """
    ).fetchall()
    assert len({scenario for scenario, _, _ in rows}) >= 8
    for scenario, combination, total in rows:
        assert abs(combination - total) <= Decimal("0.0003"), scenario


def test_effects_are_those_of_the_combinations(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Range and median of each option, over all and over what can be defended."""
    combinations = warehouse.execute(
        "select choices, jobs_wan_of_combination, is_defensible and not has_synthetic_input,"
        " is_duplicate"
        f" from marts.fct_choice_combinations where window_end = '{WINDOW}'"
        " and component_id = 'total'"
    ).fetchall()
    effects = warehouse.execute(
        "select choice_set, decision_id, option_id, combinations, low_wan, median_wan, high_wan"
        f" from marts.fct_choice_effects where window_end = '{WINDOW}'"
        " and component_key = 'ruc_2022/total'"
    ).fetchall()
    assert len(effects) > 30
    for choice_set, decision, option, count, *spread in effects:
        jobs = [
            float(total)
            for choices, total, is_defensible, is_duplicate in combinations
            if (choice_set == "valid" or is_defensible)
            and (option == "-" or f"{decision}={option}" in choices.split())
            # a twin is asked about itself; nothing else repeats anything here
            and (not is_duplicate or (option != "-" and f"{decision}={option}" in TWINS))
        ]
        assert count == len(jobs)
        ends = [min(jobs), float(np.median(jobs)), max(jobs)]
        np.testing.assert_allclose([float(x) for x in spread], ends, atol=1e-4)


def test_shares_of_variance_add_up_to_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    """And are what all orders of the decisions give, calculated from the published rows."""
    rows = warehouse.execute(
        "select choices, jobs_wan_of_combination from marts.fct_choice_combinations"
        f" where window_end = '{WINDOW}'"
        " and component_id = 'total' and not is_duplicate order by combination_id"
    ).fetchall()
    names = sorted(part.partition("=")[0] for part in rows[0][0].split())
    options = [dict(part.split("=") for part in choices.split()) for choices, _ in rows]
    jobs = np.array([float(total) for _, total in rows])

    def explained(known: tuple[str, ...]) -> float:
        groups: dict[tuple[str, ...], list[float]] = {}
        for option, total in zip(options, jobs, strict=True):
            groups.setdefault(tuple(option[name] for name in known), []).append(total)
        return float(sum(len(g) * (np.mean(g) - jobs.mean()) ** 2 for g in groups.values()))

    values = {
        frozenset(known): explained(known)
        for size in range(len(names) + 1)
        for known in itertools.combinations(names, size)
    }
    shares = dict.fromkeys(names, 0.0)
    orders = list(itertools.permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            shares[name] += (values[before | {name}] - values[before]) / len(orders)
    found = {
        decision: float(share)
        for decision, share in warehouse.execute(
            "select decision_id, shapley_share from marts.fct_choice_effects"
            f" where window_end = '{WINDOW}' and choice_set = 'valid' and shapley_share is not null"
        ).fetchall()
    }
    assert found.keys() == shares.keys()
    assert sum(found.values()) == pytest.approx(1, abs=1e-8)
    for name, share in shares.items():
        assert found[name] == pytest.approx(share / values[frozenset(names)], abs=1e-6), name


def asked(built: Project, *options: str) -> list[str]:
    chosen = [word for option in options for word in ("--option", option)]
    return ["what-if", "--database", str(built.database), *chosen]


def test_what_if_takes_another_option(
    built_project: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Jobs of the combination, the reason, and a scenario that is accepted."""
    options = ("ratio=jobs", "imports=domestic", "demand=goods")
    folder = tmp_path / "goods"
    command = asked(built_project, *options)
    assert main([*command, "--lang", "en", "--full", "--save", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "imports = domestic: Domestic products alone, as tabled; can be defended: " in said
    # 372.9 x 1.837 and what stays: 2000 + 540 + 372.9 + 685.0173
    assert re.search(r"^total +3,462.9275 +3,597.9173 +134.9898 +Total$", said, re.MULTILINE)
    assert re.search(r"^supply_chain +550.0275 +685.0173 +134.9898 ", said, re.MULTILINE)
    text = (folder / "reference/scenarios.csv").read_text(encoding="utf-8")
    assert all(option in text for option in options)
    assert list(BuildInputs(PROJECT_DIR / "seeds", folder).findings()) == []
    assert main([*command, "--json"]) == 0
    total = json.loads(capsys.readouterr().out)["components"][0]
    assert (total["before"], total["after"]) == ("3462.9275", "3597.9173")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("tabel=2018",),
            "unknown decision 'tabel'; did you mean 'table'? Available: merchant_jobs, ratio",
        ),
        (
            ("table=2011",),
            "unknown option of table '2011'; did you mean '2018'? Available: 2017, 2012, 2018",
        ),
        (("table",), "'table': write decision=option"),
        (("ratio=jobs",), "ratio=jobs goes with imports=all_flows|domestic|import_shares alone"),
        (("ratio=jobs", "table=2012"), "ratio=jobs table=2012: these options do not go together"),
    ],
)
def test_an_option_that_cannot_be_taken_is_told_in_a_line(
    built_project: Project,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    message: str,
) -> None:
    assert main(asked(built_project, *options)) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_set_and_choose_are_not_mixed(
    built_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked(built_project, "table=2018"), "--set", "gmv=7000"]) == 2
    assert "NAME=VALUE and --option cannot be combined: use one of them" in capsys.readouterr().err
