"""Takes a reader's request; leaves the record itself: the canonical bytes of an edition, whose sha256 is the ETag."""

from django.http import HttpRequest, HttpResponse

from dossiers.models.status import PublicStatus
from dossiers.read.queries import EditionHead, read_canonical
from dossiers.read.views.finding import answer_once, published


@published("read:json")
def show_dossier_json(request: HttpRequest, _status: PublicStatus, edition: EditionHead) -> HttpResponse:
    """Hand over the current edition."""
    return _hand_over(request, edition)


@published("read:json")
def show_edition_json(request: HttpRequest, _status: PublicStatus, edition: EditionHead) -> HttpResponse:
    """Hand over one edition."""
    return _hand_over(request, edition)


def _hand_over(request: HttpRequest, edition: EditionHead) -> HttpResponse:
    return answer_once(
        request, lambda: read_canonical(edition.id).encode(), tag=edition.sha256, changed=edition.published_at,
        content_type="application/json",
    )  # fmt: skip
