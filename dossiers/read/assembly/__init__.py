"""Takes an edition's content and its public status; leaves the page that readers see, as plain values."""

from dossiers.read.assembly.page import Fact, Page, Status, arrange_page
from dossiers.read.assembly.quotes import Piece, Quote, mark_pieces
from dossiers.read.assembly.words import KINDS, find_link, find_machine_date, say_coordinates, say_time

__all__ = [
    "KINDS", "Fact", "Page", "Piece", "Quote", "Status", "arrange_page", "find_link", "find_machine_date",
    "mark_pieces", "say_coordinates", "say_time",
]  # fmt: skip
