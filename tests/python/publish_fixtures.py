"""Small databases as a release has them, which differ from release to release."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb

RELEASES = [f"20260101T0000{number:02d}Z-abcdef01" for number in range(90)]
TRUTH = Decimal("3462.9275")


def jobs_of(number: int) -> Decimal:
    """The jobs that release `number` has in sum."""
    return TRUTH + number


def write_release_file(
    path: Path,
    number: int,
    *,
    components: int = 5,
    extra: str = "",
    jobs_type: str = "decimal(18, 4)",
    orphan: bool = False,
) -> Path:
    """Write the small database of release `number`; one fact has its key in meta_columns alone.

    components: rows of each table; extra: SQL that changes the tables; orphan: one row of the
    facts names no component.
    """
    path.unlink(missing_ok=True)
    jobs = jobs_of(number)
    with duckdb.connect(str(path)) as database:
        database.execute(f"""
            create schema marts;
            create schema audit;
            create table marts.dim_components (
                component_key varchar primary key, name_zh varchar not null, sort_order bigint);
            comment on table marts.dim_components is '组成部分 · Components';
            comment on column marts.dim_components.name_zh is '名称 · Name';
            create table marts.fct_jobs (
                component_key varchar not null, window_end date, jobs_wan {jobs_type},
                leverage double, is_overridden boolean);
            create table audit.aud_jobs (
                component_key varchar primary key, jobs_wan decimal(18, 4));
            create table marts.meta_release (release_id varchar primary key);
            create table marts.meta_columns (table_schema varchar, table_name varchar,
                column_name varchar, column_number integer, is_key boolean,
                primary key (table_schema, table_name, column_name));
            create table marts.meta_keys (table_schema varchar, table_name varchar,
                column_names varchar, referenced_table varchar, referenced_column_names varchar);
            insert into marts.meta_release values ('{RELEASES[number]}');
            insert into marts.meta_keys values
                ('marts', 'fct_jobs', 'component_key', 'dim_components', 'component_key'),
                ('audit', 'aud_jobs', 'component_key', 'dim_components', 'component_key');
            insert into marts.dim_components
                select 'c' || i, '商家' || i, i from range({components}) as r (i);
            insert into marts.fct_jobs
                select 'c' || i, date '2021-09-30',
                    case when i = 0 then {jobs} else 0 end, i / 3, i = 0
                from range({components}) as r (i);
            insert into audit.aud_jobs select component_key, jobs_wan from marts.fct_jobs;
        """)
        if orphan:
            database.execute("insert into marts.fct_jobs values ('x', null, 0, null, null)")
        if extra:
            database.execute(extra)
        database.execute("""
            insert into marts.meta_columns
            select schema_name, table_name, column_name, column_index,
                column_name = 'component_key' or exists (
                    select 1 from duckdb_constraints() as keys
                    where keys.table_name = columns.table_name and constraint_type = 'PRIMARY KEY'
                        and list_contains(constraint_column_names, column_name))
            from duckdb_columns() as columns
            where not internal
        """)
    return path
