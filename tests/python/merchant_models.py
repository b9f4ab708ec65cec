"""The merchant models of the project on a table of a test, without dbt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pandas as pd

from platform_employment.duckdb_rows import rows_of
from platform_employment.fit.moments import UnusableSampleError
from platform_employment.fit.productivity import coefficients, fit_merchants

ROOT = Path(__file__).parents[2]
MACROS = ["block_of", "decimal_sum", "least_rows", "merchant_moments", "wide_sum"]


def macro(name: str, engine: str = "duckdb") -> Any:
    """A macro of the project that calls none but `wide_sum`, as the engine has it."""
    called = {} if name == "wide_sum" else {"wide_sum": macro("wide_sum", engine)}
    spellings = [f"{engine}__{name}", f"default__{name}", name]
    spelled = next(own for own in spellings if (ROOT / f"macros/{own}.sql").is_file())
    text = (ROOT / f"macros/{spelled}.sql").read_text()
    template = jinja2.Environment().from_string(text, called)
    return getattr(template.module, spelled)


def merchant_moments(relation: str, engine: str = "duckdb", **arguments: Any) -> str:
    """The query that the macro renders."""
    return str(macro("merchant_moments", engine)(relation, **arguments))


def make_table(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Make the table of a model from those of the models it reads, which have its names."""
    (path,) = (ROOT / "models").rglob(f"{model}.sql")
    template = jinja2.Environment().from_string(path.read_text())
    query = template.render(
        ref=lambda name: name,
        config=lambda **_: "",
        **{name: macro(name) for name in MACROS},
    )
    connection.execute(f"create table {model} as {query}")


def merchants_table(connection: duckdb.DuckDBPyConnection, sample: pd.DataFrame) -> None:
    """Make `stg_survey__merchants` of platform_id, sample_id, turnover_wan_yuan and headcount, and
    the `stg_survey__origins` of its numbers; other columns have a value of their own if the sample
    lacks them."""
    names = [f"m{i}" for i in range(len(sample))]
    defaults: dict[str, Any] = {"industry_code": "food", "survey_weight": 1, "merchant_id": names}
    sample = sample.assign(**{k: v for k, v in defaults.items() if k not in sample})
    # turnovers as text: a double is not always the decimal that is meant
    sample = sample.assign(turnover=[f"{value:.2f}" for value in sample["turnover_wan_yuan"]])
    connection.register("given", sample)
    connection.execute(
        """
        create table stg_survey__origins as
        select
            *,
            dense_rank() over (order by platform_id, sample_id) as sample_number,
            row_number() over (order by platform_id, sample_id, industry_code)
                as industry_number
        from (
            select distinct platform_id, sample_id, industry_code from given
        )
        """
    )
    connection.execute(
        f"""
        create table stg_survey__merchants as
        select
            given.platform_id, given.sample_id, merchant_id,
            given.industry_code, cast(turnover as decimal(18, 2)) as turnover_wan_yuan,
            cast(headcount as bigint) as headcount,
            cast(survey_weight as decimal(18, 6)) as survey_weight,
            sample_number, industry_number,
            {macro("key_hash")("merchant_id")} as key_hash
        from given
        inner join stg_survey__origins
            using (platform_id, sample_id, industry_code)
        """
    )


def estimate(sample: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `est_merchant_fits` and `est_merchant_productivity` make of a sample.

    Raises:
        UnusableSampleError: a sample cannot be fitted, at which a build stops between the two.
    """
    with duckdb.connect() as connection:
        connection.execute("set ieee_floating_point_ops = false")
        merchants_table(connection, sample)
        make_table(connection, "int_fit__moments")
        make_table(connection, "int_fit__block_sums")
        moments = rows_of(connection.table("int_fit__moments"))
        fits = fit_merchants(moments, rows_of(connection.table("int_fit__block_sums")))
        unusable = fits[fits["unusable_reason"].notna() & (fits["industry_code"] == "all")]
        for reason in unusable["unusable_reason"]:
            raise UnusableSampleError(reason)
        connection.register("est_merchant_fits", fits)
        make_table(connection, "int_fit__residuals")
        make_table(connection, "int_fit__leverage_sums")
        leverage_sums = rows_of(connection.table("int_fit__leverage_sums"))
        return fits, coefficients(moments, leverage_sums)
