"""Texts of others as they may be printed: nothing in them steers a terminal or tells a secret."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_LONGEST = 60
# of `scheme://user:secret@host`, however it is quoted or prefixed, all between colon and host
_BEFORE_HOST = re.compile(":.*@", re.DOTALL)
_NAMED_SECRET = re.compile(
    r"((?:pass|pwd|\bpw\b|secret|token|key|credential|signature|\bsig\b)[\w-]*[\"']?\s*[=:]\s*)"
    r"(?:'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?|[^\s&;\"']+)",
    re.IGNORECASE | re.DOTALL,
)


def shown(text: str) -> str:
    """The text without characters that could break a line or steer a terminal."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def quoted(text: str) -> str:
    """The text in quotes, printable, cut to 60 characters."""
    if len(text) > _LONGEST:
        return f"'{shown(text[:_LONGEST])}…'"
    return f"'{shown(text)}'"


def masked(text: str) -> str:
    """The text with stars for what may be a password or another secret in it.

    However often it is percent-encoded, in whatever width, with whatever characters that show
    nothing: a text with a secret comes back plain.
    """
    plain = text
    while (decoded := unquote(plain)) != plain:
        plain = decoded
    plain = unicodedata.normalize("NFKC", plain)
    plain = "".join(c for c in plain if c.isprintable() or c in "\n\t")
    hidden = _NAMED_SECRET.sub(r"\1***", _BEFORE_HOST.sub(":***@", plain))
    return text if hidden == plain else hidden
