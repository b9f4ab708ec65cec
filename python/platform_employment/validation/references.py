"""Whether what the rows of one table cite is in another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from platform_employment.errors import ask_first, nearest
from platform_employment.validation.errors import Finding
from platform_employment.validation.files import FileCode
from platform_employment.validation.overrides import Layer, Table
from platform_employment.validation.schemas import Reference

# as many as a report prints of one file
_MAX_GUESSES = 20


def reference_findings(
    tables: Mapping[str, Table], absent: Collection[str] = ()
) -> Iterator[Finding]:
    """Return a finding for each row that cites what is not there.

    tables: by file; absent: files of tables that something else replaces.
    """
    for table in tables.values():
        for reference in table.schema.references:
            if reference.file not in absent:
                yield from _findings(table, reference, tables[reference.file])


def _findings(table: Table, reference: Reference, cited: Table) -> Iterator[Finding]:
    known = cited.keys(reference.key)
    texts = {" ".join(map(str, key)) for key in known}
    guesses = 0
    for layer, row in table.rows():
        key = row.key(reference.columns)
        if None in key or key in known:
            continue
        text = " ".join(map(str, key))
        # each guess takes as long as the cited table is large
        meant = nearest(text, texts) if guesses < _MAX_GUESSES else None
        guesses += 1
        yield Finding(
            layer.name,
            FileCode.UNKNOWN_REFERENCE,
            f"no such row in {reference.file}",
            ask_first(meant, _remedy(layer, table)),
            row.line,
            ", ".join(reference.columns),
            text,
        )


def _remedy(layer: Layer, table: Table) -> str:
    """Own rows can be taken out; shipped ones are left out by name."""
    if layer is table.layers[0]:
        name = table.schema.file.removesuffix(".csv")
        return f"add it, or leave this row out: inputs.yml, without, {name}"
    return "add it there, or correct or delete this row"
