"""Append-only tables stay as they were written: for the application by grants, for the owner by triggers."""

from typing import Any

import psycopg
import pytest

from dossiers.migrations._records import APPEND_ONLY, APPEND_ONLY_SINCE_0008
from tests.models.conftest import Refusal, expect_refusal
from tests.models.rows import Desk, Rows, digest, spell

# Tables that change by design, each looked at: what protects what matters in them stands beside it.
MUTABLE = {
    "dossiers_topic", "dossiers_topicalias", "dossiers_document", "dossiers_mention", "dossiers_source",
    "dossiers_run", "dossiers_retrieval", "dossiers_retrievedcapture",
    "dossiers_providerpolicy", "dossiers_refreshpolicy",  # how research is done; they hold nothing that was found
    "dossiers_claim",  # only position and label; the rest is derived
    "dossiers_claimhealth", "dossiers_check",  # machines' findings, which decide nothing
    "dossiers_suppression",  # only is_lifted
    "dossiers_publicstatus",  # a trigger lets it show the topic's own editions only; never deleted
    "auth_user", "auth_user_groups", "auth_user_user_permissions",
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",  # only migrations write them
    "django_migrations", "django_session", "django_admin_log",
    "account_emailaddress", "account_emailconfirmation", "mfa_authenticator",
}  # fmt: skip
TABLES = [f"dossiers_{name}" for name in (*APPEND_ONLY, *APPEND_ONLY_SINCE_0008)]
FUNCTIONS = (
    "dossiers_refuse_change", "dossiers_check_decision", "dossiers_after_decision", "dossiers_check_evidence",
    "dossiers_check_edition", "dossiers_start_claim",
)  # fmt: skip


def fill_everything(rows: Rows) -> None:
    """Leave at least one row in every append-only table."""
    desk = Desk(rows.cursor)
    run = rows.run_of(desk.topic)
    rows.insert("importedstatement", run_id=run)
    rows.insert("generation", run_id=run)
    rows.insert("sighting", proposal_id=desk.proposal, run_id=run)
    rows.insert("check", proposal_id=desk.proposal)
    rows.insert("checkdismissal", proposal_id=desk.proposal, editor_id=desk.ada)
    rows.insert("entityresolution", topic_id=desk.topic)
    desk.act(desk.ada)
    correction = {"fact": "f1", "kind": "added", "before": "", "after": "", "reason": ""}
    body = spell({"edition": 1, "previous_sha256": "", "facts": [], "corrections": [correction]})
    edition = rows.insert(
        "edition", topic_id=desk.topic, number=1, canonical=body, sha256=digest(body), previous_sha256="",
        published_by_id=desk.ada,
    )  # fmt: skip
    rows.insert("correction", edition_id=edition, **correction)
    rows.commit_now()


def read_tables(cursor: psycopg.Cursor[Any]) -> set[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")
    return {name for (name,) in cursor.fetchall()}


def test_every_table_is_append_only_or_was_looked_at(app: psycopg.Cursor[Any]) -> None:
    assert read_tables(app) == MUTABLE | set(TABLES)


def test_every_append_only_table_has_its_triggers_switched_on(app: psycopg.Cursor[Any]) -> None:
    app.execute(
        "SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger "
        "WHERE tgname IN ('append_only', 'no_truncate') AND tgenabled = 'O' GROUP BY 1"
    )
    assert dict(app.fetchall()) == {table: ["append_only", "no_truncate"] for table in TABLES}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "INSERT INTO {} SELECT * FROM {} ON CONFLICT (id) DO UPDATE SET id = excluded.id",
        "MERGE INTO {} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        "SELECT * FROM {} FOR UPDATE",
        "ALTER TABLE {} DISABLE TRIGGER append_only",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON {}",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
        "DROP TABLE {} CASCADE",
    ],
)
def test_application_cannot_change_records(app: psycopg.Cursor[Any], table: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.replace("{}", table))


def test_owner_cannot_change_records_either(owner: psycopg.Cursor[Any]) -> None:
    fill_everything(Rows(owner))
    for table in TABLES:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with expect_refusal(owner, "append_only"):
                owner.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE dossiers_owner",
        "SET SESSION AUTHORIZATION dossiers_owner",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "SELECT setval('dossiers_decision_id_seq', 1)",
        "ALTER SEQUENCE dossiers_decision_id_seq RESTART",
        "SELECT dossiers_derive_claim(1)",
        "UPDATE django_migrations SET name = name",
        "DELETE FROM dossiers_publicstatus",
        "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, id FROM auth_permission",
        "UPDATE auth_group SET name = name",
    ],
)
def test_application_cannot_widen_what_it_may_do(app: psycopg.Cursor[Any], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_application_cannot_grant_itself_rights(app: psycopg.Cursor[Any]) -> None:
    app.execute("GRANT UPDATE ON dossiers_decision TO CURRENT_USER")  # PostgreSQL only warns that nothing was granted
    app.execute("SELECT has_table_privilege('dossiers_decision', 'UPDATE')")
    assert app.fetchone() == (False,)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_application_can_neither_replace_nor_borrow_a_function(
    app: psycopg.Cursor[Any], refused: Refusal, function: str
) -> None:
    body = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    with refused("permission denied"):
        app.execute(f"CREATE OR REPLACE FUNCTION public.{function}() {body}")
    with refused("must be owner"):
        app.execute(f"DROP FUNCTION {function}() CASCADE")
    app.execute("CREATE TEMP TABLE mine (claim_id bigint, at timestamptz, id bigint)")
    with refused("permission denied"):
        app.execute(f"CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION {function}()")


def test_no_function_can_be_called_by_everyone_and_each_looks_in_temporary_tables_last(
    app: psycopg.Cursor[Any],
) -> None:
    app.execute(
        "SELECT proname, proconfig, has_function_privilege(oid, 'EXECUTE') FROM pg_proc "
        "WHERE starts_with(proname, 'dossiers_')"
    )
    found = app.fetchall()
    assert len(found) >= 20
    for name, settings, may_call in found:
        assert settings == ["search_path=pg_catalog, public, pg_temp"], name
        assert not may_call, name


def test_readers_see_editions_and_nothing_else(reader: psycopg.Cursor[Any]) -> None:
    readable = {"dossiers_edition", "dossiers_correction", "dossiers_publicstatus"}
    for table in sorted(read_tables(reader)):
        if table in readable:
            reader.execute(f"SELECT count(*) FROM {table}")
            assert reader.fetchone() is not None
        else:
            with expect_refusal(reader, "permission denied"):
                reader.execute(f"SELECT * FROM {table}")
        with expect_refusal(reader, "permission denied"):
            reader.execute(f"DELETE FROM {table}")
        with expect_refusal(reader, "permission denied"):
            reader.execute(f"INSERT INTO {table} DEFAULT VALUES")


def test_readers_learn_where_a_topic_went_and_no_more_of_it(reader: psycopg.Cursor[Any]) -> None:
    reader.execute("SELECT id, slug, redirect_to_id, redirect_reason FROM dossiers_topic")
    with expect_refusal(reader, "permission denied"):
        reader.execute("SELECT title FROM dossiers_topic")
