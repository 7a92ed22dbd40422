"""Providers and their policies, research runs with their steps, and the questions put to language models."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0004_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extractor_version", models.TextField()),
                ("model", models.TextField()),
                ("prompt_sha256", models.CharField(max_length=64)),
                ("answer", models.TextField(blank=True)),
                (
                    "outcome",
                    models.TextField(
                        choices=[
                            ("ok", "Answered"),
                            ("empty", "Answered with nothing"),
                            ("truncated", "Cut off"),
                            ("invalid", "Not in the agreed form"),
                            ("refused", "Refused by the service"),
                            ("unavailable", "Not reached"),
                            ("over_budget", "Not asked: the run's budget was used up"),
                        ]
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("tokens_in", models.PositiveIntegerField(blank=True, null=True)),
                ("tokens_out", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="At the prices in the settings.",
                        max_digits=12,
                        null=True,
                    ),
                ),
                ("elapsed", models.FloatField(blank=True, help_text="Seconds.", null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProviderPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=40, unique=True)),
                ("title", models.TextField()),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("encyclopedia", "Encyclopedia"),
                            ("knowledge_base", "Knowledge base"),
                            ("web_search", "Web search"),
                            ("geocoder", "Geocoder"),
                        ]
                    ),
                ),
                (
                    "client",
                    models.CharField(
                        help_text="Which entry of the setting RESEARCH_CLIENTS speaks to it.", max_length=40
                    ),
                ),
                ("is_enabled", models.BooleanField(default=False)),
                (
                    "base_url",
                    models.URLField(blank=True, help_text="Empty: off until somebody sets one.", max_length=500),
                ),
                ("needs_contact", models.BooleanField(default=False, help_text="The service asks who is calling.")),
                (
                    "needs_key",
                    models.BooleanField(
                        default=False, help_text="The service asks for a key, given by the environment."
                    ),
                ),
                ("contact", models.TextField(blank=True, help_text="An e-mail or web address for the user agent.")),
                (
                    "spacing",
                    models.FloatField(
                        default=1.0, help_text="Least seconds between two requests of the whole installation."
                    ),
                ),
                (
                    "in_flight",
                    models.PositiveSmallIntegerField(default=1, help_text="Most requests under way at once."),
                ),
                (
                    "daily_budget",
                    models.PositiveIntegerField(blank=True, help_text="Most requests in a UTC day.", null=True),
                ),
                (
                    "timeout",
                    models.FloatField(default=20.0, help_text="Seconds that one request may take, its body included."),
                ),
                (
                    "grade",
                    models.TextField(
                        default="unknown", help_text="Whose words its texts are: verbatim, rewritten, unknown."
                    ),
                ),
                ("licence", models.TextField(blank=True)),
                ("attribution", models.TextField(blank=True)),
                ("terms_url", models.URLField(blank=True, max_length=500)),
                (
                    "stopped_at",
                    models.DateTimeField(
                        blank=True, help_text="Set when only a person can set it going again.", null=True
                    ),
                ),
                ("stopped_reason", models.TextField(blank=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name_plural": "provider policies",
                "ordering": ["role", "name"],
                "permissions": [("manage_research", "Can switch providers and set how often topics are refreshed")],
            },
        ),
        migrations.CreateModel(
            name="RefreshPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("topic", "Topic"),
                            ("person", "Person"),
                            ("organization", "Organization"),
                            ("place", "Place"),
                            ("event", "Event"),
                            ("work", "Work"),
                        ],
                        unique=True,
                    ),
                ),
                ("interval", models.DurationField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name_plural": "refresh policies",
                "ordering": ["kind"],
            },
        ),
        migrations.CreateModel(
            name="RetrievedCapture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.AlterModelOptions(
            name="run",
            options={"permissions": [("refresh_topic", "Can refresh a topic's research")]},
        ),
        migrations.RemoveConstraint(
            model_name="retrieval",
            name="retrieval_outcome_known",
        ),
        migrations.AddField(
            model_name="retrieval",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="candidates",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Which entities it may be, with features.",
            ),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="leased_until",
            field=models.DateTimeField(blank=True, help_text="A worker has it until then.", null=True),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="message",
            field=models.TextField(blank=True, db_default="", help_text="A sentence for the desk; never holds a key."),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="not_before",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="requests_made",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Requests sent over all attempts."
            ),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="state",
            field=models.TextField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Under way"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                ],
                db_default="done",
                default="done",
            ),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="wave",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Extractions begun; too many end the run."
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="counts",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="What extraction left: new, seen again, challenged.",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="is_cancel_requested",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="message",
            field=models.TextField(
                blank=True, db_default="", help_text="A sentence for the desk: what came of it, or what went wrong."
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="outcome",
            field=models.TextField(
                blank=True,
                choices=[
                    ("ok", "OK"),
                    ("empty", "Nothing found"),
                    ("partial", "In part"),
                    ("rate_limited", "Asked to wait"),
                    ("auth", "Key refused"),
                    ("quota", "Quota used up"),
                    ("bad_request", "Request refused"),
                    ("unavailable", "Not reached"),
                    ("invalid", "Answer not understood"),
                ],
                db_default="",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="requested_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="status",
            field=models.TextField(
                choices=[
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("finished", "Finished"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                ],
                db_default="finished",
                default="finished",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="touched_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=django.utils.timezone.now,
                help_text="Last step; the sweep resumes what stands still.",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="trigger",
            field=models.TextField(
                choices=[("import", "Import"), ("requested", "Requested by a person"), ("scheduled", "Due")],
                db_default="import",
                default="import",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="wave",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="source",
            name="entity",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="What it is about, as an external id: wikidata:Q60, osm:way/1. Empty: not known.",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="next_refresh_at",
            field=models.DateTimeField(blank=True, help_text="When it is due; empty: never by itself.", null=True),
        ),
        migrations.AddField(
            model_name="topic",
            name="refresh_failures",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Runs in a row that reached nobody."
            ),
        ),
        migrations.AlterField(
            model_name="retrieval",
            name="outcome",
            field=models.TextField(
                blank=True,
                choices=[
                    ("ok", "OK"),
                    ("empty", "Nothing found"),
                    ("partial", "In part"),
                    ("rate_limited", "Asked to wait"),
                    ("auth", "Key refused"),
                    ("quota", "Quota used up"),
                    ("bad_request", "Request refused"),
                    ("unavailable", "Not reached"),
                    ("invalid", "Answer not understood"),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="retrieval",
            name="provider",
            field=models.TextField(help_text="The policy's name; for an import, the word that the export prints."),
        ),
        migrations.AlterField(
            model_name="retrieval",
            name="request",
            field=models.JSONField(blank=True, default=dict, help_text="The query: kind, text, language, key."),
        ),
        migrations.AlterField(
            model_name="topic",
            name="refresh_interval",
            field=models.DurationField(
                blank=True, help_text="Empty: as its kind's policy says. Zero: never by itself.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("status__in", ("queued", "running"))), fields=["touched_at"], name="run_active"
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(condition=models.Q(("kind", "research")), fields=["-id"], name="run_research_newest"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("status", "failed"), ("outcome", "unavailable"), _connector="OR"),
                fields=["-id"],
                name="run_failed_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(("next_refresh_at__isnull", False), ("redirect_to__isnull", True)),
                fields=["next_refresh_at", "id"],
                name="topic_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["queued", "running", "finished", "cancelled", "failed"])),
                name="run_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("trigger__in", ["import", "requested", "scheduled"])), name="run_trigger_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "",
                            "ok",
                            "empty",
                            "partial",
                            "rate_limited",
                            "auth",
                            "quota",
                            "bad_request",
                            "unavailable",
                            "invalid",
                        ],
                    )
                ),
                name="run_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("queued", "running"))), fields=("topic",), name="run_active_once"
            ),
        ),
        migrations.AddField(
            model_name="generation",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="generations", to="dossiers.run"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["encyclopedia", "knowledge_base", "web_search", "geocoder"])),
                name="provider_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("spacing__gte", 0)), name="provider_spacing_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(condition=models.Q(("timeout__gt", 0)), name="provider_timeout_positive"),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_flight__gte", 1)), name="provider_in_flight_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__in", ["verbatim", "rewritten", "unknown"])), name="provider_grade_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stopped_at__isnull", True), models.Q(("stopped_reason", ""), _negated=True), _connector="OR"
                ),
                name="provider_stop_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="refreshpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["topic", "person", "organization", "place", "event", "work"])),
                name="refresh_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="retrievedcapture",
            name="capture",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.capture"
            ),
        ),
        migrations.AddField(
            model_name="retrievedcapture",
            name="retrieval",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="given", to="dossiers.retrieval"
            ),
        ),
        migrations.AddField(
            model_name="retrieval",
            name="captures",
            field=models.ManyToManyField(related_name="+", through="dossiers.RetrievedCapture", to="dossiers.capture"),
        ),
        migrations.AddIndex(
            model_name="retrieval",
            index=models.Index(fields=["provider", "-finished_at"], name="retrieval_by_provider"),
        ),
        migrations.AddConstraint(
            model_name="retrieval",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "running", "done", "cancelled"])),
                name="retrieval_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="retrieval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "outcome__in",
                            [
                                "ok",
                                "empty",
                                "partial",
                                "rate_limited",
                                "auth",
                                "quota",
                                "bad_request",
                                "unavailable",
                                "invalid",
                            ],
                        ),
                        ("state", "done"),
                    ),
                    models.Q(models.Q(("state", "done"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="retrieval_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="generation",
            constraint=models.UniqueConstraint(fields=("run", "prompt_sha256"), name="generation_once"),
        ),
        migrations.AddConstraint(
            model_name="generation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["ok", "empty", "truncated", "invalid", "refused", "unavailable", "over_budget"])
                ),
                name="generation_outcome_known",
            ),
        ),
        migrations.AddIndex(
            model_name="retrievedcapture",
            index=models.Index(fields=["capture"], name="retrieved_by_capture"),
        ),
        migrations.AddConstraint(
            model_name="retrievedcapture",
            constraint=models.UniqueConstraint(fields=("retrieval", "capture"), name="retrieved_capture_once"),
        ),
    ]
