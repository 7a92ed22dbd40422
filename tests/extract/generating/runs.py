"""Research runs whose captures a language model is asked about."""

from __future__ import annotations

from typing import Any

from dossiers.extract.assembly import Library
from dossiers.extract.queries import describe_capture, describe_topic
from dossiers.models.capture import Capture
from dossiers.models.generation import Generation
from dossiers.models.run import Run, RunKind, RunStatus
from dossiers.models.topic import Topic
from tests.extract.runs import give_capture

KEY = "sk-not-to-be-seen-93bd"


def make_research(topic: Topic, captures: list[Capture]) -> Run:
    """Make a research run whose retrievals gave these captures."""
    run = Run.objects.create(topic=topic, kind=RunKind.RESEARCH, status=RunStatus.FINISHED)
    for position, capture in enumerate(captures):
        give_capture(run, capture, position)
    return run


def read_library(topic: Topic, captures: list[Capture]) -> Library:
    return Library(describe_topic(topic), [describe_capture(row) for row in captures])


def list_rows(run: Run, *fields: str) -> list[Any]:
    return list(Generation.objects.filter(run=run).order_by("id").values_list(*fields, flat=len(fields) == 1))
