"""What an input table must look like, read from the yml files next to the seeds.

The yml is the only place where a column is declared. Under a seed `config.meta` says:

    unique_key          the columns of its key
    may_be_empty        it needs no row                                    (false)
    most_mebibytes      how large its file may be                          (1)
    references          what its rows cite: lists of `columns`, the table `to`, and there the
                        columns `key`, of the same names if not given; a row with an empty
                        one of these columns cites nothing
    belongs_to          a row with a value in this column is of a platform or report, and is
                        left out where the folder of own data says `shipped: none`
    only_cited          a shipped row is left out there when no row cites it (false)
    replaces_by         own rows replace shipped ones that are equal in these
                        columns                                            (unique_key)
    known_from          columns with years, months or days: a row is known from the last of
                        their ends on, at any time where all are empty
    years_until_known   so many years later instead, as long as the source of a row has no
                        date                                             (0)

Under a column `config.meta.input` gives the rule, as far as its name does not:

    type                text | code | integer | decimal | date | boolean | url
                        (`_id`, `_code`: code; `_start`, `_end`, `_on`: date; `is_`, `has_`:
                        boolean; else text)
    required            must a cell hold something?                        (true; `note`: false)
    values              the allowed texts, for text and code   (`provenance`: the kinds of it)
    decimals            most digits after the point, for decimal
    minimum, maximum    plausible range, for integer and decimal
    exclusive_minimum   the minimum itself is refused too                  (false)

The order of the columns is the order of the header.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from platform_employment.errors import UserError

TYPES = ("text", "code", "integer", "decimal", "date", "boolean", "url")
# with the 12 digits before the point that rows.py allows, this fits a decimal(38)
MAX_DECIMALS = 18
_NUMERIC = ("integer", "decimal")
# `disclosed` is no kind of a cell: what a report published of itself follows from the source
KINDS_OF_PROVENANCE = ("published", "derived", "borrowed", "assumed", "synthetic")
# what the name of a column states of it
_NAMED: Mapping[str, Mapping[str, Any]] = {
    "provenance": {"type": "code", "values": list(KINDS_OF_PROVENANCE)},
    "note": {"required": False},
}
# columns that do not fall from one to the next in any row of a table that has them
_ASCENDING = (
    ("low", "central", "high"),
    ("follower_min", "follower_max"),
    ("period_start", "period_end"),
)
_TYPE_BY_END = {
    **dict.fromkeys(("_id", "_code"), "code"),
    **dict.fromkeys(("_start", "_end", "_on"), "date"),
}
_OPTIONS = {
    "type",
    "required",
    "values",
    "decimals",
    "minimum",
    "maximum",
    "exclusive_minimum",
}
# the C parser where PyYAML was built with it: ten times faster, same result
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class ColumnRule:
    """What the cells of one column may hold."""

    name: str
    type: str = "text"
    required: bool = True
    values: tuple[str, ...] = ()
    decimals: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    exclusive_minimum: bool = False
    description: str = ""


@dataclass(frozen=True)
class Reference:
    """Columns whose values, all of them given, are in columns `key` of the table `file`."""

    columns: tuple[str, ...]
    file: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class SeedSchema:
    """One input table: `<folder>/<name>.csv` with these columns in this order."""

    folder: str
    name: str
    columns: tuple[ColumnRule, ...]
    unique_key: tuple[str, ...]
    description: str = ""
    may_be_empty: bool = False
    references: tuple[Reference, ...] = ()
    belongs_to: str = ""
    only_cited: bool = False
    replaces_by: tuple[str, ...] = ()
    most_mebibytes: int = 1
    known_from: tuple[str, ...] = ()
    years_until_known: int = 0

    @property
    def file(self) -> str:
        """Path of the table inside a data folder."""
        return f"{self.folder}/{self.name}.csv"

    @property
    def ascending(self) -> tuple[tuple[str, ...], ...]:
        """Groups of columns of which none is above the next, where both hold something."""
        names = set(self.header)
        return tuple(tuple(n for n in group if n in names) for group in _ASCENDING)

    @property
    def header(self) -> tuple[str, ...]:
        """The first line of the file."""
        return tuple(column.name for column in self.columns)


def load_schemas(seeds: Path) -> tuple[SeedSchema, ...]:
    """Read every `<folder>/*.yml` below the seeds folder, sorted by file.

    Raises UserError naming the yml and the seed or column that is declared wrongly.
    """
    schemas: dict[str, SeedSchema] = {}
    for path in sorted(seeds.glob("*/*.yml")):
        place = f"{path.parent.name}/{path.name}"
        for entry in _read_yml(path, place):
            schema = _seed(path.parent.name, entry, place)
            if schema.file in schemas:
                raise UserError(f"{place}: seed {schema.name} is declared twice")
            schemas[schema.file] = schema
    if not schemas:
        raise UserError(f"{seeds}: no seed is declared in <folder>/<seed>.yml here")
    for schema in schemas.values():
        for reference in schema.references:
            cited = schemas.get(reference.file)
            if cited is None or not set(reference.key) <= set(cited.header):
                raise UserError(
                    f"{schema.folder}: seed {schema.name}: config.meta.references: "
                    f"{reference.file} has no {', '.join(reference.key)}"
                )
    return tuple(schemas[file] for file in sorted(schemas))


def _read_yml(path: Path, place: str) -> Sequence[Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{place}: not valid YAML: {' '.join(str(error).split())}") from None
    return _list(_mapping(document or {}, place).get("seeds", []), f"{place}: seeds")


def _seed(folder: str, entry: Any, place: str) -> SeedSchema:
    entry = _mapping(entry, f"{place}: seeds")
    name = _text(entry.get("name"), f"{place}: seed name")
    place = f"{place}: seed {name}"
    columns = tuple(
        _column(column, place) for column in _list(entry.get("columns", []), f"{place}: columns")
    )
    names = [column.name for column in columns]
    if not names or len(set(names)) < len(names):
        raise UserError(f"{place}: columns must be listed, each once")
    meta = _meta(entry, place)
    place = f"{place}: config.meta"
    unique_key = _columns(meta.get("unique_key", []), names, f"{place}.unique_key")
    if belongs_to := meta.get("belongs_to", ""):
        _columns([belongs_to], names, f"{place}.belongs_to")
    return SeedSchema(
        folder,
        name,
        columns,
        unique_key,
        _description(entry),
        may_be_empty=_boolean(meta.get("may_be_empty", False), f"{place}.may_be_empty"),
        references=tuple(
            _reference(reference, names, f"{place}.references")
            for reference in _list(meta.get("references", []), f"{place}.references")
        ),
        belongs_to=belongs_to,
        only_cited=_boolean(meta.get("only_cited", False), f"{place}.only_cited"),
        replaces_by=_columns(meta.get("replaces_by", unique_key), names, f"{place}.replaces_by"),
        most_mebibytes=_above_zero(meta.get("most_mebibytes", 1), f"{place}.most_mebibytes"),
        known_from=_columns(meta["known_from"], names, f"{place}.known_from")
        if "known_from" in meta
        else (),
        years_until_known=_above_zero(meta["years_until_known"], f"{place}.years_until_known")
        if "years_until_known" in meta
        else 0,
    )


def _above_zero(value: Any, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise UserError(f"{place} must be a whole number above zero")


def _reference(entry: Any, names: Sequence[str], place: str) -> Reference:
    entry = _mapping(entry, place)
    if unknown := sorted(set(map(str, entry)) - {"columns", "to", "key"}):
        raise UserError(f"{place}: unknown option {unknown[0]}")
    columns = _columns(entry.get("columns"), names, f"{place}.columns")
    key = tuple(_text(name, f"{place}.key") for name in entry.get("key", columns))
    if len(key) != len(columns):
        raise UserError(f"{place}: as many columns in key as in columns")
    return Reference(columns, f"{_text(entry.get('to'), f'{place}.to')}.csv", key)


def _columns(value: Any, names: Sequence[str], place: str) -> tuple[str, ...]:
    columns = tuple(value) if isinstance(value, (list, tuple)) else ()
    if not columns or not set(columns) <= set(names):
        raise UserError(f"{place} must list columns of the seed")
    return columns


def _column(entry: Any, place: str) -> ColumnRule:
    entry = _mapping(entry, f"{place}: columns")
    name = _text(entry.get("name"), f"{place}: column name")
    place = f"{place}, column {name}: config.meta.input"
    options = {**_said_by(name), **_mapping(_meta(entry, place).get("input", {}), place)}
    if unknown := sorted(set(map(str, options)) - _OPTIONS):
        raise UserError(f"{place}: unknown option {unknown[0]}")
    column_type = options.get("type", "text")
    if column_type not in TYPES:
        raise UserError(f"{place}: type must be one of {', '.join(TYPES)}")
    for option, types in (
        ("values", ("text", "code")),
        ("decimals", ("decimal",)),
        ("minimum", _NUMERIC),
        ("maximum", _NUMERIC),
        ("exclusive_minimum", _NUMERIC),
    ):
        if option in options and column_type not in types:
            raise UserError(f"{place}: {option} does not go with type {column_type}")
    rule = ColumnRule(
        name=name,
        type=column_type,
        required=_boolean(options.get("required", True), f"{place}.required"),
        values=tuple(
            _text(value, f"{place}.values (put numbers in quotes)")
            for value in _list(options.get("values", []), f"{place}.values")
        ),
        decimals=_decimals(options.get("decimals"), column_type, place),
        minimum=_limit(options.get("minimum"), f"{place}.minimum"),
        maximum=_limit(options.get("maximum"), f"{place}.maximum"),
        exclusive_minimum=_boolean(
            options.get("exclusive_minimum", False), f"{place}.exclusive_minimum"
        ),
        description=_description(entry),
    )
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        raise UserError(f"{place}: minimum is above maximum")
    if rule.exclusive_minimum and rule.minimum is None:
        raise UserError(f"{place}: exclusive_minimum needs a minimum")
    return rule


def _said_by(name: str) -> Mapping[str, Any]:
    """Return what the name of a column states: names of one ending are of one type."""
    if name.startswith(("is_", "has_")):
        return {"type": "boolean"}
    end = next((end for end in _TYPE_BY_END if name.endswith(end)), "")
    return {"type": _TYPE_BY_END.get(end, "text"), **_NAMED.get(name, {})}


def _meta(entry: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    config = _mapping(entry.get("config", {}), f"{place}: config")
    return _mapping(config.get("meta", {}), f"{place}: config.meta")


def _description(entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry.get("description", "")).split())


def _decimals(value: Any, column_type: str, place: str) -> int:
    if column_type != "decimal":
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_DECIMALS:
        return value
    raise UserError(f"{place}: a decimal needs decimals between 1 and {MAX_DECIMALS}")


def _limit(value: Any, place: str) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise UserError(f"{place} must be a number")
    try:
        # through text, so that 0.1 is 0.1 and not the nearest binary fraction
        limit = Decimal(str(value))
    except InvalidOperation:
        limit = Decimal("nan")
    if not limit.is_finite():
        raise UserError(f"{place} must be a number")
    return limit


def _boolean(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise UserError(f"{place} must be true or false")
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise UserError(f"{place} must be text")
    return value


def _list(value: Any, place: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise UserError(f"{place} must be a list")
    return value


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f"{place} must be a mapping")
    return value


def other_language(column: str) -> str:
    """Return the column with the same text in the other language; empty for any other column."""
    for end, other in (("_zh", "_en"), ("_en", "_zh")):
        if column.endswith(end):
            return column.removesuffix(end) + other
    return ""
