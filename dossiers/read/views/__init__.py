"""Takes a reader's request; leaves a page or the canonical JSON, the same bytes for everyone."""

from dossiers.read.views.pages import show_dossier, show_edition, show_index
from dossiers.read.views.records import show_dossier_json, show_edition_json

__all__ = ["show_dossier", "show_dossier_json", "show_edition", "show_edition_json", "show_index"]
