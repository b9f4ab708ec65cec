"""Gates on files: a CSV is accepted whole, or refused whole with one finding.

An accepted file is UTF-8 (a byte order mark at its start is fine, Excel writes one), comma
separated, quoted with ", has exactly the declared header, one kind of line end, and one
record a line: a quoted field may not hold a line break. That makes an unclosed quote visible
where it stands, and a line number names a record.

Files are read in blocks of whole lines, so memory stays constant. A block is first judged as
a whole, at the speed of memory; only a block that looks wrong is read line by line.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import hashlib
import io
import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NoReturn

from platform_employment.gates.findings import Finding, quoted

MAX_LINE_BYTES = 65_536
BLOCK_BYTES = 4 * 1024 * 1024


class FileCode(StrEnum):
    """Why a file is not accepted. docs/inputs.md explains each code."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_CSV = "not_csv"
    DAMAGED_GZIP = "damaged_gzip"
    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    NUL_BYTE = "nul_byte"
    CONTROL_CHARACTER = "control_character"
    LINE_ENDS = "line_ends"
    LINE_TOO_LONG = "line_too_long"
    WRONG_DELIMITER = "wrong_delimiter"
    HEADER_MISSING = "header_missing"
    COLUMN_MISSING = "column_missing"
    COLUMN_EXTRA = "column_extra"
    COLUMN_REPEATED = "column_repeated"
    COLUMN_RENAMED = "column_renamed"
    COLUMNS_REORDERED = "columns_reordered"
    HEADER_ONLY = "header_only"
    BLANK_LINE = "blank_line"
    UNCLOSED_QUOTE = "unclosed_quote"
    STRAY_QUOTE = "stray_quote"
    RAGGED_ROW = "ragged_row"
    TRUNCATED = "truncated"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_FILE = "unknown_file"
    LINK = "link"
    NO_FILES = "no_files"


@dataclass(frozen=True)
class FileScan:
    """Outcome of reading one file: refused with a finding, or accepted.

    records: lines after the header; sha256: of the bytes on disk, before unpacking. Both
    describe the part that was read when the file is refused.
    """

    file: str
    records: int
    sha256: str
    finding: Finding | None


def scan_file(path: Path, columns: Sequence[str], file: str | None = None) -> FileScan:
    """Read a CSV of any size, gzip when its name ends in .gz, in constant memory.

    columns: the header that the file must have; file: the name to show, the path by default.
    """
    name = file or str(path)
    if finding := unreadable(path, name):
        return FileScan(name, 0, "", finding)
    try:
        with path.open("rb", buffering=0) as raw:
            return scan(raw, columns, name, packed=path.suffix == ".gz")
    except OSError as error:
        return FileScan(name, 0, "", _unreadable(name, error))


def unreadable(path: Path, file: str) -> Finding | None:
    """Say why a path is not a file that can be read; opening a pipe would wait for ever."""
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return _unreadable(file, error)
    if is_regular:
        return None
    return Finding(file, FileCode.UNREADABLE, "not a regular file", "put a CSV file here")


def scan(
    raw: io.RawIOBase | BinaryIO,
    columns: Sequence[str],
    file: str,
    packed: bool = False,
    block_bytes: int = BLOCK_BYTES,
) -> FileScan:
    """Read a CSV from an open binary stream; see scan_file."""
    hashed = _HashedStream(raw)
    stream = gzip.GzipFile(fileobj=io.BufferedReader(hashed)) if packed else hashed
    scanner = _Scanner(file, tuple(columns))
    finding = None
    try:
        for block in _blocks(stream, block_bytes):
            scanner.read(block)
        scanner.end()
    except _Refused as refused:
        finding = refused.finding
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        finding = Finding(
            file,
            FileCode.DAMAGED_GZIP,
            f"the gzip file is damaged or cut off: {error}",
            "copy or pack it again",
        )
    return FileScan(file, max(scanner.lines - 1, 0), hashed.digest.hexdigest(), finding)


_BOM = b"\xef\xbb\xbf"
_SIGNATURES = (
    (b"\x1f\x8b", "a gzip file", "name it .csv.gz, or unpack it"),
    (b"PK\x03\x04", "an Excel workbook or a zip file", "save the sheet as 'CSV UTF-8'"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as 'CSV UTF-8'"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
)
_SAVE_AS_UTF8 = "save it as UTF-8 (in Excel: 'CSV UTF-8'; in WPS or Notepad: encoding UTF-8)"
_CONTROLS = bytes(set(range(32)) - set(b"\n\r")) + b"\x7f"
# what is left of a block when all bytes are deleted but these shows its structure
_NOT_STRUCTURE = bytes(set(range(256)) - set(b',\n\r"') - set(_CONTROLS))
_NOT_CONTROL = bytes(set(range(256)) - set(_CONTROLS))
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_FIELD = re.compile(rb'"(?:[^"]|"")*"|[^",]*')
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "full-width commas"}


class _Refused(Exception):  # noqa: N818 - an outcome, not an error
    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class _HashedStream(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, raw: io.RawIOBase | BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self._raw = raw

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size) or b""
        self.digest.update(data)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _blocks(stream: io.RawIOBase | gzip.GzipFile, block_bytes: int) -> Iterator[bytes]:
    """Cut a stream behind line feeds. Only the last block, or a hopeless one, ends without."""
    carry = b""
    while chunk := stream.read(block_bytes):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield carry + chunk[:cut]
            carry = chunk[cut:]
        else:
            carry += chunk
            if len(carry) > MAX_LINE_BYTES:
                yield carry
                carry = b""
    if carry:
        yield carry


class _Scanner:
    """Reads the blocks of one file in order; raises _Refused at the first fault."""

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        self.lines = 0
        self._file = file
        self._columns = columns
        self._line_end = b"\n"

    def read(self, block: bytes) -> None:
        if self.lines == 0:
            block = self._first(block)
        if not self._is_clean(block):
            for line in block.splitlines_bytes() if False else _lines(block):
                self._check_line(line)
                self.lines += 1
        else:
            self.lines += block.count(b"\n")

    def end(self) -> None:
        pass
