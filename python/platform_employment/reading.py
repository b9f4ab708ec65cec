"""Open what users and others bring: own tables, settings, microdata, manifests of releases.

No other module of these packages opens such a file (a lint rule). A file is opened only when it
is a regular one, so that a pipe or a device is refused at once; it is never larger than its limit;
and where a folder is given, no link leads out of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, NoReturn

import yaml

from platform_employment.errors import UserError

MEBIBYTE = 1_048_576
_MAX_NESTING = 32


class ReadError(UserError):
    """A file cannot be used; problem and remedy are its two halves, without the path."""

    def __init__(self, path: Path | str, problem: str, remedy: str) -> None:
        """Keep both halves for those who report them apart."""
        super().__init__(f"{path}: {problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


class NotAFileError(ReadError):
    """A path is a folder, a pipe, a device or a socket."""


class TooLargeError(ReadError):
    """A file is larger than any such file is."""


@contextmanager
def open_file(path: Path, inside: Path | None = None) -> Iterator[FileIO]:
    """Open a regular file for reading, without a buffer.

    Args:
        path: the file; a link is followed.
        inside: the folder that a link may not leave.

    Raises:
        ReadError: there is no such regular file, it may not be read, or a link leaves the folder.
    """
    if inside is not None and leaves(path, inside):
        raise ReadError(path, "a link that leads out of the folder", "copy the file to this place")
    try:
        # looked at before it is opened: opening a device can change its state
        _require_regular(path, os.stat(path).st_mode)  # noqa: PTH116
        # without a wait, for a pipe that took its place meanwhile
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(
            path, f"cannot be read: {reason}", "check the path and the rights"
        ) from None
    except ValueError:
        raise ReadError(path, "cannot be read: not a path", "check the path") from None
    with FileIO(descriptor) as file:
        _require_regular(path, os.fstat(descriptor).st_mode)
        yield file


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NotAFileError(path, "not a regular file", "put a file here")


def leaves(path: Path, folder: Path) -> bool:
    """Return whether a link leads out of a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def read_bytes(path: Path, limit: int, inside: Path | None = None) -> bytes:
    """Return what a file holds. Raises TooLargeError above so many bytes; see `open_file`."""
    with open_file(path, inside) as file:
        # a file of /proc says that it is empty, so its size is not asked
        parts, left = [], limit + 1
        while left and (part := file.read(min(left, MEBIBYTE))):
            parts.append(part)
            left -= len(part)
    if not left:
        raise TooLargeError(path, f"larger than {limit} bytes", "check that this is the right file")
    return b"".join(parts)


def read_text(path: Path, limit: int, inside: Path | None = None) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark."""
    try:
        return read_bytes(path, limit, inside).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError(path, "not UTF-8", "save it as UTF-8") from None


def read_json(path: Path, limit: int) -> Any:
    """Return what a JSON file holds. Raises ReadError where it is not one, or is nested too
    deep."""
    try:
        return json.loads(read_bytes(path, limit), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else _one_line(error)
        raise ReadError(path, f"not JSON: {reason}", "copy it again from its source") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def read_yaml(path: Path, limit: int, inside: Path | None = None) -> Any:
    """Return what a YAML file holds.

    Raises ReadError where it is not YAML, is nested too deep, or has an alias, which can represent
    a document of any size.
    """
    text = read_text(path, limit, inside)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ReadError(path, "has an alias (*name)", "write it out")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_NESTING:
                raise ReadError(path, f"nested deeper than {_MAX_NESTING}", "write it flat")
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReadError(path, f"not valid YAML: {_one_line(error)}", "correct it") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hex."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
