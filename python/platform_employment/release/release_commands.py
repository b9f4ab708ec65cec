"""The commands of the releases: release, verify, rollback, releases, diff and prune."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command
from platform_employment.dbt.build_inputs import INPUTS_VARIABLE, own_folder
from platform_employment.errors import UserError
from platform_employment.formatting import safe_text, without_secrets
from platform_employment.project import add_project_dir, find_project
from platform_employment.release.store import ReleaseError, Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from platform_employment.release.pipeline import Release

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_FINDINGS = 1


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands to the command line."""
    release = _add(
        subparsers,
        "release",
        _release,
        "build in a separate folder, verify the result and publish it",
        "release",
        "release --inputs ~/mine",
    )
    release.add_argument("--vars", metavar="YAML", help="variables for dbt, as YAML or JSON")
    release.add_argument(
        "--inputs",
        metavar="DIR",
        type=Path,
        help=f"inputs folder (default: the environment variable {INPUTS_VARIABLE})",
    )
    release.add_argument(
        "--sign-key", metavar="PEM", type=Path, help="Ed25519 private key that signs the manifest"
    )
    verify = _add(
        subparsers,
        "verify",
        _verify,
        "verify the files and tables of a release against its manifest",
        "verify",
        "verify --tables",
    )
    _add_release_id(verify, "release to verify (default: the current one)")
    verify.add_argument(
        "--public-key",
        metavar="PEM",
        type=Path,
        help="Ed25519 public key of the signature",
    )
    verify.add_argument(
        "--manifest-sha256", metavar="HEX", help="manifest hash that `release` printed"
    )
    verify.add_argument(
        "--tables", action="store_true", help="hash all tables of the database and Parquet again"
    )
    rollback = _add(
        subparsers, "rollback", _rollback, "make an earlier release current again", "rollback"
    )
    _add_release_id(rollback, "release to make current (default: the one before the current one)")
    _add(subparsers, "releases", _releases, "list the releases", "releases")
    diff = _add(
        subparsers,
        "diff",
        _diff,
        "list the figures that moved between two releases, and why",
        "diff",
        "diff --all",
    )
    diff.add_argument("before", nargs="?", help="release id (default: the one before `after`)")
    diff.add_argument("after", nargs="?", help="release id (default: the current one)")
    diff.add_argument("--all", action="store_true", help="print long tables in full")
    prune = _add(
        subparsers,
        "prune",
        _prune,
        "remove old releases, never the current one",
        "prune --keep 3",
    )
    prune.add_argument("--keep", type=int, required=True, help="number of newest releases to keep")


def _add(
    subparsers: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    *examples: str,
) -> argparse.ArgumentParser:
    parser = add_command(subparsers, name, text, examples=examples)
    add_project_dir(parser)
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder that holds build/ and releases/ (default: the project)",
    )
    parser.set_defaults(run=run)
    return parser


