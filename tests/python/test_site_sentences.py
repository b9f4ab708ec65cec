"""What the pages say in sentences, worked out anew from the marts and not as the pages do it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from chromium import Chromium
from site_fixtures import Docs

pytest_plugins = ["site_fixtures"]

LANGUAGES = ("zh", "en")
Row = dict[str, Any]
LAYERS = {
    "printing": ("取整", "printing"),
    "assumptions": ("我们的假设", "our assumptions"),
    "open": ("报告没有说死的", "what the report leaves open"),
    "choices": ("做法", "method choices"),
    "definitions": ("定义", "definitions"),
}
ALL_JOBS = """(
    select jobs.*, components.* exclude (component_key, component_id, is_leaf, unit_counted)
    from (from marts.fct_jobs union all by name from marts.fct_job_totals) as jobs
    join marts.dim_components as components using (component_key)
)"""


class Marts:
    """Rows of a warehouse."""

    def __init__(self, docs: Docs) -> None:
        self.connection = duckdb.connect(str(docs.database), read_only=True)

    def all(self, query: str, *values: Any) -> list[Row]:
        result = self.connection.execute(query, values)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def one(self, query: str, *values: Any) -> Row:
        (row,) = self.all(query, *values)
        return row


@pytest.fixture(scope="module")
def marts(docs: Docs) -> Iterator[Marts]:
    opened = Marts(docs)
    yield opened
    opened.connection.close()


@pytest.fixture(scope="module")
def reports(marts: Marts) -> list[Row]:
    return marts.all("from marts.dim_reports order by is_default desc, sort_order, report_id")


def fixed(value: Decimal | float, decimals: int, least: int) -> str:
    """A number half up, with commas from some size on and a minus sign of print."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if abs(rounded) >= least else f"{abs(rounded):f}"
    return f"−{text}" if rounded < 0 else text


def jobs(wan: Decimal | float, language: str) -> str:
    """万 jobs in Chinese, million in English."""
    if language == "zh":
        return fixed(wan, 0, 100_000)
    return fixed(Decimal(str(wan)) / 100, 2, 1000)


def part(wan: Decimal | float, language: str) -> str:
    """The same with a decimal more."""
    if language == "zh":
        return fixed(wan, 1, 100_000).removesuffix(".0")
    return fixed(Decimal(str(wan)) / 100, 3 if abs(float(wan)) < 100 else 2, 1000)


def percent(share: Decimal | float) -> str:
    return f"{fixed(Decimal(str(share)) * 100, 0, 10**9)}%"


def count(number: int, language: str) -> str:
    least = 100_000 if language == "zh" else 1000
    return f"{number:,}" if number >= least else str(number)


def in_words(zh: str, en: str, language: str) -> str:
    return zh if language == "zh" else en


def named(row: Row, name: str, language: str) -> str:
    text: str = row[f"{name}_{language}"]
    return text


def texts(browser: Chromium, selector: str) -> list[str]:
    """The texts of elements, blanks as one."""
    found = browser.evaluate(
        f"[...document.querySelectorAll({selector!r})].map((one) => one.textContent)"
    )
    return [re.sub(r"\s+", " ", text).strip() for text in found]


def show(browser: Chromium, report: Row, language: str) -> None:
    """Show a report on the first page, which is open, with the thresholds that it works out."""
    code = f"go({{report: '{report['report_id']}', lang: '{language}', at: null}}, true)"
    browser.evaluate(code)
    browser.send(
        "Runtime.evaluate",
        {
            "expression": "new Promise((done) => setTimeout(done, 900))",
            "awaitPromise": True,
        },
    )


def of(report: Row) -> tuple[Any, ...]:
    return report["platform_id"], report["window_end"], report["scenario_id"]


CHAIN = "platform_id = ? and window_end = ? and scenario_id = ?"


