"""`refresh SLUG...` and `refresh --due`: begin research runs, and with `--wait` show how they come along."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dossiers.models.run import ACTIVE_STATUSES, Retrieval, RetrievalState, Run, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh, sweep
from dossiers.refresh.queries.due import count_due_topics
from dossiers.refresh.queries.workers import list_workers

PAUSE = 1.0  # seconds between two looks
NO_WORKER = "No worker is alive. The runs wait in the queue until one is started: ./run, or ./run worker beside it."


class Command(BaseCommand):
    help = "Begin research runs of topics, or of every topic that is due. The workers carry them out."
    requires_system_checks = ()  # the server and `./run check` make them; here they would be a third of the wait

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="the word in a dossier's address")
        parser.add_argument("--due", action="store_true", help="every topic that is due, as the clock does")
        parser.add_argument("--wait", action="store_true", help="show how the runs come along until they are over")

    def handle(self, *args: Any, slugs: list[str], due: bool, wait: bool, **options: Any) -> None:  # noqa: ARG002
        if bool(slugs) == due:
            raise CommandError("Name topics by their slugs, or give --due.")
        runs = self._begin_due() if due else [request_refresh(topic, by=None) for topic in find_topics(slugs)]
        self.stdout.write(f"{len(runs)} {'run is' if len(runs) == 1 else 'runs are'} under way.")
        is_alive = bool(list_workers())
        if not is_alive:
            self.stderr.write(NO_WORKER)
        if wait and runs:
            self._wait([run.pk for run in runs])

    def _begin_due(self) -> list[Run]:
        newest = Run.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        self.stdout.write(f"{count_due_topics(timezone.now())} topics are due.")
        sweep()
        return list(Run.objects.filter(pk__gt=newest, status__in=ACTIVE_STATUSES))

    def _wait(self, ids: list[int]) -> None:
        shown = ""
        while True:
            left = Run.objects.filter(pk__in=ids, status__in=ACTIVE_STATUSES).count()
            line = describe_progress(ids, left)
            if line != shown:
                self.stdout.write(line)
                self.stdout.flush()
                shown = line
            if not left:
                return self._report(ids)
            if not list_workers():
                raise CommandError(NO_WORKER)
            time.sleep(PAUSE)

    def _report(self, ids: list[int]) -> None:
        runs = Run.objects.filter(pk__in=ids).select_related("topic").order_by("id")
        for run in runs:
            self.stdout.write(f"{run.topic.slug}: {run.get_status_display().lower()}. {run.message}")
        if any(run.status == RunStatus.FAILED for run in runs):
            raise CommandError("Some runs failed.")


def find_topics(slugs: list[str]) -> list[Topic]:
    """Return the topics of these slugs. Raises CommandError that names each slug without one."""
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    unknown = [slug for slug in slugs if slug not in topics]
    if unknown:
        names = ", ".join(f"“{slug}”" for slug in unknown)
        hint = "A topic's slug is the word in the address of its dossier. Nothing was begun."
        raise CommandError(f"There is no topic {names}. {hint}")
    return [topics[slug] for slug in dict.fromkeys(slugs)]


def describe_progress(ids: list[int], left: int) -> str:
    """Say in one line how many runs and retrievals are over."""
    rows = Retrieval.objects.filter(run__in=ids)
    done = rows.filter(state=RetrievalState.DONE).count()
    return f"{len(ids) - left} of {len(ids)} runs over, {done} of {rows.count()} retrievals done"
