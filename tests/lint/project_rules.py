"""Conventions of this project that no linter knows; `make lint` runs them after `dbt parse`.

A rule is a function of the project that gives a line for each place where it is broken.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

PACKAGE = "python/platform_employment"
# registries of what a report or an author brings: no code may know a row of them
REGISTRIES = {
    "reference/platforms.csv": "platform_id",
    "report/reports.csv": "report_id",
    "report/figure_ledger.csv": "figure_id",
}
# labels, units and additivity by column name
COLUMNS = f"{PACKAGE}/release/columns.csv"
NUMBERS = {"bigint", "integer", "hugeint", "double", "decimal"}
# schemas that readers see
READ = {"marts", "audit"}
# folders with yml that people write
WRITTEN = ("macros", "models", "python", "seeds", "tests")

# vocabularies of the project: no row that a report or an author brings
_VOCABULARIES = "statement|question|benchmark|option|estimator"
_ID = rf"(?:\w+\.)?(?!(?:{_VOCABULARIES})_id)\w+_id"
# '-' is no element and '' is nothing: neither is an id
_LITERAL = r"'(?!-?')[^'{}]*'"
_COMPARED = re.compile(
    rf"\b{_ID}\s*(?:=|!=|<>|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?distinct\s+from|(?:not\s+)?like)"
    rf"\s*{_LITERAL}"
    rf"|{_LITERAL}\s*(?:=|!=|<>)\s*{_ID}\b",
    re.IGNORECASE,
)
_SELECTED = re.compile(
    rf"(?:cast\(\s*)?{_LITERAL}(?:\s*as\s+\w+\s*\))?\s*(?:end\s*)?\s+as\s+(?!(?:{_VOCABULARIES})_id)\w+_id\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"--[^\n]*|\{#.*?#\}|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class ProjectFiles:
    """A project: its folder and what dbt made of it."""

    folder: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What `dbt parse` wrote."""
        text = (self.folder / "target/manifest.json").read_text(encoding="utf-8")
        manifest: Mapping[str, Any] = json.loads(text)
        return manifest

    @cached_property
    def models(self) -> Mapping[str, Mapping[str, Any]]:
        """The models by unique id."""
        nodes = self.manifest["nodes"].items()
        return {name: node for name, node in nodes if node["resource_type"] == "model"}

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """The models and seeds that each model reads."""
        nodes = self.manifest["nodes"]
        return {
            name: tuple(
                parent
                for parent in model["depends_on"]["nodes"]
                if nodes.get(parent, {}).get("resource_type") in {"model", "seed"}
            )
            for name, model in self.models.items()
        }

    def files(self, *patterns: str) -> list[Path]:
        """Give the files below the folder that a pattern finds, by name."""
        return sorted({path for pattern in patterns for path in self.folder.glob(pattern)})

    def name(self, path: Path) -> str:
        """Give the name of a file as seen from the folder."""
        return path.relative_to(self.folder).as_posix()


def ids_are_no_literals(project: ProjectFiles) -> Iterator[str]:
    """Refuse a literal that is compared with, or selected as, a column that ends in _id."""
    for path in project.files("models/**/*.sql", "macros/**/*.sql"):
        text = _COMMENTS.sub(_blank, path.read_text(encoding="utf-8"))
        for found in (*_COMPARED.finditer(text), *_SELECTED.finditer(text)):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{project.name(path)}:{line}: an id in code: {' '.join(found[0].split())}"


# examples in the help of commands name what is shipped
_EXAMPLE = re.compile(r'"(?:add-quarter|assess|explain|headlines|what-if) [^"]*"')


def code_knows_no_report(project: ProjectFiles) -> Iterator[str]:
    """Refuse the id of a platform, report or figure in models, macros, Python and suites."""
    known: dict[str, str] = {}
    for file, column in REGISTRIES.items():
        with (project.folder / "seeds" / file).open(encoding="utf-8", newline="") as seed:
            known |= {row[column]: file for row in csv.DictReader(seed)}
    word = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(known)))})(?![\w-])")
    files = project.files(
        *("models/**/*.sql", "models/**/*.yml", "macros/**/*.sql"),
        *("python/**/*.py", "python/**/*.yml", "python/**/*.j2", "python/**/*.js"),
    )
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".yml" and "unit_tests:" in text:
            # what a test is tried on may have any name
            rest = {k: v for k, v in yaml.safe_load(text).items() if k != "unit_tests"}
            text = yaml.safe_dump(rest, allow_unicode=True)
        if path.suffix == ".py":
            text = _EXAMPLE.sub("", text)
        for found in sorted(set(word.findall(text))):
            yield f"{project.name(path)}: names {found}, a row of {known[found]}"


