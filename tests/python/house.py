"""Rules of the house that no linter knows; `make lint` runs them after `dbt parse`.

A rule is a function of the project that gives a line for each place where it is broken.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

# what there is; the aim is 100 models, 22 levels and 6,200 lines: lower these with each merge
MAX_MODELS = 120
MAX_DEPTH = 19
MAX_YML_LINES = 7700
PACKAGE = "python/platform_employment"
# registries of what a report or an author brings: no code may know a row of them
REGISTRIES = {
    "reference/platforms.csv": "platform_id",
    "report/reports.csv": "report_id",
    "report/figure_ledger.csv": "figure_id",
}
# rooms that must not know each other; the first may not import the second
STRANGERS = (
    ("validation", "release"),
    ("validation", "site"),
    ("validation", "cli"),
    ("validation", "dbt"),
    ("release", "validation"),
    ("release", "cli"),
    ("site", "release"),
)
# labels, units and additivity by column name
COLUMNS = f"{PACKAGE}/release/columns.csv"
NUMBERS = {"bigint", "integer", "hugeint", "double", "decimal"}
FORMULAS = f"{PACKAGE}/method/formula.py"
# schemas that readers see
READ = {"marts", "audit"}
# what may read a mart: the suites, which judge marts, and are read by audit tables alone
JUDGES = {"int_expectations__results"}
# and a finding on what the estimators side by side say
READ_MARTS = {("int_findings__estimators", "fct_estimator_comparison")}
# the only modules of the room method that know data frames
FRAMES = {f"{PACKAGE}/method/tables.py", f"{PACKAGE}/method/choice_tables.py"}
# folders with yml that people write
WRITTEN = ("macros", "models", "python", "seeds", "tests")
NO_FRAMES = {"pandas", "duckdb", "dbt"}

_ID = r"(?:\w+\.)?\w+_id"
# '-' is no element and '' is nothing: neither is an id
_LITERAL = r"'(?!-?')[^'{}]*'"
_COMPARED = re.compile(
    rf"\b{_ID}\s*(?:=|!=|<>|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?distinct\s+from|(?:not\s+)?like)"
    rf"\s*{_LITERAL}"
    rf"|{_LITERAL}\s*(?:=|!=|<>)\s*{_ID}\b",
    re.IGNORECASE,
)
_SELECTED = re.compile(
    rf"(?:cast\(\s*)?{_LITERAL}(?:\s*as\s+\w+\s*\))?\s*(?:end\s*)?\s+as\s+\w+_id\b", re.IGNORECASE
)
_COMMENTS = re.compile(r"--[^\n]*|\{#.*?#\}|/\*.*?\*/", re.DOTALL)
_IDEAS = re.compile(
    r"\b(?:where|join|group\s+by|union|over|case|having|qualify|distinct|exists|unnest|sum|max|min"
    r"|count|coalesce)\b|[-+*/]\s",
    re.IGNORECASE,
)
_EVALUATED = {"eval", "exec", "compile"}


@dataclass(frozen=True)
class House:
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

    @cached_property
    def modules(self) -> Mapping[str, ast.Module]:
        """The modules of the package, read."""
        return {
            self.name(path): ast.parse(path.read_text(encoding="utf-8"))
            for path in self.files(f"{PACKAGE}/**/*.py")
        }

    @cached_property
    def rooms(self) -> Mapping[str, Mapping[str, str]]:
        """The rooms that each room imports, with a module that does."""
        imports: dict[str, dict[str, str]] = defaultdict(dict)
        for name, tree in self.modules.items():
            room = _room(name.removeprefix(f"{PACKAGE}/"))
            for module in _imported(tree):
                package, _, inside = module.partition(".")
                if package == Path(PACKAGE).name and inside:
                    other = inside.partition(".")[0]
                    if other != room:
                        imports[room].setdefault(other, name)
        return imports


def ids_are_no_literals(house: House) -> Iterator[str]:
    """Refuse a literal that is compared with, or selected as, a column that ends in _id."""
    for path in house.files("models/**/*.sql", "macros/**/*.sql"):
        text = _COMMENTS.sub(_blank, path.read_text(encoding="utf-8"))
        for found in (*_COMPARED.finditer(text), *_SELECTED.finditer(text)):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{house.name(path)}:{line}: an id in code: {' '.join(found[0].split())}"


def code_knows_no_report(house: House) -> Iterator[str]:
    """Refuse the id of a platform, report or figure in models, macros, Python and suites."""
    known: dict[str, str] = {}
    for file, column in REGISTRIES.items():
        with (house.folder / "seeds" / file).open(encoding="utf-8", newline="") as seed:
            known |= {row[column]: file for row in csv.DictReader(seed)}
    word = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(known)))})(?![\w-])")
    files = house.files(
        *("models/**/*.sql", "models/**/*.yml", "macros/**/*.sql"),
        *("python/**/*.py", "python/**/*.yml", "python/**/*.j2", "python/**/*.js"),
    )
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".yml" and "unit_tests:" in text:
            # what a test is tried on may have any name
            rest = {k: v for k, v in yaml.safe_load(text).items() if k != "unit_tests"}
            text = yaml.safe_dump(rest, allow_unicode=True)
        for found in sorted(set(word.findall(text))):
            yield f"{house.name(path)}: names {found}, a row of {known[found]}"


def chain_reads_no_mart(house: House) -> Iterator[str]:
    """Refuse a mart or audit table as input of an intermediate or estimated model."""
    for name, parents in house.parents.items():
        model = house.models[name]
        if model["name"].startswith(("stg_", "int_", "est_")) and model["name"] not in JUDGES:
            for parent in parents:
                read = parent.rpartition(".")[2]
                is_mart = read.startswith(("fct_", "rpt_", "aud_", "headline"))
                if is_mart and (model["name"], read) not in READ_MARTS:
                    yield f"{model['name']}: reads {read}"


def models_have_an_idea(house: House) -> Iterator[str]:
    """Refuse a model that only hands the columns of one model on to one other."""
    children: dict[str, set[str]] = defaultdict(set)
    for name, parents in house.parents.items():
        for parent in parents:
            children[parent].add(name)
    for name, model in house.models.items():
        if model["language"] == "sql" and model["name"].startswith("int_"):
            text = _COMMENTS.sub("", model["raw_code"])
            if len(house.parents[name]) == len(children[name]) == 1 and not _IDEAS.search(text):
                child = next(iter(children[name])).rpartition(".")[2]
                yield f"{model['name']}: has no idea of its own, merge it into {child}"


def provenance_follows_from_the_source(house: House) -> Iterator[str]:
    """Refuse a model that hands on what seeds on a platform or report say of their provenance.

    They say `published`; whether the source is that of a report on it is found in one macro.
    """
    nodes = house.manifest["nodes"]
    for name, model in house.models.items():
        if model["language"] != "sql" or "provenance_of(" in model["raw_code"]:
            continue
        for parent in house.parents[name]:
            node = nodes.get(parent, {})
            columns = node.get("columns", {}) if node.get("resource_type") == "seed" else {}
            of = {"platform_id", "report_id"} & columns.keys()
            if of and {"provenance", "source_id"} <= columns.keys() & model["columns"].keys():
                yield f"{model['name']}: provenance of {node['name']} without provenance_of"


def house_is_small(house: House) -> Iterator[str]:
    """Refuse more models, more levels (seeds are one) or more lines of yml than agreed."""
    if len(house.models) > MAX_MODELS:
        yield f"{len(house.models)} models, at most {MAX_MODELS}"
    path = _longest(house.parents)
    if len(path) > MAX_DEPTH:
        yield f"{len(path)} levels, at most {MAX_DEPTH}: {' -> '.join(path)}"
    listed = ("git", "-C", str(house.folder), "ls-files", "--cached", "--others")
    names = subprocess.check_output((*listed, "--exclude-standard", "*.yml"), text=True).split()
    files = [house.folder / name for name in names if (house.folder / name).is_file()]
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    if lines > MAX_YML_LINES:
        yield f"{lines} lines of yml, at most {MAX_YML_LINES}"


def texts_of_keys_stand_once(house: House) -> Iterator[str]:
    """Refuse two texts for a key that readers see: all begin with the doc block of its name.

    More may follow it. A dimension may say of its own key what it is.
    """
    blocks = {
        block["name"]: _one_line(block["block_contents"])
        for block in house.manifest["docs"].values()
    }
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for model in house.models.values():
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


def formulas_are_read_in_one_module(house: House) -> Iterator[str]:
    """Refuse ast and eval anywhere but in the module that reads formulas."""
    for name, tree in house.modules.items():
        if name == FORMULAS:
            continue
        if "ast" in {module.partition(".")[0] for module in _imported(tree)}:
            yield f"{name}: imports ast"
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = node.func.id
                if called in _EVALUATED:
                    yield f"{name}:{node.lineno}: calls {called}"


def rooms_are_apart(house: House) -> Iterator[str]:
    """Refuse a circle of imports between rooms, and that strangers import each other."""
    for room, other in STRANGERS:
        if module := house.rooms.get(room, {}).get(other):
            yield f"{module}: {room} imports {other}"
    for circle in _circles(house.rooms):
        yield f"the rooms {' -> '.join(circle)} import each other in a circle"
    for name, tree in house.modules.items():
        if name.startswith(f"{PACKAGE}/method/") and name not in FRAMES:
            used = {module.partition(".")[0] for module in _imported(tree)} & NO_FRAMES
            yield from (f"{name}: imports {library}" for library in sorted(used))


def columns_that_readers_see_are_in_the_dictionary(house: House) -> Iterator[str]:
    """Refuse a column without label and Chinese text, and a number that may add up or not."""
    dictionary = house.folder / COLUMNS
    if not dictionary.is_file():
        return
    with dictionary.open(encoding="utf-8", newline="") as file:
        known = {row["name"]: row for row in csv.DictReader(file)}
    for model in house.models.values():
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


def texts_are_whole(house: House) -> Iterator[str]:
    """Refuse a key without a value in flow style: a text cut at its comma, without quotes."""
    for path in house.files("*.yml", *(f"{folder}/**/*.yml" for folder in WRITTEN)):
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
                        yield f"{house.name(path)}:{line}: {key.value} has no value: quote the text"


Rule = Callable[[House], Iterator[str]]
RULES: tuple[Rule, ...] = (
    ids_are_no_literals,
    code_knows_no_report,
    chain_reads_no_mart,
    models_have_an_idea,
    provenance_follows_from_the_source,
    house_is_small,
    texts_of_keys_stand_once,
    formulas_are_read_in_one_module,
    rooms_are_apart,
    columns_that_readers_see_are_in_the_dictionary,
    texts_are_whole,
)


def main(folder: Path = Path()) -> int:
    """Print each place where a rule is broken in a project; exit code 1 if there is one."""
    house = House(folder.absolute())
    faults = [f"{fault} [{rule.__name__}]" for rule in RULES for fault in rule(house)]
    print("\n".join([*faults, f"house: {len(RULES)} rules, {len(faults)} faults"]))
    return int(bool(faults))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _blank(found: re.Match[str]) -> str:
    """Take a comment out and keep its lines."""
    return "\n" * found[0].count("\n")


def _room(name: str) -> str:
    """Give the folder below the package in which a module is, or the module itself."""
    return name.partition("/")[0].removesuffix(".py")


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import room` names the room only here
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _longest(parents: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Give the names along the longest way from a seed to a model."""
    ways: dict[str, list[str]] = {}

    def way(name: str) -> list[str]:
        if name not in ways:
            above = max((way(parent) for parent in parents.get(name, ())), key=len, default=[])
            ways[name] = [*above, name.rpartition(".")[2]]
        return ways[name]

    return max((way(name) for name in parents), key=len, default=[])


def _circles(rooms: Mapping[str, Mapping[str, str]]) -> Iterator[list[str]]:
    """Give one circle for each room that comes back to itself, from its first room by name."""

    def back(start: str, path: list[str]) -> list[str] | None:
        for other in sorted(rooms.get(path[-1], ())):
            if other == start:
                return [*path, start]
            if other > start and other not in path and (found := back(start, [*path, other])):
                return found
        return None

    for start in sorted(rooms):
        if found := back(start, [start]):
            yield found


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
