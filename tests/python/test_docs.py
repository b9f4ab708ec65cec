"""The docs folder: lineage without a gap, pages that say what the warehouse says, no network."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import PROJECT_DIR
from site_fixtures import Docs

from platform_employment import assessment
from platform_employment.errors import UserError
from platform_employment.fit.tables import est_merchant_fits
from platform_employment.site.build import build_docs
from platform_employment.site.column_lineage import Column, ColumnLineage
from platform_employment.site.pages import PAGES, queries_of
from platform_employment.site.queries import Row, read_tables, tables_of
from platform_employment.site.readme import END, START, strength_block, with_block
from platform_employment.site.readme import main as readme_main

pytest_plugins = ["site_fixtures"]
PROJECT = "platform_employment"
WEAKEST_FIRST = ["synthetic", "assumed", "derived", "published", "disclosed", None]


@pytest.fixture(scope="session")
def columns(docs: Docs) -> ColumnLineage:
    return docs.lineage()


def column(text: str, kind: str = "model") -> Column:
    node, _, name = text.partition(".")
    return Column(f"{kind}.{PROJECT}.{node}", name)


# lineage of columns


def test_every_mart_column_reaches_a_seed_or_a_documented_end(
    docs: Docs, columns: ColumnLineage
) -> None:
    assert columns.faults() == []
    marts = {node["unique_id"] for node in docs.manifest["nodes"].values() if in_marts(node)}
    mart_columns = [found for found in columns.columns if found.node in marts]
    assert {found.node for found in mart_columns} == marts
    assert column("aud_figure_reconciliation.warehouse_value") in mart_columns
    for found in mart_columns:
        origins = columns.origins(found)
        assert origins
        assert all(o.node.startswith("seed.") or o in columns.ends for o in origins), found


def in_marts(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["schema"] in {"marts", "audit"})


def test_headline_totals_go_back_to_the_seeds_through_the_python_model(
    columns: ColumnLineage,
) -> None:
    origins = columns.origins(column("aud_figure_reconciliation.warehouse_value"))
    assert origins >= {
        column("gmv_disclosures.gmv_yi_yuan", "seed"),
        column("published_coefficients.turnover", "seed"),
        column("input_output_totals.intermediate_use_yi_yuan", "seed"),
        column("creators_with_income.creators_wan", "seed"),
        column("creator_tiers.team_share", "seed"),
        column("institutions.average_staff", "seed"),
    }
    fitted = columns.origins(column("fct_productivity_coefficients.estimate"))
    assert fitted == {
        column("merchant_sample.turnover_wan_yuan", "seed"),
        column("merchant_sample.headcount", "seed"),
        column("merchant_sample.survey_weight", "seed"),
    }


def differ(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Whether two columns differ by more than rounding, which depends on how cells are made."""
    if pd.api.types.is_numeric_dtype(one):
        return not np.allclose(one, other, rtol=1e-9, equal_nan=True)
    return not one.equals(other)


def test_python_models_declare_the_lineage_that_they_have(columns: ColumnLineage) -> None:
    random = np.random.default_rng(1)
    turnover = np.round(np.exp(4 + random.standard_normal(90)), 2)
    headcount = np.maximum(1, np.round(turnover / (8 + 0.06 * turnover) * random.uniform(1, 2, 90)))
    sample = pd.DataFrame({"turnover_wan_yuan": turnover, "headcount": headcount})
    sample = sample.assign(platform_id="a", sample_id="b", survey_weight=1.0)
    sample = sample.assign(merchant_id=[f"m{i:02}" for i in range(90)], industry_code="food")
    none = SimpleNamespace(columns=[], fetchall=list, df=pd.DataFrame)

    def estimate(merchants: pd.DataFrame) -> pd.DataFrame:
        table: pd.DataFrame = est_merchant_fits(
            {
                "int_fit__compared_merchants": SimpleNamespace(df=lambda: merchants),
                "int_fit__sums": none,
                "stg_survey__designs": none,
                "stg_survey__merchant_designs": none,
                "stg_survey__population_totals": none,
                "int_fit__influential_merchants": none,
            }
        ).to_pandas()
        nested = ["coefficients", "most_influential"]
        return table.assign(**{name: table[name].astype(str) for name in nested})

    table = estimate(sample)
    for name in ("turnover_wan_yuan", "headcount", "survey_weight"):
        stretched = sample[name] * (sample.index + 1)
        other = estimate(sample.assign(**{name: stretched}))
        changed = {str(text) for text in table if differ(table[text], other[text])}
        declared = {
            found.name
            for found in columns.columns
            if found.node.endswith(".est_merchant_fits")
            and column(f"merchant_sample.{name}", "seed") in columns.origins(found)
        }
        # one that is zero or empty in both changes nothing that a table could show
        still = {
            str(text) for text in table if table[text].isna().all() or (table[text] == 0).all()
        }
        assert changed - declared == set(), name
        assert declared - changed <= still, name


