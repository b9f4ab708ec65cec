"""`explain` and `what-if`: what they say is what the marts have, without any project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import Project

from platform_employment.cli import main
from platform_employment.explain import traces, what_if
from platform_employment.explain.calculations import shortened
from platform_employment.method.formula import FUNCTIONS
from platform_employment.release.store import DATABASE_FILE
from platform_employment.warehouse import Chain, Warehouse

Ask = Callable[..., Any]
LIMITS = ("rounding", "assumptions", "undisclosed")


@pytest.fixture(scope="module")
def release(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the marts and the audit alone, and no project above it."""
    folder = tmp_path_factory.mktemp("release")
    with duckdb.connect(str(folder / DATABASE_FILE)) as connection:
        connection.execute(f"attach '{built_project.database}' as built (read_only)")
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_catalog = 'built' and table_schema in ('marts', 'audit')"
        ).fetchall()
        connection.execute("create schema marts; create schema audit")
        for (table,) in tables:
            connection.execute(f"create table {table} as from built.{table}")
    return folder


@pytest.fixture(scope="module")
def warehouse(release: Path) -> Iterator[Warehouse]:
    """Its tables."""
    with duckdb.connect(str(release / DATABASE_FILE), read_only=True) as connection:
        yield Warehouse(connection)


@pytest.fixture
def ask(release: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """A question as JSON."""

    def ask(*arguments: str) -> Any:
        assert main([*arguments, "--release", str(release), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def refused(release: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one line that a mistake gives."""

    def refused(*arguments: str) -> str:
        assert main([*arguments, "--release", str(release)]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        (line,) = output.err.splitlines()
        return line.removeprefix("platform-employment: ")

    return refused


def test_every_linked_figure_ends_at_the_number_of_the_mart(warehouse: Warehouse) -> None:
    scales = {row["unit"]: row["scale"] for row in warehouse.rows("from marts.dim_units")}
    figures = warehouse.rows(
        "from audit.aud_figure_reconciliation where relation is not null order by all"
    )
    assert {figure["relation"] for figure in figures} >= {"steps", "disclosures", "classes"}
    for figure in figures:
        found = traces.answer(warehouse, figure["figure_id"], figure["report_id"])
        assert found["figure"]["warehouse_value"] == figure["warehouse_value"]
        if figure["relation"] == "classes":
            assert found["steps"] == []
            continue
        last = found["steps"][-1]
        value = last["value"] * scales[last["unit"]] / scales[figure["unit"]]
        assert abs(value - figure["warehouse_value"]) <= Decimal("1e-9"), figure["figure_id"]


def test_an_answer_has_the_steps_of_the_trace(warehouse: Warehouse) -> None:
    stored: dict[tuple[str, str], set[tuple[Any, ...]]] = {}
    for row in warehouse.rows("from audit.aud_traces"):
        stored.setdefault((row["report_id"], row["figure_id"]), set()).add(
            (row["step_id"], row["element_id"], row["calculation"], row["value"], row["seed_line"])
        )
    assert len(stored) > 20
    for (report_id, figure_id), trace in stored.items():
        steps = traces.answer(warehouse, figure_id, report_id)["steps"]
        columns = ("step_id", "element_id", "calculation", "value", "seed_line")
        answered = {tuple(step[column] for column in columns) for step in steps}
        # a mean over elements has its weights, and itself, next to the trace
        extra = {step for step in answered - trace if step[0] not in (figure_id, "tier_creators")}
        assert trace <= answered, figure_id
        assert not extra, figure_id


def test_a_step_stands_after_all_that_it_reads(warehouse: Warehouse) -> None:
    steps = traces.answer(warehouse, "total")["steps"]
    seen: set[str] = set()
    for step in steps:
        assert set(names_in(step)) <= seen, step["step_id"]
        seen.add(step["step_id"])


def names_in(step: dict[str, Any]) -> list[str]:
    """The names in a formula, functions left out."""
    text = step["formula"] or ""
    words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
    return [word for word in words if word[0].isalpha() and word not in FUNCTIONS]


def test_every_figure_of_every_ledger_is_explained(warehouse: Warehouse) -> None:
    figures = warehouse.rows("select report_id, figure_id from audit.aud_figure_reconciliation")
    for figure in figures:
        found = traces.answer(warehouse, figure["figure_id"], figure["report_id"])
        text = traces.render(found, None)
        assert f"{found['figure']['status_en']}: " in text
        assert found["figure"]["subject_zh"] in text
        assert f"\n  {found['figure']['source_id']}: " in text


def test_a_share_of_all_is_the_mean_over_its_kinds(ask: Ask) -> None:
    last = ask("explain", "ch2_team_share")["steps"][-1]
    with duckdb.connect() as connection:
        row = connection.execute(f"select {last['calculation']}").fetchone()
    assert row is not None
    assert abs(row[0] - float(last["value"])) < 1e-12
    assert round(float(last["value"]), 2) == 0.04


def test_a_text_says_place_strength_formula_cell_and_findings(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "table_2_2_merchant_jobs", "--release", str(release)]) == 0
    text = capsys.readouterr().out
    for line in (
        "report: 快手平台带动就业（2022年报告） Jobs around Kuaishou, report of 2022 "
        "[kuaishou_2022]",
        "estimate: kuaishou/2021-09-30/report",
        "printed: 372.9 万个岗位 10 thousand jobs",
        "  gmv = +kuaishou_2020q4 +kuaishou_2021_9m",
        "  merchants = gmv / productivity  [seeds/method/steps.csv:6]",
        "            = 6168 / 16.54",
    ):
        assert f"\n{line}\n" in text, line
    assert "\nlimits: rounding ± 0.0500; coverage 270 – 373" in text
    assert "place: 2, 2.3.2; " in text
    assert "verification status: 循环推算 circular: " in text
    assert (
        "  b2 = -0.0000024 1/(人·万元) per job and 10 thousand yuan  报告披露 disclosed; "
        "-0.00000245 – -0.00000235; seeds/platform/published_coefficients.csv:2; ruc_2022\n"
    ) in text
    assert "  serious: 未能核验的数字 a number that cannot be checked: " in text
    assert "  ruc_2022: 短视频平台促进就业" in text


def test_computed_numbers_have_three_digits_and_all_on_request(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*command: str) -> list[str]:
        texts = []
        for options in ((), ("--full",)):
            assert main([*command, "--release", str(release), *options]) == 0
            texts.append(capsys.readouterr().out)
        return texts

    texts = said("explain", "total")
    assert "\nlimits: rounding ± 0.624; assumptions 3,350 – 3,640; " in texts[0]
    assert " = 3,460 " in texts[0]
    assert "\nlimits: rounding 3,462.3038 – 3,463.5513; assumptions 3,347.7556 – " in texts[1]
    assert " = 3,462.9275 " in texts[1]
    assert (" = 6168 / 16.54\n" in texts[0], " = 6168 / 16.5406275141\n" in texts[1]) == (
        True,
        True,
    )
    texts = said("what-if", "gmv=7000")
    rows = [next(t for t in text.splitlines() if t.startswith("total ")) for text in texts]
    assert rows[0].split()[1:9] == ["3,460", "3,590", "124", "±", "0.810", "3,470", "–", "3,760"]
    assert rows[1].split()[1:4] == ["3,462.9275", "3,587.421", "124.4935"]
    texts = said("assess", "kuaishou_2022")
    line = "Merchant jobs: 372.9 万, 3.729 million jobs = 6168 / "
    assert f"{line}16.54;" in texts[0]
    assert f"{line}16.5406275141;" in texts[1]


@pytest.mark.parametrize(
    ("calculation", "digits", "short"),
    [
        ("6168 / 16.5406275141", 4, "6168 / 16.54"),
        ("2000 + 1462.9275", 4, "2000 + 1463"),
        ("372.9 + 550.0275", 6, "372.9 + 550.028"),
        ("1434517.8228 / 972484.0893", 4, "1434518 / 972484"),
        ("(8 * 5 + 29.123456) * min(1, 0.5 * 1)", 3, "(8 * 5 + 29.1) * min(1, 0.5 * 1)"),
        ("(0.999999999 - 0.1 ** 2) / 3", 3, "(1 - 0.1 ** 2) / 3"),
        ("smaller_root(1.23456789, 2, 3)", 3, "smaller_root(1.23456789, 2, 3)"),
        ("a + 1.23456789", 3, "a + 1.23456789"),
        ("2 * 3", 3, "2 * 3"),
        ("6168 / 16.5406275141", None, "6168 / 16.5406275141"),
    ],
)
def test_a_calculation_has_the_fewest_digits_that_make_it_true(
    calculation: str, digits: int | None, short: str
) -> None:
    assert shortened(calculation, digits) == short


def test_evidence_has_its_place_and_note(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ch1_large_platform_firms", "--release", str(release)]) == 0
    text = capsys.readouterr().out
    assert "\nplace: 1, 1.1.1; text; 2020-12-31\n" in text
    assert "verification status: 未核验 unchecked: " in text
    assert "\nwording: “价值超过 10 亿美元的数字平台企业达到 197 家”\n" in text
    assert "\nnote: Class bound: worth more than 10 yi_usd (1 billion US dollars)\n" in text
    assert "how it is calculated" not in text


def test_a_figure_that_was_not_read_says_so(
    release: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ("explain", "total_jobs", "--report", "kuaishou_2024", "--release", str(release))
    assert main([*told, "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "\nwording: could not be read: the source below tells of the number\n" in text
    assert "\n  ciel_2025: News of the 2024 Kuaishou employment report http" in text
    assert main([*told, "--lang", "zh"]) == 0
    assert "\n原文: 未能读到：数字由下列出处转述\n" in capsys.readouterr().out
    figure = ask("explain", "total_jobs", "--report", "kuaishou_2024")["figure"]
    assert (figure["quotation"], figure["wording_en"][:17]) == (None, "could not be read")
    read = ask("explain", "total_jobs", "--report", "taobao_2017")["figure"]
    assert read["quotation"] == "3681万个"
    assert "wording_en" not in read


def test_a_figure_is_touched_by_findings_on_the_one_that_it_repeats(ask: Ask) -> None:
    def findings(question: str) -> set[str]:
        return {finding["finding_id"] for finding in ask("explain", question)["findings"]}

    assert findings("ch2_service_providers") == {"service_providers_twice"}
    assert findings("abstract_total_jobs") >= {"sum_over_platforms", "implied_mean_turnover"}
    assert findings("total") == findings("ch2_total_jobs")
    assert ask("explain", "total", "--window", "2024-12-31")["findings"] == []


def test_a_key_of_a_mart_is_a_question(ask: Ask) -> None:
    key = "kuaishou/2024-12-31/fitted_synthetic"
    steps = ask("explain", f"{key}/merchants")["steps"]
    assert [step["step_id"] for step in steps] == ["gmv", "productivity", "merchants"]
    assert steps[1]["seed"] == "survey/merchant_sample.csv"
    (staff,) = ask("explain", f"{key}/average_staff/mcn")["steps"]
    assert (staff["value"], staff["seed_line"]) == ("35", 2)
    same = ask("explain", "merchants", "--scenario", "fitted_synthetic", "--window", "2024-12-31")
    assert same["steps"] == steps
    assert ask("explain", "ruc_2022/merchants")["steps"] == ask("explain", "merchants")["steps"]
    total = ask("explain", key)
    assert total["steps"][-1]["step_id"] == "total"
    assert total["estimate"]["estimate_key"] == key
    assert total["estimate"]["is_extrapolated"] is True


def test_an_extrapolated_estimate_says_so(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for question in ("explain", "what-if"):
        own = ["total"] if question == "explain" else ["--set", "gmv=7000"]
        for window, is_said in (("2021-09-30", False), ("2024-12-31", True)):
            assert main([question, *own, "--window", window, "--release", str(release)]) == 0
            said = capsys.readouterr().out
            assert ("extrapolated: uses data of another reference period" in said) == is_said
            assert ("外推" in said) == is_said


def test_an_element_is_explained_by_its_own_values(ask: Ask) -> None:
    steps = ask("explain", "team_jobs.over_10m")["steps"]
    assert {step["element_id"] for step in steps} == {"over_10m", "-"}
    assert steps[-1]["calculation"] == "15 * 1"
    assert "0.05 * 300" in [step["calculation"] for step in steps]


@pytest.mark.parametrize(
    ("language", "there", "not_there"),
    [("zh", "商户就业", "merchant"), ("en", "merchant jobs", "商户就业")],
)
def test_the_language_is_that_asked_for(
    release: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    there: str,
    not_there: str,
) -> None:
    assert main(["explain", "merchants", "--lang", language, "--release", str(release)]) == 0
    first = capsys.readouterr().out.splitlines()[0].removeprefix("merchants  ")
    assert (first, not_there in first) == (there, False)
    assert (
        main(["what-if", "--set", "gmv=7000", "--lang", language, "--release", str(release)]) == 0
    )
    said = capsys.readouterr().out
    assert ("若 gmv = 7000 (6168) 亿元\n" in said) == (language == "zh")
    assert ("what if gmv = 7000 (6168) × 100 million yuan\n" in said) == (language == "en")


def test_without_a_change_all_is_as_in_the_marts(warehouse: Warehouse) -> None:
    chains = warehouse.rows(
        "select platform_id, window_end, scenario_id, method_id, component_id, jobs_wan_of_scenario"
        " from marts.fct_all_jobs inner join marts.dim_components"
        " using (component_key, component_id)"
        " union all"
        " select platform_id, window_end, scenario_id, method_id, component_id,"
        " jobs_wan_of_scenario from marts.fct_job_totals"
        " inner join marts.dim_components using (component_key, component_id)"
    )
    limits = warehouse.rows(
        "from marts.fct_uncertainty where interval_method in ('corners', 'monte_carlo')"
        " and layer != 'coverage'"
    )
    jobs: dict[Chain, dict[str, Decimal]] = {}
    methods: dict[Chain, str] = {}
    for row in chains:
        chain = Chain(row["platform_id"], row["window_end"], row["scenario_id"])
        jobs.setdefault(chain, {})[row["component_id"]] = row["jobs_wan_of_scenario"]
        methods[chain] = row["method_id"]
    ends: dict[Chain, dict[tuple[str, str], tuple[Decimal, Decimal]]] = {}
    for row in limits:
        chain = Chain(row["platform_id"], row["window_end"], row["scenario_id"])
        between = (row["low_wan"], row["high_wan"])
        layer = row["layer"]
        ends.setdefault(chain, {})[row["component_id"], layer] = between
    assert len(jobs) > 100
    read = {name: what_if.read_method(warehouse, name) for name in set(methods.values())}
    for chain, expected in jobs.items():
        found = what_if.estimate(read[methods[chain]], what_if.read_inputs(warehouse, chain))
        assert found.jobs == expected, chain
        expected_ends = ends.get(chain, {})
        assert found.limits.keys() == expected_ends.keys(), chain
        for at, both in expected_ends.items():
            for here, there in zip(found.limits[at] or (None, None), both, strict=True):
                # a double is cast by the warehouse, and may lie on the border of two digits
                pair = [end for end in (here, there) if end is not None]
                assert len(pair) != 1, (chain, at)
                assert not pair or abs(pair[0] - pair[-1]) <= Decimal("0.0001"), (chain, at)


def by_component(found: Any, column: str) -> dict[str, Any]:
    return {row["component_id"]: row[column] for row in found["components"]}


def half_up(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def test_a_value_that_is_set_gives_what_a_hand_calculation_gives(ask: Ask) -> None:
    """The formulas of the report, written out here."""
    turnover = Decimal("148.655317")
    productivity = (
        Decimal("7.823") + Decimal("0.059") * turnover - Decimal("0.0000024") * turnover**2
    )
    merchants = half_up(7000 / productivity)
    supply_chain = half_up(merchants * Decimal("1.475"))
    # 0.05 万 more creators in teams of 300, of tiers that follow the 2000 万; 540 is not imposed
    teams = (Decimal("402.23") + Decimal("0.05") * 300) * 2000 / Decimal("2000.05")
    found = ask("what-if", "--set", "gmv=7000", "--set", "tier_creators.over_10m=0.1")
    after = {name: Decimal(value) for name, value in by_component(found, "after").items()}
    assert after["merchants"] == merchants
    assert after["e_commerce_ecosystem"] == merchants + supply_chain
    content = after["content_ecosystem"]
    assert abs(content - teams - Decimal("137.77")) < Decimal("0.002")
    assert after["total"] == 2000 + content + merchants + supply_chain
    assert found["without_control_totals"] == ["content_scale"]
    before = by_component(found, "before")
    assert Decimal(by_component(found, "difference")["total"]) == after["total"] - Decimal(
        before["total"]
    )
    assert found["set"][0] == {
        "name": "gmv",
        "before": "6168",
        "after": "7000",
        "unit_zh": "亿元",
        "unit_en": "100 million yuan",
    }
    assert found["derived"] == ["persons_per_wan", "turnover_growth_share"]


def test_a_step_that_may_be_given_takes_the_place_of_its_formula(ask: Ask) -> None:
    """What is set is held: of the merchants the rounding of GMV is left, 6168 ± 1 亿元."""
    found = ask("what-if", "--set", "productivity=13")
    assert Decimal(by_component(found, "after")["merchants"]) == half_up(Decimal(6168) / 13)
    low, high = map(Decimal, by_component(found, "limits_after")["merchants"]["rounding"])
    assert (low, high) == (half_up(Decimal(6167) / 13), half_up(Decimal(6169) / 13))


def test_limits_are_gone_where_all_is_held(ask: Ask) -> None:
    factors = ("team_share_factor", "team_members_factor")
    found = ask("what-if", *(f"--set={name}=1" for name in factors))
    assert "assumptions" in by_component(found, "limits_before")["creator_teams"]
    assert "assumptions" not in by_component(found, "limits_after")["creator_teams"]


def test_another_scenario_and_window_are_worked_out(ask: Ask) -> None:
    chain = ("--scenario", "fitted_synthetic", "--window", "2024-12-31")
    found = ask("what-if", *chain, "--set", "productivity=20")
    assert found["estimate"]["estimate_key"] == "kuaishou/2024-12-31/fitted_synthetic"
    assert by_component(found, "after")["merchants"] == "694.8"


def test_a_release_is_read_without_a_project(release: Path, tmp_path: Path) -> None:
    """Standing in it, next to it, and by its name; a folder without one says so."""
    command = [str(Path(sys.executable).with_name("platform-employment"))]
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/current").symlink_to(release)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder, where in ((release, []), (tmp_path, []), (empty, ["--release", str(release)])):
        shown = subprocess.run(
            [*command, "headlines", *where], cwd=folder, capture_output=True, text=True, check=True
        )
        assert "[kuaishou_2022]; read from " in shown.stdout
        for question in (["explain", "total"], ["what-if", "--set", "gmv=6168"]):
            result = subprocess.run(
                [*command, *question, *where, "--json"], cwd=folder, capture_output=True, check=True
            )
            assert json.loads(result.stdout)["report"]["report_id"] == "kuaishou_2022"
    lost = subprocess.run(
        [*command, "explain", "total"], cwd=empty, capture_output=True, text=True, check=False
    )
    assert (lost.returncode, lost.stderr) == (
        2,
        "platform-employment: no release here: pass --release DIR or --database FILE\n",
    )


def test_what_a_later_build_may_have_is_asked_of_it(
    release: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("PLATFORM_EMPLOYMENT_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("dbt_project.yml").touch()
    Path("releases").mkdir()
    Path("releases/current").symlink_to(release)
    Path("dev.duckdb").touch()
    said = "; this is read from the release: --database dev.duckdb asks the later build"
    assert main(["explain", "total_2026"]) == 2
    assert said in capsys.readouterr().err
    assert main(["explain", "total_2026", "--release", "releases/current"]) == 2
    assert said not in capsys.readouterr().err
    Path("dev.duckdb").unlink()
    assert main(["explain", "total_2026"]) == 2
    assert said not in capsys.readouterr().err


ELEMENTS = "100k_to_1m, 10k_to_100k, 1m_to_5m, 5m_to_10m, over_10m, under_10k"


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "explain ch2_total_job",
            "unknown figure, step or input 'ch2_total_job'; did you mean 'ch2_total_jobs'?",
        ),
        ("explain merchant", "unknown figure, step or input 'merchant'; did you mean 'merchants'?"),
        ("explain team_jobs.over", "team_jobs has no element 'over'; did you mean 'over_10m'?"),
        (
            "explain ruc_2022/merchant",
            "unknown component 'ruc_2022/merchant'; did you mean 'ruc_2022/merchants'?",
        ),
        (
            "explain kuaishu/2021-09-30/report/total",
            "unknown platform 'kuaishu'; did you mean 'kuaishou'?",
        ),
        (
            "explain ch2_total_jobs --window 2024-12-31",
            "ch2_total_jobs is of its report's own scenario and window: ask for its step total",
        ),
        (
            "explain total --report kuaishou_2022x",
            "unknown report 'kuaishou_2022x'; did you mean 'kuaishou_2022'?",
        ),
        ("what-if --window 2021-09-29", "unknown window '2021-09-29'; did you mean '2021-09-30'?"),
        ("what-if --scenario reprot", "unknown scenario 'reprot'; did you mean 'report'?"),
        (
            "what-if --window 2018-12-31",
            "kuaishou 2018-12-31 report has no estimate: it lacks average_staff,",
        ),
        ("what-if --set gvm=1", "no input 'gvm'; did you mean 'gmv'?"),
        ("what-if --set gmv", "'gmv': write name=number, such as gmv=1.5"),
        (
            "what-if --set gmv=many",
            "'gmv=many': not a number; write a plain number like 1234 or 12.5",
        ),
        (
            "what-if --set gmv=1e400",
            "'gmv=1e400': scientific notation; write all digits, like 1200000",
        ),
        (
            "what-if --set gmv=1e25",
            "'gmv=1e25': scientific notation; write all digits, like 1200000",
        ),
        ("what-if --set gmv=1" + 25 * "0", f"'gmv=1{25 * '0'}': more than 12 digits before"),
        ("what-if --set gmv=-4", "gmv: -4 must be above 0"),
        (
            "what-if --set gmv=100000000000 --set productivity=0.000000000001",
            "merchants: 1.000e+23 has more than 14 digits before the point",
        ),
        (
            "what-if --set gmv=100000000000 --set mean_turnover=1 --set ratio_of_use=100000000000",
            "supply_chain: 1.269e+21 has more than 14 digits before the point",
        ),
        (
            "what-if --set team_share.over_10m=1.5",
            "team_share: 1.5 of over_10m must be from 0 to 1",
        ),
        ("what-if --set mean_turnover=30000", "productivity: -382.177"),
        (
            "what-if --set merchants=3",
            "merchants is calculated from gmv, productivity: set one of them; "
            "only ratio_of_use, mean_turnover, productivity, content_scale may be given",
        ),
        ("what-if --set gmv.a=3", "gmv is one value and has no element 'a'"),
        (
            "what-if --set tier_creators=3",
            f"tier_creators has a value for each of {ELEMENTS}: --set tier_creators.100k_to_1m=…",
        ),
        (
            "what-if --set tier_creators.over=3",
            f"tier_creators has a value for each of {ELEMENTS}: "
            "--set tier_creators.100k_to_1m=…; no 'over'; did you mean 'over_10m'?",
        ),
        ("what-if --set b0=1 --set productivity=2", "b0: nothing of this estimate depends on it"),
        ("what-if --scenario fitted_synthetic --set b0=3", "b0 has no value in this estimate"),
        ("what-if --save some_folder", "--save writes the values that you set: add NAME=VALUE"),
        (
            "what-if --set gmv=1 --save report",
            "report: its last name becomes a new scenario: a-z, 0-9 and _",
        ),
        (
            "what-if --set productivity=1 --save mine",
            "productivity is a step: to save it, give it a row in method/inputs.csv first",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(
    refused: Callable[..., str], question: str, line: str
) -> None:
    told = refused(*question.split())
    assert told.startswith(line), told


def test_a_report_whose_window_has_no_estimate_says_what_it_lacks(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(release / DATABASE_FILE, tmp_path)
    with duckdb.connect(str(tmp_path / DATABASE_FILE)) as connection:
        connection.execute("update marts.dim_reports set window_end = date '2030-12-31'")
    for question in ("explain total", "what-if --set gmv=1"):
        assert main([*question.split(), "--release", str(tmp_path)]) == 2
        assert capsys.readouterr().err.startswith(
            "platform-employment: unknown window '2030-12-31'"
        )


def test_a_build_that_stopped_before_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    duckdb.connect(str(tmp_path / DATABASE_FILE)).close()
    assert main(["explain", "total", "--release", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "its build stopped before, or is of another version" in line


def test_a_build_without_a_column_is_of_another_version(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(release / DATABASE_FILE, tmp_path)
    with duckdb.connect(str(tmp_path / DATABASE_FILE)) as connection:
        connection.execute(
            "create or replace table marts.dim_reports as"
            " select * exclude (estimate_key) from marts.dim_reports"
        )
    question = ["explain", "total", "--report", "kuaishou_2022"]
    assert main([*question, "--release", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "the build lacks estimate_key and is of another version: run dbt build again" in line


@pytest.mark.slow
def test_a_saved_choice_is_a_scenario_that_builds(
    project: Project, release: Path, ask: Ask
) -> None:
    """It gives the same numbers and limits as what-if, a GMV of a separate table too."""
    own = project.folder / "inputs" / "more_gmv"
    choice = ("--set", "gmv=7000", "--set", "team_share.over_10m=0.5")
    wanted = ask("what-if", *choice, "--save", str(own))
    result = project.dbt(
        *("build", "--select", "+fct_uncertainty", "+fct_job_totals", "+dim_reports"),
        *("--exclude-resource-type", "unit_test", "test"),
        PLATFORM_EMPLOYMENT_INPUTS=str(own),
    )
    assert result.returncode == 0, result.stdout
    with duckdb.connect(str(project.database), read_only=True) as connection:
        rows = connection.execute(
            "select component_id, low_wan, high_wan, jobs_wan_of_scenario"
            " from marts.fct_uncertainty"
            " inner join marts.fct_job_totals"
            " using (platform_id, window_end, scenario_id, component_id)"
            " where scenario_id = 'more_gmv' and window_end = '2021-09-30'"
            " and layer = 'assumptions'"
        ).fetchall()
    after, limits = by_component(wanted, "after"), by_component(wanted, "limits_after")
    assert {row[0] for row in rows} >= {"total", "ecosystem", "content_ecosystem"}
    for component, low, high, jobs in rows:
        assert jobs == Decimal(after[component])
        assert [low, high] == [Decimal(end) for end in limits[component]["assumptions"]]
