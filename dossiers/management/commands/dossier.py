"""`dossier SLUG`: print everything that is recorded about a topic, as JSON for scripts or as text for a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.management.report import write_report
from dossiers.management.state import read_state, spell_state
from dossiers.models.topic import Topic


class Command(BaseCommand):
    help = "Print everything that is recorded about a topic. The keys are described in docs/dossier-json.md."
    requires_system_checks = ()  # the server and `./run check` make them; here they would be a third of the wait

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the word in the dossier's address")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, slug: str, format: str, **options: Any) -> None:  # noqa: ARG002
        topic = Topic.objects.filter(slug=slug).first()
        if topic is None:
            raise CommandError(f"There is no topic “{slug}”. A topic's slug is the word in the address of its dossier.")
        state = read_state(topic)
        self.stdout.write(spell_state(state) if format == "json" else write_report(state))
