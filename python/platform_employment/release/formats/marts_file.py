"""The small database of a release: marts and audit tables alone, with keys and comments.

It is built for tools that connect to a file: no table of it is of the chain, dimensions come
first, rows are in the order in which people read them, and views with Chinese and with English
column names hold the default report. DuckDB from 1.4 on reads it. All keys are in meta_columns and
meta_keys; the ones of large facts are there alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.database import literal, quoted, quoted_table
from platform_employment.dbt.artifacts import MARTS_SCHEMA
from platform_employment.release.dictionary import Described, Reference, Words
from platform_employment.release.measures import read_metrics
from platform_employment.release.store import ReleaseError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OPTIONS = "block_size 16384, storage_version 'v1.4.0'"
# DuckDB keeps an index for each key, which of a larger table takes more space than its rows
_MAX_KEYED_ROWS = 2_000
HEADLINE = "headline"
# columns of the headline and of what it refers to, as the labelled tables show them
_LABELLED = (
    ("platforms", "name_{language}", "dim_platforms", ("平台", "Platform")),
    ("headline", "window_end", "headline", ()),
    ("scenarios", "name_{language}", "dim_scenarios", ("情景", "Scenario")),
    ("components", "level_1_{language}", "dim_components", ("大类", "Level 1")),
    ("components", "level_2_{language}", "dim_components", ("中类", "Level 2")),
    ("headline", "name_{language}", "dim_components", ("组成部分", "Component")),
    ("headline", "jobs_wan", "headline", ()),
    ("units", "name_{language}", "dim_units", ("单位", "Unit")),
    ("headline", "total_jobs_share", "headline", ()),
    ("provenances", "name_{language}", "dim_provenance_kinds", ("最弱的依据", "Rests at worst on")),
)


@dataclass(frozen=True)
class ReleaseRow:
    """The one row of meta_release."""

    release_id: str
    built_at: str
    git_commit: str
    tables_sha256: str


_ABOUT = {
    "release_id": "Id of the release, its time in UTC and the hash of its tables.",
    "built_at": "When its build began, in UTC.",
    "git_commit": "Commit of the project that it was built from.",
    "tables_sha256": "SHA-256 over the hashes of all its tables, as in manifest.json.",
    "table_schema": "Schema of the table.",
    "table_name": "Table.",
    "column_number": "Place of the column in its table.",
    "column_name": "Column.",
    "data_type": "Type in DuckDB.",
    "label_zh": "Label, Chinese.",
    "label_en": "Label, English.",
    "unit": "Unit: of dim_units, or `row`, `counted`, `ordinal` and `none`.",
    "is_key": "Whether the column belongs to the primary key.",
    "references_table": "Dimension whose key it is part of, by its narrowest foreign key.",
    "additivity": "`additive`, `semi_additive` or `never`; empty where it is not a number.",
    "additive_over": "Columns of the key over which a semi-additive one may be summed.",
    "adds_up_to": "The figure that such a sum gives.",
    "description_zh": "What it is, in Chinese.",
    "description_en": "What it is, in English.",
    "metric": "Metric.",
    "metric_dimensions": "Columns that the metric may be grouped by.",
    "fixed_columns": "Columns that a query must group by or filter to one value; `estimate_key`"
    " fixes platform, window and scenario. Empty when the metric is right in any group.",
    "is_default_only": "Whether only rows of the default report count.",
    "expression": "SQL of the metric in a group; NULL when the group does not fix enough.",
    "column_names": "Columns of the foreign key.",
    "referenced_table": "Dimension that it names a row of.",
    "referenced_column_names": "Columns there.",
}


@dataclass(frozen=True)
class Extra:
    """A table that no model makes: its description and its rows, by SQL or as they are."""

    described: Described
    rows: Sequence[tuple[Any, ...]] = ()
    query: str = ""


def extras(tables: Sequence[Described], words: Words, release: ReleaseRow) -> list[Extra]:
    """Return the labelled tables of the headline, the data dictionary and the release."""
    made = [
        *_labelled(tables, words),
        _meta(words, "meta_release", ("release_id",), _columns_of(ReleaseRow), [astuple(release)]),
    ]
    described = [*tables, *(extra.described for extra in made)]
    metrics = read_metrics(tables)
    metric_columns = {
        "metric": "VARCHAR",
        "label_zh": "VARCHAR",
        "label_en": "VARCHAR",
        "table_schema": "VARCHAR",
        "table_name": "VARCHAR",
        "column_name": "VARCHAR",
        "unit": "VARCHAR",
        "metric_dimensions": "VARCHAR",
        "fixed_columns": "VARCHAR",
        "is_default_only": "BOOLEAN",
        "expression": "VARCHAR",
    }
    rows_of_metrics = [
        (
            *(m.name, m.zh, m.en, MARTS_SCHEMA, m.mart, m.column, m.unit),
            *(", ".join(m.dimensions), ", ".join(m.fixed) or None, m.default_only, m.expression),
        )
        for m in metrics
    ]
    if metrics:
        made.append(_meta(words, "meta_metrics", ("metric",), metric_columns, rows_of_metrics))
        described.append(made[-1].described)
    keys = {
        "table_schema": "VARCHAR",
        "table_name": "VARCHAR",
        "column_names": "VARCHAR",
        "referenced_table": "VARCHAR",
        "referenced_column_names": "VARCHAR",
    }
    foreign = [
        (t.schema, t.name, ", ".join(r.columns), r.table, ", ".join(r.to))
        for t in described
        for r in t.references
    ]
    made.append(_meta(words, "meta_keys", tuple(keys)[:4], keys, foreign))
    columns = {
        "table_schema": "VARCHAR",
        "table_name": "VARCHAR",
        "column_number": "INTEGER",
        "column_name": "VARCHAR",
        "data_type": "VARCHAR",
        "label_zh": "VARCHAR",
        "label_en": "VARCHAR",
        "unit": "VARCHAR",
        "is_key": "BOOLEAN",
        "references_table": "VARCHAR",
        "additivity": "VARCHAR",
        "additive_over": "VARCHAR",
        "adds_up_to": "VARCHAR",
        "description_zh": "VARCHAR",
        "description_en": "VARCHAR",
    }
    dictionary = _meta(
        words, "meta_columns", ("table_schema", "table_name", "column_name"), columns
    )
    described = [*described, made[-1].described, dictionary.described]
    rows = [row for table in described for row in _dictionary_rows(table)]
    return [*made, Extra(dictionary.described, rows)]


def write_marts_file(
    database: Path, tables: Sequence[Described], made: Sequence[Extra], path: Path
) -> None:
    """Write the small database of a warehouse.

    Raises ReleaseError where a foreign key names a row that is not there.
    """
    import duckdb  # noqa: PLC0415  the command line must start fast

    # a connection that may not write at all could not write this file either
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(database)} as warehouse (read_only)")
        connection.execute("use warehouse")
        _stop_at_orphans(connection, tables)
        connection.execute(f"attach {literal(path)} as small ({_OPTIONS})")
        for schema in sorted({table.schema for table in tables} | {MARTS_SCHEMA}, reverse=True):
            connection.execute(f"create schema small.{quoted(schema)}")
        for table in _dimensions_first(tables):
            _create(connection, table, rows=_count(connection, table))
            place = quoted_table(table.table)
            connection.execute(
                f"insert into small.{place} select * from {place} as t {order_by(table, tables)}"
            )
        for extra in made:
            _create(connection, extra.described, rows=len(extra.rows))
            if extra.query:
                connection.execute(
                    f"insert into small.{quoted_table(extra.described.table)} {extra.query}"
                )
            elif extra.rows:
                places = ", ".join("?" * len(extra.described.columns))
                connection.executemany(
                    f"insert into small.{quoted_table(extra.described.table)} values ({places})",
                    extra.rows,
                )


def order_by(table: Described, tables: Sequence[Described]) -> str:
    """Return the SQL that puts rows, called t, in the order in which people read them.

    That is the order of the dimensions that the key names, and then the key, or what `shown_by`
    says of it.
    """
    if table.name.startswith(("dim_", HEADLINE)) and not table.shown_by:
        own = any(column.name == "sort_order" for column in table.columns)
        return _ordered(["t.sort_order"], table) if own else "order by t.rowid"
    dimensions = {dimension.name: dimension for dimension in tables}
    parts: list[str] = []
    for by in table.shown_by or table.key:
        name, is_ruled, rule = by.partition("=")
        other, is_place, columns = by.partition(":")
        if is_place:
            parts.append(_place_in(other, columns))
        elif is_ruled:
            values = ", ".join(map(literal, rule.split(",")))
            parts += [f"list_position([{values}], t.{quoted(name)})", f"t.{quoted(name)}"]
        else:
            for reference in table.references:
                # a dimension is named by its own column, or by one of a key over platforms
                stem = name.removesuffix("_id").removesuffix("_end")
                named = reference.columns[-1] in {name, f"{stem}_key"}
                if named and reference.table in dimensions:
                    parts.append(_position(reference, dimensions[reference.table]))
            parts.append(f"t.{quoted(name)}")
    return _ordered(parts, table)


def _ordered(parts: Iterable[str], table: Described) -> str:
    every = [f"t.{quoted(column.name)}" for column in table.columns]
    return f"order by {', '.join(dict.fromkeys([*parts, *every]))}"


def _position(reference: Reference, dimension: Described) -> str:
    place = "sort_order" if any(c.name == "sort_order" for c in dimension.columns) else "rowid"
    on = " and ".join(
        f"d.{quoted(to)} = t.{quoted(column)}"
        for column, to in zip(reference.columns, reference.to, strict=True)
    )
    return f"(select d.{place} from {quoted_table(dimension.table)} as d where {on})"


def _place_in(other: str, columns: str) -> str:
    """Return the place of the first row of a table that is named; what names none comes first."""
    pairs = [column.partition("=") for column in columns.split(",")]
    on = " and ".join(f"d.{quoted(to)} = t.{quoted(own or to)}" for to, _, own in pairs)
    return f"(select min(d.rowid) from {quoted_table(other)} as d where {on}) nulls first"


def _stop_at_orphans(connection: DuckDBPyConnection, tables: Sequence[Described]) -> None:
    for table in tables:
        for reference in table.references:
            on = " and ".join(
                f"d.{quoted(to)} = t.{quoted(column)}"
                for column, to in zip(reference.columns, reference.to, strict=True)
            )
            whole = " and ".join(f"t.{quoted(column)} is not null" for column in reference.columns)
            (count,) = connection.execute(
                f"select count(*) from {quoted_table(table.table)} as t where {whole}"
                " and not exists"
                f" (select 1 from {MARTS_SCHEMA}.{quoted(reference.table)} as d where {on})"
            ).fetchall()[0]
            if count:
                raise ReleaseError(
                    f"{table.table}: {count} rows name in {', '.join(reference.columns)} no row of"
                    f" {reference.table}; nothing was published: correct them, or except it in"
                    " release/tables.csv"
                )


def _count(connection: DuckDBPyConnection, table: Described) -> int:
    ((rows,),) = connection.execute(f"select count(*) from {quoted_table(table.table)}").fetchall()
    return int(rows)


def _create(connection: DuckDBPyConnection, table: Described, rows: int) -> None:
    """Make a table with comments, and with keys where its rows are few enough."""
    lines = [
        f"{quoted(column.name)} {column.kind}{' not null' if column.is_required else ''}"
        for column in table.columns
    ]
    is_keyed = rows <= _MAX_KEYED_ROWS or table.name.startswith("dim_")
    if table.key and is_keyed:
        lines.append(f"primary key ({_listed(table.key)})")
    if table.schema == MARTS_SCHEMA and is_keyed:
        # DuckDB has no foreign key to another schema
        lines += [
            f"foreign key ({_listed(reference.columns)}) references"
            f" small.{MARTS_SCHEMA}.{quoted(reference.table)} ({_listed(reference.to)})"
            for reference in table.references
        ]
    connection.execute(f"create table small.{quoted_table(table.table)} ({', '.join(lines)})")
    connection.execute(
        f"comment on table small.{quoted_table(table.table)} is {literal(table.comment)}"
    )
    for column in table.columns:
        connection.execute(
            f"comment on column small.{quoted_table(table.table)}.{quoted(column.name)} is"
            f" {literal(column.comment)}"
        )


def _dimensions_first(tables: Sequence[Described]) -> Iterator[Described]:
    """Return the tables so that each comes after those that it refers to."""
    waiting, done = list(tables), set[str]()
    while waiting:
        ready = [t for t in waiting if {r.table for r in t.references} <= done]
        if not ready:
            names = ", ".join(table.name for table in waiting)
            raise ReleaseError(f"the dimensions {names} refer to each other in a circle")
        yield from ready
        done |= {table.name for table in ready}
        waiting = [table for table in waiting if table not in ready]


def _labelled(tables: Sequence[Described], words: Words) -> Iterator[Extra]:
    by_name = {table.name: table for table in tables}
    if HEADLINE not in by_name:
        return
    for number, language in enumerate(("zh", "en")):
        names, entries = [], []
        for alias, name, of, labels in _LABELLED:
            known = by_name[of].column(name.format(language=language))
            label = (labels or (known.zh, known.en))[number]
            unit = (known.unit_zh, known.unit_en)[number]
            if known.unit == "counted":
                label += f"（{unit}）" if language == "zh" else f" ({unit})"
            names.append(f"{alias}.{quoted(known.name)}")
            entries.append(replace(known, name=label, zh=label, en=label))
        name = f"jobs_{language}"
        described = Described(
            MARTS_SCHEMA,
            name,
            *words.title(MARTS_SCHEMA, name),
            description=by_name[HEADLINE].description,
            key=(),
            columns=tuple(entries),
            about_zh=words.about_zh(MARTS_SCHEMA, name),
        )
        yield Extra(
            described,
            query=f"""
                select {", ".join(names)}
                from {MARTS_SCHEMA}.headline as headline
                join {MARTS_SCHEMA}.dim_platforms as platforms using (platform_id)
                join {MARTS_SCHEMA}.dim_components as components using (component_key)
                join {MARTS_SCHEMA}.dim_scenarios as scenarios using (platform_id, scenario_id)
                join {MARTS_SCHEMA}.dim_provenance_kinds as provenances
                    on provenances.provenance = headline.weakest_provenance
                join {MARTS_SCHEMA}.dim_units as units
                    on units.unit = 'wan_' || headline.unit_counted
                order by headline.sort_order
            """,
        )


def _meta(
    words: Words,
    name: str,
    key: tuple[str, ...],
    columns: Mapping[str, str],
    rows: Sequence[tuple[Any, ...]] = (),
) -> Extra:
    entries = [
        words.entry(
            column,
            kind,
            _ABOUT[column],
            {"unit": "ordinal", "additivity": "never"} if kind == "INTEGER" else {"unit": ""},
            is_required=column in key,
        )
        for column, kind in columns.items()
    ]
    zh, en = words.title(MARTS_SCHEMA, name)
    text = f"One row per {key[-1].replace('_', ' ')}. Key: {', '.join(key)}."
    about = words.about_zh(MARTS_SCHEMA, name)
    made = Described(MARTS_SCHEMA, name, zh, en, text, key, tuple(entries), about_zh=about)
    return Extra(made, rows)


def _columns_of(row: type[ReleaseRow]) -> dict[str, str]:
    return {field.name: "VARCHAR" for field in fields(row)}


def _dictionary_rows(table: Described) -> Iterator[tuple[Any, ...]]:
    narrow = sorted(table.references, key=lambda reference: -len(reference.columns))
    refers = {column: r.table for r in narrow for column in r.columns}
    for number, column in enumerate(table.columns, start=1):
        yield (
            *(table.schema, table.name, number, column.name, column.kind, column.zh, column.en),
            *(column.unit or None, column.name in table.key, refers.get(column.name)),
            *(column.additivity or None, ", ".join(column.additive_over) or None),
            *(column.adds_up_to or None, column.about_zh or None, column.description),
        )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))
