"""verify, signatures, rollback, prune and the list of releases."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from release_helpers import JOBS, Tiny

from platform_employment.release.integrity import (
    checksums,
    hash_files,
    read_private_key,
    sign,
    verify,
)
from platform_employment.release.store import (
    CHECKSUMS_FILE,
    DATABASE_FILE,
    ENVELOPE_FILE,
    MANIFEST_FILE,
)

pytest_plugins = ["release_fixtures"]


def write(path: Path, data: bytes) -> None:
    """Write a file that was released read-only."""
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(data)


def findings(tiny: Tiny) -> tuple[str, ...]:
    return verify(tiny.store, tiny.store.find()).findings


def write_keys(folder: Path, name: str) -> tuple[str, str]:
    """Make a pair of keys; give the names of its files."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return str(private), str(public)


def test_an_untouched_release_verifies(tiny: Tiny) -> None:
    result = tiny.run("verify", "--tables")
    assert result.code == 0
    assert result.out.endswith("27 files as they were built, 5 tables hashed again; not signed\n")


def test_sha256sum_agrees(built_tiny: Tiny) -> None:
    process = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", CHECKSUMS_FILE],
        cwd=built_tiny.current,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (0, "")


CHANGES: Sequence[Callable[[bytes], bytes]] = (
    lambda data: bytes([data[0] ^ 1]) + data[1:],
    lambda data: data[:-1],
    lambda data: data + b"\n",
    lambda data: b"",
)


def test_any_changed_or_missing_file_is_found(tiny: Tiny) -> None:
    files = [path for path in sorted(tiny.current.rglob("*")) if path.is_file()]
    changes = itertools.cycle(CHANGES)
    assert {MANIFEST_FILE, CHECKSUMS_FILE, DATABASE_FILE} <= {path.name for path in files}
    for path in files:
        name = path.relative_to(tiny.current).as_posix()
        data = path.read_bytes()
        # every change of the three files that name the others, one change of each other file
        others = path.name not in {MANIFEST_FILE, CHECKSUMS_FILE, DATABASE_FILE}
        for change in itertools.islice(changes, 1 if others else len(CHANGES)):
            write(path, change(data))
            assert any(finding.startswith(name) for finding in findings(tiny)) or (
                name == CHECKSUMS_FILE and findings(tiny)
            ), name
        path.unlink()
        assert any(finding.startswith(f"{name}: ") for finding in findings(tiny)), name
        path.write_bytes(data)
    assert findings(tiny) == ()


def test_anything_added_is_found(tiny: Tiny) -> None:
    file, link, folder = (tiny.current / "parquet" / name for name in ("file", "link", "folder"))
    file.touch()
    link.symlink_to(tiny.current / DATABASE_FILE)
    folder.mkdir()
    assert set(findings(tiny)) == {
        f"parquet/{name}: added{by}"
        for name in ("file", "link", "folder")
        for by in ("", ", by the manifest")
    }


def test_a_link_in_place_of_a_file_is_found(tiny: Tiny) -> None:
    database = tiny.current / DATABASE_FILE
    aside = tiny.folder / "aside.duckdb"
    database.rename(aside)
    database.symlink_to(aside)
    assert f"{DATABASE_FILE}: changed" in findings(tiny)


def test_new_checksums_do_not_hide_a_change(tiny: Tiny) -> None:
    write(tiny.current / "changes.txt", b"nothing moved\n")
    write(tiny.current / CHECKSUMS_FILE, checksums(hash_files(tiny.current)))
    assert findings(tiny) == ("changes.txt: added, by the manifest",)


def forge(tiny: Tiny) -> str:
    """Change a figure's file and make manifest and checksums fit; give the hash that it
    contained."""
    manifest = tiny.current / MANIFEST_FILE
    original = hash_files(tiny.current)[MANIFEST_FILE]
    write(tiny.current / "CHANGELOG.md", b"forged\n")
    forged = hash_files(tiny.current)
    statement = json.loads(manifest.read_bytes())
    for subject in statement["subject"]:
        subject["digest"]["sha256"] = forged[subject["name"]]
    write(manifest, json.dumps(statement).encode())
    write(tiny.current / CHECKSUMS_FILE, checksums(hash_files(tiny.current)))
    return original


