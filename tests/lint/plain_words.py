"""Report words that the project's plain-language rules replace; `make lint` runs it.

It reads prose only: documentation, docstrings, comments, descriptions, messages and page texts.
Decision records and quotations of reports are exempt. Exit code 1 when a word is found.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

WORDS = Path(__file__).with_name("words_to_avoid.csv")
EXEMPT = ("docs/decisions/", "tests/lint/", "CHANGELOG.md", "docs/parity.md")
# columns that quote a report, or that name a publication, are not the project's own words
QUOTED_COLUMNS = {"quotation", "printed", "title_zh", "title_en", "claim_zh", "claim_en", "note"}
DOCSTRING_START = "DOCSTRING_START"
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|<[^>\n]+>")
_SQL = re.compile(r"\b(select|create|insert|delete|update|copy|from|with)\b", re.IGNORECASE)
_SQL_COMMENTS = re.compile(r"--[^\n]*|\{#.*?#\}|/\*.*?\*/", re.DOTALL)
_JS_COMMENTS = re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL)
_JS_STRINGS = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
_YML_TEXT = re.compile(r"^\s*#.*$|(?:description|label)\w*:\s*(.*)$")


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _is_message(text: str) -> bool:
    return text.count(" ") >= 2 and not _SQL.match(text.strip())


def markdown(text: str) -> Iterator[tuple[int, str]]:
    """Return numbered lines of prose without code."""
    for number, line in enumerate(_FENCE.sub(_blank, text).split("\n"), 1):
        if not line.startswith("    "):
            yield number, _INLINE.sub(" ", line)


def python(text: str) -> Iterator[tuple[int, str]]:
    """Return comments, docstrings and messages; docstrings begin with DOCSTRING_START."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    tree = ast.parse(text)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and (
            node.body
            and isinstance(node.body[0], ast.Expr)
            and isinstance(constant := node.body[0].value, ast.Constant)
            and isinstance(constant.value, str)
        ):
            docstrings.add(id(constant))
            yield constant.lineno, f"{DOCSTRING_START} {_INLINE.sub(' ', constant.value)}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and _is_message(node.value)
        ):
            yield node.lineno, _INLINE.sub(" ", node.value)


def sql(text: str) -> Iterator[tuple[int, str]]:
    """Return comments."""
    for match in _SQL_COMMENTS.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[0]


def javascript(text: str) -> Iterator[tuple[int, str]]:
    """Return comments and texts."""
    for match in _JS_COMMENTS.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[0]
    for match in _JS_STRINGS.finditer(_JS_COMMENTS.sub(_blank, text)):
        if _is_message(found := next(filter(None, match.groups()), "")):
            yield text.count("\n", 0, match.start()) + 1, found


def yml(text: str) -> Iterator[tuple[int, str]]:
    """Return comments, descriptions and labels, with the lines that continue them."""
    indent: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        depth = len(line) - len(line.lstrip())
        if _YML_TEXT.search(line):
            indent = depth
            yield number, _INLINE.sub(" ", line)
        elif indent is not None and line.strip() and depth > indent:
            yield number, _INLINE.sub(" ", line)
        else:
            indent = None


def seed(text: str) -> Iterator[tuple[int, str]]:
    """Return the texts of a seed, quotations and titles of publications aside."""
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        for column, value in row.items():
            if column and column.endswith(("_zh", "_en")) and column not in QUOTED_COLUMNS:
                yield rows.line_num, value or ""


READERS = {
    ".md": markdown,
    ".py": python,
    ".sql": sql,
    ".js": javascript,
    ".yml": yml,
    ".csv": seed,
    ".html": markdown,
    ".j2": markdown,
}


def files(folder: Path) -> Iterator[Path]:
    """Return the tracked files that hold prose."""
    listed = subprocess.check_output(["git", "-C", str(folder), "ls-files"], text=True).split("\n")
    for name in listed:
        path = folder / name
        if path.suffix in READERS and path.is_file() and not name.startswith(EXEMPT):
            if path.suffix == ".csv" and not name.startswith(("seeds/", "python/")):
                continue
            if "/vendor/" not in name and "fixtures" not in name:
                yield path


def found_words(path: Path, patterns: list[tuple[re.Pattern[str], str]]) -> Iterator[str]:
    """Return a line for each word of the list: place, word and what to write instead."""
    text = path.read_text(encoding="utf-8")
    for number, prose in READERS[path.suffix](text):
        for pattern, instead in patterns:
            if match := pattern.search(prose):
                yield f"{path}:{number}: {' '.join(match[0].split())!r}: write {instead}"


def main(arguments: list[str]) -> int:
    """Print each word found in the named or tracked files; return 1 if there is one."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        patterns = [
            (
                re.compile(
                    rf"{DOCSTRING_START} (Give|Say|Let|Tell)s?\b"
                    if row["pattern"] == DOCSTRING_START
                    else row["pattern"],
                    0
                    if "MOST_" in row["pattern"] or row["pattern"] == DOCSTRING_START
                    else re.IGNORECASE,
                ),
                row["instead"],
            )
            for row in csv.DictReader(file)
        ]
    paths = [Path(name) for name in arguments] or list(files(Path()))
    lines = [line for path in paths for line in found_words(path, patterns)]
    print("\n".join([*lines, f"plain words: {len(paths)} files, {len(lines)} words to replace"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
