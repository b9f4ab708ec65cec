"""What a check reports: one finding is one line."""

from __future__ import annotations

from dataclasses import dataclass

from platform_employment.formatting import masked, quoted, safe_text


@dataclass(frozen=True)
class Finding:
    """One reason why a file or a row is not accepted.

    file: path as the user knows it; line: 1-based line of the file, the header is line 1;
    column: name of the column; code: error code; raw: the text as it
    is in the file; message: what is wrong; remedy: what to do about it.
    """

    file: str
    code: str
    message: str
    remedy: str
    line: int | None = None
    column: str | None = None
    raw: str | None = None

    def __str__(self) -> str:
        """Everything on one printable line, for any file holds."""
        place = safe_text(masked(self.file))
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {safe_text(self.column)}"
        raw = "" if self.raw is None else f" {quoted(self.raw)}:"
        return f"{place}:{raw} {self.message} [{self.code}]; {self.remedy}"