def test_a_forged_manifest_is_found_by_its_hash_kept_elsewhere(tiny: Tiny) -> None:
    original = forge(tiny)
    assert tiny.run("verify").code == 0
    result = tiny.run("verify", "--manifest-sha256", original)
    assert result.code == 1
    assert "the manifest has the hash" in result.out


def test_a_forged_manifest_is_found_by_the_release_after_it(tiny: Tiny) -> None:
    first = tiny.store.find()
    later = tiny.release().name
    tiny.store.current.unlink()
    tiny.store.current.symlink_to(first)
    forge(tiny)
    assert findings(tiny) == (f"{MANIFEST_FILE}: not the one that release {later} was built upon",)


def test_a_manifest_that_is_none_is_a_finding(tiny: Tiny) -> None:
    for data in (b"", b"{}", b"[]", b"\xff", b'{"_type": 1}'):
        write(tiny.current / MANIFEST_FILE, data)
        result = tiny.run("verify")
        assert (result.code, result.err) == (1, "")
        assert "NOT what was built" in result.out
        assert "damaged" in tiny.run("releases").out


def test_a_signature_is_checked(tiny: Tiny, tmp_path: Path) -> None:
    private, public = write_keys(tmp_path, "ours")
    _, other = write_keys(tmp_path, "other")
    missing = tiny.run("verify", "--public-key", public)
    assert missing.code == 1
    assert f"{ENVELOPE_FILE}: missing, the release is not signed" in missing.out
    tiny.release("--sign-key", private)
    good = tiny.run("verify", "--public-key", public)
    assert (good.code, good.out.endswith("; signed with this key\n")) == (0, True)
    assert tiny.run("verify").out.endswith("signature not checked: give --public-key\n")
    bad = tiny.run("verify", "--public-key", other)
    assert bad.code == 1
    assert f"{ENVELOPE_FILE}: not signed with this key" in bad.out
    forge(tiny)
    forged = tiny.run("verify", "--public-key", public)
    assert forged.code == 1
    assert f"{ENVELOPE_FILE}: the signed text is not the manifest" in forged.out


def test_a_rewritten_release_fails_where_a_key_is_trusted(tiny: Tiny, tmp_path: Path) -> None:
    """Plain `verify` and `rollback`, without the key on the command line."""
    private, public = write_keys(tmp_path, "ours")
    other, _ = write_keys(tmp_path, "other")
    (tiny.folder / "trusted_keys").mkdir()
    shutil.copy(public, tiny.folder / "trusted_keys")
    unsigned = tiny.run("verify")
    assert (unsigned.code, "missing, the release is not signed" in unsigned.out) == (1, True)
    folder = tiny.release("--sign-key", private)
    good = tiny.run("verify")
    assert (good.code, good.out.endswith("; signed with a trusted key\n")) == (0, True)
    forge(tiny)
    manifest = (folder / MANIFEST_FILE).read_bytes()
    write(folder / ENVELOPE_FILE, sign(manifest, read_private_key(Path(other))))
    write(folder / CHECKSUMS_FILE, checksums(hash_files(folder)))
    rewritten = tiny.run("verify")
    assert rewritten.code == 1
    assert f"{ENVELOPE_FILE}: not signed with this key" in rewritten.out
    assert "is not what was built" in tiny.run("rollback", folder.name).err
    (folder / ENVELOPE_FILE).unlink()
    write(folder / CHECKSUMS_FILE, checksums(hash_files(folder)))
    assert tiny.run("verify").code == 1


def test_the_envelope_is_dsse(tiny: Tiny, tmp_path: Path) -> None:
    """Fields and signed bytes as protocol.md of secure-systems-lab/dsse gives them."""
    private, _ = write_keys(tmp_path, "ours")
    folder = tiny.release("--sign-key", private)
    envelope = json.loads((folder / ENVELOPE_FILE).read_bytes())
    assert set(envelope) == {"payload", "payloadType", "signatures"}
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    (signature,) = envelope["signatures"]
    assert set(signature) == {"keyid", "sig"}


