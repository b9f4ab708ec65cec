"""What the browsers of the tests have in common."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Browser:
    """A browser with one page open, which the end of a block closes."""

    def __enter__(self) -> Self:
        """Return the browser."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the browser."""
        self.close()

    def close(self) -> None:
        """End the browser."""
        raise NotImplementedError
