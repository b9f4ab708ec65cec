"""The declarations next to the seeds: read exactly, or refused with the place named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from platform_employment.validation import ColumnRule, UserError, load_schemas

SEED = """\
seeds:
  - name: gmv
    description: >
      One row per
      quarter.
    config: {{meta: {{unique_key: {key}}}}}
    columns:
      - name: quarter
      - name: gmv_yi_yuan
        config: {{meta: {{input: {rule}}}}}
"""


def write_yml(folder: Path, text: str, name: str = "gmv.yml") -> None:
    path = folder / "platform" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_seed(folder: Path, rule: str = "{type: text}", key: str = "[quarter]") -> None:
    write_yml(folder, SEED.format(rule=rule, key=key))


def test_the_name_of_a_column_says_its_type_where_the_yml_does_not(tmp_path: Path) -> None:
    names = ["source_id", "sector_code", "window_end", "decided_on", "is_net", "title_en"]
    columns = "".join(f"      - name: {name}\n" for name in names)
    seed = "seeds:\n  - name: gmv\n    config: {meta: {unique_key: [note]}}\n    columns:\n"
    declared = """\
      - {name: period_start, config: {meta: {input: {required: false}}}}
      - {name: paid_on, config: {meta: {input: {type: text}}}}
      - name: provenance
      - name: note
"""
    write_yml(tmp_path, seed + columns + declared)
    (schema,) = load_schemas(tmp_path)
    types = ["code", "code", "date", "date", "boolean", "text"]
    assert schema.columns == (
        *(ColumnRule(name, type=of) for name, of in zip(names, types, strict=True)),
        ColumnRule("period_start", type="date", required=False),
        ColumnRule("paid_on"),
        ColumnRule(
            "provenance",
            type="code",
            values=("published", "derived", "borrowed", "assumed", "synthetic"),
        ),
        ColumnRule("note", required=False),
    )


def test_reads_what_is_declared(tmp_path: Path) -> None:
    write_seed(
        tmp_path,
        "{type: decimal, decimals: 4, minimum: 0.1, maximum: 1000, exclusive_minimum: true,"
        " required: false}",
    )
    (schema,) = load_schemas(tmp_path)
    assert (schema.folder, schema.name, schema.file) == ("platform", "gmv", "platform/gmv.csv")
    assert schema.header == ("quarter", "gmv_yi_yuan")
    assert schema.unique_key == ("quarter",)
    assert schema.description == "One row per quarter."
    assert schema.columns == (
        ColumnRule("quarter"),
        ColumnRule(
            "gmv_yi_yuan",
            type="decimal",
            required=False,
            decimals=4,
            minimum=Decimal("0.1"),
            maximum=Decimal(1000),
            exclusive_minimum=True,
        ),
    )


def test_reads_allowed_values(tmp_path: Path) -> None:
    write_seed(tmp_path, "{type: code, values: [over, equal]}")
    assert load_schemas(tmp_path)[0].columns[1].values == ("over", "equal")


def test_sorts_by_file_and_skips_other_folders(tmp_path: Path) -> None:
    write_seed(tmp_path)
    (tmp_path / "economy").mkdir()
    text = SEED.format(rule="{}", key="[quarter]").replace("gmv\n", "totals\n")
    (tmp_path / "economy" / "totals.yml").write_text(text, encoding="utf-8")
    (tmp_path / "top.yml").write_text("not: read", encoding="utf-8")
    assert [schema.file for schema in load_schemas(tmp_path)] == [
        "economy/totals.csv",
        "platform/gmv.csv",
    ]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{typo: code}", "unknown option typo"),
        ("{type: number}", "type must be one of text, code, integer, decimal, date, boolean"),
        ("{type: [text]}", "type must be one of"),
        ("{type: decimal}", "decimals between 1 and 18"),
        ("{type: decimal, decimals: 0}", "decimals between 1 and 18"),
        ("{type: decimal, decimals: 19}", "decimals between 1 and 18"),
        ("{type: decimal, decimals: true}", "decimals between 1 and 18"),
        ("{type: integer, decimals: 2}", "decimals does not go with type integer"),
        ("{type: date, minimum: 3}", "minimum does not go with type date"),
        ("{type: text, maximum: 3}", "maximum does not go with type text"),
        ("{type: integer, values: [a]}", "values does not go with type integer"),
        ("{type: code, values: [2017]}", "put numbers in quotes"),
        ("{type: code, values: [yes]}", "put numbers in quotes"),
        ("{type: code, values: a}", "must be a list"),
        ("{type: integer, minimum: few}", "minimum must be a number"),
        ("{type: integer, minimum: .nan}", "minimum must be a number"),
        ("{type: integer, maximum: .inf}", "maximum must be a number"),
        ("{type: integer, maximum: true}", "maximum must be a number"),
        ("{type: integer, minimum: 2, maximum: 1}", "minimum is above maximum"),
        ("{type: integer, exclusive_minimum: true}", "exclusive_minimum needs a minimum"),
        ("{required: 'no'}", "required must be true or false"),
        ("decimal", "config.meta.input must be a mapping"),
    ],
)
def test_refuses_a_wrong_rule(tmp_path: Path, rule: str, message: str) -> None:
    write_seed(tmp_path, rule)
    with pytest.raises(UserError) as error:
        load_schemas(tmp_path)
    assert str(error.value).startswith("platform/gmv.yml: seed gmv, column gmv_yi_yuan: ")
    assert message in str(error.value)


@pytest.mark.parametrize("key", ["[]", "[year]", "[quarter, year]"])
def test_refuses_a_wrong_key(tmp_path: Path, key: str) -> None:
    write_seed(tmp_path, key=key)
    with pytest.raises(UserError, match=r"unique_key must list columns of the seed"):
        load_schemas(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seeds: [", "platform/gmv.yml: not valid YAML"),
        ("seeds: gmv", "seeds must be a list"),
        ("- gmv", "must be a mapping"),
        ("seeds: [gmv]", "must be a mapping"),
        ("seeds: [{columns: []}]", "seed name must be text"),
        ("seeds: [{name: gmv}]", "columns must be listed, each once"),
        ("seeds: [{name: gmv, columns: [{name: a}, {name: a}]}]", "columns must be listed"),
        ("seeds: [{name: gmv, columns: [{description: a}]}]", "column name must be text"),
        ("seeds: [{name: gmv, columns: [{name: a, config: }]}]", "config must be a mapping"),
    ],
)
def test_refuses_a_wrong_yml(tmp_path: Path, text: str, message: str) -> None:
    write_yml(tmp_path, text)
    with pytest.raises(UserError) as error:
        load_schemas(tmp_path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_refuses_a_seed_declared_twice(tmp_path: Path) -> None:
    write_seed(tmp_path)
    write_yml(tmp_path, SEED.format(rule="{}", key="[quarter]"), "more.yml")
    with pytest.raises(UserError, match="seed gmv is declared twice"):
        load_schemas(tmp_path)


def test_refuses_a_folder_without_seeds(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no seed is declared"):
        load_schemas(tmp_path)