def provenance_follows_from_the_source(project: ProjectFiles) -> Iterator[str]:
    """Refuse a model that hands on what seeds on a platform or report say of their provenance.

    They say `published`; whether the source is that of a report on it is found in one macro.
    """
    nodes = project.manifest["nodes"]
    for name, model in project.models.items():
        if model["language"] != "sql" or "provenance_of(" in model["raw_code"]:
            continue
        for parent in project.parents[name]:
            node = nodes.get(parent, {})
            columns = node.get("columns", {}) if node.get("resource_type") == "seed" else {}
            of = {"platform_id", "report_id"} & columns.keys()
            if of and {"provenance", "source_id"} <= columns.keys() & model["columns"].keys():
                yield f"{model['name']}: provenance of {node['name']} without provenance_of"


def texts_of_keys_stand_once(project: ProjectFiles) -> Iterator[str]:
    """Refuse two texts for a key that readers see: all begin with the doc block of its name.

    More may follow it. A dimension may say of its own key what it is.
    """
    blocks = {
        block["name"]: _one_line(block["block_contents"])
        for block in project.manifest["docs"].values()
    }
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for model in project.models.values():
        if model["schema"] in READ and not model["name"].startswith("dim_"):
            for column in model["columns"].values():
                if column["name"].endswith(("_id", "window_end")):
                    texts[column["name"]][model["name"]] = _one_line(column["description"])
    for name, found in sorted(texts.items()):
        for model_name, text in found.items():
            if name in blocks and not text.startswith(blocks[name]):
                yield f"{model_name}.{name}: begins otherwise than the doc block {name}"
        if name not in blocks and len(set(found.values())) > 1:
            yield f"{name}: {len(found)} texts and no doc block, in {', '.join(sorted(found))}"


def columns_that_readers_see_are_in_the_dictionary(project: ProjectFiles) -> Iterator[str]:
    """Refuse a column without label and Chinese text, and a number that may add up or not."""
    dictionary = project.folder / COLUMNS
    if not dictionary.is_file():
        return
    with dictionary.open(encoding="utf-8", newline="") as file:
        known = {row["name"]: row for row in csv.DictReader(file)}
    for model in project.models.values():
        if model["schema"] not in READ:
            continue
        for column in model["columns"].values():
            row = known.get(column["name"])
            kind = (column.get("data_type") or "").partition("(")[0]
            said = {**(row or {}), **column.get("meta", {})}
            if row is None:
                yield f"{model['name']}.{column['name']}: no label in {COLUMNS}"
            elif not row["about_zh"]:
                yield f"{model['name']}.{column['name']}: nothing in Chinese in {COLUMNS}"
            elif kind in NUMBERS and not (said["unit"] and said["additivity"]):
                yield f"{model['name']}.{column['name']}: no unit or additivity in {COLUMNS}"


def texts_are_whole(project: ProjectFiles) -> Iterator[str]:
    """Refuse a key without a value in flow style: a text cut at its comma, without quotes."""
    for path in project.files("*.yml", *(f"{folder}/**/*.yml" for folder in WRITTEN)):
        nodes = [yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)]
        while nodes:
            node = nodes.pop()
            if isinstance(node, yaml.SequenceNode):
                nodes += node.value
            elif isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    nodes.append(value)
                    if node.flow_style and value.start_mark.index == value.end_mark.index:
                        line = key.start_mark.line + 1
                        place = f"{project.name(path)}:{line}"
                        yield f"{place}: {key.value} has no value: quote the text"


def actions_are_pinned(project: ProjectFiles) -> Iterator[str]:
    """Yield each action of CI that is named by a tag, which its owner can move."""
    for path in sorted((project.folder / ".github/workflows").glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            named = re.search(r"uses:\s*(\S+)", line)
            if named and not re.search(r"@[0-9a-f]{40}$|^\./", named[1]):
                yield f"{path}:{number}: {named[1]}: name the commit"


Rule = Callable[[ProjectFiles], Iterator[str]]
RULES: tuple[Rule, ...] = (
    ids_are_no_literals,
    code_knows_no_report,
    provenance_follows_from_the_source,
    texts_of_keys_stand_once,
    columns_that_readers_see_are_in_the_dictionary,
    texts_are_whole,
    actions_are_pinned,
)


def main(folder: Path = Path()) -> int:
    """Print each place where a rule is broken in a project; exit code 1 if there is one."""
    project = ProjectFiles(folder.absolute())
    faults = [f"{fault} [{rule.__name__}]" for rule in RULES for fault in rule(project)]
    print("\n".join([*faults, f"conventions: {len(RULES)} rules, {len(faults)} faults"]))
    return int(bool(faults))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _blank(found: re.Match[str]) -> str:
    """Take a comment out and keep its lines."""
    return "\n" * found[0].count("\n")


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
