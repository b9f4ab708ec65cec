"""Errors that a user can correct: shown as one line, never as a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from platform_employment.formatting import quoted, without_secrets

_MAX_LISTED = 12


class UserError(Exception):
    """A mistake of the user. Its text is one line that says what to change."""


class UnknownNameError(UserError):
    """A name that the data does not have."""


def unknown(
    what: str, name: str, known: Iterable[str], limit: int | None = _MAX_LISTED
) -> UnknownNameError:
    """Return the error for a name that does not exist, with a suggestion and the known names.

    Every command uses it, so that each "not found" reads alike. limit: names that are listed.
    """
    names = list(known)
    listed = ", ".join(names[:limit])
    if limit is not None and len(names) > limit:
        listed += f" and {len(names) - limit} more"
    meant = suggestion(name, names)
    return UnknownNameError(f"unknown {what} {quoted(name)}{meant} Available: {listed or 'none'}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is similar; None where no name is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1)), None)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?`, or a full stop if no known name is similar."""
    meant = nearest(name, known)
    return f"; did you mean {meant!r}?" if meant else "."


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the name in quotes, and the similar known name if there is one."""
    return f"{quoted(name)}{suggestion(name, known)}".removesuffix(".")


def ask_first(meant: str | None, remedy: str) -> str:
    """Return a remedy, after the question whether a similar name was meant if there is one."""
    return f"did you mean {meant}? {remedy}" if meant else remedy


def in_one_line(error: UserError | OSError) -> str:
    """Return what to change, or for an error of the system its file and the reason; no secrets."""
    if isinstance(error, UserError):
        return without_secrets(str(error))
    place = f"{error.filename}: " if error.filename else ""
    return without_secrets(f"{place}{error.strerror or error}")
