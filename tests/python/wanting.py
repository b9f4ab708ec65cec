"""What tests want that this machine does not have, and the one line that brings it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# how a reason to skip begins, what is wanting, and the packages of Debian that bring it
WANTS = {
    "no node": ("node", ("nodejs",)),
    "no LibreOffice": ("LibreOffice", ("libreoffice-calc",)),
    "no browser": ("a browser", ("chromium", "fonts-noto-cjk")),
    "no PostgreSQL server": ("a PostgreSQL server", ("postgresql",)),
    "no ODBC driver": ("an ODBC driver", ("odbc-postgresql",)),
}
# how a reason ends where an environment of `make` is wanting
CLIENTS = "make test-clients"

Skipped = tuple[str, str]


def wanting_lines(skipped: Iterable[Skipped]) -> Iterator[str]:
    """Say how many tests of which files were skipped for want of what, and what to install.

    skipped: file and reason of each skipped test; those for another reason are left out.
    """
    files: dict[str, Counter[str]] = {}
    for file, reason in skipped:
        for start in WANTS:
            if reason.removeprefix("Skipped: ").startswith(start):
                files.setdefault(start, Counter())[Path(file).name] += 1
        if reason.endswith(CLIENTS):
            files.setdefault(CLIENTS, Counter())[Path(file).name] += 1
    packages: list[str] = []
    for start, counted in sorted(files.items()):
        want, needed = WANTS.get(start, ("BI clients", ()))
        packages += needed
        listed = ", ".join(f"{name}: {number}" for name, number in sorted(counted.items()))
        yield f"{counted.total()} tests were skipped for want of {want} ({listed})"
    remedies = [f"apt-get install {' '.join(packages)} && make test"] if packages else []
    remedies += [CLIENTS] if CLIENTS in files else []
    if remedies:
        yield f"to run them: {' && '.join(remedies)}"
