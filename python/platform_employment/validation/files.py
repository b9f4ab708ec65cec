"""Checks on files: a CSV is accepted whole, or refused whole with one finding.

An accepted file is UTF-8 (a byte order mark at its start is fine, Excel writes one), comma
separated, quoted with ", has exactly the declared header, one kind of line end, and one
record a line: a quoted field may not hold a line break. That makes an unclosed quote visible
where it stands, and a line number names a record.

Files are read in blocks of whole lines, so memory stays constant. A block is first judged as
a whole, at the speed of memory; only a block that looks wrong is read line by line.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NoReturn

from platform_employment.errors import nearest
from platform_employment.formatting import quoted
from platform_employment.reading import NotAFileError, ReadError, open_file
from platform_employment.validation.errors import Finding

MAX_LINE_BYTES = 65_536
BLOCK_BYTES = 4 * 1024 * 1024
# fewer are hashed sooner than a thread starts
_LARGE_BYTES = 1024 * 1024


class FileCode(StrEnum):
    """Why a file is not accepted; `FILE_CODES` explains each code."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_CSV = "not_csv"
    DAMAGED_GZIP = "damaged_gzip"
    DAMAGED_PARQUET = "damaged_parquet"
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
    COLUMN_TYPES_DIFFER = "column_types_differ"
    COLUMN_TOO_WIDE = "column_too_wide"
    HEADER_ONLY = "header_only"
    BLANK_LINE = "blank_line"
    UNCLOSED_QUOTE = "unclosed_quote"
    STRAY_QUOTE = "stray_quote"
    RAGGED_ROW = "ragged_row"
    TRUNCATED = "truncated"
    DUPLICATE_KEY = "duplicate_key"
    NOT_ASCENDING = "not_ascending"
    UNKNOWN_FILE = "unknown_file"
    LINK = "link"
    NO_FILES = "no_files"
    OLD_SHAPE = "old_shape"
    BAD_SETTINGS = "bad_settings"
    UNKNOWN_REFERENCE = "unknown_reference"
    TOO_LARGE_METHOD = "too_large_method"
    OTHER_HASH = "other_hash"


FILE_CODES: Mapping[FileCode, str] = {
    FileCode.UNREADABLE: "does not exist, is not a regular file, or cannot be read",
    FileCode.TOO_LARGE: "a table larger than allowed",
    FileCode.NOT_CSV: "an Excel workbook, a Parquet file or an archive (gzip, zip, zstd, bz2, xz)",
    FileCode.DAMAGED_GZIP: "the archive is cut off, damaged, or followed by other bytes",
    FileCode.DAMAGED_PARQUET: "not a Parquet file, or one that is cut off or damaged",
    FileCode.EMPTY: "no bytes",
    FileCode.NOT_UTF8: "another encoding, such as GBK",
    FileCode.NUL_BYTE: "a NUL byte",
    FileCode.CONTROL_CHARACTER: "a control character, including a tab",
    FileCode.LINE_ENDS: "LF and CR LF mixed, or a carriage return alone",
    FileCode.LINE_TOO_LONG: f"a line longer than {MAX_LINE_BYTES:,} bytes",
    FileCode.WRONG_DELIMITER: "columns separated by semicolons, tabs, bars or full-width commas",
    FileCode.HEADER_MISSING: "line 1 has no declared column",
    FileCode.COLUMN_MISSING: "a declared column is not in the header",
    FileCode.COLUMN_EXTRA: "the header has a column that is not declared",
    FileCode.COLUMN_REPEATED: "a column is in the header twice",
    FileCode.COLUMN_RENAMED: "a declared column is missing and an undeclared one is present",
    FileCode.COLUMNS_REORDERED: "the declared columns in another order",
    FileCode.COLUMN_TYPES_DIFFER: "a Parquet column has another type than in the first file",
    FileCode.COLUMN_TOO_WIDE: "a Parquet decimal has more than 38 digits and would be rounded",
    FileCode.HEADER_ONLY: "no row below the header",
    FileCode.BLANK_LINE: "a blank line",
    FileCode.UNCLOSED_QUOTE: "a quote is not closed on its line",
    FileCode.STRAY_QUOTE: "a quote in a field that is not quoted, or text after a closing quote",
    FileCode.RAGGED_ROW: "more or fewer fields than columns",
    FileCode.TRUNCATED: "the last line has no line end, so its last number may be cut off",
    FileCode.DUPLICATE_KEY: "two rows of a table have the same key, compared after typing",
    FileCode.NOT_ASCENDING: "a lower end is above the upper one, or a period ends before it starts",
    FileCode.UNKNOWN_FILE: "a file or folder that is not a table of the project",
    FileCode.LINK: "a symbolic link that leads out of the folder",
    FileCode.NO_FILES: "an inputs folder without a table",
    FileCode.OLD_SHAPE: "a table or column of an earlier version; the message names the new one",
    FileCode.BAD_SETTINGS: "`inputs.yml` has an unknown setting, or names a missing row",
    FileCode.UNKNOWN_REFERENCE: "a row cites a platform, source, unit or other missing row",
    FileCode.TOO_LARGE_METHOD: (
        "a method with more than 500 steps, inputs, components or options, a formula of more than"
        " 2,000 characters, a component below more than 20 others, or an input with more than"
        " 1,000 elements; for the lower limits of a method see [formulas](formulas.md#sizes)"
    ),
    FileCode.OTHER_HASH: "a file of a folder of sums whose hash is not the listed one",
}


