"""A release in PostgreSQL: whole or not at all, in the place of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from publish_fixtures import RELEASES, TRUTH, jobs_of, write_release_file

from platform_employment import cli
from platform_employment.errors import UserError
from platform_employment.publish.publish_commands import publish
from platform_employment.publish.shapes import Schemas
from platform_employment.release.store import MARTS_FILE

SCHEMAS = Schemas("shop", "shop_audit")


@pytest.fixture
def server(postgres_address: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a server without the schemas, a reader or a view of an earlier test."""
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute("drop schema if exists shop, shop_audit, team cascade")
        connection.execute("drop role if exists reader")
        yield connection


@pytest.fixture
def first(tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str) -> None:
    """Have release 0 published, readable by a role, with a view of someone upon it."""
    publish(postgres_address, write_release_file(tmp_path / "0.duckdb", 0), SCHEMAS)
    server.execute("create role reader login")
    server.execute("grant usage on schema shop to reader")
    server.execute("grant select on all tables in schema shop to reader")
    server.execute("grant update (jobs_wan) on shop.fct_jobs to reader with grant option")
    server.execute("create schema team")


def read_jobs(address: str) -> tuple[Any, ...]:
    with psycopg.connect(address, user="reader") as connection:
        row = connection.execute(
            "select (select release_id from shop.meta_release), sum(jobs_wan) from shop.fct_jobs"
        ).fetchone()
    assert row is not None
    return row


def add_view(server: psycopg.Connection[Any]) -> None:
    server.execute("create view team.mine as select sum(jobs_wan) as jobs from shop.fct_jobs")


