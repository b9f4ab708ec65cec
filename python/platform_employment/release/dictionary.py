"""The data dictionary: what each table and column of a release is, from one source.

The text of a column is in the yml of its model, in English; columns.csv has for each name its
label in both languages, its unit, whether its values may be added up and the text in Chinese;
tables.csv has titles and Chinese texts of tables in the order in which they are shown. Under
`config.meta` of a column its model states where it differs: `unit`, `additivity`, for
`semi_additive` also `additive_over`, the columns of the key that may be summed away, and
`adds_up_to`, the figure that results, and `is_part` where other tables have rows of it too.

A unit is a row of dim_units, or one of `row` (the row states it in its column `unit`), `counted`
(万 of what `unit_counted` says), `ordinal` and `none`. A foreign key is there where a table
has all columns of the key of a dimension, except `refers_not_to` in tables.csv: steps that are
given stand among the inputs. `shown_by` there states in what order its rows are read, if the
order of its key would be alphabetical: by columns; by the place of a row in another table, written
`table:column,column=own_column`; or by values in turn, written `column=value,value`.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.dbt.artifacts import MARTS_SCHEMA, Artifacts
from platform_employment.release.store import ReleaseError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS_FILE = Path(__file__).with_name("columns.csv")
TABLES_FILE = Path(__file__).with_name("tables.csv")
NEVER, ADDITIVE, SEMI_ADDITIVE = "never", "additive", "semi_additive"
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
_UNITS = {
    "": ("", ""),
    "none": ("", ""),
    "ordinal": ("", ""),
    "row": ("单位见unit列", "unit of the row"),
    "counted": ("万", "10 thousand"),
}
_COLUMNS = """
    select schema_name, table_name, column_name, data_type, is_nullable
    from duckdb_columns()
    where database_name = current_database() and schema_name in ('marts', 'audit')
    order by schema_name, table_name, column_index
"""
_TABLES = """
    select schema_name, table_name
    from duckdb_tables()
    where database_name = current_database()
"""
_KEYS = """
    select schema_name, table_name, constraint_column_names
    from duckdb_constraints()
    where database_name = current_database() and constraint_type = 'PRIMARY KEY'
"""


@dataclass(frozen=True)
class Reference:
    """A foreign key to a dimension of the marts."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A column: its type, what it means, and how it may be used."""

    name: str
    kind: str
    is_required: bool
    zh: str
    en: str
    unit: str
    unit_zh: str
    unit_en: str
    description: str
    about_zh: str
    additivity: str
    additive_over: tuple[str, ...] = ()
    adds_up_to: str = ""
    is_part: bool = False

    @property
    def is_number(self) -> bool:
        """Whether tools would add it up."""
        return self.kind.startswith(_NUMBERS)

    @property
    def rule(self) -> str:
        """Describe how it may be added up, in both languages; nothing where it is not a number."""
        if self.additivity == ADDITIVE:
            return "可相加 Sum freely."
        if self.additivity == SEMI_ADDITIVE:
            over = ", ".join(self.additive_over)
            return f"只可对 {over} 相加 Sum over {over} only."
        return "不可相加 Never sum." if self.is_number else ""

    @property
    def comment(self) -> str:
        """Report all of it in a line: label, unit, description, what to sum."""
        units = " ".join(filter(None, (self.unit_zh, self.unit_en)))
        label = f"{self.zh} · {self.en}" + (f" [{units}]" if units else "")
        return " ".join(filter(None, (f"{label}.", self.text, self.rule)))

    @property
    def text(self) -> str:
        """Describe what it is, in both languages."""
        return " ".join(filter(None, (self.about_zh, self.description)))


