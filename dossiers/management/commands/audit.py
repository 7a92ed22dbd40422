"""`audit`: compare every capture, quote and edition with its hashes; exit status 1 where something does not match."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.publish.actions import audit_records


class Command(BaseCommand):
    help = "Compare every capture, quote and edition with its hashes. Exit status 1 where something does not match."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        report = audit_records()
        counts = f"{report.captures} captures, {report.proposals} proposals, {report.editions} editions compared"
        for finding in report.findings:
            self.stdout.write(finding)
        if report.findings:
            raise CommandError(f"{counts}: {len(report.findings)} findings.")
        self.stdout.write(f"{counts}: all match.")
