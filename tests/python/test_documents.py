"""Check the documents: links, length, sentences, and that their examples run."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT_DIR, Project, copy_project
from release_helpers import JOBS, Tiny

from platform_employment.cli import main, make_parser
from platform_employment.command_help import PROGRAM, commands_of, examples_of
from platform_employment.dbt.build_inputs import BuildInputs
from platform_employment.reference_pages import GENERATED
from platform_employment.validation.template import EXAMPLE

pytest_plugins = ["release_fixtures", "star_fixtures"]
DOCS = PROJECT_DIR / "docs"
NOTEBOOK = DOCS / "notebooks/rebuild_the_report.ipynb"
DOCUMENTS = [*PROJECT_DIR.glob("*.md"), *DOCS.rglob("*.md")]
# written by hand; decisions and parity are records
WRITTEN = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    if "decisions" not in path.parts
    and path.name != "parity.md"
    and GENERATED not in path.read_text(encoding="utf-8")
]
MARTS = sorted(
    path.stem
    for folder in ("marts", "audit", "registry")
    for path in (PROJECT_DIR / "models" / folder).rglob("*.sql")
)
# ten questions about inputs and method, with the sentence that answers each
with (PROJECT_DIR / "tests/fixtures/documentation_questions.csv").open(encoding="utf-8") as _file:
    QUESTIONS = list(csv.DictReader(_file))
MAX_WORDS = 14_000
MAX_SENTENCE = 30
MAX_LONG_SENTENCES = 10
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^ {4,}(.*)$", re.MULTILINE)
_COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(?:platform-employment|dbt|make) ")
_LINK = re.compile(r"\]\(([^):]+)\)")


def without_code(document: Path) -> str:
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings, as code hosts build them."""
    headings = re.findall(r"^#+ (.*)$", without_code(document), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_and_headings(document: Path) -> None:
    for link in _LINK.findall(without_code(document)):
        file, _, anchor = link.partition("#")
        target = document.parent / file if file else document
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_documentation_is_short() -> None:
    words = {
        path.name: sum(bool(re.search(r"[A-Za-z\u4e00-\u9fff]", w)) for w in text.split())
        for path in WRITTEN
        if (text := without_code(path))
    }
    assert sum(words.values()) <= MAX_WORDS, words


def sentences(document: Path) -> Iterator[str]:
    """Yield the sentences of the prose, without code, tables and headings."""
    paragraphs = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", without_code(document))
    for paragraph in paragraphs:
        lines = paragraph.split("\n")
        prose = [
            line
            for line in lines
            if not line.startswith("    ") and not line.lstrip().startswith(("|", "#", "<!--"))
        ]
        yield from re.split(r"(?<=[.!?])\s+", re.sub(r"\]\([^)]*\)", "]", " ".join(prose)))


def test_sentences_are_short() -> None:
    long = [
        f"{path.name}: {sentence}"
        for path in [*WRITTEN, PROJECT_DIR / "README.md", PROJECT_DIR / "CONTRIBUTING.md"]
        for sentence in sentences(path)
        if sum(bool(re.search(r"\w", word)) for word in sentence.split()) > MAX_SENTENCE
    ]
    assert len(long) <= MAX_LONG_SENTENCES, long


def test_readme_starts_with_its_commands() -> None:
    lines = (PROJECT_DIR / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 120
    start = "\n".join(lines[:25])
    for expected in ("git clone", "make build", "explain 3463", "![", "34.63 million"):
        assert expected in start


def test_readme_has_the_numbers_of_the_build(built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        jobs = dict(
            connection.execute(
                "select component_id, jobs_wan from marts.headline"
                " inner join marts.dim_components using (component_key)"
            ).fetchall()
        )
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| \**([a-z ]+?)\** \| \**(?:over )?([\d.]+)\** \|", readme, re.M))
    expected = {
        "creators with income": jobs["direct"],
        "content ecosystem": jobs["creator_teams"] + jobs["institutions"],
        "merchants": jobs["merchants"],
        "suppliers": jobs["supply_chain"],
        "total": sum(jobs.values()),
    }
    assert shown == {name: f"{wan / 100:.2f}" for name, wan in expected.items()}


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda row: row["question"])
def test_questions_have_their_answer_in_the_documents(asked: dict[str, str]) -> None:
    page = " ".join((PROJECT_DIR / asked["page"]).read_text(encoding="utf-8").split())
    assert asked["evidence"] in page


# Examples


def commands(document: Path) -> Iterator[str]:
    """Yield the command lines of a document, continued lines joined."""
    text = document.read_text(encoding="utf-8")
    blocks = [code for language, code in _FENCE.findall(text) if language in ("", "bash")]
    blocks.append("\n".join(_INDENTED.findall(_FENCE.sub("", text))))
    for line in "\n".join(blocks).replace("\\\n", " ").split("\n"):
        if _COMMAND.match(line.strip()):
            yield line.strip()


EXAMPLES = sorted(
    {
        *(line for path in DOCUMENTS if "decisions" not in path.parts for line in commands(path)),
        *(
            line
            for _, command in commands_of(make_parser()).values()
            for line in examples_of(command)
        ),
    }
)
ON_A_BUILD = (
    "explain", "what-if", "assess", "headlines", "metrics", "init-inputs", "completion",
    "add-quarter",
)  # fmt: skip
ON_RELEASES = ("release", "releases", "verify", "diff", "rollback", "prune")
# what needs a build of the reader's files, a database server or a key: the test that runs it
ELSEWHERE = {
    r"check ~|release --inputs|headlines shop_live_2024": "test_documents.py",
    r"assess my_report|~/draft|~/mine .*dbt build": "test_own_reports.py",
    r"more_gmv .*dbt build": "test_choices.py",
    r"MERCHANTS=": "test_merchant_builds.py",
    r"dbt build --project-dir": "test_cli.py",
    r"publish ": "test_publish.py",
    r"import-io-table": "multipliers/test_read_io.py",
    r"export-sums": "test_export_sums.py",
    r"docs --output": "test_documents.py",
    r"--sign-key|--public-key": "test_release_verify.py",
    r"make ": "test_contributing.py",
}


def without_variables(example: str) -> list[str]:
    """Return program and arguments of a command line, `~` filled in as a shell does."""
    words = [
        str(Path(word).expanduser()) if word[0] == "~" else word
        for word in shlex.split(example, comments=True)
    ]
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    return [Path(words[0]).name, *words[1:]]


def elsewhere(example: str) -> str | None:
    return next((test for text, test in ELSEWHERE.items() if re.search(text, example)), None)


def test_every_example_is_run_by_a_test() -> None:
    for example in EXAMPLES:
        if test := elsewhere(example):
            assert (Path(__file__).parent / test).is_file(), example
        else:
            program, command, *_ = without_variables(example)
            assert program == PROGRAM, example
            assert command in (*ON_A_BUILD, *ON_RELEASES), example


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(
    example: str,
    built_project: Project,
    release_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Commands that need a build run on one; of the others the arguments are parsed."""
    monkeypatch.chdir(built_project.folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    program, *arguments = without_variables(example)
    if program == "make":
        targets = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
        named = [word for word in arguments if "=" not in word]
        assert all(re.search(rf"^{target}:", targets, re.M) for target in named)
    elif program == "dbt":
        from dbt.cli.main import cli  # noqa: PLC0415  it takes seconds to load

        cli.make_context("dbt", list(arguments))
    elif arguments[0] in ON_A_BUILD and not elsewhere(example):
        root = ["--root", str(release_root)] if arguments[0] == "metrics" else []
        assert main([*arguments, *root]) == 0, capsys.readouterr().err
    else:
        make_parser(arguments).parse_args(arguments)


@pytest.mark.slow
def test_examples_on_releases_run(tiny: Tiny) -> None:
    """They run in order on a project with two releases."""
    tiny.replace(JOBS, "direct,2000", "direct,2001")
    tiny.release()
    for example in EXAMPLES:
        program, *arguments = without_variables(example)
        if program == PROGRAM and arguments[0] in ON_RELEASES and not elsewhere(example):
            result = tiny.run(*arguments)
            assert result.code == 0, (example, result)


@pytest.mark.slow
def test_the_command_for_pages_writes_them(built_project: Project, tmp_path: Path) -> None:
    """After `dbt docs generate --static`, of which it copies one page."""
    target = tmp_path / "target"
    target.mkdir()
    shutil.copy2(built_project.folder / "target/manifest.json", target)
    for name in ("catalog.json", "static_index.html"):
        (target / name).write_text("{}", encoding="utf-8")
    pages = tmp_path / "pages"
    built = ["--database", str(built_project.database), "--target-path", str(target)]
    project = ["--project-dir", str(built_project.folder)]
    assert main(["docs", "--output", str(pages), *built, *project]) == 0
    assert (pages / "en/index.html").is_file()


def test_the_example_folder_has_no_errors() -> None:
    inputs = BuildInputs(PROJECT_DIR / "seeds", EXAMPLE)
    assert list(inputs.findings()) == []
    assert len(inputs.own_tables) == 11
    for path in EXAMPLE.rglob("*.csv"):
        shipped = PROJECT_DIR / "seeds" / path.relative_to(EXAMPLE)
        assert path.open(encoding="utf-8").readline() == shipped.open(encoding="utf-8").readline()


@pytest.mark.slow
def test_the_notebook_runs(built_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run its cells in order; it builds an invented platform next to the shipped ones."""
    monkeypatch.chdir(built_project.folder)
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] for cell in cells if "print(" in "".join(cell["source"]))
    names: dict[str, object] = {}
    for cell in cells:
        exec("".join(cell["source"]), names)  # noqa: S102
    assert round(float(str(names["total"]))) == 3463


@pytest.mark.slow
def test_the_tutorial_works(built_project: Project, tmp_path: Path) -> None:
    """Run the commands of the tutorial in order, after a build; edit what it says to edit."""
    (tmp_path / "project").mkdir()
    project = copy_project(tmp_path / "project")
    (project.folder / "dev.duckdb").write_bytes(built_project.database.read_bytes())
    home = tmp_path / "home"
    home.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def run(command: str, code: int = 0) -> str:
        result = subprocess.run(
            ["bash", "-c", command],
            cwd=project.folder,
            env=os.environ | {"HOME": str(home), "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == code, (command, result.stdout, result.stderr)
        return result.stdout

    def edit(file: str, old: str, new: str) -> None:
        text = (home / "mine" / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (home / "mine" / file).write_text(text.replace(old, new), encoding="utf-8")

    lines = [line for line in commands(DOCS / "tutorial.md") if not line.startswith("make")]
    before, changed, *after = "\n".join(lines).split(f"{PROGRAM} check ~/mine\n")
    outputs = [run(line) for line in before.splitlines()]
    assert "3463" in outputs[0]
    assert "findings: 0" in run(f"{PROGRAM} check ~/mine")
    outputs = [run(line) for line in changed.splitlines()]
    assert "Shop Live" in outputs[-1]
    edit("platform/input_values.csv", ",18,20,22,", ",18,25,32,")
    assert "shop_live_shops" in run(f"{PROGRAM} check ~/mine", 1)
    edit("report/figure_ledger.csv", ",40,,40 万", ",32,,32 万")
    edit("report/figure_ledger.csv", ",100,,100 万", ",92,,92 万")
    outputs = [run(line) for line in "\n".join(after).splitlines()]
    assert "turnover_per_shop_job" in outputs[-1]


def test_every_mart_is_listed() -> None:
    text = (PROJECT_DIR / "docs/bi.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:dim_|fct_|rpt_|aud_|headline|report_totals)[a-z0-9_]*)(…?)`", text)
    for mart in MARTS:
        assert any(mart == name or (dots and mart.startswith(name)) for name, dots in named), mart
    assert all(any(mart.startswith(name) for mart in MARTS) for name, _ in named)


def test_every_test_of_the_warehouse_has_a_name_and_a_description() -> None:
    for path in (PROJECT_DIR / "models").rglob("*.yml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        tests = list(declared.get("unit_tests", []))
        for model in declared.get("models", []):
            for part in (model, *model.get("columns", [])):
                tests += [next(iter(test.values())) for test in part.get("data_tests", [])]
        for test in tests:
            assert test.get("name"), path
            assert test.get("description"), (path, test["name"])
