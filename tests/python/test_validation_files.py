"""Checks on files: what passes is read by DuckDB cell by cell as Python reads it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from platform_employment.validation import files
from platform_employment.validation.files import FileCode, FileScan, scan, scan_file

COLUMNS = ("merchant_id", "shop", "turnover_wan_yuan")
HEADER = b"merchant_id,shop,turnover_wan_yuan\n"
GOOD = HEADER + 'm-1,"茶, 水",12.5\nm-2,"a ""b""",3\nm-3,,0.01\n'.encode()
CRLF = GOOD.replace(b"\n", b"\r\n")
RECORDS = [["m-1", "茶, 水", "12.5"], ["m-2", 'a "b"', "3"], ["m-3", "", "0.01"]]


def scanned(data: bytes, block_bytes: int = files.BLOCK_BYTES) -> FileScan:
    return scan(io.BytesIO(data), COLUMNS, "merchants.csv", block_bytes=block_bytes)


def code_of(data: bytes) -> str | None:
    finding = scanned(data).finding
    return finding.code if finding else None


def in_python(data: bytes) -> list[list[str]]:
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, strict=True))[1:]


def in_duckdb(path: Path) -> list[list[str]]:
    """Read all columns as text, with the options that the models use: nothing is guessed."""
    rows = duckdb.execute(
        """
        select columns(*) from read_csv(
            $path, auto_detect = false, header = true, delim = ',', quote = '"',
            escape = '"', columns = $columns, force_not_null = $names
        )
        """,
        {
            "path": str(path),
            "columns": dict.fromkeys(COLUMNS, "varchar"),
            "names": list(COLUMNS),
        },
    ).fetchall()
    return [list(row) for row in rows]


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(HEADER, b'"merchant_id","shop","turnover_wan_yuan"\n'),
        GOOD.replace(b"m-1", b'"m-1"'),
    ],
    ids=["plain", "mark", "crlf", "mark_and_crlf", "quoted_header", "quoted_code"],
)
def test_accepts_what_spreadsheets_write(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "merchants.csv"
    path.write_bytes(data)
    outcome = scan_file(path, COLUMNS)
    assert outcome == FileScan(str(path), 3, hashlib.sha256(data).hexdigest(), None)
    assert in_python(data) == RECORDS
    assert in_duckdb(path) == RECORDS


def test_reads_gzip_and_hashes_the_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "merchants.csv.gz"
    # two members, as when files are concatenated
    half = len(GOOD) // 2
    path.write_bytes(gzip.compress(GOOD[:half]) + gzip.compress(GOOD[half:]))
    outcome = scan_file(path, COLUMNS)
    assert outcome.finding is None
    assert outcome.records == 3
    assert outcome.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert in_duckdb(path) == RECORDS


def test_large_blocks_are_hashed_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that are hashed next to, which takes its time, and a small one behind them."""
    data = HEADER + b"".join(b"m-%d,y,2\n" % number for number in range(370_000))
    block_bytes = 2 * files._LARGE_BYTES - 1
    assert 2 * block_bytes < len(data) < 2 * block_bytes + files._LARGE_BYTES
    expected = hashlib.sha256(data).hexdigest()

    class Slow:
        """A hash that is behind after a large block."""

        def __init__(self) -> None:
            self.read = b""

        def update(self, block: bytes) -> None:
            if len(block) >= files._LARGE_BYTES:
                time.sleep(0.3)
            self.read += block

        def hexdigest(self) -> str:
            return hashlib.new("sha256", self.read).hexdigest()

    for digest in (hashlib.sha256, Slow):
        monkeypatch.setattr(hashlib, "sha256", digest)
        outcome = scanned(data, block_bytes)
        assert (outcome.finding, outcome.records) == (None, 370_000)
        assert outcome.sha256 == expected


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-4],
        lambda packed: packed[: len(packed) // 2],
        lambda packed: packed[:20] + bytes([packed[20] ^ 255]) + packed[21:],
        lambda packed: packed + b"more",
        lambda packed: b"",
        lambda packed: GOOD,
    ],
    ids=["no_length", "half", "flipped", "garbage_behind", "empty", "not_packed"],
)
def test_refuses_damaged_gzip(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    path = tmp_path / "merchants.csv.gz"
    path.write_bytes(damage(gzip.compress(GOOD, mtime=0)))
    finding = scan_file(path, COLUMNS).finding
    assert finding is not None
    assert finding.code in {FileCode.DAMAGED_GZIP, FileCode.EMPTY}


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (tmp_path, tmp_path / "absent.csv", pipe):
        finding = scan_file(path, COLUMNS).finding
        assert finding is not None
        assert finding.code == FileCode.UNREADABLE


def test_line_length_is_judged_alike_within_and_across_blocks() -> None:
    longest = b"m-1," + b"x" * (files.MAX_LINE_BYTES - 6) + b",1\n"
    assert len(longest) == files.MAX_LINE_BYTES + 1
    for rest in (b"", b"m-2,y,2\n"):
        for block_bytes in (1000, 70_000, files.BLOCK_BYTES):
            assert scanned(HEADER + longest + rest, block_bytes).finding is None
            too_long = HEADER + longest.replace(b"xx", b"xxx", 1) + rest
            finding = scanned(too_long, block_bytes).finding
            assert finding is not None
            assert (finding.code, finding.line) == (FileCode.LINE_TOO_LONG, 2)


def test_a_file_without_line_ends_is_not_read_into_memory() -> None:
    class Endless(io.RawIOBase):
        size = 0

        def read(self, size: int = -1) -> bytes:
            self.size += size
            return b"x" * size

    stream = Endless()
    finding = scan(stream, COLUMNS, "endless.csv").finding
    assert finding is not None
    assert finding.code == FileCode.LINE_TOO_LONG
    assert stream.size <= 2 * files.BLOCK_BYTES


def test_a_table_of_one_column() -> None:
    def one(data: bytes) -> FileScan:
        return scan(io.BytesIO(data), ("code",), "codes.csv")

    assert one(b"code\na\nb\n").records == 2
    finding = one(b"code\na\n\nb\n").finding
    assert finding is not None
    assert (finding.code, finding.line) == (FileCode.BLANK_LINE, 3)


# bytes that carry structure, and some that do not
PIECES = st.sampled_from(
    [
        *(b",", b'"', b'""', b"\n", b"\r", b"\r\n", b" ", b"x", b"'", b"#", b"\\", b";", b"\t"),
        *(b"\0", b"\x1a", b"\x7f", b"\xff", b"\xef\xbb\xbf", b"1", b"."),
        *("万".encode(), "万".encode("gbk")),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file after a few cuts and insertions."""
    data = draw(st.sampled_from([GOOD, CRLF, b"\xef\xbb\xbf" + GOOD]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(start + 3, len(data))))
        data = data[:start] + draw(st.one_of(st.just(b""), PIECES)) + data[end:]
    return data


@st.composite
def assembled(draw: st.DrawFn) -> bytes:
    """The header and then anything."""
    return (
        HEADER + b"".join(draw(st.lists(PIECES, max_size=20))) + draw(st.sampled_from([b"", b"\n"]))
    )


@given(st.one_of(mutated(), assembled()))
@settings(max_examples=600, deadline=None)
def test_what_passes_is_read_alike_by_duckdb(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    outcome = scanned(data)
    if outcome.finding:
        assert "\n" not in str(outcome.finding)
        return
    path = tmp_path_factory.getbasetemp() / "mutated.csv"
    path.write_bytes(data)
    records = in_python(data)
    assert len(records) == outcome.records == len(data.splitlines()) - 1
    assert all(len(record) == len(COLUMNS) for record in records)
    assert in_duckdb(path) == records


@given(st.one_of(mutated(), assembled()), st.integers(1, 60))
@example(b"\n" + GOOD, 1)
@example(b"\xef\xbb\xbf\n" + GOOD, 1)
@example(GOOD.replace(b"\n", b"\r"), 1)
@settings(max_examples=600)
def test_the_outcome_does_not_depend_on_blocks(data: bytes, block_bytes: int) -> None:
    assert scanned(data, block_bytes) == scanned(data)


@given(st.one_of(mutated(), assembled()))
@example(CRLF.replace(b"0.01\r\n", b"0.01\rx\n"))
@example(CRLF.replace(b"0.01\r\n", b'0.01\r""\n'))
@settings(max_examples=600)
def test_judging_a_block_never_hides_a_bad_line(data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files._Scanner, "_clean_records", lambda scanner, block: 0)
        line_by_line = scanned(data)
    assert scanned(data) == line_by_line


@given(
    st.lists(
        st.lists(st.text(alphabet="a1,\"'# 万\\", max_size=5), min_size=3, max_size=3), min_size=1
    )
)
@settings(max_examples=200)
def test_good_blocks_are_judged_as_a_whole(records: list[list[str]]) -> None:
    """The fast path must recognise good files, quoted ones too, or it would not be fast."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows([COLUMNS, *records])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files._Scanner, "_check_record", None)
        assert scanned(text.getvalue().encode()).records == len(records)


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=300)
def test_any_bytes_give_an_outcome(data: bytes, packed: bool) -> None:
    outcome = scan(io.BytesIO(data), COLUMNS, "any.csv", packed=packed)
    assert outcome.finding is not None
    assert str(outcome.finding).isprintable()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gbk", "快手"),
        ("gb18030", "直播带货，㐀"),
        ("big5", "直播帶貨的商家"),
        ("euc-kr", "상점"),
        ("cp1252", "Straße – 5 €"),
        ("utf-16", "快手"),
    ],
)
def test_another_encoding_is_not_guessed(encoding: str, text: str) -> None:
    """A few characters tell too little: Korean and Japanese passed for Chinese."""
    data = f"merchant_id,shop,turnover_wan_yuan\nm-1,{text},1\n".encode(encoding)
    finding = scanned(data).finding
    assert finding is not None
    assert finding.code == FileCode.NOT_UTF8
    assert finding.message == "not UTF-8"
    assert "UTF-8" in finding.remedy