def test_column_renamed_in_sql_breaks_the_lineage(docs: Docs, tmp_path: Path) -> None:
    def rename(manifest: dict[str, Any]) -> None:
        node = manifest["nodes"][f"model.{PROJECT}.int_survey__samples"]
        node["compiled_code"] = node["compiled_code"].replace("sum(headcount)", "sum(people)")

    faults = docs.lineage(changed_artefacts(docs, tmp_path, rename)).faults()
    assert faults == ["int_survey__samples.headcount: has neither sources nor lineage_ends"]


def test_column_renamed_in_a_python_model_breaks_the_lineage(docs: Docs, tmp_path: Path) -> None:
    def rename(manifest: dict[str, Any]) -> None:
        declared = of_productivity(manifest)
        declared["most_influentials"] = declared.pop("most_influential")

    with pytest.raises(UserError, match=r"names est_merchant_fits\.most_influentials, which"):
        docs.lineage(changed_artefacts(docs, tmp_path, rename))


def test_lineage_declared_on_a_table_that_is_not_read_is_refused(
    docs: Docs, tmp_path: Path
) -> None:
    def declare(manifest: dict[str, Any]) -> None:
        of_productivity(manifest)["most_influential"] = ["fct_gmv.gmv_yi_yuan"]

    with pytest.raises(UserError, match=r"names fct_gmv.gmv_yi_yuan, which it does not read"):
        docs.lineage(changed_artefacts(docs, tmp_path, declare))


def test_python_model_without_declared_lineage_is_a_fault(docs: Docs, tmp_path: Path) -> None:
    def forget(manifest: dict[str, Any]) -> None:
        del of_productivity(manifest)["nobs placebo_merchants"]

    faults = docs.lineage(changed_artefacts(docs, tmp_path, forget)).faults()
    expected = [f"est_merchant_fits.{name}" for name in ("nobs", "placebo_merchants")]
    assert faults == [f"{name}: has neither sources nor lineage_ends" for name in expected]


def test_end_that_has_sources_is_a_fault() -> None:
    seed, model = column("s.x", "seed"), column("m.y")
    found = ColumnLineage([seed, model], {model: [seed]}, {model: "literal"})
    assert found.faults() == ["m.y: says lineage_ends and has sources"]


def of_productivity(manifest: dict[str, Any]) -> dict[str, Any]:
    """What a Python model declares of its columns."""
    node = manifest["nodes"][f"model.{PROJECT}.est_merchant_fits"]
    declared: dict[str, Any] = node["config"]["meta"]["column_lineage"]
    return declared


def changed_artefacts(docs: Docs, folder: Path, change: Any) -> Path:
    """Copy what lineage is read from, with the manifest changed."""
    manifest = docs.manifest
    before = json.dumps(manifest)
    change(manifest)
    assert json.dumps(manifest) != before
    target = folder / "target"
    target.mkdir()
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    shutil.copy(docs.target / "catalog.json", target)
    return target


# what is missing is named in one line