def total_of(marts: Marts, report: Row) -> Row:
    """The total of a report and what it counts."""
    return marts.one(
        f"select jobs_wan_of_scenario as wan, unit_counted from {ALL_JOBS}"
        f" where {CHAIN} and parent_component_id is null",
        *of(report),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_the_first_page_are_true(
    docs: Docs, browser: Chromium, marts: Marts, reports: list[Row], language: str
) -> None:
    browser.open(docs.address("index.html"), settle=0.6)
    for report in reports:
        show(browser, report, language)
        for name, check in CHECKS.items():
            selector, wanted = check(marts, report, language)
            found = texts(browser, selector)
            assert found == ([wanted] if wanted else []), (report["report_id"], name)
    assert browser.errors() == []


def head(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    total = total_of(marts, report)
    platform = marts.one("from marts.dim_platforms where platform_id = ?", report["platform_id"])
    printed = marts.all(
        "from audit.aud_figure_reconciliation where report_id = ? and relation = 'steps'"
        " and name in (select component_id from marts.dim_components"
        "  where parent_component_id is null)",
        report["report_id"],
    )
    who, number = named(platform, "name", language), jobs(total["wan"], language)
    counted = {
        "jobs": "million jobs",
        "persons": "million persons",
        "fte": "million full-time equivalents",
    }[total["unit_counted"]]
    if printed:
        return "#title", in_words(
            f"{who}“带动就业 {number} 万”，是怎么算出来的？",
            f"{who} “supports {number} {counted}”. How is that worked out?",
            language,
        )
    return "#title", in_words(
        f"{who}的就业估算：{number} 万，怎么算出来的？",
        f"Jobs around {who}: {number} million. How is that worked out?",
        language,
    )


def ladder(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    known = marts.all(
        "select limits.layer, high_wan - low_wan as width from marts.fct_uncertainty as limits"
        " join marts.dim_components using (component_key)"
        f" where {CHAIN} and parent_component_id is null and definition_id = '-'"
        " and low_wan is not null and high_wan is not null"
        " order by list_position(['printing', 'assumptions', 'open', 'choices', 'definitions'],"
        "  limits.layer), interval_method",
        *of(report),
    )
    any_row = marts.all(
        "select 1 from marts.fct_uncertainty join marts.dim_components using (component_key)"
        f" where {CHAIN} and parent_component_id is null and definition_id = '-'"
        " and (low_wan is not null or high_wan is not null)",
        *of(report),
    )
    if len(known) < 2:
        plain = in_words(
            "能差多少，取决于你允许什么变动",
            "How far it can be off depends on what you allow to vary",
            language,
        )
        return "#ladder-title", plain if any_row else ""
    first, widest = known[0], max(known, key=lambda row: row["width"])
    (a, b), index = (LAYERS[row["layer"]] for row in (first, widest)), LANGUAGES.index(language)
    least, most = jobs(first["width"], language), jobs(widest["width"], language)
    return "#ladder-title", in_words(
        f"{a[index]}的范围宽 {least} 万，{b[index]}的宽 {most} 万",
        f"The range of {a[index]} is {least} million wide, that of {b[index]} {most}",
        language,
    )


def waterfall(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    leaves = marts.all(
        "select name_zh, name_en, jobs_wan_of_scenario as wan from marts.fct_jobs"
        f" join marts.dim_components using (component_key) where {CHAIN}",
        *of(report),
    )
    largest, total = max(leaves, key=lambda row: row["wan"]), sum(row["wan"] for row in leaves)
    number, share = jobs(largest["wan"], language), percent(largest["wan"] / total)
    name = named(largest, "name", language)
    return "#sum-title", in_words(
        f"最大的一块是{name}：{number} 万，占 {share}",
        f"The largest part is {name}: {number} million, {share} of it",
        language,
    )


def swings(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    known = marts.all(
        f"select *, abs(total_at_high_wan - total_at_low_wan) as width from marts.fct_swings"
        f" where {CHAIN} and total_at_low_wan is not null order by width desc, swing_rank",
        *of(report),
    )
    if not known:
        return ".swings > h3", ""
    name = named(known[0], "name", language)
    return ".swings > h3", in_words(
        f"单独动一个输入：{name}影响最大",
        f"One input at a time: {name} moves the total most",
        language,
    )


COMBINATIONS = """
    from marts.fct_choice_combinations as combinations
    join marts.dim_components using (component_key)
    where platform_id = ? and window_end = ? and combinations.method_id = ?
        and parent_component_id is null and (is_report or not is_repeated)
"""


def combinations(marts: Marts, report: Row) -> list[Row]:
    method = marts.one(
        "from marts.dim_scenarios where platform_id = ? and scenario_id = ?",
        report["platform_id"],
        report["scenario_id"],
    )["method_id"]
    return marts.all(
        f"select jobs_wan_of_combination as wan, is_defensible and not has_synthetic_input as firm"
        f" {COMBINATIONS}",
        report["platform_id"],
        report["window_end"],
        method,
    )


def choices(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    every = combinations(marts, report)
    if len(every) < 2:
        return "#choices-title", ""
    firm = [row["wan"] for row in every if row["firm"]]
    those = firm or [row["wan"] for row in every]
    n, (low, high) = count(len(those), language), (jobs(end(those), language) for end in (min, max))
    if firm:
        return "#choices-title", in_words(
            f"报告走了一条路；{n} 条说得通的路通向 {low} 万到 {high} 万",
            f"The report took one path; {n} that can be defended lead to {low} to {high} million",
            language,
        )
    return "#choices-title", in_words(
        f"{n} 条路通向 {low} 万到 {high} 万", f"{n} paths lead to {low} to {high} million", language
    )


def shown(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    every = [row["wan"] for row in combinations(marts, report)]
    if len(every) < 2:
        return ".choices-head [role=status]", ""
    total = total_of(marts, report)["wan"]
    below = percent(sum(wan < total for wan in every) / len(every))
    n, low, high = (
        count(len(every), language), jobs(min(every), language), jobs(max(every), language)
    )  # fmt: skip
    return ".choices-head [role=status]", in_words(
        f"{n} 种：{low} – {high} 万，{below} 低于报告",
        f"{n}: {low} – {high} million, {below} below the report",
        language,
    )


def effect(marts: Marts, report: Row, language: str) -> tuple[str, str]:
    found = marts.all(
        "select effects.* from marts.fct_choice_effects as effects"
        " join marts.dim_components using (component_key)"
        " where platform_id = ? and window_end = ? and parent_component_id is null"
        " and choice_set = 'defensible' and option_id = '-' and decision_id <> '-'"
        " and shapley_share is not null order by shapley_share desc limit 1",
        report["platform_id"],
        report["window_end"],
    )
    if not found or len(combinations(marts, report)) < 2:
        return "#choices > .lead ~ .lead", ""
    name, share = named(found[0], "name", language), percent(found[0]["shapley_share"])
    return "#choices > .lead ~ .lead", in_words(
        f"在说得通的组合里，{name}这一步决定了结果之差的 {share}。",
        f"Among those that can be defended, the decision “{name}” accounts for {share} of the"
        " variance.",
        language,
    )


CHECKS = {
    "head": head,
    "ladder": ladder,
    "waterfall": waterfall,
    "swings": swings,
    "choices": choices,
    "shown": shown,
    "effect": effect,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_beside_the_number_are_true(
    docs: Docs, browser: Chromium, marts: Marts, reports: list[Row], language: str
) -> None:
    """Whether it agrees, how strong that is, and what rests on what."""
    state = "#lang=en" if language == "en" else ""
    browser.open(docs.address("index.html") + state, settle=0.6)
    report = reports[0]
    leaves = {
        row["component_id"]: row["wan"]
        for row in marts.all(
            f"select component_id, jobs_wan_of_scenario as wan from {ALL_JOBS} where {CHAIN}",
            *of(report),
        )
    }
    # what the report of Renmin University states outright: creators, and 540 as a total
    stated = leaves["direct"] + leaves["content_ecosystem"]
    share = 1 - stated / leaves["total"]
    printed = marts.one(
        "from audit.aud_figure_reconciliation where report_id = ? and relation = 'steps'"
        " and name = 'total' order by headline_order nulls last, figure_id limit 1",
        report["report_id"],
    )
    assert abs(printed["warehouse_value"] - printed["published_value"]) <= printed["tolerance"]
    strength = marts.one(
        "from audit.aud_strength_counts where report_id = ? and strength = ?",
        report["report_id"],
        printed["strength"],
    )
    name, definition = (named(strength, one, language) for one in ("name", "definition"))
    (said,) = texts(browser, ".honest")
    assert said.replace("。 ", "。") == in_words(
        f"算术对得上。这个数的核对强度：{name}——{definition}。"
        f"总量的 {percent(share)} 是推算或假设出来的。",
        f"The arithmetic holds. How strong that check is: {name} — {definition}."
        f" {percent(share)} of the total is derived or assumed.",
        language,
    )
    assert texts(browser, ".card-kind .percent") == [percent(1 - share), percent(share)]
    (checks,) = texts(browser, ".checks")
    numbers = marts.one(
        "select sum(calculated_numbers) as calculated,"
        " sum(numbers - calculated_numbers) as others"
        " from audit.aud_strength_counts where report_id = ?",
        report["report_id"],
    )
    first = int(numbers["calculated"])
    assert checks.startswith(
        in_words(f"计算中的 {first} 个数字：", f"Of {first} numbers of the calculation", language)
    )
    assert (
        in_words(
            f"另有 {numbers['others']} 个数字未核对",
            f"{numbers['others']} further numbers",
            language,
        )
        in checks
    )


# thresholds: the method worked out by numpy, from the formulas as they stand in the mart


class Chain:
    """The steps of a chain, by the text of their formulas."""

    def __init__(self, marts: Marts, report: Row) -> None:
        self.inputs: dict[str, Any] = {}
        rows = marts.all(
            f"select method_id, input_name, element_id, central from audit.aud_inputs"
            f" where {CHAIN} and central is not null order by element_id",
            *of(report),
        )
        for row in rows:
            if row["element_id"] == "-":
                self.inputs[row["input_name"]] = row["central"]
            else:
                self.inputs.setdefault(row["input_name"], {})[row["element_id"]] = row["central"]
        self.inputs = {
            name: np.array([value[e] for e in sorted(value)]) if isinstance(value, dict) else value
            for name, value in self.inputs.items()
        }
        method = rows[0]["method_id"]
        self.steps = {
            row["step_id"]: row
            for row in marts.all("from marts.dim_steps where method_id = ?", method)
        }
        children: dict[str | None, list[str]] = {}
        for row in marts.all("from marts.dim_components where method_id = ?", method):
            children.setdefault(row["parent_component_id"], []).append(row["component_id"])
        (self.root,) = children[None]
        self.children = children

    def total(self, **changes: float) -> float:
        """The total with some values of a reader's own."""
        return float(self._value(self.root, self.inputs | changes, {}))

    def _value(self, name: str, given: dict[str, Any], known: dict[str, Any]) -> Any:
        if name in given:
            return given[name]
        if name not in known:
            if name in self.children:
                known[name] = sum(self._value(one, given, known) for one in self.children[name])
            else:
                step = self.steps[name]
                names = set(re.findall(r"[a-z]\w*", step["formula"])) - set(FUNCTIONS)
                values = {one: self._value(one, given, known) for one in names}
                known[name] = eval(step["formula"], {}, FUNCTIONS | values)
                if step["decimals"] is not None:
                    known[name] = np.round(known[name], step["decimals"])
        return known[name]


def smaller_root(c: float, b: float, a: float) -> float:
    return float(min(np.roots([a, b, c]).real))


FUNCTIONS: dict[str, Any] = {"sum": np.sum, "min": np.minimum, "smaller_root": smaller_root}
ROUNDING = 0.02  # 万, what the rounding of parts can do to a total


def test_thresholds_are_where_the_total_passes(
    docs: Docs, browser: Chromium, marts: Marts, reports: list[Row]
) -> None:
    """At the value that is shown the total is beyond the round number, a digit before it is not."""
    browser.open(docs.address("index.html"), settle=0.6)
    seen = 0
    for report in reports:
        show(browser, report, "zh")
        chain = Chain(marts, report)
        found = browser.evaluate(
            "[...document.querySelectorAll('.thresholds li')].map((one) => ({"
            " text: one.textContent, facts: [...one.querySelectorAll('[data-fact]')].map((fact) =>"
            "  [fact.dataset.fact, fact.dataset.as, fact.textContent, Number(fact.dataset.value)])"
            "}))"
        )
        for one in found:
            facts = [fact for fact in one["facts"] if fact[1] != "text"]
            named_by = next(fact for fact in facts if fact[0].startswith("=crossing:"))
            _, name, target_text = named_by[0].split(":")
            target, value = float(target_text), named_by[3]
            printed = float(re.sub(r"[,%]", "", named_by[2]).replace("−", "-"))
            if named_by[2].endswith("%"):
                printed /= 100
            assert printed == pytest.approx(value, rel=1e-12), one["text"]
            (now,) = (fact[3] for fact in facts if fact[0] == f"=value:{name}")
            here, there = chain.total(), chain.total(**{name: value})
            digit = 10 ** (math.floor(math.log10(abs(value))) - 3)
            before = chain.total(**{name: value - math.copysign(1.02 * digit, value - now)})
            is_below = "以下" in one["text"]
            assert is_below == (target < here), one["text"]
            if is_below:
                assert there <= target + ROUNDING < before + 2 * ROUNDING, one["text"]
            else:
                assert there >= target - ROUNDING > before - 2 * ROUNDING, one["text"]
            seen += 1
    assert seen > 20


# the other pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_the_other_pages_are_true(
    docs: Docs, browser: Chromium, marts: Marts, language: str
) -> None:
    for name, check in PAGE_CHECKS.items():
        state = "#lang=en" if language == "en" else ""
        browser.open(docs.address(name) + state, settle=0.6)
        for selector, wanted in check(marts, language).items():
            assert texts(browser, selector) == wanted, (name, selector)


def figures_page(marts: Marts, language: str) -> dict[str, list[str]]:
    n = marts.one("select count(*) as n from audit.aud_figure_reconciliation")["n"]
    strengths = marts.all(
        "select strength, count(*) as n from audit.aud_figure_reconciliation"
        " where strength is not null group by strength"
    )
    names = {
        row["strength"]: row
        for row in marts.all("from audit.aud_strength_counts order by strength_rank")
    }
    chips = [
        f"{named(names[row['strength']], 'name', language)} {row['n']}"
        for row in sorted(strengths, key=lambda row: names[row["strength"]]["strength_rank"])
    ]
    title = in_words(
        f"台账里有 {n} 个数字，每一个都说得出来历",
        f"The ledger has {n} figures, and says where each comes from",
        language,
    )
    return {"#title": [title], ".counts .chip": chips}


SEVERITIES = {
    "serious": ("严重", "Serious"),
    "moderate": ("中等", "Moderate"),
    "minor": ("轻微", "Minor"),
    "note": ("说明", "Note"),
}


def findings_page(marts: Marts, language: str) -> dict[str, list[str]]:
    rows = marts.all("select severity, count(*) as n from audit.aud_method_findings group by all")
    by_severity = {row["severity"]: row["n"] for row in rows}
    n, serious = sum(by_severity.values()), by_severity["serious"]
    title = in_words(
        f"方法里有 {n} 处要知道的事，其中 {serious} 处严重",
        f"{n} things to know about the method, {serious} of them serious",
        language,
    )
    heads = [
        f"{names[LANGUAGES.index(language)]} {by_severity[severity]}"
        for severity, names in SEVERITIES.items()
        if severity in by_severity
    ]
    return {"#title": [title], "h2.with-circle": heads}


def expectations_page(marts: Marts, language: str) -> dict[str, list[str]]:
    rows = marts.one(
        "select count(*) as n, count_if(not is_success) as failed"
        " from audit.aud_expectation_results"
    )
    assert rows["failed"] == 0
    return {
        "#title": [
            in_words(f"{rows['n']} 条预期全部成立", f"All {rows['n']} expectations hold", language)
        ]
    }


def platforms_page(marts: Marts, language: str) -> dict[str, list[str]]:
    n = marts.one(
        "select (select count(*) from marts.headlines_by_report)"
        " + (select count(*) from staging.stg_reference__published_platform_estimates) as n"
    )["n"]
    largest = marts.one(
        "from marts.headlines_by_report where not is_net order by jobs_wan_of_report desc limit 1"
    )
    number, name = jobs(largest["jobs_wan_of_report"], language), named(largest, "title", language)
    return {
        "#title": [
            in_words(
                f"{n} 份估算，最大的单个平台 {number} 万：{name}",
                f"{n} estimates; the largest of one platform is {number} million: {name}",
                language,
            )
        ]
    }


def multipliers_page(marts: Marts, language: str) -> dict[str, list[str]]:
    rows = marts.all(
        "from marts.fct_multipliers where quantity = 'jobs' and import_convention = 'domestic'"
        " and indirect_over_direct is not null"
    )
    (whole,) = (row["indirect_over_direct"] for row in rows if row["demand"] == "all_final_use")
    sectors = [row["indirect_over_direct"] for row in rows if row["demand"] == "sector"]
    a, b, c = (f"{value:.3f}" for value in (whole, min(sectors), max(sectors)))
    return {
        "h2": [
            in_words(
                f"每个直接就业带动 {a}，各部门从 {b} 到 {c}",
                f"Each unit of direct jobs brings {a}; sectors lie from {b} to {c}",
                language,
            )
        ]
    }


def estimators_page(marts: Marts, language: str) -> dict[str, list[str]]:
    titles = []
    for sample in marts.all(
        "select platform_id, window_end, sample_id, count(*) as n,"
        " min(jobs_wan_of_estimator) as least, max(jobs_wan_of_estimator) as most"
        " from marts.fct_estimator_comparison"
        " where jobs_wan_of_estimator is not null"
        " and (platform_id, window_end) in (select (platform_id, window_end)"
        "  from marts.dim_reports)"
        " group by all order by all"
    ):
        least, most = jobs(sample["least"], language), jobs(sample["most"], language)
        titles.append(
            in_words(
                f"同一批商户，{sample['n']} 种估计：从 {least} 万到 {most} 万",
                f"The same merchants, {sample['n']} estimators: {least} to {most} million",
                language,
            )
        )
    curve = {
        row["term"]: float(row["estimate"])
        for row in marts.all(
            "from marts.fct_productivity_coefficients"
            " where industry_code = 'all' order by cov_type desc"
        )
    }
    b0, b1, b2 = (curve[name] for name in ("intercept", "turnover", "turnover_squared"))
    peak, zero = -b1 / (2 * b2), max(np.roots([b2, b1, b0]).real)
    a, b = (
        f"{float(f'{value:.4g}'):.0f}" if language == "zh" else f"{value / 100:.4g}"
        for value in (peak, zero)
    )
    beyond = marts.one(
        "select count(*) as n, count_if(turnover_wan_yuan > ?) as beyond"
        " from intermediate.int_fit__compared_merchants"
        " where turnover_wan_yuan > 0 and headcount > 0",
        peak,
    )
    n = count(beyond["n"], language)
    said = in_words(
        f"图中 {n} 户，其中 {beyond['beyond']} 户在顶点以外。",
        f"{n} merchants are drawn, {beyond['beyond']} of them beyond the peak.",
        language,
    )
    return {
        "h2": titles,
        "h3": [
            in_words(
                f"曲线在营业额 {a} 万元处到顶，在 {b} 万元处降到零",
                f"The curve peaks at a turnover of {a} million yuan"
                f" and falls to zero at {b} million yuan",
                language,
            )
        ],
        ".plot + .note .said": [said],
    }


def yuan(yi: Decimal, language: str) -> str:
    # six digits
    yi = yi.quantize(Decimal(1).scaleb(yi.adjusted() - 5), ROUND_HALF_UP)
    if language == "zh":
        return f"{yi.normalize():f} 亿元"
    size, word = (yi / 10, "billion") if yi >= 10 else (yi * 100, "million")
    return f"{size.normalize():,f} {word} yuan"


def time_page(marts: Marts, language: str) -> dict[str, list[str]]:
    titles = []
    order = marts.all(
        "select platform_id from marts.dim_reports"
        " group by platform_id order by max(is_default) desc, min(sort_order), platform_id"
    )
    for platform in (row["platform_id"] for row in order):
        gmv = marts.all(
            "from marts.fct_gmv_windows where platform_id = ? order by window_end", platform
        )
        if len(gmv) > 1:
            first, last = (yuan(gmv[at]["gmv_yi_yuan"], language) for at in (0, -1))
            titles.append(
                in_words(
                    f"十二个月的 GMV 从 {first}到 {last}",
                    f"GMV of twelve months went from {first} to {last}",
                    language,
                )
            )
        titles.append(estimates_title(marts, platform, language))
        changes = marts.all(
            "from marts.fct_growth where platform_id = ? and is_between_reports"
            " order by from_window_end, window_end",
            platform,
        )
        titles += [title for row in changes if (title := change_title(row, language))]
    return {"h3": titles}


def estimates_title(marts: Marts, platform: str, language: str) -> str:
    """Of the scenario of a report with the most windows, the largest total outside reports."""
    totals = marts.all(
        f"select scenario_id, window_end, jobs_wan_of_scenario as wan from {ALL_JOBS}"
        " where platform_id = ? and parent_component_id is null and scenario_id in"
        "  (select scenario_id from marts.dim_reports where platform_id = ?)",
        platform,
        platform,
    )
    reports = marts.all(
        "from marts.headlines_by_report where platform_id = ? order by window_end", platform
    )
    own = {(row["scenario_id"], row["window_end"]) for row in reports}
    scenarios = [row["scenario_id"] for row in totals]
    longest = max(set(scenarios), key=scenarios.count)
    outside = [
        row
        for row in totals
        if row["scenario_id"] == longest and (longest, row["window_end"]) not in own
    ]
    if outside:
        far = max(outside, key=lambda row: row["wan"])
        number, end = jobs(far["wan"], language), far["window_end"]
        return in_words(
            f"报告的窗口以外是外推：最高 {number} 万（截至 {end}）",
            f"Beyond the window of the report it is extrapolation: at most {number} million"
            f" (to {end})",
            language,
        )
    first, last = (
        (jobs(reports[at]["jobs_wan_of_report"], language), reports[at]["window_end"])
        for at in (0, -1)
    )
    if len(reports) == 1:
        return in_words(
            f"一份报告：{first[0]} 万（截至 {first[1]}）",
            f"One report: {first[0]} million (to {first[1]})",
            language,
        )
    return in_words(
        f"{len(reports)} 份报告：从 {first[0]} 万（截至 {first[1]}）"
        f"到 {last[0]} 万（截至 {last[1]}）",
        f"{len(reports)} reports: from {first[0]} million (to {first[1]})"
        f" to {last[0]} million (to {last[1]})",
        language,
    )


PARTS = {
    "gmv_wan": ("GMV 的增长", "growth of GMV"),
    "jobs_per_gmv_wan": ("同样 GMV 用的人", "jobs for the same GMV"),
    "ratio_wan": ("带动系数", "the ratio to other jobs"),
    "content_wan": ("内容生态等其余部分", "the content ecosystem or whatever else there is"),
    "direct_wan": ("直接就业", "direct jobs"),
}


def change_title(row: Row, language: str) -> str:
    """A change with more than one part, of methods that divide a total alike."""
    parts = {name: row[name] for name in PARTS if row[name]}
    assert sum(parts.values()) == row["change_wan"]
    is_alike = row["from_scenario_key"] == row["scenario_key"] or row["gmv_wan"]
    if len(parts) < 2 or not is_alike:
        return ""
    name = max(parts, key=lambda one: abs(parts[one]))
    words = PARTS[name][LANGUAGES.index(language)]
    change, largest = jobs(row["change_wan"], language), jobs(parts[name], language)
    start, end = row["from_window_end"], row["window_end"]
    return in_words(
        f"从 {start} 到 {end}：变动 {change} 万，其中{words} {largest} 万",
        f"From {start} to {end}: a change of {change} million, {largest} of it {words}",
        language,
    )


PAGE_CHECKS = {
    "figures.html": figures_page,
    "findings.html": findings_page,
    "expectations.html": expectations_page,
    "platforms.html": platforms_page,
    "multipliers.html": multipliers_page,
    "estimators.html": estimators_page,
    "time.html": time_page,
}