def test_a_key_that_is_none_is_one_line(tiny: Tiny, tmp_path: Path) -> None:
    rsa = tmp_path / "rsa.pem"
    rsa.write_bytes(
        generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    text = tmp_path / "text.pem"
    text.write_text("no key", encoding="utf-8")
    for path, why in ((rsa, "not an Ed25519"), (text, "not an Ed25519"), (tmp_path / "x", "read")):
        for command in (["release", "--sign-key"], ["verify", "--public-key"]):
            result = tiny.run(*command, str(path))
            assert (result.code, result.err.count("\n")) == (2, 1)
            assert why in result.err


def test_rollback_shows_the_release_before(tiny: Tiny) -> None:
    first = tiny.current
    second = tiny.release()
    result = tiny.run("rollback")
    assert (result.code, result.out) == (0, f"current: {second.name} -> {first.name}\n")
    assert tiny.current == first
    assert tiny.run("rollback", second.name[:16]).code == 0
    assert tiny.current == second


def test_rollback_needs_a_release_to_go_back_to(tiny: Tiny) -> None:
    first = tiny.current
    result = tiny.run("rollback")
    assert result.code == 2
    assert f"{first.name} is the first release" in result.err
    for name, why in (("2099", "no release 2099"), ("20", "more than one release 20")):
        tiny.release()
        result = tiny.run("rollback", name)
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert why in result.err


def test_rollback_refuses_a_damaged_release(tiny: Tiny) -> None:
    write(tiny.current / DATABASE_FILE, b"damaged")
    second = tiny.release()
    result = tiny.run("rollback")
    assert result.code == 2
    assert f"{DATABASE_FILE}: changed; current stays {second.name}" in result.err
    assert tiny.current == second


def test_prune_keeps_the_newest_and_the_current(tiny: Tiny) -> None:
    first = tiny.store.find()
    made = [tiny.release().name for _ in range(2)]
    assert tiny.run("rollback", first).code == 0
    result = tiny.run("prune", "--keep", "1")
    assert (result.code, result.out) == (0, "1 releases removed, 2 kept\n")
    assert tiny.store.release_ids() == [first, made[1]]
    assert tiny.current.name == first
    assert findings(tiny) == ()
    assert tiny.run("diff", first, made[1]).code == 0
    result = tiny.run("diff", made[1], made[0])
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert tiny.run("prune", "--keep", "0").err.endswith("--keep must be 1 or more\n")


def test_an_absolute_link_is_the_current_release_too(tiny: Tiny) -> None:
    first = tiny.current
    tiny.release()
    tiny.store.current.unlink()
    tiny.store.current.symlink_to(first)
    assert tiny.store.current_id() == first.name
    assert tiny.run("verify").code == 0
    assert tiny.run("prune", "--keep", "1").out == "0 releases removed, 2 kept\n"
    assert tiny.current == first
    # a folder of that name elsewhere is no release here
    elsewhere = tiny.folder / "elsewhere" / first.name
    elsewhere.mkdir(parents=True)
    tiny.store.current.unlink()
    tiny.store.current.symlink_to(elsewhere)
    assert tiny.store.current_id() is None


def test_names_of_a_hostile_manifest_cannot_steer_a_terminal(tiny: Tiny) -> None:
    path = tiny.current / MANIFEST_FILE
    statement = json.loads(path.read_bytes())
    statement["subject"].append({"name": "a\x1b[2Jb\u202e", "digest": {"sha256": "0"}})
    inputs = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    inputs[0]["name"] = "own\x1b]0;title\x07.csv"
    for subject in (statement["subject"], statement["subject"][:-1]):
        write(path, json.dumps(statement | {"subject": subject}).encode())
        write(tiny.current / CHECKSUMS_FILE, checksums(hash_files(tiny.current)))
        result = tiny.run("verify")
        assert result.err == ""
        assert all(line.isprintable() for line in result.out.splitlines())
        assert ("a\\x1b[2Jb\\u202e: missing" in result.out) == (result.code == 1)
        assert ("depends on own\\x1b]0;title\\x07.csv" in result.out) == (result.code == 0)


def test_a_manifest_that_is_too_deep_is_no_fault_of_the_program(tiny: Tiny) -> None:
    deep = b"[" * 100_000
    for name, said in ((MANIFEST_FILE, "not a manifest"), (ENVELOPE_FILE, "cannot be read")):
        write(tiny.current / name, deep)
        result = tiny.run("verify")
        assert (result.code, result.err) == (1, "")
        assert said in result.out
        assert tiny.run("releases").code == 0


def test_a_manifest_of_another_shape_is_no_fault_of_the_program(tiny: Tiny) -> None:
    path = tiny.current / MANIFEST_FILE
    good = path.read_bytes()
    one = tiny.store.find()
    for old, new in (
        (b'"kind"', b'"sort"'),
        (b'"resolvedDependencies"', b'"dependencies"'),
        (b'"predicate"', b'"predicated"'),
    ):
        write(path, good.replace(old, new))
        assert good.count(old)
        result = tiny.run("diff", one, one)
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert "not a manifest" in result.err
        assert tiny.run("verify").code == 1
        assert tiny.run("releases").code == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(subject=7),
        lambda m: m.update(subject=[{"name": "../../etc/passwd", "digest": {"sha256": "0"}}]),
        lambda m: m["subject"][0].update(digest=None),
        lambda m: m["predicate"].update(platformEmployment_tables=[1]),
        lambda m: m["predicate"].update(platformEmployment_release=None),
        lambda m: m["predicate"]["runDetails"].update(builder=[]),
        lambda m: m["predicate"]["buildDefinition"].update(externalParameters="x"),
        lambda m: m["predicate"]["buildDefinition"].update(resolvedDependencies=[{}]),
        lambda m: m["predicate"]["buildDefinition"]["resolvedDependencies"][0].update(
            annotations={"kind": "input", "bytes": "many", "rows": None, "table": None}
        ),
        lambda m: m["predicate"]["buildDefinition"]["resolvedDependencies"].append(
            {"name": "git", "digest": {}, "annotations": {"kind": "source"}}
        ),
    ],
)
def test_a_tampered_manifest_is_one_line_for_every_command(
    tiny: Tiny, change: Callable[[Any], None]
) -> None:
    path = tiny.current / MANIFEST_FILE
    statement = json.loads(path.read_bytes())
    change(statement)
    write(path, json.dumps(statement).encode())
    one = tiny.store.find()
    assert tiny.run("verify").code == 1
    assert tiny.run("releases").code == 0
    for command in (("diff", one, one), ("rollback", one), ("rollback",)):
        result = tiny.run(*command)
        assert (result.code, result.err.count("\n")) == (2, 1), result
        assert "fault of the program" not in result.err