@dataclass(frozen=True)
class FileScan:
    """Outcome of reading one file: refused with a finding, or accepted.

    records: lines after the header, up to the fault; sha256: of the bytes on disk, before
    unpacking, empty for a refused file.
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
    try:
        with open_file(path) as raw:
            return scan(raw, columns, name, packed=path.suffix == ".gz")
    except ReadError as error:
        return FileScan(name, 0, "", unreadable(error, name))


def unreadable(error: ReadError, file: str) -> Finding:
    """Return the error for a file that cannot be read."""
    remedy = "put a CSV file here" if isinstance(error, NotAFileError) else error.remedy
    return Finding(file, FileCode.UNREADABLE, error.problem, remedy)


def column_finding(names: Sequence[str], columns: Sequence[str], file: str) -> Finding | None:
    """Describe how the columns of a typed table, in any order, differ from the declared ones."""
    if sorted(names) == sorted(columns):
        return None
    code, column, message = _header_fault(names, columns)
    return Finding(file, code, message, f"the columns must be: {', '.join(columns)}", column=column)


def scan(
    raw: BinaryIO | io.RawIOBase,
    columns: Sequence[str],
    file: str,
    packed: bool = False,
    block_bytes: int = BLOCK_BYTES,
) -> FileScan:
    """Read a CSV from an open binary stream; see scan_file."""
    hashed = _HashedStream(raw)
    scanner = _Scanner(file, tuple(columns))
    finding = None
    try:
        for block in _blocks(gzip.GzipFile(fileobj=hashed) if packed else hashed, block_bytes):
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
    sha256 = "" if finding else hashed.sha256()
    return FileScan(file, max(scanner.lines - 1, 0), sha256, finding)


_BOM = b"\xef\xbb\xbf"
_SIGNATURES = (
    (b"\x1f\x8b", "a gzip file", "unpack it first"),
    (b"PK\x03\x04", "an Excel workbook or a zip file", "save the sheet as 'CSV UTF-8'"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as 'CSV UTF-8'"),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it first"),
    (b"BZh", "a bz2 file", "unpack it first"),
    (b"\xfd7zXZ", "an xz file", "unpack it first"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
)
_SAVE_AS_UTF8 = "save it as UTF-8 (in Excel: 'CSV UTF-8'; in WPS or Notepad: encoding UTF-8)"
_EXPORT_AGAIN = "export the file again from its source"
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "full-width commas"}

_LINE_ENDS = b"\r\n"
_CONTROLS = bytes(set(range(32)) - set(_LINE_ENDS)) + b"\x7f"
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_FIELD = re.compile(rb'"(?:[^"]|"")*"|[^",]*')
_ALL = bytes(range(256))
# deleting these from a block leaves what must not be inside quotes
_ALLOWED_IN_QUOTES = _ALL.translate(None, _CONTROLS + _LINE_ENDS)
# deleting these from a block without quoted fields leaves its structure: commas, line ends
# and whatever should not be there
_CONTENT = _ALLOWED_IN_QUOTES.translate(None, b",")
# maps a block to x for content, and to itself for what separates
_OUTLINE = bytes(byte if byte in b',\r\n"' else ord("x") for byte in _ALL)


class _Refused(Exception):  # noqa: N818 - an outcome, not an error
    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class _HashedStream(io.RawIOBase):
    """Hashes what is read through it, large blocks on another core while they are judged."""

    def __init__(self, raw: BinaryIO | io.RawIOBase) -> None:
        self._digest = hashlib.sha256()
        self._raw = raw
        self._beside: threading.Thread | None = None

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size) or b""
        self._wait()
        if len(data) < _LARGE_BYTES:
            self._digest.update(data)
        else:
            self._beside = threading.Thread(target=self._digest.update, args=(data,))
            self._beside.start()
        return data

    def sha256(self) -> str:
        """Return the hash of all that was read."""
        self._wait()
        return self._digest.hexdigest()

    def _wait(self) -> None:
        if self._beside:
            self._beside.join()


def _blocks(stream: io.RawIOBase | gzip.GzipFile, block_bytes: int) -> Iterator[bytes]:
    """Cut a stream behind line feeds; only a line that is too long or the last ends without."""
    carry = b""
    while chunk := stream.read(block_bytes):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield carry + chunk[:cut]
            carry = chunk[cut:]
        else:
            carry += chunk
        if len(carry) > MAX_LINE_BYTES:
            break
    if carry:
        yield carry


class _Scanner:
    """Judges the blocks of one file in order; raises _Refused at the first fault."""

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        self.lines = 0
        self._file = file
        self._columns = columns
        self._line_end = b"\n"

    def read(self, block: bytes) -> None:
        """Judge the next block; all but the last consist of whole lines."""
        if self.lines == 0:
            block = self._read_header(block)
        whole, rest = block[: block.rfind(b"\n") + 1], block[block.rfind(b"\n") + 1 :]
        if records := self._clean_records(whole):
            self.lines += records
        else:
            for line in whole.split(b"\n")[:-1]:
                self._check_line(line)
                self._check_record(line)
                self.lines += 1
        if rest:
            self._refuse_rest(rest)

    def end(self) -> None:
        """Judge the file as a whole, after its last block."""
        if self.lines == 0:
            self._refuse(FileCode.EMPTY, "the file is empty", "fill it, or delete it")
        if self.lines == 1:
            self._refuse(
                FileCode.HEADER_ONLY, "there is no row below the header", "fill it, or delete it"
            )

    def _read_header(self, block: bytes) -> bytes:
        """Check what the first block shows about the file; give the block after line 1."""
        self._check_kind(block)
        block = block.removeprefix(_BOM)
        if not block:
            self._refuse(FileCode.EMPTY, "the file is empty", "fill it, or delete it")
        if b"\r" in block and b"\n" not in block:
            message = "lines end with a carriage return alone"
            self._refuse(FileCode.LINE_ENDS, message, "save it with LF or CR LF line ends", line=1)
        line, _, rest = block.partition(b"\n")
        if len(line) > MAX_LINE_BYTES:
            self._refuse_rest(line)
        if line.endswith(b"\r"):
            self._line_end = b"\r\n"
        self._check_delimiter(line.decode(errors="replace"))
        self._check_line(line)
        self._check_header(line.removesuffix(b"\r"))
        self.lines = 1
        return rest

    def _check_kind(self, block: bytes) -> None:
        for signature, kind, remedy in _SIGNATURES:
            if block.startswith(signature):
                self._refuse(FileCode.NOT_CSV, f"this is {kind}, not a CSV", remedy)
        start = block[:40]
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(0) * 3 > len(start):
            self._refuse(FileCode.NOT_UTF8, "not UTF-8", _SAVE_AS_UTF8, line=1)

    def _check_delimiter(self, text: str) -> None:
        delimiter = next((d for d in _DELIMITERS if d in text), None)
        if "," not in text and delimiter and len(self._columns) > 1:
            message = f"the columns are separated by {_DELIMITERS[delimiter]}, not by commas"
            remedy = "save it as a comma-separated CSV"
            self._refuse(FileCode.WRONG_DELIMITER, message, remedy, line=1)

    def _check_header(self, line: bytes) -> None:
        if not line:
            self._refuse(FileCode.BLANK_LINE, "the line is blank", "delete it", line=1)
        self._count_fields(line)
        names = next(csv.reader([line.decode()], strict=True))
        if tuple(names) != self._columns:
            code, column, message = _header_fault(names, self._columns)
            remedy = f"line 1 must be: {','.join(self._columns)}"
            self._refuse(code, message, remedy, line=1, column=column)

    def _clean_records(self, block: bytes) -> int:
        """Count lines that are surely right, not looked at one by one; 0 unless all are."""
        # a lone column has no commas that would tell a blank line from a record
        if len(self._columns) == 1 or not _has_short_lines(block):
            return 0
        if not block.isascii():
            try:
                block.decode()
            except UnicodeDecodeError:
                return 0
        outside = _outside_quotes(block)
        if outside is None:
            return 0
        record = b"," * (len(self._columns) - 1) + self._line_end
        structure = outside.translate(None, _CONTENT)
        records = len(structure) // len(record)
        if structure != record * records:
            return 0
        # between CR and LF there may have been content
        is_whole = self._line_end == b"\n" or outside.count(self._line_end) == records
        return records if is_whole else 0

    def _check_line(self, line: bytes) -> None:
        """Check the bytes of one line, given without its line feed."""
        number = self.lines + 1
        if len(line) > MAX_LINE_BYTES:
            self._refuse_rest(line)
        if (offset := line.find(0)) >= 0:
            column = self._column_at(line, offset)
            self._refuse(FileCode.NUL_BYTE, "a NUL byte", _EXPORT_AGAIN, line=number, column=column)
        try:
            line.decode()
        except UnicodeDecodeError as error:
            column = self._column_at(line, error.start)
            self._refuse(FileCode.NOT_UTF8, "not UTF-8", _SAVE_AS_UTF8, line=number, column=column)
        if control := _CONTROL.search(line):
            column = self._column_at(line, control.start())
            message = f"a control character {control.group().decode()!a}"
            self._refuse(
                FileCode.CONTROL_CHARACTER, message, "remove it", line=number, column=column
            )
        self._check_line_end(line)

    def _check_line_end(self, line: bytes) -> None:
        body = line.removesuffix(b"\r")
        if b"\r" in body:
            message = "a carriage return inside the line"
        elif self._line_end == b"\r\n" and body == line:
            message = "ends with LF, line 1 with CR LF"
        elif self._line_end == b"\n" and body != line:
            message = "ends with CR LF, line 1 with LF"
        else:
            return
        remedy = "save it with one kind of line end"
        self._refuse(FileCode.LINE_ENDS, message, remedy, line=self.lines + 1)

    def _check_record(self, line: bytes) -> None:
        """Check the quotes and the number of fields of one record."""
        line = line.removesuffix(b"\r")
        number = self.lines + 1
        if not line:
            self._refuse(FileCode.BLANK_LINE, "the line is blank", "delete it", line=number)
        fields = self._count_fields(line)
        if fields != len(self._columns):
            self._refuse(
                FileCode.RAGGED_ROW,
                f"{fields} fields, the header has {len(self._columns)}",
                "put a text with a comma in double quotes; write numbers without commas",
                line=number,
                raw=line.decode(),
            )

    def _count_fields(self, line: bytes) -> int:
        """Count the fields of a line, and check that quotes are where they belong."""
        fields, position = 0, 0
        while True:
            field = _FIELD.match(line, position)
            assert field is not None  # the expression matches the empty string
            fields += 1
            if field.end() == len(line):
                return fields
            if line[field.end()] != ord(","):
                self._refuse_quote(line, position, field.end())
            position = field.end() + 1

    def _refuse_quote(self, line: bytes, start: int, end: int) -> NoReturn:
        column = self._column_at(line, start)
        raw = line[start:].decode()
        if start == end:
            self._refuse(
                FileCode.UNCLOSED_QUOTE,
                "a quote is opened and not closed on the same line",
                "close it; a field may not hold a line break",
                line=self.lines + 1,
                column=column,
                raw=raw,
            )
        self._refuse(
            FileCode.STRAY_QUOTE,
            "a quote inside a field",
            'put the whole field in double quotes and write a quote in it as ""',
            line=self.lines + 1,
            column=column,
            raw=raw,
        )

    def _refuse_rest(self, rest: bytes) -> NoReturn:
        """Refuse what stands behind the last line feed, or a line that is too long."""
        number = self.lines + 1
        if len(rest) > MAX_LINE_BYTES:
            message = f"the line is longer than {MAX_LINE_BYTES} bytes"
            self._refuse(FileCode.LINE_TOO_LONG, message, _EXPORT_AGAIN, line=number)
        self._refuse(
            FileCode.TRUNCATED,
            "the last line has no line end, the file may be cut off",
            "check that the last row is whole and end it with a line end",
            line=number,
            raw=rest.decode(errors="replace"),
        )

    def _column_at(self, line: bytes, offset: int) -> str | None:
        index = sum(part.count(b",") for part in line[:offset].split(b'"')[::2])
        return self._columns[index] if index < len(self._columns) else None

    def _refuse(
        self,
        code: FileCode,
        message: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
        raw: str | None = None,
    ) -> NoReturn:
        raise _Refused(Finding(self._file, code, message, remedy, line, column, raw))


def _header_fault(names: Sequence[str], columns: Sequence[str]) -> tuple[FileCode, str | None, str]:
    """Describe how a header differs from the declared columns: code, column and message."""
    if not set(names) & set(columns):
        return FileCode.HEADER_MISSING, None, "none of the columns is in the header"
    for name, times in Counter(names).items():
        if times > 1:
            return FileCode.COLUMN_REPEATED, name, f"the column stands {times} times"
    there = set(names)
    missing = [column for column in columns if column not in there]
    extra = [name for name in names if name not in columns]
    if missing and extra:
        near = nearest(missing[0], extra) or extra[0]
        return FileCode.COLUMN_RENAMED, missing[0], f"missing; the header has {quoted(near)}"
    if missing:
        return FileCode.COLUMN_MISSING, missing[0], "missing in the header"
    if extra:
        column = extra[0] or None
        message = "not a column of this table" if column else "the header has a nameless column"
        return FileCode.COLUMN_EXTRA, column, message
    first = next(name for name, column in zip(names, columns, strict=True) if name != column)
    return FileCode.COLUMNS_REORDERED, first, "the columns are in another order"


def _outside_quotes(block: bytes) -> bytes | None:
    """Return the block without its quoted fields, or None where quotes are not in order.

    Splitting at the quotes puts what they enclose at the odd places. The quotes are in order
    when nothing enclosed is a line end, and each quote has a separator or a quote outside.
    """
    if b'"' not in block:
        return block
    parts = block.split(b'"')
    if len(parts) % 2 == 0 or b"".join(parts[1::2]).translate(None, _ALLOWED_IN_QUOTES):
        return None
    outside = b'"'.join(parts[::2])
    outline = outside.translate(_OUTLINE)
    return None if b'x"' in outline or b'"x' in outline else outside


def _has_short_lines(block: bytes) -> bool:
    """Return whether no line is too long, by jumping from line feed to line feed."""
    position = 0
    while position < len(block):
        line_feed = block.rfind(b"\n", position, position + MAX_LINE_BYTES + 1)
        if line_feed < 0:
            return False
        position = line_feed + 1
    return True
