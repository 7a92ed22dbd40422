"""Takes a reader's request; leaves the index, a dossier's page or the page of an older edition, as prepared HTML."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from dossiers.models.status import PublicStatus
from dossiers.read.assembly import KINDS
from dossiers.read.queries import EditionHead, list_index
from dossiers.read.views.finding import answer_once, published
from dossiers.read.views.rendering import find_page_tag, prepare_page


@require_safe
def show_index(request: HttpRequest) -> HttpResponse:
    """List the published dossiers by title, a page at a time."""
    entries, further = list_index(after=request.GET.get("after", "")[:120])
    rows = [{"entry": entry, "kind": KINDS.get(entry.kind, entry.kind)} for entry in entries]
    page = render_to_string("read/index.html", {"rows": rows, "further": further, "after": request.GET.get("after")})
    return answer_once(request, page.encode, tag=sha256(page.encode()).hexdigest()[:32])


@published("read:dossier")
def show_dossier(request: HttpRequest, status: PublicStatus, edition: EditionHead) -> HttpResponse:
    """Show the current edition of a dossier."""
    return _show(request, status, edition)


@published("read:dossier")
def show_edition(request: HttpRequest, status: PublicStatus, edition: EditionHead) -> HttpResponse:
    """Show one edition of a dossier; an older one says which edition superseded it."""
    return _show(request, status, edition)


def _show(request: HttpRequest, status: PublicStatus, edition: EditionHead) -> HttpResponse:
    tag = find_page_tag(status, edition)
    changed = max(edition.published_at, status.updated_at)
    return answer_once(request, lambda: prepare_page(status, edition, tag), tag=tag, changed=changed)
