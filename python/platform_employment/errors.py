"""Errors that a user can correct: shown as one line, never as a traceback."""

from __future__ import annotations

from platform_employment.formatting import without_secrets


class UserError(Exception):
    """A mistake of the user. Its text is one line that says what to change."""


class UnknownNameError(UserError):
    """A name that the data does not have."""


def in_one_line(error: UserError | OSError) -> str:
    """Return what to change, or for an error of the system its file and the reason; no secrets."""
    if isinstance(error, UserError):
        return without_secrets(str(error))
    place = f"{error.filename}: " if error.filename else ""
    return without_secrets(f"{place}{error.strerror or error}")
