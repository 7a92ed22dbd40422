"""Takes a reader's request; leaves the index, a dossier's page or the page of an older edition, as prepared HTML."""

import json
from dataclasses import astuple
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from dossiers.models.status import PublicStatus
from dossiers.read.assembly import KINDS
from dossiers.read.queries import EditionHead, IndexEntry, list_index, read_abstracts
from dossiers.read.views.finding import answer_once, published
from dossiers.read.views.rendering import find_page_tag, find_renderer, keep, prepare_page


@require_safe
def show_index(request: HttpRequest) -> HttpResponse:
    """List the published dossiers by title, a page at a time."""
    after = request.GET.get("after", "")[:120]
    entries, further = list_index(after=after)
    shown = json.dumps([find_renderer(), bool(after), further, [astuple(entry) for entry in entries]], default=str)
    tag = sha256(shown.encode()).hexdigest()[:32]
    return answer_once(request, lambda: keep(tag, lambda: _render_index(entries, further, bool(after))), tag=tag)


def _render_index(entries: list[IndexEntry], further: str, is_further: bool) -> bytes:
    abstracts = read_abstracts([entry.edition_id for entry in entries])
    described = [(entry, *abstracts[entry.edition_id]) for entry in entries]
    rows = [{"entry": entry, "kind": KINDS.get(kind, kind), "abstract": text} for entry, kind, text in described]
    return render_to_string("read/index.html", {"rows": rows, "further": further, "is_further": is_further}).encode()


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
