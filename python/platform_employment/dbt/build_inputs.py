"""What one build reads, and the outcome of its checks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from platform_employment.errors import UserError, in_one_line, unknown
from platform_employment.formatting import quoted
from platform_employment.project import named_path
from platform_employment.validation.as_of import SOURCES, day_of, known_on, notes
from platform_employment.validation.merchants import (
    MERCHANTS_VARIABLE,
    MerchantSource,
    check_merchants,
    find_merchants,
)
from platform_employment.validation.overrides import SETTINGS_FILE, Layer, read_settings
from platform_employment.validation.report import FileReport, Report, check_tables
from platform_employment.validation.schemas import YAML_LOADER, SeedSchema, load_schemas

INPUTS_VARIABLE = "PLATFORM_EMPLOYMENT_INPUTS"
PREVIOUS_VARIABLE = "PLATFORM_EMPLOYMENT_BASELINE_RELEASE"
# a variable of dbt: the day whose knowledge a build has
AS_OF = "as_of"
SAMPLE = "survey/merchant_sample.csv"
METHOD_TABLES = (
    "method/inputs.csv",
    "method/steps.csv",
    "method/components.csv",
    "reference/units.csv",
    "method/choices.csv",
    "reference/scenarios.csv",
    "method/overlays.csv",
)
SPOOL_FILE = "merchants.csv"
PREVIOUS_CHECKS = Path("parquet", "aud_distribution_checks.parquet")


@dataclass(frozen=True)
class BuildInputs:
    """Everything that a build reads; each file is checked once, when first asked about.

    seeds: folder of the shipped tables; own: folder of own data; merchants: microdata, the
    table `merchant_sample` without; as_of: rows that were published later are left out.
    """

    seeds: Path
    own: Path | None = None
    merchants: MerchantSource | None = None
    as_of: date | None = None

    @property
    def folders(self) -> list[Path]:
        """The folders of small tables."""
        return [self.seeds, self.own] if self.own else [self.seeds]

    @property
    def files(self) -> list[Path]:
        """The files outside of these folders."""
        return [file.path for file in self.merchants.files] if self.merchants else []

    @property
    def microdata_files(self) -> list[tuple[str, Path | None]]:
        """Name and path of each file of microdata, without a path where it is a copied table.

        Empty where the microdata is the table `merchant_sample`.
        """
        if self.merchants is None:
            return []
        copied = self.merchants.table is not None
        return [(file.name, None if copied else file.path) for file in self.merchants.files]

    @property
    def sample(self) -> SeedSchema:
        """What a row of merchant microdata must look like."""
        return next(schema for schema in self.schemas if schema.file == SAMPLE)

    @cached_property
    def schemas(self) -> tuple[SeedSchema, ...]:
        """The declarations of all tables."""
        return load_schemas(self.seeds)

    @cached_property
    def tables(self) -> Report:
        """The outcome for the small tables."""
        absent = [SAMPLE] if self.merchants else []
        report = check_tables(self.seeds, self.schemas, self.own, absent)
        if self.as_of is None or report.findings:
            return report
        return replace(report, tables=known_on(report.tables, self.as_of))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out because it was published later, a line for each table."""
        return tuple(notes(self.tables.tables.values(), self.as_of)) if self.as_of else ()

    @property
    def settings(self) -> Path | None:
        """The file that says which shipped rows are left out."""
        path = self.own / SETTINGS_FILE if self.own else None
        return path if path and path.is_file() else None

    @property
    def own_tables(self) -> tuple[FileReport, ...]:
        """The outcome for the tables of the own folder, and for the shipped ones with findings."""
        shipped = {f"{self.seeds.name}/{schema.file}" for schema in self.schemas}
        return tuple(
            file for file in self.tables.files if file.findings or file.file not in shipped
        )

    @cached_property
    def microdata(self) -> tuple[FileReport, ...]:
        """The outcome for the merchant microdata, file by file."""
        if self.merchants:
            return check_merchants(self.merchants, self.sample.header)
        reports = {file.file: file for file in self.tables.files}
        return tuple(reports[layer.name] for layer in self.layers(SAMPLE))

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """What is wrong with the formulas of the methods, whose tables have passed their checks."""
        from platform_employment.method.check import findings  # noqa: PLC0415  it loads numpy

        return tuple(
            findings(
                {
                    file: [
                        {
                            "file": layer.name,
                            "line": row.line,
                            **dict(zip(table.schema.header, row.cells, strict=True)),
                        }
                        for layer, row in table.rows()
                    ]
                    for file in METHOD_TABLES
                    if (table := self.tables.tables.get(file))
                }
            )
        )

    def layers(self, file: str) -> tuple[Layer, ...]:
        """Return the files that a table such as `platform/institutions.csv` is loaded from.

        The shipped one first; none that has no row left. Empty when validation is not passed.
        """
        table = self.tables.tables.get(file)
        return tuple(layer for layer in table.layers if layer.rows) if table else ()

    def published_layers(self) -> Iterator[tuple[Layer, list[str]]]:
        """Return the files of all tables but microdata, each with the private sources it cites.

        A table with a row that cites a source of `private` in inputs.yml is not to be published. It
        is left out as a whole, so that the lines of the others keep their numbers.
        """
        private = read_settings(self.own, self.schemas).private if self.own else frozenset()
        for file, table in self.tables.tables.items():
            for layer in table.layers if file != SAMPLE else ():
                cited = {
                    str(row.values[column])
                    for reference in table.schema.references
                    if reference.file == SOURCES
                    for column in reference.columns
                    for row in layer.rows
                }
                yield layer, sorted(cited & private)

    def findings(self) -> Sequence[str]:
        """Return all findings, one line each; empty when everything may be loaded."""
        try:
            tables = [str(finding) for finding in self.tables.findings] or self.methods
            return tables or [str(f) for report in self.microdata for f in report.findings]
        except (UserError, OSError) as error:
            return [in_one_line(error)]


