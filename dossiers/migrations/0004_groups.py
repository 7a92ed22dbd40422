"""The five groups and what each may do; `dossiers.access.MATRIX` says the same, and a test compares the two."""

from django.db import migrations

DESK = {"claim": ["see_desk"]}
EDITOR = {"claim": ["see_desk", "decide_claim"]}
PUBLISHER = {"claim": ["see_desk"], "edition": ["publish_dossier"]}
RECORDS = [
    "capture",
    "check",
    "checkdismissal",
    "claim",
    "claimhealth",
    "correction",
    "decision",
    "document",
    "edition",
    "entityresolution",
    "evidence",
    "importedstatement",
    "mention",
    "proposal",
    "publicstatus",
    "retrieval",
    "run",
    "sighting",
    "source",
    "suppression",
    "topic",
    "topicalias",
]
CURATED = ["topic", "topicalias", "document", "mention", "source"]
CURATOR = {
    **{model: [f"view_{model}"] for model in RECORDS},
    **{model: [f"view_{model}", f"add_{model}", f"change_{model}"] for model in CURATED},
}
CURATOR["topicalias"] = [*CURATOR["topicalias"], "delete_topicalias"]
CURATOR["topic"] = [*CURATOR["topic"], "enter_admin"]
CURATOR["claim"] = [*CURATOR["claim"], "see_desk"]
ADMINISTRATOR = {
    **CURATOR,
    "claim": ["view_claim", "see_desk", "decide_claim"],
    "edition": ["view_edition", "publish_dossier"],
}
USERS = ["view_user", "add_user", "change_user", "view_group"]
GROUPS = {"reader": {}, "editor": EDITOR, "publisher": PUBLISHER, "curator": CURATOR, "administrator": ADMINISTRATOR}


def make_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    group_model, permission, content_type = (
        apps.get_model("auth", "Group"),
        apps.get_model("auth", "Permission"),
        apps.get_model("contenttypes", "ContentType"),
    )

    def get(app_label, model, codename):
        kind, _ = content_type.objects.using(alias).get_or_create(app_label=app_label, model=model)
        defaults = {"name": codename.replace("_", " ").capitalize()}
        return permission.objects.using(alias).get_or_create(content_type=kind, codename=codename, defaults=defaults)[0]

    for name, rights in GROUPS.items():
        group, _ = group_model.objects.using(alias).get_or_create(name=name)
        wanted = [get("dossiers", model, code) for model, codes in rights.items() for code in codes]
        if name == "administrator":
            wanted += [get("auth", code.split("_")[1], code) for code in USERS]
        group.permissions.set(wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0003_grants"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
