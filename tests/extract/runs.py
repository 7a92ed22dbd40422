"""Statements of a made-up export, and runs that print them."""

from collections.abc import Sequence
from hashlib import sha256

from dossiers.extract.actions import Extracted, extract_topic
from dossiers.models.capture import Capture
from dossiers.models.run import Outcome, Retrieval, RetrievedCapture, Run
from dossiers.models.statement import ImportedStatement
from dossiers.models.topic import Topic
from tests.builders import make_run
from tests.extract.samples import PLACE

RATE = {"kind": "attribute", "label": "Global Recycling Rate (2021)", "value": "17%"}
CITIES = {"kind": "attribute", "label": "Participating Cities", "value": "forty"}
SPAIN = {"kind": "event", "value": "Spain's recycling rate rose from 30% to 37%.", "date_text": "2010-2021"}
BERGEN = {"kind": "event", "value": "Bergen opened its first kerbside scheme.", "date_text": "1974"}
SUMMARY = {"kind": "summary", "value": "Bergen came first. The Green Dot Express toured forty cities."}
PLACED = {"kind": "place", "value": PLACE, "data": {"lat": "52.2443", "lon": "0.1655"}}
OTHER = {"kind": "other", "label": "Notes", "value": "Kept as printed."}
ALL = [SUMMARY, RATE, CITIES, SPAIN, BERGEN, PLACED, OTHER]


def make_loaded_run(topic: Topic, captures: Sequence[Capture], statements: Sequence[dict]) -> Run:
    """Make a run as loading an export does."""
    run = make_run(topic)
    for position, capture in enumerate(captures):
        give_capture(run, capture, position)
    ImportedStatement.objects.bulk_create(
        [ImportedStatement(run=run, position=position, **fields) for position, fields in enumerate(statements)]
    )
    return run


def give_capture(run: Run, capture: Capture, position: int = 0) -> Retrieval:
    """Record that a run retrieved a capture."""
    retrieval = Retrieval.objects.create(
        run=run, provider=capture.source.provider, position=position, outcome=Outcome.OK
    )
    RetrievedCapture.objects.create(retrieval=retrieval, capture=capture)
    return retrieval


def extract(topic: Topic, captures: Sequence[Capture], *statements: dict) -> Extracted:
    return extract_topic(topic, run=make_loaded_run(topic, captures, statements))


def recapture(capture: Capture, text: str) -> Capture:
    """Capture another text of the same source."""
    digest = sha256(text.encode()).hexdigest()
    return Capture.objects.create(
        source=capture.source, text=text, text_sha256=digest, retrieved_at=capture.retrieved_at
    )
