"""Indexes for what is open and what is not yet scheduled: both stay small, however much has been done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0009_providers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="retrieval",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=["provider", "id"],
                name="retrieval_open",
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(
                    ("next_refresh_at__isnull", True), ("redirect_to__isnull", True), ("refresh_interval__isnull", True)
                ),
                fields=["kind"],
                name="topic_unscheduled",
            ),
        ),
    ]
