"""Errors that a user can correct: shown as one line, never as a traceback."""

from __future__ import annotations


class UserError(Exception):
    """A mistake of the user. Its text is one line that says what to change."""


class UnknownNameError(UserError):
    """A name that the data does not have."""


def in_one_line(error: UserError | OSError) -> str:
    """Return what to change, or for an error of the system its file and the reason."""
    if isinstance(error, UserError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"
