"""Report calls that open files outside `reading.py`, in packages that read what users bring.

`make lint` runs it. A file of the project or of the package itself may be opened: those modules
are listed with the reason. Databases are opened by `database.py` alone, in all packages. Exit
code 1 when a call is found.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "python/platform_employment"
FOLDERS = ("validation", "release", "publish", "multipliers", "explain", "dbt")
# modules that open files of the project, of the package or of this run alone
OWN_FILES = {
    "validation/schemas.py": "the yml of the seeds",
    "validation/template.py": "the seeds and texts of the project",
    "validation/postgres.py": "writes the copy of a table",
    "dbt/build_inputs.py": "dbt_project.yml",
    "dbt/run.py": "the log of this run",
    "release/build.py": "the log of this run",
    "release/dictionary.py": "the dictionary of the package",
    "release/measures.py": "the metrics of the package",
}
_METHODS = {"open", "read_text", "read_bytes"}
# modules that open a database file
DATABASES = {
    "database.py": "the one that all others use",
    "dbt/plugin.py": "whether dbt can write the file that is named",
}


def calls(path: Path) -> Iterator[str]:
    """Yield the place of each call that opens a file for reading."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if isinstance(function, ast.Name) and function.id == "open":
            name = "open"
        owner = function.value if isinstance(function, ast.Attribute) else None
        # fsync needs a descriptor, and the RECORD of a package is read by importlib
        is_other = isinstance(owner, ast.Name) and owner.id in {"os", "package"}
        texts = [node.value for node in node.args if isinstance(node, ast.Constant)]
        writes = any(str(text)[:1] in {"w", "a", "x"} for text in texts)
        if name in _METHODS and not is_other and not (name == "open" and writes):
            yield f"{path}:{node.lineno}: {name}: use platform_employment.reading"


def databases(path: Path) -> Iterator[str]:
    """Yield the place of each call that opens a database file, not one in memory."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "duckdb.connect" and node.args:
            yield f"{path}:{node.lineno}: duckdb.connect: use platform_employment.database"


def main() -> int:
    """Print each call; return 1 if there is one."""
    found = [
        place
        for folder in FOLDERS
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in OWN_FILES
        for place in calls(path)
    ]
    found += [
        place
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in DATABASES
        for place in databases(path)
    ]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
