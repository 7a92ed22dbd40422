"""Records: what was retrieved, extracted, decided and published, to look at and never to change."""

from django.contrib.admin import register

from dossiers.admin.site import RecordAdmin, site
from dossiers.models.capture import Capture
from dossiers.models.check import Check, CheckDismissal
from dossiers.models.claim import Claim, ClaimHealth
from dossiers.models.decision import Decision
from dossiers.models.edition import Correction, Edition
from dossiers.models.evidence import Evidence
from dossiers.models.generation import Generation
from dossiers.models.proposal import Proposal, Sighting
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import Retrieval, RetrievedCapture, Run
from dossiers.models.statement import ImportedStatement
from dossiers.models.status import PublicStatus
from dossiers.models.suppression import Suppression


@register(Capture, site=site)
class CaptureAdmin(RecordAdmin):
    list_display = ["id", "source", "provider", "grade", "retrieved_at"]
    list_select_related = ["source"]
    list_filter = ["grade"]
    search_fields = ["source__title", "source__url"]
    heavy = ("text", "payload")

    def provider(self, row: Capture) -> str:
        return row.source.provider


@register(ImportedStatement, site=site)
class ImportedStatementAdmin(RecordAdmin):
    list_display = ["id", "run", "position", "kind", "label", "date_text"]
    list_select_related = ["run"]
    list_filter = ["kind"]
    search_fields = ["label"]
    heavy = ("value", "data")


@register(Run, site=site)
class RunAdmin(RecordAdmin):
    list_display = ["id", "topic", "kind", "status", "outcome", "started_at", "finished_at"]
    list_select_related = ["topic"]
    list_filter = ["kind", "status", "outcome"]
    search_fields = ["topic__title", "file_name"]
    heavy = ("notices",)


@register(Retrieval, site=site)
class RetrievalAdmin(RecordAdmin):
    list_display = ["id", "run", "provider", "state", "outcome", "http_status", "elapsed"]
    list_select_related = ["run"]
    list_filter = ["state", "outcome"]
    search_fields = ["provider"]
    heavy = ("request", "candidates")


@register(RetrievedCapture, site=site)
class RetrievedCaptureAdmin(RecordAdmin):
    list_display = ["id", "retrieval", "capture", "position"]
    list_select_related = ["retrieval", "capture"]
    heavy = ("capture__text", "capture__payload", "retrieval__request", "retrieval__candidates")


@register(Generation, site=site)
class GenerationAdmin(RecordAdmin):
    list_display = ["id", "run", "model", "outcome", "tokens_in", "tokens_out", "cost", "at"]
    list_select_related = ["run"]
    list_filter = ["outcome", "model"]
    search_fields = ["prompt_sha256"]
    heavy = ("answer",)


@register(Claim, site=site)
class ClaimAdmin(RecordAdmin):
    list_display = ["id", "topic", "kind", "label", "status", "needs_review", "version"]
    list_select_related = ["topic"]
    list_filter = ["kind", "status", "needs_review"]
    search_fields = ["topic__title", "label"]


@register(ClaimHealth, site=site)
class ClaimHealthAdmin(RecordAdmin):
    list_display = ["claim", "state", "last_seen_at", "checked_at"]
    list_select_related = ["claim"]
    list_filter = ["state"]


@register(Check, site=site)
class CheckAdmin(RecordAdmin):
    list_display = ["id", "code", "severity", "proposal", "claim", "capture", "related_claim"]
    list_select_related = ["proposal", "claim", "capture", "related_claim"]
    list_filter = ["severity", "code"]
    heavy = ("capture__text", "capture__payload")


@register(CheckDismissal, site=site)
class CheckDismissalAdmin(RecordAdmin):
    list_display = ["id", "code", "proposal", "editor", "at", "reason"]
    list_select_related = ["proposal", "editor"]


@register(Proposal, site=site)
class ProposalAdmin(RecordAdmin):
    list_display = ["id", "claim", "label", "author_kind", "editor", "created_at"]
    list_select_related = ["claim", "editor"]
    list_filter = ["author_kind", "value_type"]
    search_fields = ["label", "value"]


@register(Sighting, site=site)
class SightingAdmin(RecordAdmin):
    list_display = ["id", "proposal", "run", "at"]
    list_select_related = ["proposal", "run"]


@register(Evidence, site=site)
class EvidenceAdmin(RecordAdmin):
    list_display = ["id", "proposal", "capture", "role", "start", "end", "method", "date_basis"]
    list_select_related = ["proposal", "capture"]
    list_filter = ["role", "method"]
    search_fields = ["exact"]
    heavy = ("capture__text", "capture__payload")


@register(Decision, site=site)
class DecisionAdmin(RecordAdmin):
    list_display = ["id", "at", "editor", "action", "claim", "reason_code", "note"]
    list_select_related = ["editor", "claim"]
    list_filter = ["action", "reason_code"]
    search_fields = ["editor__username", "note"]


@register(EntityResolution, site=site)
class EntityResolutionAdmin(RecordAdmin):
    list_display = ["id", "topic", "provider", "choice", "editor", "at"]
    list_select_related = ["topic", "editor"]
    list_filter = ["provider"]
    heavy = ("candidates",)


@register(Suppression, site=site)
class SuppressionAdmin(RecordAdmin):
    list_display = ["id", "claim", "is_lifted", "created_at"]
    list_select_related = ["claim"]


@register(Edition, site=site)
class EditionAdmin(RecordAdmin):
    list_display = ["id", "topic", "number", "published_by", "published_at", "sha256"]
    list_select_related = ["topic", "published_by"]
    search_fields = ["topic__title", "sha256"]
    heavy = ("canonical",)


@register(Correction, site=site)
class CorrectionAdmin(RecordAdmin):
    list_display = ["id", "edition", "ordinal", "kind", "fact", "reason"]
    list_select_related = ["edition"]
    list_filter = ["kind"]
    heavy = ("edition__canonical",)


@register(PublicStatus, site=site)
class PublicStatusAdmin(RecordAdmin):
    list_display = ["title", "current_edition", "is_withdrawn", "has_unpublished_changes", "checked_at"]
    list_select_related = ["current_edition"]
    list_filter = ["is_withdrawn", "has_unpublished_changes"]
    search_fields = ["title", "slug"]
    heavy = ("health", "current_edition__canonical")
