"""What users bring can be anything: pipes, devices, links, damaged bytes, misplaced secrets."""

from __future__ import annotations

import csv
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT_DIR, Project
from release_helpers import Tiny, with_dbt

from platform_employment.cli import main
from platform_employment.errors import UserError
from platform_employment.formatting import without_secrets
from platform_employment.reading import ReadError, TooLargeError, read_bytes, read_json, read_yaml
from platform_employment.validation.files import FileCode
from platform_employment.validation.report import check_folder, check_tables
from platform_employment.validation.schemas import SeedSchema, load_schemas

pytest_plugins = ["release_fixtures"]

SEEDS = PROJECT_DIR / "seeds"
CANARY = "c4n4ry-S3cret"
FOLDERS = 10_000
CHECKS = 100
MAX_MEBIBYTES = 300


@pytest.fixture(scope="module")
def schemas() -> tuple[SeedSchema, ...]:
    return load_schemas(SEEDS)


def only_code(folder: Path, schemas: tuple[SeedSchema, ...]) -> str:
    (finding,) = check_folder(folder, schemas).findings
    return finding.code


def a_pipe(path: Path, _: SeedSchema) -> str:
    os.mkfifo(path)
    return FileCode.UNREADABLE


def a_device(path: Path, _: SeedSchema) -> str:
    path.symlink_to("/dev/zero")
    return FileCode.LINK


def a_folder(path: Path, _: SeedSchema) -> str:
    path.mkdir()
    return FileCode.UNREADABLE


def a_link_out(path: Path, schema: SeedSchema) -> str:
    path.symlink_to(SEEDS / schema.file)
    return FileCode.LINK


def a_link_to_nothing(path: Path, _: SeedSchema) -> str:
    path.symlink_to(path.with_name("absent"))
    return FileCode.UNREADABLE


def a_huge_line(path: Path, schema: SeedSchema) -> str:
    path.write_text(f"{','.join(schema.header)}\n{'x' * 70_000}\n", encoding="utf-8")
    return FileCode.LINE_TOO_LONG


def a_huge_header(path: Path, _: SeedSchema) -> str:
    path.write_text(f"{',' * 70_000}\n", encoding="utf-8")
    return FileCode.LINE_TOO_LONG


def a_huge_file(path: Path, schema: SeedSchema) -> str:
    with path.open("wb") as file:
        file.truncate((schema.most_mebibytes << 20) + 1)
    return FileCode.TOO_LARGE


@pytest.mark.parametrize(
    "make",
    [
        a_pipe,
        a_device,
        a_folder,
        a_link_out,
        a_link_to_nothing,
        a_huge_line,
        a_huge_header,
        a_huge_file,
    ],
)
def test_every_table_refuses_what_is_no_table(
    make: Callable[[Path, SeedSchema], str], schemas: tuple[SeedSchema, ...], tmp_path: Path
) -> None:
    for number, schema in enumerate(schemas):
        path = tmp_path / str(number) / schema.file
        path.parent.mkdir(parents=True)
        expected = make(path, schema)
        assert only_code(tmp_path / str(number), schemas) == expected, schema.file


def test_a_header_of_many_columns_is_no_quadratic_walk(
    schemas: tuple[SeedSchema, ...], tmp_path: Path
) -> None:
    """32,000 names took minutes to compare with each other."""
    path = tmp_path / schemas[0].file
    path.parent.mkdir()
    names = ",".join(dict.fromkeys([schemas[0].header[0], *map(str, range(11_000))]))
    path.write_text(f"{names}\n1\n", encoding="utf-8")
    assert only_code(tmp_path, schemas).startswith("column_")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x [1]\nb: *x\n", "alias"),
        ("[" * 5_000, "nested deeper"),
        ("a: !!python/object/apply:os.system [x]\n", "not valid YAML"),
        ("a: [", "not valid YAML"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_yaml_of_others_is_refused_in_one_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "inputs.yml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ReadError, match=problem) as error:
        read_yaml(path, 1 << 20)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "NaN", '{"a": ' + "9" * 5_000 + "}", ""])
def test_json_of_others_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match="not JSON") as error:
        read_json(path, 1 << 20)
    assert "\n" not in str(error.value)


def test_no_file_is_read_beyond_its_limit() -> None:
    with pytest.raises(ReadError, match="not a regular file"):
        read_bytes(Path("/dev/zero"), 10)
    with pytest.raises(TooLargeError):
        read_bytes(Path("/proc/self/status"), 10)


# Secrets


def test_no_secret_of_the_environment_reaches_a_file(tiny: Tiny, tmp_path: Path) -> None:
    names = (
        *("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "DBT_ENV_SECRET_X", "DBT_ENV_CUSTOM_ENV_X"),
        *("HTTPS_PROXY", "DATABASE_URL", "MY_TOKEN", "PLATFORM_EMPLOYMENT_S3_KEY"),
        *("PLATFORM_EMPLOYMENT_FOO", "PLATFORM_EMPLOYMENT_DSN", "PLATFORM_EMPLOYMENT_PASSPHRASE"),
    )
    environment = dict.fromkeys(names, f"postgres://me:{CANARY}@db.example/x")
    (tiny.folder / "seeds/platform/jobs.csv").touch()
    result = with_dbt(tiny, "release", **environment)
    assert result.code == 0, result
    assert CANARY not in result.out + result.err
    found = [
        path
        for path in (tiny.folder).rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    ]
    assert found == []


@pytest.mark.parametrize(
    "command",
    [
        "publish postgres://me:{}@db.example/x",
        "publish postgres://db.example/x --schema postgres://me:{}@db.example/x",
        "publish postgres://db.example/x --release postgres://me:{}@db.example/x",
        "check postgres://me:{}@db.example/x",
        "release --sign-key postgres://me:{}@db.example/x",
        "verify --public-key password={}",
        "verify postgres://me:{}@db.example/x",
        "rollback password={}",
        "headlines --database postgres://me:{}@db.example/x",
        "explain total --database postgres://me:{}@db.example/x",
        "releases --password {}",
        "releases --password={}",
        "diff token={} token={}",
        "prune --keep {}",
        "{}",
        "explain total --lang {}",
    ],
)
def test_no_secret_in_a_wrong_argument_is_printed(
    command: str, tiny: Tiny, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.folder)
    try:
        code = main(command.format(CANARY, CANARY).split())
    except SystemExit as end:
        code = int(str(end.code))
    output = capsys.readouterr()
    assert code == 2
    assert CANARY not in output.out + output.err


def test_a_folder_without_releases_is_named_without_its_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["releases", "--root", str(tmp_path / f"password={CANARY}")]) == 0
    output = capsys.readouterr()
    assert "no releases in " in output.out
    assert CANARY not in output.out + output.err


