"""Proposal and Sighting: what one extraction or editor says a claim's value is. Append-only in the database."""

import json
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

from django.conf import settings
from django.db import models

from dossiers.models.claim import Claim
from dossiers.models.run import Run


class AuthorKind(models.TextChoices):
    EXTRACTION = "extraction", "Extraction"
    EDITOR = "editor", "Editor"


class ValueType(models.TextChoices):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    COORDINATES = "coordinates"


class Proposal(models.Model):
    """One immutable value for a claim. `revision_hash` covers label, value and date; `evidence_hash` its quotes."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="proposals")
    author_kind = models.TextField(choices=AuthorKind.choices)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    extractor = models.TextField(blank=True)
    extractor_version = models.TextField(blank=True)
    model = models.TextField(blank=True)
    prompt_sha256 = models.CharField(max_length=64, blank=True)

    label = models.TextField(blank=True)
    value = models.TextField(help_text="Verbatim.")
    value_type = models.TextField(choices=ValueType.choices, default=ValueType.TEXT)
    number = models.DecimalField(max_digits=40, decimal_places=12, null=True, blank=True)
    unit = models.TextField(blank=True)
    lat = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    lon = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    date_text = models.TextField(blank=True, help_text="Verbatim; the EDTF value is a reading of it.")
    date_edtf = models.TextField(blank=True)
    date_earliest = models.TextField(blank=True, help_text="ISO 8601, astronomical year; derived, for sorting.")
    date_latest = models.TextField(blank=True)
    date_precision = models.TextField(blank=True)
    date_sort = models.BigIntegerField(null=True, blank=True, help_text="Days, sortable; null sorts last.")

    value_hash = models.CharField(
        max_length=64, help_text="Of the folded value and date: the same value, whatever its spelling."
    )
    revision_hash = models.CharField(max_length=64)
    evidence_hash = models.CharField(max_length=64)
    evidence_count = models.PositiveSmallIntegerField()
    is_statement = models.BooleanField(
        default=False, help_text="An amendment without a quote: shown to readers as the editor's statement."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(author_kind__in=AuthorKind.values), name="proposal_author_known"),
            models.CheckConstraint(
                condition=models.Q(value_type__in=ValueType.values), name="proposal_value_type_known"
            ),
            models.CheckConstraint(
                condition=models.Q(author_kind="editor", editor__isnull=False)
                | models.Q(author_kind="extraction", editor__isnull=True, run__isnull=False, is_statement=False),
                name="proposal_author_named",
            ),
            models.CheckConstraint(
                condition=(models.Q(lat__isnull=True, lon__isnull=True))
                | models.Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="proposal_coordinates_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["claim", "id"], name="proposal_by_claim")]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Sighting(models.Model):
    """A later run gave the same value again."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="sightings")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "run"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.proposal} in {self.run}"


# What a revision is: change any of these and it is another proposal, which an editor has not seen.
REVISION_FIELDS = (
    "label",
    "value",
    "value_type",
    "number",
    "unit",
    "lat",
    "lon",
    "date_text",
    "date_edtf",
    "date_earliest",
    "date_latest",
    "date_precision",
    "is_statement",
)
EVIDENCE_FIELDS = ("role", "exact", "start", "end", "covers_start", "covers_end", "date_basis", "method", "stance")


def hash_value(value: str, date_text: str = "") -> str:
    """Return the sha256 hex of value and date, folded (NFKC, case, white space): equal for the same value respelled."""
    folded = [" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in (value, date_text)]
    return _digest(folded)


def hash_revision(proposal: Proposal) -> str:
    """Return the sha256 hex of everything an editor approves in a proposal but its evidence."""
    fields = {name: getattr(proposal, name) for name in REVISION_FIELDS}
    fields = {k: _plain(v) if k in ("number", "lat", "lon") else v for k, v in fields.items()}
    return _digest(["dossiers-revision/1", fields])


def hash_evidence(rows: Iterable[models.Model]) -> str:
    """Return the sha256 hex of a proposal's Evidence rows in order of ordinal; each row has its `capture` loaded."""
    quoted = [[row.capture.text_sha256, *(getattr(row, name) for name in EVIDENCE_FIELDS)] for row in rows]  # type: ignore[attr-defined]
    return _digest(["dossiers-evidence/1", quoted])


def _plain(number: object) -> str | None:
    """Spell a Decimal one way only: 40, 40.0 and 4E+1 are the same number, before and after the database stored it."""
    return None if number is None else format(Decimal(str(number)).normalize(), "f")


def _digest(content: object) -> str:
    encoded = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()
