"""Takes requests to the desk; leaves its pages and partials. One address a verb."""

from dossiers.review.views.cards import show_claim
from dossiers.review.views.deciding import amend, approve, dismiss, escalate, reject, undo
from dossiers.review.views.lists import list_topics, resolve, show_queue, show_topic

__all__ = [
    "amend", "approve", "dismiss", "escalate", "list_topics", "reject", "resolve", "show_claim", "show_queue",
    "show_topic", "undo",
]  # fmt: skip
