"""Builds of the project for the tests, each in a separate folder."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dbt_process import run_dbt
from postgres_server import find_binaries, running_server

PROJECT_DIR = Path(__file__).parents[2]
PROJECT_FILES = ["dbt_project.yml", "profiles.yml", "selectors.yml", "CHANGELOG.md"]
PROJECT_FOLDERS = ["analyses", "docs", "macros", "models", "python", "requirements", "seeds"]
PROJECT_FOLDERS += ["tests/generic", "tests/singular"]


@dataclass(frozen=True)
class Project:
    """A copy of the dbt project that a test may change."""

    folder: Path
    database_file: str = "dev.duckdb"

    @property
    def database(self) -> Path:
        """The development database that `dbt build` makes there."""
        return self.folder / self.database_file

    def dbt(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run dbt in the copy and return what it printed."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
        return run_dbt(
            ["--no-version-check", *arguments],
            self.folder,
            inherited | {"NO_COLOR": "1"} | environment,
            is_imported="PYTHONPATH" not in environment,
        )

    def copy(self, folder: Path) -> Project:
        """Copy it with its database and what dbt wrote, for a test that changes it."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Project(folder, self.database_file)


def copy_project(folder: Path) -> Project:
    """Copy what dbt reads."""
    for name in PROJECT_FILES:
        shutil.copy2(PROJECT_DIR / name, folder / name)
    for name in PROJECT_FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__", "site")
        shutil.copytree(PROJECT_DIR / name, folder / name, ignore=ignore)
    return Project(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Allow `make test` to name its build."""
    parser.addoption(
        "--built",
        type=Path,
        help="target folder of a `dbt build` of this checkout with its database, dev.duckdb",
    )


def shared_folder(
    factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]
) -> Path:
    """Return a folder that one process of this test run fills and all of them read."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session", autouse=True)
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the cache of the user a folder of this run: a check stores there what dbt parsed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def parse_cache(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """What dbt keeps of a parsed project: with it the next parse takes a second."""
    name = "partial_parse.msgpack"
    if built := pytestconfig.getoption("built"):
        return Path(built, name).absolute()

    def parse(folder: Path) -> None:
        result = copy_project(folder).dbt("parse")
        assert result.returncode == 0, result.stdout

    return shared_folder(tmp_path_factory, "parsed", parse) / "target" / name


@pytest.fixture
def project(tmp_path: Path, parse_cache: Path) -> Project:
    """A fresh copy of the project."""
    copy = copy_project(tmp_path)
    (copy.folder / "target").mkdir()
    shutil.copy2(parse_cache, copy.folder / "target")
    return copy


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Project:
    """A copy of the project, built once for all tests that only read it."""

    def build(folder: Path) -> None:
        copy = copy_project(folder)
        if target := pytestconfig.getoption("built"):
            ignore = shutil.ignore_patterns(copy.database_file)
            shutil.copytree(target, folder / "target", ignore=ignore)
            shutil.copy2(target / copy.database_file, copy.database)
        else:
            result = copy.dbt("build")
            assert result.returncode == 0, result.stdout

    return Project(shared_folder(tmp_path_factory, "built", build))


@pytest.fixture(scope="session")
def built_from_files(tmp_path_factory: pytest.TempPathFactory, parse_cache: Path) -> Project:
    """A copy of the project, its merchants built from two files.

    Of their lines one has a thousands separator, one a provenance that does not exist, which
    is waived, and two are of the same merchant. A second waiver is of a file that is not here.
    """

    def build(folder: Path) -> None:
        (folder / "target").mkdir()
        shutil.copy2(parse_cache, folder / "target")
        build_from_files(copy_project(folder))

    return Project(shared_folder(tmp_path_factory, "files", build))


def build_from_files(built: Project) -> None:
    """Write the two files, and build the merchants from them."""
    shipped = (PROJECT_DIR / "seeds/survey/merchant_sample.csv").read_text(encoding="utf-8")
    header, *rows = shipped.splitlines()
    first, second = [header, *rows[:1000]], [header, *rows[1000:]]
    cells = first[5].split(",")
    first[5] = ",".join([*cells[:4], '"12,345.6"', *cells[5:]])
    second.insert(7, first[3])
    second[9] = second[9].replace("synthetic,", "synthetik,")
    (built.folder / "m1.csv").write_text("\n".join([*first, ""]), encoding="utf-8")
    packed = gzip.compress("\n".join([*second, ""]).encode())
    (built.folder / "m2.csv.gz").write_bytes(packed)
    waivers = built.folder / "inputs" / "survey" / "waivers.csv"
    waivers.parent.mkdir(parents=True)
    waivers.write_text(
        "file_sha256,line,reason_code,reason_zh,reason_en,decided_by,decided_on\n"
        f"{hashlib.sha256(packed).hexdigest()},10,not_allowed,已核实,checked,tests,2026-11-24\n"
        f"{hashlib.sha256(b'another file').hexdigest()},10,zero,已核实,checked,tests,2026-11-24\n",
        encoding="utf-8",
    )
    result = built.dbt(
        *("build", "--vars", "max_rejected_rows: 3"),
        *("--select", "+int_fit__compared_merchants", "+aud_rejected_rows", "+aud_merchant_files"),
        PLATFORM_EMPLOYMENT_MERCHANTS="m*.csv*",
        PLATFORM_EMPLOYMENT_INPUTS="inputs",
    )
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a PostgreSQL server that runs for the tests."""
    binaries = find_binaries()
    if binaries is None:
        missing = "no PostgreSQL server is installed: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with running_server(binaries) as address:
        yield address
