"""What tests want that this machine does not have, and the one line that brings it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# how a reason to skip begins, what is wanting, and the packages of Debian that bring it
WANTS = {
    "no node": ("node", ("nodejs",)),
    "no browser": ("a browser", ("chromium", "fonts-noto-cjk")),
    "no PostgreSQL server": ("a PostgreSQL server", ("postgresql",)),
}

Skipped = tuple[str, str]


def wanting_lines(skipped: Iterable[Skipped]) -> Iterator[str]:
    """Say how many tests of which files were skipped for want of what, and what to install.

    skipped: file and reason of each skipped test; those for another reason are left out.
    """
    files: dict[str, Counter[str]] = {}
    for file, reason in skipped:
        for start, _ in WANTS.items():
            if reason.removeprefix("Skipped: ").startswith(start):
                files.setdefault(start, Counter())[Path(file).name] += 1
    packages: list[str] = []
    for start, counted in sorted(files.items()):
        want, needed = WANTS[start]
        packages += needed
        listed = ", ".join(f"{name}: {number}" for name, number in sorted(counted.items()))
        yield f"{counted.total()} tests were skipped for want of {want} ({listed})"
    if packages:
        yield f"to run them: apt-get install {' '.join(packages)} && make test"