def _add_release_id(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("release_id", metavar="ID", nargs="?", help=text)


def _store(arguments: argparse.Namespace) -> Store:
    root: Path = arguments.root or find_project(arguments.project_dir)
    return Store(root.absolute())


def _release(arguments: argparse.Namespace) -> int:
    # what a release needs takes a moment to load, and no other command needs it
    from platform_employment.release.build import ReleaseRequest  # noqa: PLC0415
    from platform_employment.release.integrity import read_private_key  # noqa: PLC0415
    from platform_employment.release.pipeline import Stages, release  # noqa: PLC0415

    project = find_project(arguments.project_dir)
    own = arguments.inputs or own_folder(project)
    request = ReleaseRequest(
        project=project,
        store=_store(arguments),
        variables=arguments.vars,
        inputs=own.absolute() if own else None,
        key=read_private_key(arguments.sign_key) if arguments.sign_key else None,
    )
    stages = Stages()
    released = release(request, stages)
    for line in (*_release_lines(released), stages.line()):
        print(line)
    sys.stdout.flush()
    for warning in _warnings(released):
        print(f"platform-employment: warning: {warning}", file=sys.stderr)
    return 0


def _release_lines(released: Release) -> Iterator[str]:
    yield f"published {released.folder}"
    yield f"  manifest sha256 {released.manifest_sha256}"
    if released.previous:
        yield f"  {released.changes.moves} figures moved since {released.previous}"
    yield f"  all that dbt said: {released.log}"


def _warnings(released: Release) -> Iterator[str]:
    from platform_employment.release.diff import move_text  # noqa: PLC0415

    yield from released.warnings
    if released.changes.fault:
        yield f"not compared with {released.previous}: {released.changes.fault}"
    for move in released.changes.unnamed:
        yield (
            f'`{move.figure}` moved and "Figures changed" in CHANGELOG.md does not name it: '
            f"{move_text(move)}"
        )


def _keys(arguments: argparse.Namespace, store: Store) -> list[Ed25519PublicKey]:
    """Return the keys of which one must have signed: the given one, else those that are trusted."""
    from platform_employment.release.integrity import (  # noqa: PLC0415
        read_public_key,
        trusted_keys,
    )

    if given := getattr(arguments, "public_key", None):
        return [read_public_key(given)]
    try:
        project = find_project(arguments.project_dir)
    except UserError:
        # releases can be verified where there is no project
        project = store.root
    return trusted_keys(project, store.root)


def _verify(arguments: argparse.Namespace) -> int:
    from platform_employment.release.integrity import verify  # noqa: PLC0415

    store = _store(arguments)
    keys = _keys(arguments, store)
    verdict = verify(store, store.find(arguments.release_id), keys, with_tables=arguments.tables)
    findings = list(verdict.findings)
    expected = arguments.manifest_sha256
    if expected and expected.lower() != verdict.manifest_sha256:
        findings.append(f"the manifest has the hash {verdict.manifest_sha256}")
    for finding in findings:
        # names in a manifest are as hostile as anyone who wrote it
        print(f"{verdict.release_id}: {safe_text(finding)}")
    if findings:
        print(f"{verdict.release_id}: NOT what was built: {len(findings)} findings")
        return _FINDINGS
    signed = "signature not checked: give --public-key" if verdict.is_signed else "not signed"
    if keys:
        signed = "signed with this key" if arguments.public_key else "signed with a trusted key"
    again = f", {verdict.tables} tables hashed again" if arguments.tables else ""
    print(f"{verdict.release_id}: {verdict.files} files as they were built{again}; {signed}")
    for line in verdict.own_inputs:
        print(f"  depends on {safe_text(line)}")
    return 0


def _rollback(arguments: argparse.Namespace) -> int:
    from platform_employment.release.integrity import rollback  # noqa: PLC0415

    store = _store(arguments)
    before, after = rollback(store, arguments.release_id, _keys(arguments, store))
    print(f"current: {before or 'none'} -> {after}")
    return 0


def _releases(arguments: argparse.Namespace) -> int:
    from platform_employment.release.integrity import release_lines  # noqa: PLC0415

    for line in release_lines(_store(arguments)):
        # the folder is what was typed
        print(without_secrets(safe_text(line)))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from platform_employment.release.diff import (  # noqa: PLC0415
        compare,
        difference_lines,
        read_snapshot,
    )
    from platform_employment.release.integrity import release_before  # noqa: PLC0415

    store = _store(arguments)
    after = store.find(arguments.after)
    before = store.find(arguments.before) if arguments.before else release_before(store, after)
    difference = compare(read_snapshot(store.folder(before)), read_snapshot(store.folder(after)))
    for line in difference_lines(before, after, difference, show_all=arguments.all):
        print(safe_text(line))
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    from platform_employment.release.store import prune, store_lock  # noqa: PLC0415

    store = _store(arguments)
    if not store.releases.is_dir():
        raise ReleaseError(f"no releases in {store.root}: platform-employment release makes one")
    with store_lock(store, "platform-employment prune"):
        removed = prune(store, arguments.keep)
    print(f"{len(removed)} releases removed, {len(store.release_ids())} kept")
    return 0
