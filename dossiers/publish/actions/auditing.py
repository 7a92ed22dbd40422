"""Takes every stored capture, quote and edition; leaves a report of those that no longer match their hashes."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from dossiers.models.capture import Capture
from dossiers.models.edition import Edition
from dossiers.models.proposal import Proposal
from dossiers.publish.assembly import ChainedEdition, find_broken_links
from dossiers.publish.queries import find_faulty_proposals, has_own_hash

logger = logging.getLogger(__name__)


@dataclass
class AuditReport:
    """How many records were compared, and what was wrong with them."""

    captures: int = 0
    proposals: int = 0
    editions: int = 0
    findings: list[str] = field(default_factory=list)


def audit_records() -> AuditReport:
    """Compare every capture, quote and edition with its hashes again, in batches; log and return what was found."""
    report = AuditReport()
    for captures in _batch(Capture.objects.defer("payload"), 50):
        report.captures += len(captures)
        report.findings += [f"capture {c.pk}: its text does not have its hash" for c in captures if not has_own_hash(c)]
    for proposals in _batch(Proposal.objects.all(), 200):
        report.proposals += len(proposals)
        report.findings += [fault for fault in find_faulty_proposals(proposals) if not fault.startswith("capture ")]
    _audit_editions(report)
    level = logging.ERROR if report.findings else logging.INFO
    logger.log(
        level, "audit: %d captures, %d proposals, %d editions compared; %d findings %s",
        report.captures, report.proposals, report.editions, len(report.findings), report.findings[:20],
    )  # fmt: skip
    return report


def _audit_editions(report: AuditReport) -> None:
    columns = ("topic_id", "number", "canonical", "sha256", "previous_sha256")
    rows = Edition.objects.order_by("topic_id", "number").values_list(*columns)
    for topic_id, chain in groupby(rows.iterator(chunk_size=50), key=lambda row: row[0]):
        editions = [ChainedEdition(*row[1:]) for row in chain]
        report.editions += len(editions)
        report.findings += [f"topic {topic_id}, {link}" for link in find_broken_links(editions)]


def _batch(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk
