"""The error that a user can mend: shown as one line, never as a traceback."""

from __future__ import annotations


class UserError(Exception):
    """A mistake of the user. Its text is one line that says what to change."""


def in_one_line(error: UserError | OSError) -> str:
    """Say what to change, or for an error of the system its file and the reason."""
    if isinstance(error, UserError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"
