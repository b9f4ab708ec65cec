"""Texts of others as they may be printed: nothing in them steers a terminal or tells a secret."""

from __future__ import annotations

import re
from urllib.parse import unquote

_LONGEST = 60
# of `scheme://user:secret@host`, however it is quoted or prefixed, all between colon and host
_BEFORE_HOST = re.compile("[:：].*[@＠]", re.DOTALL)
_NAMED_SECRET = re.compile(
    r"((?:pass|pwd|secret|token|key)[\w-]*[\"']?\s*[=:]\s*[\"']?)[^\s&;\"']+", re.IGNORECASE
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
    """The text with stars for what may be a password or another secret in it."""
    for form in (text, unquote(text)):
        hidden = _NAMED_SECRET.sub(r"\1***", _BEFORE_HOST.sub(":***@", form))
        if hidden != form:
            return hidden
    return text