def test_a_manifest_that_is_no_file_is_a_finding(tiny: Tiny) -> None:
    path = tiny.current / MANIFEST_FILE
    path.unlink()
    os.mkfifo(path)
    result = tiny.run("verify")
    assert (result.code, result.err) == (1, "")
    assert "not a regular file" in result.out
    assert tiny.run("releases").code == 0


def test_the_list_marks_the_current_release(tiny: Tiny) -> None:
    first = tiny.store.find()
    tiny.replace(JOBS, "total,3462.9", "total,3463")
    second = tiny.release().name
    header, *lines = tiny.run("releases").out.splitlines()
    assert header.split()[:1] == ["release"]
    assert lines[0].split()[:2] == ["->", second]
    assert lines[0].endswith(first)
    assert lines[1].split()[0] == first
    tiny.store.current.unlink()
    assert "current points to no release" in tiny.run("releases").out
    result = tiny.run("verify")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "no current release" in result.err


@pytest.mark.parametrize("command", ["verify", "rollback", "diff", "prune --keep 1", "releases"])
def test_without_a_release_every_command_says_so(tiny: Tiny, tmp_path: Path, command: str) -> None:
    empty = Tiny(tiny.folder, tiny.recorded, tmp_path / "empty")
    result = empty.run(*command.split())
    assert (result.out + result.err).count("\n") == 1
    assert result.code == (0 if command == "releases" else 2)
    assert "release" in result.out + result.err
