"""Takes an edition and its public status; leaves prepared HTML, kept in the cache, which may be lost at any time."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.templatetags.static import static
from redis.exceptions import RedisError

from dossiers.models.status import PublicStatus
from dossiers.read.assembly import Status, arrange_page
from dossiers.read.queries import EditionHead, list_corrections, list_editions, read_canonical

logger = logging.getLogger(__name__)
_KEPT_FOR = 24 * 3600  # seconds
_TEMPLATES = Path(settings.BASE_DIR) / "templates"


def find_page_tag(status: PublicStatus, edition: EditionHead) -> str:
    """Return what names a page's bytes: edition, what is known of it now, and who rendered it."""
    assert status.current_edition is not None  # noqa: S101  the query asks for it
    now = _find_status_of(status, edition)
    parts = [edition.sha256, status.current_edition.sha256, now.health, now.checked_at, find_renderer()]
    return sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()[:32]


def _find_status_of(status: PublicStatus, edition: EditionHead) -> Status:
    """Return what is known now of an edition's facts: nothing of an older edition's, which may say other things."""
    assert status.current_edition is not None  # noqa: S101  the query asks for it
    number = status.current_edition.number
    return Status(number, status.health, status.checked_at) if edition.number == number else Status(number)


@once
def find_renderer() -> str:
    """Return the version of the renderer: of the templates, the code that arranges pages, and the files they name."""
    code = Path(__file__).resolve().parent.parent
    pages = [_TEMPLATES / "public_base.html", *sorted((_TEMPLATES / "read").glob("*.html"))]
    files = [*sorted(code.rglob("*.py")), *pages]
    digest = sha256(b"".join(file.read_bytes() for file in files))
    digest.update(f"{static('dossiers/app.css')} {static('dossiers/favicon.svg')} {settings.MAP_LINK}".encode())
    return digest.hexdigest()


def prepare_page(status: PublicStatus, edition: EditionHead, tag: str) -> bytes:
    """Return an edition's page from the cache, or render it."""
    return keep(tag, lambda: render_page(status, edition))


def keep(tag: str, make: Callable[[], bytes]) -> bytes:
    """Return the bytes kept under a tag, or make them; a cache that does not answer costs time and nothing else."""
    key = f"read:page:{tag}"
    try:
        if (kept := cache.get(key)) is not None:
            return bytes(kept)
    except (RedisError, OSError) as error:
        logger.warning("the page cache does not answer: %s", error)
    page = make()
    try:
        cache.set(key, page, _KEPT_FOR)
    except (RedisError, OSError) as error:
        logger.warning("the page cache does not take a page: %s", error)
    return page


def render_page(status: PublicStatus, edition: EditionHead) -> bytes:
    """Render a page from the record; nothing but edition, corrections and status is read."""
    now = _find_status_of(status, edition)
    context = arrange_dossier(json.loads(read_canonical(edition.id)), now, status.topic_id)
    return render_to_string("read/dossier.html", {**context, "sha256": edition.sha256}).encode()


def arrange_dossier(
    content: dict[str, Any], now: Status, topic_id: int, corrections: list[dict[str, Any]] | None = None
) -> Mapping[str, Any]:
    """Return the context of `read/_dossier.html`; `corrections` are a draft's own, which no edition holds yet."""
    fresh = [{**row, "number": content["edition"]} for row in corrections or []]
    log = fresh + list_corrections(topic_id, until=content["edition"])
    return {
        "page": arrange_page(content, now, map_link=settings.MAP_LINK, log=log),
        "editions": list_editions(topic_id),
        "slug": content["topic"]["slug"],
    }
