"""What the rules find in a text, as plain words."""

from dossiers.extract.assembly import CaptureText, Library, TopicText
from dossiers.extract.rules import Statement, find_statements

LAMPS = TopicText("Lantern Trust", "organization", "", ("LT",))
PERSON = TopicText("Orla Venn", "person", "", ("Venn",))
LAKE = TopicText("Lake Orrin", "place", "", ("Orrin",))


def find(text: str, topic: TopicText = LAMPS, provider: str = "web_search", title: str = "A page") -> list[Statement]:
    """Find all statements of a text."""
    return find_statements(Library(topic, [CaptureText("c", provider, title, text)]))


def tell(text: str, topic: TopicText = LAMPS, *relations: str) -> list[tuple[str, str, str]]:
    """Tell subject, value and date of what is found, of these relations where any are given."""
    found = [s for s in find(text, topic) if not relations or s.relation in relations]
    return [(s.subject_text, s.value_text, s.date_words) for s in found]
