"""What a model said is append-only; policies come from migrations; who may refresh, and who may switch providers."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

from dossiers.migrations._records import APPEND_ONLY_SINCE_0008, make_append_only

GRANTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON dossiers_generation FROM {app};
REVOKE DELETE ON dossiers_refreshpolicy FROM {app};
"""
VIEW = ["generation", "providerpolicy", "refreshpolicy", "retrievedcapture"]
CURATOR = {
    **{model: [f"view_{model}"] for model in VIEW},
    "run": ["refresh_topic"],
    "providerpolicy": ["view_providerpolicy", "add_providerpolicy", "change_providerpolicy", "manage_research"],
    "refreshpolicy": ["view_refreshpolicy", "change_refreshpolicy"],
}
RIGHTS = {"editor": {"run": ["refresh_topic"]}, "curator": CURATOR, "administrator": CURATOR}


def grant(apps, schema_editor):  # noqa: ARG001
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(make_append_only(APPEND_ONLY_SINCE_0008))
        statement = sql.SQL(GRANTS).format(app=sql.Identifier(settings.APP_ROLE))
        cursor.execute(statement.as_string(schema_editor.connection.connection))


def give_rights(apps, schema_editor):
    alias = schema_editor.connection.alias
    group_model, permission, content_type = (
        apps.get_model("auth", "Group"),
        apps.get_model("auth", "Permission"),
        apps.get_model("contenttypes", "ContentType"),
    )
    for name, rights in RIGHTS.items():
        group, _ = group_model.objects.using(alias).get_or_create(name=name)
        for model, codes in rights.items():
            kind, _ = content_type.objects.using(alias).get_or_create(app_label="dossiers", model=model)
            for code in codes:
                defaults = {"name": code.replace("_", " ").capitalize()}
                row, _ = permission.objects.using(alias).get_or_create(
                    content_type=kind, codename=code, defaults=defaults
                )
                group.permissions.add(row)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_drop_retrieval_capture")]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
