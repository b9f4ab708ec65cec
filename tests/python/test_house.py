"""Each rule of the house finds what breaks it, and passes what does not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import house
import pytest
from house import PACKAGE, House, Rule

MODEL = "model.platform_employment."


def written(folder: Path, files: Mapping[str, str]) -> House:
    """Write a project of some files, with the registries that the rules read."""
    registries = {
        f"seeds/{file}": f"{column}\n{column.removesuffix('_id')}_one\n"
        for file, column in house.REGISTRIES.items()
    }
    for name, text in (registries | dict(files)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return House(folder)


def of_models(folder: Path, reads: Mapping[str, Sequence[str]], sql: str = "select a") -> House:
    """Write a manifest of models by the names of what each reads; other names are seeds."""
    nodes = {
        f"{MODEL}{name}": {
            "resource_type": "model",
            "name": name,
            "schema": "marts" if name.startswith(("dim_", "fct_")) else "intermediate",
            "language": "sql",
            "raw_code": sql,
            "columns": {},
            "depends_on": {"nodes": [f"{MODEL}{parent}" for parent in parents]},
        }
        for name, parents in reads.items()
    }
    for parents in reads.values():
        for parent in parents:
            nodes.setdefault(f"{MODEL}{parent}", {"resource_type": "seed", "name": parent})
    return written(folder, {"target/manifest.json": json.dumps({"nodes": nodes, "docs": {}})})


def faults(rule: Rule, house: House) -> list[str]:
    return list(rule(house))


@pytest.mark.parametrize(
    "sql",
    [
        "where component_id = 'merchants'",
        "where leaves.component_id\n    not in ('merchants', 'direct')",
        "where 'merchants' != component_id",
        "where a.component_id is distinct from 'merchants'",
        "where component_id like 'merch%'",
        "select 'merchants' as component_id",
        "select cast('merchants' as text) as component_id",
        "select case when x then y else 'merchants' end as component_id",
    ],
)
def test_an_id_as_a_literal_is_found(tmp_path: Path, sql: str) -> None:
    found = written(tmp_path, {"models/a/int_a__b.sql": f"-- a comment\n{sql}\n"})
    (fault,) = faults(house.ids_are_no_literals, found)
    assert fault.startswith("models/a/int_a__b.sql:2: an id in code: ")


@pytest.mark.parametrize(
    "sql",
    [
        "where component_id = parent_id and unit = 'jobs'",
        "-- where component_id = 'merchants'",
        "{# where component_id = 'merchants' #}",
        "where element_id = '-'",
        "select '-' as element_id, '' as scenario_id",
        "select 'jobs' as unit, component_id",
        "where component_id in ({{ listed }}) and b = 'c'",
    ],
)
def test_other_literals_may_stand_in_code(tmp_path: Path, sql: str) -> None:
    assert not faults(house.ids_are_no_literals, written(tmp_path, {"macros/a.sql": sql}))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("models/a.sql", "where name = 'platform_one'"),
        ("models/a.yml", "models: [{name: a, description: of figure_one}]\nunit_tests: []\n"),
        ("macros/a.sql", "{% set report = 'report_one' %}"),
        (f"{PACKAGE}/a.py", '"""Made for platform_one."""\n'),
        (f"{PACKAGE}/expectations/suites/a.yml", "figure: figure_one\n"),
    ],
)
def test_code_that_knows_a_row_of_a_registry_is_found(tmp_path: Path, name: str, text: str) -> None:
    (fault,) = faults(house.code_knows_no_report, written(tmp_path, {name: text}))
    assert fault.startswith(f"{name}: names ")


def test_unit_tests_and_longer_words_may_have_these_names(tmp_path: Path) -> None:
    given = "unit_tests: [{name: a, given: [{rows: [{platform_id: platform_one}]}]}]\n"
    files = {"models/a.yml": given, "models/a.sql": "select platform_one_half, my-figure_one"}
    assert not faults(house.code_knows_no_report, written(tmp_path, files))


def test_the_chain_may_not_read_a_mart(tmp_path: Path) -> None:
    reads = {"dim_a": ["a"], "fct_a": ["dim_a"], "int_a__b": ["dim_a"], "int_a__c": ["fct_a"]}
    found = of_models(tmp_path, reads | {"est_a": ["aud_a"], "aud_a": ["fct_a"]})
    assert faults(house.chain_reads_no_mart, found) == [
        "int_a__c: reads fct_a",
        "est_a: reads aud_a",
    ]


def test_a_provenance_that_does_not_follow_from_the_source_is_found(tmp_path: Path) -> None:
    of_no_platform: dict[str, dict[str, str]] = {"provenance": {}, "source_id": {}}

    def broken(seed_columns: dict[str, dict[str, str]]) -> list[str]:
        found = of_models(tmp_path, {"stg_a": ["seed"], "stg_b": ["seed"], "fct_c": ["stg_a"]})
        nodes: dict[str, dict[str, object]] = found.manifest["nodes"]
        for node in nodes.values():
            node["columns"] = of_no_platform | seed_columns
        nodes[f"{MODEL}stg_b"]["raw_code"] = "select {{ provenance_of(['b']) }}"
        return faults(house.provenance_follows_from_the_source, found)

    assert broken({"platform_id": {}}) == ["stg_a: provenance of seed without provenance_of"]
    assert broken({}) == []


def test_a_model_that_hands_on_columns_is_found(tmp_path: Path) -> None:
    reads = {"int_a__b": ["stg_a"], "int_a__c": ["int_a__b"], "fct_a": ["int_a__b", "int_a__c"]}
    assert faults(house.models_have_an_idea, of_models(tmp_path, reads)) == [
        "int_a__c: has no idea of its own, merge it into fct_a"
    ]
    joined = of_models(tmp_path, reads, "select a from b inner join c using (d)")
    assert not faults(house.models_have_an_idea, joined)


def test_a_house_that_grows_too_large_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = of_models(tmp_path, {"a": ["seed"], "b": ["a"], "c": ["a", "b"]})
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "a.yml").write_text("a: 1\nb: 2\n", encoding="utf-8")
    assert not faults(house.house_is_small, found)
    for limit in ("MAX_MODELS", "MAX_DEPTH", "MAX_YML_LINES"):
        monkeypatch.setattr(house, limit, 1)
    assert faults(house.house_is_small, found) == [
        "3 models, at most 1",
        "4 levels, at most 1: seed -> a -> b -> c",
        "2 lines of yml, at most 1",
    ]


def test_another_text_of_a_key_is_found(tmp_path: Path) -> None:
    found = of_models(tmp_path, {"dim_a": [], "fct_a": [], "fct_b": [], "int_a__b": []})
    found.manifest["docs"]["doc.a"] = {"name": "a_id", "block_contents": "The a,\nas in dim_a."}

    def described(model: str, name: str, text: str) -> list[str]:
        column = {"name": name, "description": text}
        found.models[f"{MODEL}{model}"]["columns"][name] = column
        return faults(house.texts_of_keys_stand_once, found)

    assert described("fct_a", "a_id", "The a, as in dim_a. Empty for b.") == []
    assert described("dim_a", "a_id", "Name of the a.") == []
    assert described("int_a__b", "a_id", "Something.") == []
    assert described("fct_a", "jobs_wan", "Jobs.") == []
    other = "fct_a.a_id: begins otherwise than the doc block a_id"
    assert described("fct_a", "a_id", "Another a.") == [other]
    assert described("fct_a", "b_id", "A b.") == [other]
    assert described("fct_b", "b_id", "The b.") == [
        other,
        "b_id: 2 texts and no doc block, in fct_a, fct_b",
    ]


def test_a_column_that_the_dictionary_does_not_have_is_found(tmp_path: Path) -> None:
    found = of_models(tmp_path, {"fct_a": [], "int_a__b": []})
    dictionary = tmp_path / house.COLUMNS
    dictionary.parent.mkdir(parents=True)
    text = (
        "name,zh,en,unit,additivity,same_as,about_zh\nname_zh,名,Name,,,,名称。\n"
        "old_wan,旧,Old,counted,never,,旧的。\nbare,空,Bare,,,,\n"
    )
    dictionary.write_text(text, encoding="utf-8")

    def described(model: str, name: str, kind: str, **meta: str) -> list[str]:
        column = {"name": name, "data_type": kind, "description": "", "meta": meta}
        columns = found.models[f"{MODEL}{model}"]["columns"]
        columns.clear()
        columns[name] = column
        return faults(house.columns_that_readers_see_are_in_the_dictionary, found)

    assert described("fct_a", "name_zh", "varchar") == []
    assert described("fct_a", "old_wan", "decimal(18, 4)") == []
    assert described("int_a__b", "new_wan", "decimal(18, 4)") == []
    no_label = f"fct_a.new_wan: no label in {house.COLUMNS}"
    assert described("fct_a", "new_wan", "decimal(18, 4)") == [no_label]
    unsaid = f"fct_a.name_zh: no unit or additivity in {house.COLUMNS}"
    assert described("fct_a", "name_zh", "bigint") == [unsaid]
    assert described("fct_a", "name_zh", "bigint", unit="count", additivity="never") == []
    assert described("fct_a", "bare", "varchar") == [
        f"fct_a.bare: nothing in Chinese in {house.COLUMNS}"
    ]


def test_formulas_are_read_in_one_module(tmp_path: Path) -> None:
    reader = {house.FORMULAS: "import ast\ntree = ast.parse('1')\n"}
    assert not faults(house.formulas_are_read_in_one_module, written(tmp_path, reader))
    for text, said in {
        "import ast\n": "imports ast",
        "from ast import parse\n": "imports ast",
        "def f(x):\n    return eval(x)\n": "calls eval",
    }.items():
        other = written(tmp_path, {f"{PACKAGE}/validation/a.py": text})
        (fault,) = faults(house.formulas_are_read_in_one_module, other)
        assert fault.startswith(f"{PACKAGE}/validation/a.py")
        assert fault.endswith(said)


def test_rooms_that_import_each_other_are_found(tmp_path: Path) -> None:
    def importing(module: str) -> str:
        return f"def f():\n    from platform_employment.{module} import x\n"

    files = {
        f"{PACKAGE}/a/one.py": importing("b.two"),
        f"{PACKAGE}/b/two.py": "from platform_employment import c\n",
        f"{PACKAGE}/release/audit.py": "import platform_employment.validation.files\n",
        f"{PACKAGE}/method/steps.py": "import pandas as pd\n",
        f"{PACKAGE}/method/tables.py": "import pandas as pd\n",
    }
    strangers = [
        f"{PACKAGE}/release/audit.py: release imports validation",
        f"{PACKAGE}/method/steps.py: imports pandas",
    ]
    assert faults(house.rooms_are_apart, written(tmp_path, files)) == strangers
    closed = written(tmp_path, files | {f"{PACKAGE}/c.py": importing("a.one")})
    circle = "the rooms a -> b -> c -> a import each other in a circle"
    assert circle in faults(house.rooms_are_apart, closed)


def test_all_faults_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_models(tmp_path, {"int_a__c": ["fct_a"], "fct_a": ["a"]})
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert house.main(tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "int_a__c: reads fct_a [chain_reads_no_mart]",
        f"house: {len(house.RULES)} rules, 1 faults",
    ]


def test_a_text_cut_at_its_comma_is_found(tmp_path: Path) -> None:
    text = "models:\n  - name: a\n    columns:\n      - {name: b, description: One, two of it.}\n"
    found = faults(house.texts_are_whole, written(tmp_path, {"models/a.yml": text}))
    assert found == ["models/a.yml:4: two of it. has no value: quote the text"]
    quoted = text.replace("One, two of it.", "'One, two of it.'")
    assert not faults(house.texts_are_whole, written(tmp_path, {"models/a.yml": quoted}))