@dataclass(frozen=True)
class Described:
    """A table: its title, what a row is, its keys and columns."""

    schema: str
    name: str
    zh: str
    en: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Entry, ...]
    references: tuple[Reference, ...] = ()
    about_zh: str = ""
    shown_by: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Its name with the schema."""
        return f"{self.schema}.{self.name}"

    @property
    def comment(self) -> str:
        """Report in a line what it holds."""
        return f"{self.zh} · {self.en}. {self.text}"

    @property
    def text(self) -> str:
        """Describe what a row is, in both languages."""
        return " ".join(filter(None, (self.about_zh, self.description)))

    def column(self, name: str) -> Entry:
        """Return a column by name."""
        return next(column for column in self.columns if column.name == name)


class Words:
    """Labels, units and rules by column name, and titles by table."""

    def __init__(self, units: Mapping[str, tuple[str, str]] | None) -> None:
        """Read both files; units: names in both languages by unit, None where any will do."""
        self._columns = {row["name"]: row for row in _read(COLUMNS_FILE)}
        self._tables = {(row["schema"], row["name"]): row for row in _read(TABLES_FILE)}
        self._units = units

    def title(self, schema: str, name: str) -> tuple[str, str]:
        """Return the title of a table; its name if it has not one, as the one of an author's
        model."""
        row = self._tables.get((schema, name), {"zh": name, "en": name})
        return row["zh"], row["en"]

    def about_zh(self, schema: str, name: str) -> str:
        """Report in Chinese what a row of a table is; nothing for an author's model."""
        return self._tables.get((schema, name), {}).get("about_zh", "")

    def refers_not_to(self, schema: str, name: str) -> list[str]:
        """Return the dimensions whose key a table has, and does not refer to."""
        return self._tables.get((schema, name), {}).get("refers_not_to", "").split()

    def shown_by(self, schema: str, name: str) -> tuple[str, ...]:
        """Report by what the rows of a table are put in order; nothing where its key says it."""
        return tuple(self._tables.get((schema, name), {}).get("shown_by", "").split())

    def same_as(self, name: str) -> str:
        """Return the name of the column whose values a column has."""
        return self._columns.get(name, {}).get("same_as") or name

    def entry(
        self,
        name: str,
        kind: str,
        description: str,
        meta: Mapping[str, Any],
        *,
        is_required: bool = False,
    ) -> Entry:
        """Describe a column. Raises ReleaseError for a number that is not classified."""
        row = self._columns.get(name, {})
        unit = str(meta.get("unit", row.get("unit", "")))
        names = _UNITS.get(unit) or (self._units or {unit: (unit, unit)}).get(unit)
        if names is None:
            raise ReleaseError(
                f"column {name}: the unit {unit} is not in seeds/reference/units.csv"
            )
        entry = Entry(
            name=name,
            kind=kind,
            is_required=is_required,
            zh=str(meta.get("label_zh", row.get("zh", name))),
            en=str(meta.get("label_en", row.get("en", name))),
            unit=unit,
            unit_zh=names[0],
            unit_en=names[1],
            description=description,
            about_zh=row.get("about_zh", ""),
            additivity=str(meta.get("additivity", row.get("additivity", ""))),
            additive_over=tuple(meta.get("additive_over", ())),
            adds_up_to=str(meta.get("adds_up_to", "")),
            is_part=bool(meta.get("is_part", False)),
        )
        known = {NEVER, ADDITIVE, SEMI_ADDITIVE} if entry.is_number else {""}
        if entry.additivity not in known or (entry.is_number and not unit):
            raise ReleaseError(
                f"column {name}: say in release/columns.csv its unit and whether it may be added up"
                " (`never`), or under `config.meta` in the yml of its model"
            )
        return entry


def read_dictionary(connection: DuckDBPyConnection, artifacts: Artifacts) -> list[Described]:
    """Describe the marts and audit tables of a warehouse, in the order in which they are shown.

    Raises ReleaseError where a column is not classified.
    """
    words = read_words(connection)
    nodes = {node.table: node for node in artifacts.marts()}
    keys: dict[str, tuple[str, ...]] = {
        f"{schema}.{name}": tuple(key) for schema, name, key in connection.execute(_KEYS).fetchall()
    }
    columns: dict[tuple[str, str], list[Entry]] = {}
    for schema, name, column, kind, nullable in connection.execute(_COLUMNS).fetchall():
        node = nodes.get(f"{schema}.{name}")
        if node is None:
            continue  # left by an earlier build
        described = {known.name: known for known in node.columns}
        text = described[column].description if column in described else ""
        meta = described[column].meta if column in described else {}
        try:
            entry = words.entry(column, kind, text, meta, is_required=not nullable)
        except ReleaseError as error:
            raise ReleaseError(f"{schema}.{name}, {error}") from None
        columns.setdefault((schema, name), []).append(entry)
    known = {f"{schema}.{name}" for schema, name in connection.execute(_TABLES).fetchall()}
    found = [
        Described(
            schema,
            name,
            *words.title(schema, name),
            description=nodes[f"{schema}.{name}"].description,
            key=keys.get(f"{schema}.{name}", ()),
            columns=tuple(entries),
            about_zh=words.about_zh(schema, name),
            shown_by=tuple(
                by for by in words.shown_by(schema, name) if by.partition(":")[0] in known | {by}
            ),
        )
        for (schema, name), entries in columns.items()
    ]
    dimensions = [table for table in found if table.name.startswith("dim_") and table.key]
    return in_order(
        replace(table, references=tuple(_references(table, dimensions, words))) for table in found
    )


def in_order(tables: Iterable[Described]) -> list[Described]:
    """Put tables into the order in which they are shown."""
    places = {(row["schema"], row["name"]): number for number, row in enumerate(_read(TABLES_FILE))}
    return sorted(
        tables,
        key=lambda table: (
            places.get((table.schema, table.name), len(places)),
            table.schema != MARTS_SCHEMA,
            table.name,
        ),
    )


def read_words(connection: DuckDBPyConnection) -> Words:
    """Read labels and titles, with the names of the units that a warehouse knows, if it does."""
    if (MARTS_SCHEMA, "dim_units") not in connection.execute(_TABLES).fetchall():
        return Words(None)
    rows = connection.execute("select unit, name_zh, name_en from marts.dim_units").fetchall()
    return Words({unit: (zh, en) for unit, zh, en in rows})


def _references(
    table: Described, dimensions: Sequence[Described], words: Words
) -> Iterator[Reference]:
    excepted = {table.name, *words.refers_not_to(table.schema, table.name)}
    for dimension in dimensions:
        if dimension.name in excepted:
            continue
        choices = [
            [c.name for c in table.columns if words.same_as(c.name) == key] for key in dimension.key
        ]
        for columns in itertools.product(*choices):
            yield Reference(columns, dimension.name, dimension.key)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