def test_the_folder_of_the_shell_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PWD", "OLDPWD", "DB_PWD"):
        monkeypatch.setenv(name, f"/home/{name.lower()}")
    text = "/home/pwd/a.csv, /home/oldpwd/b.csv and /home/db_pwd"
    assert without_secrets(text) == "/home/pwd/a.csv, /home/oldpwd/b.csv and ***"


# Bounds of methods


def test_a_method_larger_than_any_is_refused_in_one_line(
    schemas: tuple[SeedSchema, ...], tmp_path: Path
) -> None:
    """5,000 components below each other took 105 seconds."""
    schema = next(schema for schema in schemas if schema.file == "method/components.csv")
    lines = (SEEDS / schema.file).read_text(encoding="utf-8").splitlines()
    shipped = dict(zip(schema.header, next(csv.reader(lines[1:2])), strict=True))
    path = tmp_path / schema.file
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, schema.header, lineterminator="\n")
        writer.writeheader()
        for number in range(600):
            changed = {
                "method_id": "deep",
                "component_id": f"c{number}",
                "parent_component_id": f"c{number - 1}" if number else "",
            }
            writer.writerow(shipped | changed)
    report = check_tables(SEEDS, schemas, tmp_path)
    codes = [finding for finding in report.findings if finding.code == FileCode.TOO_LARGE_METHOD]
    assert [(finding.line, finding.message) for finding in codes] == [
        (502, "more than 500 components of a method"),
        (22, "a component below more than 20 others"),
    ]


# Mutations


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a table with a few bytes changed, moved, repeated or taken away."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(7):
            case 0:
                changed[at:at] = chance.randbytes(chance.randint(1, 8))
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case 2:
                changed[at:at] = chance.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xef\xbb\xbf"])
            case 3:
                part = bytes(changed[at : at + chance.randint(1, 200)])
                changed[at:at] = part * chance.randint(1, 50)
            case 4:
                changed[at:at] = chance.choice(["nan", "1e308", "９", "∞", "-", "1" * 40]).encode()
            case 5:
                changed[at:at] = b"x" * chance.choice([10, 1_000, 70_000])
            case 6:
                changed = changed[:at]
    return bytes(changed)


def write_mutated(folder: Path, schemas: tuple[SeedSchema, ...], chance: random.Random) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for schema in chance.sample(schemas, chance.randint(1, 3)):
        path = folder / schema.file
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (SEEDS / schema.file).read_bytes().splitlines(keepends=True)
        data = b"".join([lines[0], *chance.sample(lines[1:], min(len(lines) - 1, 20))])
        path.write_bytes(mutated(data, chance))
    if chance.random() < 0.2:
        settings = yaml.safe_dump({"shipped": "none", "without": {"reference/sources": [["x"]]}})
        (folder / "inputs.yml").write_bytes(mutated(settings.encode(), chance))


@pytest.mark.slow
def test_ten_thousand_mutated_folders_end_in_findings(
    schemas: tuple[SeedSchema, ...], tmp_path: Path
) -> None:
    chance = random.Random(20261201)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for _ in range(FOLDERS):
        write_mutated(tmp_path / "own", schemas, chance)
        with suppress(UserError):
            refused += bool(check_folder(tmp_path / "own", schemas).findings)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{FOLDERS} folders, {refused} with findings, {grown:.0f} MiB more")
    assert grown < MAX_MEBIBYTES


@pytest.mark.slow
def test_a_hundred_mutated_folders_through_check(
    project: Project, schemas: tuple[SeedSchema, ...], tmp_path: Path
) -> None:
    """As users do: in a separate process, which has less memory until models are built."""
    chance = random.Random(26)
    own, printed = project.folder / "own", tmp_path / "printed"
    command = [str(Path(sys.executable).with_name("platform-employment")), "check", str(own)]
    peaks: list[float] = []
    for _ in range(CHECKS):
        write_mutated(own, schemas, chance)
        with printed.open("wb") as file:
            process = subprocess.Popen(
                [*command, "--project-dir", str(project.folder)], stdout=file, stderr=file
            )
            _, status, used = os.wait4(process.pid, 0)
        text = printed.read_text(encoding="utf-8")
        assert os.waitstatus_to_exitcode(status) in (0, 1, 2), text
        assert "fault of the program" not in text
        assert "Traceback" not in text
        if "building the models" not in text:
            peaks.append(used.ru_maxrss / 1024)
    print(f"{CHECKS} folders, {len(peaks)} refused by the reader, at most {max(peaks):.0f} MiB")
    assert len(peaks) > CHECKS / 2
    assert max(peaks) < MAX_MEBIBYTES
