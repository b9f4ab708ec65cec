"""Why the docs cannot be made, as one line."""

from __future__ import annotations

from platform_employment.errors import UserError


class DocsError(UserError):
    """The docs cannot be made from what is there; its text says what to do first."""
