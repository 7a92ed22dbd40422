"""What the application's role and the readers' role may do; nothing else is theirs."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

from dossiers.migrations._records import APPEND_ONLY

# Groups and what they may do come from migrations; the application only puts users into them.
APP = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app};
REVOKE INSERT, UPDATE, DELETE ON auth_group, auth_permission, auth_group_permissions, django_content_type FROM {app};
REVOKE DELETE ON dossiers_publicstatus FROM {app};
REVOKE UPDATE, DELETE ON dossiers_claim FROM {app};
GRANT UPDATE (position, label) ON dossiers_claim TO {app};
REVOKE UPDATE, DELETE ON dossiers_suppression FROM {app};
GRANT UPDATE (is_lifted) ON dossiers_suppression TO {app};
"""
READER = """
GRANT USAGE ON SCHEMA public TO {reader};
GRANT SELECT ON dossiers_edition, dossiers_correction, dossiers_publicstatus TO {reader};
GRANT SELECT (id, slug, redirect_to_id, redirect_reason) ON dossiers_topic TO {reader};
"""


def grant(apps, schema_editor):  # noqa: ARG001
    roles = {"app": sql.Identifier(settings.APP_ROLE), "reader": sql.Identifier(settings.READER_ROLE)}
    connection = schema_editor.connection.connection
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        known = {row[0] for row in cursor.fetchall()}
        for name in (settings.APP_ROLE, settings.READER_ROLE):
            if name not in known:
                raise RuntimeError(
                    f"The database role {name} does not exist; ./run creates it, or see docs/architecture.md."
                )
        for statement in (APP, READER):
            cursor.execute(sql.SQL(statement).format(**roles).as_string(connection))
        # A trigger needs no such right when it fires; without it nobody can hang our functions on a table of their own.
        cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE starts_with(proname, 'dossiers_')")
        for (function,) in cursor.fetchall():
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        for table in APPEND_ONLY:
            revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {app}")
            cursor.execute(revoke.format(table=sql.Identifier(f"dossiers_{table}"), **roles).as_string(connection))


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_invariants"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