def test_missing_pieces_are_one_line(docs: Docs, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such database; run dbt build"):
        build_docs(docs.target, tmp_path / "none.duckdb", tmp_path / "site")
    with pytest.raises(UserError, match=r"run `dbt docs generate --static` first"):
        build_docs(tmp_path, docs.database, tmp_path / "site")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(UserError, match="its build stopped") as error:
        read_tables(tmp_path / "empty.duckdb")
    assert "\n" not in str(error.value)


# exposures and colours


def test_every_published_table_figure_and_page_has_an_exposure(docs: Docs) -> None:
    manifest = docs.manifest
    read = {
        name: set(exposure["depends_on"]["nodes"])
        for name, exposure in ((found["name"], found) for found in manifest["exposures"].values())
    }
    reports = {
        node["unique_id"]
        for node in manifest["nodes"].values()
        if in_marts(node) and node["name"].startswith("rpt_")
    } | {
        f"model.{PROJECT}.{name}"
        for name in (
            *("dim_reports", "dim_employment_types"),
            *("aud_figure_reconciliation", "aud_strength_counts"),
        )
    }
    own = set().union(*(nodes for name, nodes in read.items() if not name.startswith("page_")))
    assert own == reports
    present = {name.rpartition(".")[2] for name in manifest["nodes"]}
    for page in PAGES:
        tables = {t for query in queries_of(page).values() for t in tables_of(query)} & present
        if "points" in page.reads:
            tables.add("int_fit__compared_merchants")
        if "sheets" in page.reads:
            queries = (
                assessment.REPORTS,
                assessment.FIGURES,
                assessment.FINDINGS,
                assessment.ANSWERS,
            )
            tables |= {table for query in queries for table in tables_of(query)}
        assert read[page.name] == {f"model.{PROJECT}.{table}" for table in tables}
    assert {name for name in read if name.startswith("page_")} == {page.name for page in PAGES}


def test_colour_of_a_seed_is_that_of_its_weakest_provenance(docs: Docs) -> None:
    colours: dict[str, set[str | None]] = {}
    for node in docs.manifest["nodes"].values():
        if node["resource_type"] == "seed" and node["name"] != "provenance_kinds":
            path = PROJECT_DIR / node["original_file_path"]
            with path.open(encoding="utf-8", newline="") as file:
                kinds = {row.get("provenance") or None for row in csv.DictReader(file)}
            # a list without rows or without provenance counts as evidence
            weakest = min(kinds, key=WEAKEST_FIRST.index, default=None)
            group = weakest if weakest in {"assumed", "synthetic"} else "evidence"
            colours.setdefault(group, set()).add(node["config"]["docs"]["node_color"])
    assert all(len(found) == 1 for found in colours.values()), colours
    assert len({colour for found in colours.values() for colour in found}) == 3
    overview = (PROJECT_DIR / "models/overview.md").read_text(encoding="utf-8")
    assert all(str(colour) in overview for found in colours.values() for colour in found)


def test_every_model_has_a_colour_of_the_legend(docs: Docs) -> None:
    overview = (PROJECT_DIR / "models/overview.md").read_text(encoding="utf-8")
    for node in docs.manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["config"]["docs"]["node_color"] in overview, node["name"]


# README


def test_readme_says_what_the_build_says(docs: Docs) -> None:
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    block = strength_block(
        read_tables(docs.database, ["strength_counts"])["strength_counts"].dicts()
    )
    assert with_block(readme, block) == readme, "run `make readme`"


def strengths_of(report_id: str, numbers: dict[str, tuple[int, str | None]]) -> list[Row]:
    """Rows of counts; numbers: of each strength how many, and those of the calculation."""
    return [
        {
            "report_id": report_id,
            "title_zh": f"报告{report_id}",
            "title_en": f"Report {report_id}",
            "strength": strength,
            "phrase_zh": f"属{strength}",
            "phrase_en": f"called {strength}",
            "numbers": count,
            "calculated_numbers": 0 if printed is None else printed.count(",") + 1,
            "printed_numbers_zh": printed and printed.replace(", ", "、"),
            "printed_numbers_en": printed,
        }
        for strength, (count, printed) in numbers.items()
    ]


def test_strength_block_has_a_sentence_a_report() -> None:
    counts = [
        *strengths_of("one", {"tested": (2, "4, 5"), "assumed": (1, "7"), "unchecked": (9, None)}),
        *strengths_of("two", {"tested": (0, None), "unchecked": (1, None)}),
        *strengths_of("three", {"given": (1, "3")}),
    ]
    first = [
        "**Report one.** Of 3 numbers of the calculation 2 are called tested (4, 5), 1 is called"
        " assumed (7); 9 further numbers are unchecked.",
        "**报告one。**计算中的3个数字：属tested2个（4、5），属assumed1个（7）；另有9个数字未核对。",
    ]
    assert strength_block(counts).split("\n\n") == [
        *first,
        "<details><summary>2 more 另有2份报告</summary>",
        "- **Report two.** No number of it is calculated; 1 further number is unchecked."
        " **报告two。**没有进入计算的数字；另有1个数字未核对。\n"
        "- **Report three.** Of 1 number of the calculation 1 is called given (3)."
        " **报告three。**计算中的1个数字：属given1个（3）。",
        "</details>",
    ]
    assert strength_block(counts[:3]).split("\n\n") == first


@pytest.mark.parametrize("text", ["", "{end}{start}", "{start}", "{start}{end}{start}{end}"])
def test_readme_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not once each"):
        with_block(text.format(start=START, end=END), "block")


def test_readme_command_checks_and_writes(
    docs: Docs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump({"name": "p"}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    whole = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    readme.write_text(with_block(whole, "old"), encoding="utf-8")
    arguments = ["--database", str(docs.database)]
    assert readme_main([*arguments, "--check"]) == 1
    assert readme_main(arguments) == 0
    assert readme_main([*arguments, "--check"]) == 0
    assert readme_main(["--check", "--database", str(tmp_path / "none")]) == 2