def test_the_first_publish_makes_tables_with_keys_and_comments(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    file = write_release_file(tmp_path / "0.duckdb", 0)
    *changes, done = publish(postgres_address, file, SCHEMAS)
    assert "table shop.fct_jobs is new" in changes
    assert f"published {RELEASES[0]} to shop and shop_audit: 6 tables, " in done
    assert server.execute("select sum(jobs_wan) from shop.fct_jobs").fetchone() == (TRUTH,)
    types = server.execute(
        "select attname::text, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = 'shop.fct_jobs'::regclass and attnum > 0 order by attnum"
    ).fetchall()
    assert types == [
        ("component_key", "text"),
        ("window_end", "date"),
        ("jobs_wan", "numeric(18,4)"),
        ("leverage", "double precision"),
        ("is_overridden", "boolean"),
    ]
    keys = server.execute(
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint"
        " where confrelid = 'shop.dim_components'::regclass order by 1"
    ).fetchall()
    text = "FOREIGN KEY (component_key) REFERENCES shop.dim_components(component_key)"
    text += " DEFERRABLE INITIALLY DEFERRED"
    assert keys == [("shop.fct_jobs", text), ("shop_audit.aud_jobs", text)]
    comments = server.execute(
        "select obj_description('shop.dim_components'::regclass),"
        " col_description('shop.dim_components'::regclass, 2),"
        " obj_description('shop'::regnamespace)"
    ).fetchone()
    assert comments == (
        "组成部分 · Components",
        "名称 · Name",
        f"platform_employment {RELEASES[0]}",
    )


@pytest.mark.usefixtures("first")
def test_the_same_release_again_changes_nothing(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    rows = "select xmin::text, ctid::text from shop.fct_jobs"
    before = server.execute(rows).fetchall()
    again = publish(postgres_address, tmp_path / "0.duckdb", SCHEMAS)
    assert again == [f"shop already holds release {RELEASES[0]}"]
    assert server.execute(rows).fetchall() == before


@pytest.mark.usefixtures("first")
def test_a_new_release_with_more_columns_keeps_rights_and_views(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    add_view(server)
    extra = """
        alter table marts.fct_jobs add column unit varchar;
        update marts.fct_jobs set unit = '万';
        alter table marts.fct_jobs alter unit set not null;
        comment on column marts.fct_jobs.unit is '单位';
        create table marts.dim_units (unit varchar primary key);
        insert into marts.dim_units values ('万');
        insert into marts.meta_keys values ('marts', 'fct_jobs', 'unit', 'dim_units', 'unit');
    """
    file = write_release_file(tmp_path / "1.duckdb", 1, components=9, extra=extra)
    planned = publish(postgres_address, file, SCHEMAS, dry_run=True)
    assert planned == [
        "table shop.dim_units is new",
        "column shop.fct_jobs.unit is new",
        "the rows of 7 tables would be replaced",
        "nothing was changed: this was a dry run",
    ]
    assert read_jobs(postgres_address) == (RELEASES[0], TRUTH)
    publish(postgres_address, file, SCHEMAS)
    assert read_jobs(postgres_address) == (RELEASES[1], jobs_of(1))
    assert server.execute("select jobs from team.mine").fetchone() == (jobs_of(1),)
    added = server.execute(
        "select attnotnull, col_description(attrelid, attnum) from pg_attribute"
        " where attrelid = 'shop.fct_jobs'::regclass and attname = 'unit'"
    ).fetchone()
    assert added == (True, "单位")
    assert publish(postgres_address, file, SCHEMAS) == [f"shop already holds release {RELEASES[1]}"]


@pytest.mark.usefixtures("first")
def test_another_shape_is_refused_with_the_list_and_the_views(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    add_view(server)
    extra = (
        "alter table audit.aud_jobs drop column jobs_wan; alter table marts.fct_jobs drop leverage"
    )
    file = write_release_file(tmp_path / "1.duckdb", 1, jobs_type="decimal(20, 6)", extra=extra)
    listed = (
        "shop has tables of another shape: shop.fct_jobs: column jobs_wan is numeric(18,4), in the"
        " release numeric(20,6); shop.fct_jobs: column leverage is not in the release;"
        " shop_audit.aud_jobs: column jobs_wan is not in the release;"
    )
    for recreate in (False, True):
        with pytest.raises(UserError) as refused:
            publish(postgres_address, file, SCHEMAS, recreate=recreate)
        assert str(refused.value) == (
            f"{listed} views that depend on them: team.mine; drop these views, publish with"
            " --recreate, and make them again"
        )
    assert read_jobs(postgres_address) == (RELEASES[0], TRUTH)
    server.execute("drop view team.mine")
    with pytest.raises(
        UserError, match="publish with --recreate, which creates these tables again"
    ):
        publish(postgres_address, file, SCHEMAS)
    changes = publish(postgres_address, file, SCHEMAS, recreate=True)
    assert changes[:2] == [
        "table shop.fct_jobs is created again",
        "table shop_audit.aud_jobs is created again",
    ]
    # the role keeps what it may do, on the column too
    assert read_jobs(postgres_address) == (RELEASES[1], jobs_of(1))
    rights = server.execute(
        "select has_column_privilege('reader', 'shop.fct_jobs', 'jobs_wan',"
        " 'update with grant option'), has_column_privilege('reader', 'shop.fct_jobs',"
        " 'window_end', 'update')"
    ).fetchone()
    assert rights == (True, False)
    assert publish(postgres_address, file, SCHEMAS) == [f"shop already holds release {RELEASES[1]}"]


@pytest.mark.usefixtures("first")
def test_a_dimension_is_made_anew_below_facts_that_stay(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    extra = "alter table marts.dim_components drop column sort_order"
    file = write_release_file(tmp_path / "1.duckdb", 1, extra=extra)
    changes = publish(postgres_address, file, SCHEMAS, recreate=True)
    assert changes[0] == "table shop.dim_components is created again"
    assert read_jobs(postgres_address) == (RELEASES[1], jobs_of(1))
    keys = server.execute(
        "select count(*) from pg_constraint where contype = 'f'"
        " and confrelid = 'shop.dim_components'::regclass"
    ).fetchone()
    assert keys == (2,)


@pytest.mark.usefixtures("first")
def test_a_table_that_is_no_more_goes_with_recreate_alone(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    extra = "delete from marts.meta_keys where table_name = 'aud_jobs'; drop table audit.aud_jobs"
    file = write_release_file(tmp_path / "1.duckdb", 1, extra=extra)
    with pytest.raises(UserError, match=r"shop_audit\.aud_jobs: is not in the release"):
        publish(postgres_address, file, SCHEMAS)
    publish(postgres_address, file, SCHEMAS, recreate=True)
    gone = server.execute("select to_regclass('shop_audit.aud_jobs')").fetchone()
    assert gone == (None,)


@pytest.mark.usefixtures("first")
def test_a_table_of_others_stops_it(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str
) -> None:
    server.execute("create table shop.notes (text text)")
    file = write_release_file(tmp_path / "1.duckdb", 1)
    for recreate in (False, True):
        with pytest.raises(UserError, match=r"no release brought shop\.notes: name another schema"):
            publish(postgres_address, file, SCHEMAS, recreate=recreate)


@pytest.mark.usefixtures("first")
def test_an_older_release_comes_back_only_by_its_name(
    tmp_path: Path, postgres_address: str
) -> None:
    publish(postgres_address, write_release_file(tmp_path / "1.duckdb", 1), SCHEMAS)
    with pytest.raises(UserError, match=f"to go back, write --release {RELEASES[0]}"):
        publish(postgres_address, tmp_path / "0.duckdb", SCHEMAS)
    publish(postgres_address, tmp_path / "0.duckdb", SCHEMAS, is_named=True)
    assert read_jobs(postgres_address) == (RELEASES[0], TRUTH)


@pytest.mark.usefixtures("first")
def test_rows_without_what_they_refer_to_are_not_published(
    tmp_path: Path, postgres_address: str
) -> None:
    file = write_release_file(tmp_path / "1.duckdb", 1, orphan=True)
    with pytest.raises(
        UserError, match=r'"fct_jobs" violates foreign key .*; nothing was published'
    ):
        publish(postgres_address, file, SCHEMAS)
    assert read_jobs(postgres_address) == (RELEASES[0], TRUTH)


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("new.jobs_wan = new.jobs_wan + 0.0001", "jobs_wan was written with the sum 3463.9275"),
        ("new.leverage = new.leverage * 1.000001", "leverage was written with the sum"),
        ("new.window_end = null", "window_end was written with the sum 5 and is read with 0"),
        ("if new.leverage > 1 then return null; end if", "rows was written with the sum 5"),
    ],
)
def test_what_does_not_come_back_as_it_was_written_is_not_published(
    tmp_path: Path, server: psycopg.Connection[Any], postgres_address: str, change: str, said: str
) -> None:
    server.execute(
        f"create function team.change() returns trigger as $$ begin {change}; return new; end $$"
        " language plpgsql;"
        " create trigger change before insert on shop.fct_jobs for each row"
        " execute function team.change()"
    )
    file = write_release_file(tmp_path / "1.duckdb", 1)
    with pytest.raises(UserError) as stopped:
        publish(postgres_address, file, SCHEMAS)
    assert f"shop.fct_jobs: {said}" in str(stopped.value)
    assert read_jobs(postgres_address) == (RELEASES[0], TRUTH)


@pytest.mark.usefixtures("first")
def test_it_waits_for_nobody_for_ever(tmp_path: Path, postgres_address: str) -> None:
    hurried = f"{postgres_address}&options=-c%20lock_timeout%3D50ms"
    file = write_release_file(tmp_path / "1.duckdb", 1)
    with psycopg.connect(postgres_address) as other:
        key = "platform-employment publish shop"
        other.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        with pytest.raises(UserError, match="another publish to shop is under way"):
            publish(hurried, file, SCHEMAS)
        other.rollback()
        other.execute("lock table shop.fct_jobs in access exclusive mode")
        with pytest.raises(UserError, match="lock timeout; nothing was published: try again"):
            publish(hurried, file, SCHEMAS)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgres://u:hunter2@h/db", "holds a password or secret"),
        ("postgres://u@h/db?password=hunter2", "holds a password or secret"),
        ("postgres://u:hunter2/db", "a port that is not a number"),
        ("mysql://u:hunter2@h/db", "not one of PostgreSQL; write postgres://user@host/database"),
        ("u:hunter2@h", "not one of PostgreSQL"),
    ],
)
def test_no_secret_is_repeated(
    released_folder: Path, capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    code = cli.main(["publish", address, "--root", str(released_folder)])
    printed = capsys.readouterr()
    assert code == 2
    assert said in printed.err
    assert "hunter2" not in printed.out + printed.err


@pytest.mark.usefixtures("server")
def test_a_release_that_was_changed_is_not_published(
    released_folder: Path, postgres_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["publish", postgres_address, "--root", str(released_folder), "--schema", "shop"]
    assert cli.main(command) == 0
    assert f"published {RELEASES[0]}" in capsys.readouterr().out
    file = released_folder / "releases" / RELEASES[0] / MARTS_FILE
    with file.open("ab") as changed:
        changed.write(b"x")
    assert cli.main(command) == 2
    assert "is not what was released" in capsys.readouterr().err


@pytest.fixture
def released_folder(tmp_path: Path) -> Path:
    """A folder with one release, of its small database and a manifest alone."""
    folder = tmp_path / "releases" / RELEASES[0]
    folder.mkdir(parents=True)
    file = write_release_file(folder / MARTS_FILE, 0)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{"name": MARTS_FILE, "digest": {"sha256": digest}}],
        "predicate": {
            "buildDefinition": {
                "externalParameters": {},
                "internalParameters": {},
                "resolvedDependencies": [],
            },
            "runDetails": {"builder": {"version": {}}, "metadata": {}},
            "platformEmployment_release": RELEASES[0],
            "platformEmployment_tables": {},
        },
    }
    (folder / "manifest.json").write_text(json.dumps(statement), encoding="utf-8")
    (tmp_path / "releases/current").symlink_to(RELEASES[0])
    return tmp_path
