"""A made-up dossier about household recycling, with the faults that grounding and checks must tell apart."""

from datetime import date, timedelta
from decimal import Decimal

from dossiers.extract.assembly import CaptureText, Draft, TopicText

TOPIC = TopicText(
    "Household Recycling",
    "topic",
    "The joint campaign of the Rhine Cleanup Fund, WRAP and Portugal to collect bottles, named by Anja Keller.",
    ("Home Recycling",),
    timedelta(days=30),
)
ARTICLE = (
    "Recycling is the third album by the Norwegian band Tin Heart. It was recorded in Oslo in 1998. Critics praised its"
    " sound, and it sold 20,000 copies."
)
SURVEY = (
    "Household recycling means the “sorting” of used materials in the home so that they can be processed into "
    "new products. It saves raw materials and reduces the need for landfill, [...] 37% in 2021. Likewise, "
    "Sweden’s recycling rate rose from 24% to 39% during the same period. Turkey and Spain both gained between "
    "2010 and 2021 (from 5% to 12% and from 30% to 37%, respectively), whereas Chile (from 12% to 13%) hardly "
    "moved. [...] In 2021, the worldwide household recycling rate was 17%, with large gaps between countries. "
    "Of the twenty states surveyed, those above the worldwide rate included South Korea (59%), Slovenia (58%), "
    "and Italy (58%). Jobs are created by sorting plants, and"
)
TRADES = (
    "For centuries rag pickers have collected cloth and bones in the towns. The trade shaped the career of the merchant"
    " Tomas Feld in the late nineteenth century, who built a paper mill. Sorting rates climbed steadily over the last"
    " fifteen years."
)
FUND = (
    "The Green Dot Express, a train, toured forty cities in 2016. Bergen opened its first kerbside scheme in 1974. The"
    " fund was founded in 1991."
)
PLACE = "Household Recycling Centre, Milton Road, Cambridge, United Kingdom"
RETRIEVED = date(2024, 3, 4)


def make_capture(key: str, provider: str, title: str, text: str, **fields: object) -> CaptureText:
    """Make a capture whose source has its own key."""
    return CaptureText(key, provider, title, text, f"source of {key}", retrieved_at=RETRIEVED, **fields)  # type: ignore[arg-type]


CAPTURES = [
    make_capture("article", "encyclopedia", "Recycling (album)", ARTICLE),
    make_capture("survey", "web_search", "Recycling at Home: A Survey", SURVEY),
    make_capture("trades", "web_search", "Old trades", TRADES),
    make_capture("fund", "web_search", "A fund", FUND, url="https://example.org/fund", grade="verbatim"),
    make_capture("place", "geocoder", PLACE, PLACE + "\n\nCoordinates: 52.2443, 0.1655"),
]


def attribute(label: str, value: str) -> Draft:
    """Make an attribute as printed."""
    return Draft("attribute", value, label)


def event(value: str, date_text: str) -> Draft:
    """Make a timeline item as printed."""
    return Draft("event", value, date_text=date_text, source_word="web_search_results")


def place() -> Draft:
    """Make the place as printed."""
    return Draft("place", PLACE, lat=Decimal("52.2443"), lon=Decimal("0.1655"))
