"""Takes runs, times and intervals; leaves them as a template writes them, and says when research stands still."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dossiers.models.run import Run
from dossiers.refresh.assembly import describe_run, spell_interval
from dossiers.refresh.queries.screens.standstill import explain_standstill

register = template.Library()
register.filter(spell_interval)


@register.simple_tag
def standstill() -> str:
    """Say why research stands still, empty where it does not; pages that ask within seconds share one look."""
    return explain_standstill()


@register.inclusion_tag("refresh/_badge.html")
def run_badge(run: Run) -> dict[str, Any]:
    """Write how a run stands: a sign and words."""
    return {"words": describe_run(run.status, run.outcome)}


@register.filter
def moment(at: datetime | None, otherwise: str = "not yet") -> SafeString | str:
    """Write a time as "1 May 2026, 10:00 UTC"."""
    if at is None:
        return otherwise
    return format_html('<time datetime="{}">{} UTC</time>', at.isoformat(timespec="seconds"), _spell(at, "j F Y, H:i"))


@register.filter
def clock(at: datetime) -> SafeString:
    """Write a time of today as "10:00:05 UTC", of another day with its date."""
    words = _spell(at, "H:i:s" if at.date() == timezone.now().date() else "j F Y, H:i:s")
    return format_html('<time datetime="{}">{} UTC</time>', at.isoformat(timespec="seconds"), words)


def _spell(at: datetime, pattern: str) -> str:
    return format_date(timezone.localtime(at), pattern)
