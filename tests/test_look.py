"""The look's promises that need no browser: strict CSP, existing files, small sheets, contrast in both schemes."""

import re
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "dossiers" / "static"
SHEETS = sorted((STATIC / "dossiers").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "dossiers").glob("*/templates/**/*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


class InlineCode(HTMLParser):
    """Collects what `default-src 'self'` would block: inline scripts, styles and event attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in names if name == "style" or re.match(r"on[a-z]|hx-on", name)]
        for name in ("src", "href"):
            value = names.get(name) or ""
            is_loaded = tag in {"script", "img", "iframe"} or (tag == "link" and name == "href")
            if is_loaded and re.match(r"(https?:)?//", value):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_holds_no_inline_code_and_no_remote_asset(template: Path) -> None:
    parser = InlineCode()
    parser.feed(re.sub(r"{#.*?#}|{%.*?%}", "", template.read_text(), flags=re.DOTALL))
    assert parser.found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_comment_stays_on_one_line_or_readers_would_see_it(template: Path) -> None:
    text = template.read_text()
    assert [line for line in text.splitlines() if ("{#" in line) != ("#}" in line)] == []


def test_the_inline_code_finder_finds() -> None:
    parser = InlineCode()
    parser.feed('<p style="a"><b onclick="a"></b><script>a</script><style>a</style></p>')
    parser.feed('<link href="//cdn.example/a.css">')
    assert parser.found == ["p style", "b onclick", "<script>", "<style>", "link href=//cdn.example/a.css"]


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_static_reference_exists(template: Path) -> None:
    admin = find_spec("django.contrib.admin")
    assert admin is not None
    assert admin.origin is not None
    roots = [STATIC, Path(admin.origin).parent / "static"]
    names = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]\s*%}", template.read_text())
    assert [name for name in names if not any((root / name).is_file() for root in roots)] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=name_of)
def test_a_style_sheet_is_small_and_loads_nothing(sheet: Path) -> None:
    assert sheet.stat().st_size < 20_000
    assert not re.search(r"@import|url\(", sheet.read_text())


def test_readers_pages_load_no_script_and_know_no_visitor() -> None:
    frame = (ROOT / "templates" / "public_base.html").read_text()
    frame = re.sub(r"{#.*?#}", "", frame)
    assert "<script" not in frame
    assert not re.search(r"\b(user|perms|request|messages|csrf_token)\b", frame)


def read_palette() -> dict[str, tuple[str, str]]:
    """Return name -> (light, dark) hexadecimal colours of the root's custom properties."""
    text = (STATIC / "dossiers" / "app.css").read_text()
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: (light, dark) for name, light, dark in pairs}


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "sheet", "wash")
TEXT_PAIRS = [(text, ground) for text in ("ink", "ink-soft", "accent", "bad") for ground in GROUNDS]
TEXT_PAIRS += [(tone, f"{tone}-wash") for tone in ("good", "bad", "warn", "hold", "accent")]
TEXT_PAIRS += [("ink", f"{tone}-wash") for tone in ("good", "bad", "warn", "hold", "accent")]
TEXT_PAIRS += [("sheet", tone) for tone in ("good", "bad", "warn", "hold", "accent")]
TEXT_PAIRS += [("ink", "mark"), ("ink", "mark-date"), ("accent-ink", "accent"), ("bar-ink", "bar"), ("bar-soft", "bar")]
TEXT_PAIRS += [("paper", "ink")]
SHAPE_PAIRS = [(shape, ground) for shape in ("edge", "focus", "mark-edge") for ground in GROUNDS]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str, scheme: int) -> None:
    palette = read_palette()
    assert contrast(palette[text][scheme], palette[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_focus_rings_edges_and_marks_can_be_seen(shape: str, ground: str, scheme: int) -> None:
    palette = read_palette()
    assert contrast(palette[shape][scheme], palette[ground][scheme]) >= 3


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_admin_uses_the_colours_of_the_palette() -> None:
    palette = {colour for pair in read_palette().values() for colour in pair}
    admin = (STATIC / "dossiers" / "admin.css").read_text()
    shared = re.findall(r"--(?:button-bg|link-fg|body-fg|error-fg): light-dark\((#\w+), (#\w+)\)", admin)
    assert len(shared) == 4
    assert {colour for pair in shared for colour in pair} <= palette
