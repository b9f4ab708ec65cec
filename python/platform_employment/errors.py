"""The error that a user can mend: shown as one line, never as a traceback."""

from __future__ import annotations


class UserError(Exception):
    """A mistake of the user. Its text is one line that says what to change."""
