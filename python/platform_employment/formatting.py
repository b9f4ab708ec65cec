"""How numbers are printed, and third-party text, so that nothing in them steers a terminal.

Nor tells a secret.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import unquote

# kinds of sources that no one opens: a draft of the reader, and what this project states itself
_OWN = {"own_draft", "project"}
# significant digits of a computed number where people read it
DIGITS = 3
_LONGEST = 60
_SHORTEST_SECRET = 6
_SECRET_VARIABLE = re.compile(
    "PASS|PWD$|SECRET|TOKEN|KEY|CREDENTIAL|DSN|_AUTH|^AUTH", re.IGNORECASE
)
_FOLDERS = {"PWD", "OLDPWD"}  # of the shell, not passwords
# of `scheme://user:secret@host`, however it is quoted or prefixed, all between colon and host
_BEFORE_HOST = re.compile(":.*@", re.DOTALL)
# "passed:" and "passes:" come before what a check found
_SECRET_NAME = (
    r"(?:pass(?!(?:ed|es|ing)\b)|pwd|\bpw\b|secret|token|key|credential|signature|\bsig\b)"
    r"[\w-]*[\"']?\s*"
)
# '/etc/passwd': is a file, not a name with its value
_NAMED_SECRET = re.compile(
    rf"({_SECRET_NAME}=\s*|(?<!/){_SECRET_NAME}:\s*)"
    r"(?:'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?|[^\s&;\"']+)",
    re.IGNORECASE | re.DOTALL,
)
# what messages write as an example
_EXAMPLE_ADDRESS = re.compile("(postgres(?:ql)?://user@host/)")
# a line of a file of passwords of PostgreSQL: host:port:database:user:password; a line of a log
# begins with its time of day, which is no host and port
_PASSWORD_LINE = re.compile(
    r"^(?!\S{0,6}\d\d:\d\d:\d\d\s)"
    r"((?:\\.|[^\\:\n])*:(?:\d+|\*):(?:(?:\\.|[^\\:\n])+:){2}).+$",
    re.MULTILINE,
)


def day_of_reading(source: Mapping[str, object]) -> dict[str, str]:
    """Return in Chinese and English when a page was last opened.

    A page without a day was not read again. Texts are empty for a draft and for the project itself.
    """
    if source["kind"] in _OWN:
        return {"read_zh": "", "read_en": ""}
    day = source.get("read_on")
    if not day:
        return {"read_zh": "未再次打开核对", "read_en": "not read again"}
    return {"read_zh": f"{day}阅读", "read_en": f"read on {day}"}


def without_secrets(text: str) -> str:
    """Return a text for an error line or a log without what may be a secret.

    That is what `masked` hides, and the value of each environment variable that is named like one.
    """
    for name, value in os.environ.items():
        is_secret = _SECRET_VARIABLE.search(name) and name not in _FOLDERS
        if is_secret and len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, "***")
    return masked(text)


def plain(number: Decimal | None) -> str:
    """A number without an exponent, a sign of zero or zeros at its end; empty for none."""
    return "" if number is None else f"{number.normalize() + 0:f}"


def significant(value: Decimal, digits: int | None = DIGITS) -> Decimal:
    """Return the value rounded half up to so many significant digits; None keeps them all."""
    if digits is None or value == 0:
        return value
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - digits), ROUND_HALF_UP)
    if rounded.adjusted() > value.adjusted():  # 99.95 has become 100.0
        return rounded.quantize(Decimal(1).scaleb(rounded.adjusted() + 1 - digits))
    return rounded


def significant_digits(number: Decimal) -> int:
    """Return how many digits a number has without zeros at its end."""
    return len(number.normalize().as_tuple().digits)


def in_digits(number: Decimal, digits: int | None = DIGITS) -> str:
    """Return a number as text with thousands separated, zeros kept to the digits that count."""
    rounded = significant(number, digits)
    if digits is None:
        rounded = rounded.normalize()
    return f"{rounded + 0:,.{max(0, -int(rounded.as_tuple().exponent))}f}"


def computed(
    number: Decimal | None, printed: Decimal | None = None, digits: int | None = DIGITS
) -> str:
    """Return a computed number as text with three significant digits; empty for none.

    Next to a printed number it has at least the digits of that one, so that 3462.9 is not 3460
    next to 3463. digits: None for full precision.
    """
    if number is None:
        return ""
    if number == 0:
        return "0"
    if digits is not None and printed:
        step = int(printed.normalize().as_tuple().exponent)
        digits = max(digits, number.adjusted() + 1 - step)
    return in_digits(number, digits)


def between(low: Decimal | None, high: Decimal | None, digits: int | None = DIGITS) -> str:
    """Return a computed range as text; half its width where both ends print alike.

    A missing end is `?`: nothing bounds the range there.
    """
    ends = ["?" if end is None else computed(end, digits=digits) for end in (low, high)]
    if low is not None and high is not None and ends[0] == ends[1] and low != high:
        return f"± {computed((high - low) / 2, digits=digits)}"
    return " – ".join(ends)


def display_width(text: str) -> int:
    """Return the width of a text in a terminal: Chinese characters take two cells."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table_lines(rows: Sequence[Sequence[str]], right: Container[int]) -> Iterator[str]:
    """Yield rows laid out in columns; those whose numbers are in `right` are set flush right."""
    widths = [max(display_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = []
        for i, (text, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - display_width(text))
            cells.append(space + text if i in right else text + space)
        yield "  ".join(cells).rstrip()


def safe_text(text: str) -> str:
    """The text without characters that could break a line or steer a terminal."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def quoted(text: str) -> str:
    """The text in quotes, printable, cut to 60 characters."""
    if len(text) > _LONGEST:
        return f"'{safe_text(text[:_LONGEST])}…'"
    return f"'{safe_text(text)}'"


def masked(text: str) -> str:
    """The text with stars for what may be a password or another secret in it.

    However often it is percent-encoded, in whatever width, with whatever characters that show
    nothing: a text with a secret comes back plain.
    """
    bare = text
    while (decoded := unquote(bare)) != bare:
        bare = decoded
    bare = unicodedata.normalize("NFKC", bare)
    bare = "".join(c for c in bare if c.isprintable() or c in "\n\t")
    parts = _EXAMPLE_ADDRESS.split(bare)
    hidden = "".join(p if _EXAMPLE_ADDRESS.fullmatch(p) else _hidden(p) for p in parts)
    return text if hidden == bare else hidden


def _hidden(text: str) -> str:
    hidden = _NAMED_SECRET.sub(r"\1***", _BEFORE_HOST.sub(":***@", text))
    return _PASSWORD_LINE.sub(r"\1***", hidden)