def named_inputs(
    project: Path,
    spool: Path,
    own: Path | None = None,
    variables: Mapping[str, Any] | None = None,
) -> BuildInputs:
    """Return what a build reads: what the environment names, seen from the project.

    spool: where a PostgreSQL table is copied to; own: folder of own data instead of the one
    that the environment names; variables: the ones of dbt. Raises UserError when they name what
    cannot be read.
    """
    named = os.environ.get(MERCHANTS_VARIABLE)
    merchants = find_merchants(named, spool, project) if named else None
    return BuildInputs(
        project / "seeds",
        own or own_folder(project),
        merchants,
        _day((variables or {}).get(AS_OF, project_variables(project).get(AS_OF))),
    )


def _day(named: object) -> date | None:
    if named is None or isinstance(named, date):
        return named
    try:
        return day_of(str(named))
    except ValueError:
        raise UserError(f"{AS_OF}: {quoted(str(named))}: write a day such as 2022-03-01") from None


def own_folder(project: Path) -> Path | None:
    """Return the folder of own data that the environment names."""
    named = os.environ.get(INPUTS_VARIABLE)
    return named_path(project, named) if named else None


def compared_release(project: Path, current: Path | None = None) -> Path | None:
    """Return the release that distributions are compared with.

    It is the one that the environment names, none where that is empty; where nothing is named
    it is the current one, if that has distributions.
    """
    named = os.environ.get(PREVIOUS_VARIABLE)
    if named is not None:
        return named_path(project, named) if named else None
    return current if current and (current / PREVIOUS_CHECKS).is_file() else None


def previous_checks(project: Path) -> Path | None:
    """Return the distributions of the named release. Raises UserError when they are not there."""
    release = compared_release(project)
    if release is None:
        return None
    path = (release / PREVIOUS_CHECKS).resolve()
    if not path.is_file():
        raise UserError(f"{PREVIOUS_VARIABLE}: {path}: no such file")
    return path


def project_variables(project: Path) -> Mapping[str, Any]:
    """Return the variables of dbt that the project declares, with their defaults."""
    text = (project / "dbt_project.yml").read_text("utf-8")
    return yaml.load(text, Loader=YAML_LOADER).get("vars") or {}


def read_variables(text: str | None) -> Mapping[str, Any]:
    """Read what is given for --vars of dbt, which says what is wrong with a text of no names."""
    try:
        named = yaml.safe_load(text or "{}")
    except yaml.YAMLError:
        return {}
    return named if isinstance(named, dict) else {}


def refuse_unknown_variables(project: Path, variables: Iterable[str]) -> None:
    """Raise UserError for a dbt variable that the project does not declare: it has no effect."""
    declared = project_variables(project)
    for name in variables:
        if name not in declared:
            raise unknown("variable in --vars", name, sorted(declared))
