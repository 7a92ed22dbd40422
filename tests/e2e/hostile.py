"""Hostile exports, made by code: those that loading must refuse, and those that must do no harm when shown."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

HIT = "window.hit=1"
PLAIN = "Harbour Lights"
AROUND = "It is said that {} stands there."
PAGE = """{title}

Topic

Named in a letter.

Summary

The lights guide ships.

Extracted Attributes
  • Height

    12 m

Web Search Results
  • Lights

{result}
"""


@dataclass(frozen=True)
class Refused:
    """A file, and what its refusal names: the line and the words about what was found."""

    file: str
    make: Callable[[], bytes]
    line: int
    found: str


def make_page(title: str = PLAIN, result: str = "    The lights are 12 m high.") -> bytes:
    """Print the text form."""
    return PAGE.format(title=title, result=result).encode()


def make_json(payload: str, *, title: str = "", url: str = "", **more: Any) -> bytes:
    """Print the JSON form with the payload in every field that holds words."""
    short = payload[:290]
    capture = {
        "provider": "web_search", "title": short, "text": f"{payload}. {AROUND.format(payload)}",
        "url": url or f"https://example.test/?q={quote(payload[:90])}", "publisher": short, "licence": short,
        "attribution": short, "revision_id": short,
    }  # fmt: skip
    tree = {
        "format": "dossiers-export/1",
        "topic": {"title": title or short, "kind": "place", "description": payload, "aliases": [short]},
        "documents": [{"title": short, "text": payload}],
        "summary": payload,
        "attributes": [{"label": short, "value": payload}],
        "events": [{"sentence": payload, "date": short, "source": short}],
        "places": [{"name": short, "latitude": "1.25", "longitude": "2.5", "category": short}],
        "captures": [capture, {"provider": "encyclopedia", "title": short, "text": payload}],
    }  # fmt: skip
    return json.dumps(tree | more).encode()


def make_zip_bomb() -> bytes:
    """Return an archive that is small and unpacks to 20 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.txt", b"0" * 20_000_000)
    return packed.getvalue()


def make_bullets() -> bytes:
    """Return a page of thousands of bullets, more than a section may have."""
    return make_page() + b"\n" + "".join(f"  • Item {n}\n\n    12 m\n\n" for n in range(9_000)).encode()


def make_items() -> bytes:
    """Return a JSON export with more attributes than a list may have."""
    return make_json("x", attributes=[{"label": f"Item {n}", "value": "12 m"} for n in range(20_000)])


def _replace(old: bytes, new: bytes) -> bytes:
    return make_page().replace(old, new)


REFUSED = {
    "zip bomb": Refused("bomb.txt", make_zip_bomb, 1, "a zip archive"),
    "gzip bomb": Refused("bomb.json", lambda: gzip.compress(b"[" * 20_000_000), 1, "a gzip archive"),
    "null byte": Refused("null.txt", lambda: _replace(b"12 m\n", b"12\x00m\n"), 14, "a null byte"),
    "UTF-16": Refused("wide.txt", lambda: make_page().decode().encode("utf-16"), 1, "UTF-16 text"),
    "not UTF-8": Refused("latin.txt", lambda: _replace(b"letter", b"l\xe9tter"), 5, "byte 0xe9"),
    "cut off": Refused("cut.txt", lambda: make_page().split(b" are 12 m")[0], 19, "the end of the file"),
    "control characters": Refused("bell.txt", lambda: _replace(b"12 m\n", b"\x1b[2J\x07\n"), 14, "U+001B"),
    "deep nesting": Refused("deep.json", lambda: b'{"topic": ' + b"[" * 100_000, 1, "deeper nesting"),
    "script address": Refused(
        "url.json", lambda: make_json("x", url="javascript:alert(1)"), 1, "“javascript:alert(1)”"
    ),
    "line of a megabyte": Refused("line.txt", lambda: make_page(result="    " + "m" * 1_000_000), 19, "1,000,004"),
    "thousands of items": Refused("items.json", make_items, 1, "20,000"),
    "thousands of bullets": Refused("bullets.txt", make_bullets, 8017, "9,001 bullets"),
}
PAYLOADS = {
    "script tags": f"<script>{HIT}</script><img src=x onerror={HIT}><svg onload={HIT}></svg></title></textarea>",
    "broken attributes": f"\"' autofocus onfocus={HIT} x=\"></a><p style='position:fixed'>`onclick={HIT}",
    "script words": f"javascript:{HIT}//data:text/html,<script>{HIT}</script>",
    "SQL": "'; DROP TABLE dossiers_claim; -- \\'); DELETE FROM auth_user WHERE ('1'='1",
    "templates": "{{ 7*7 }} {% include 'base.html' %} {{ request.user }} ${7*7} <%= 7*7 %> %s %(x)s {0.__class__}",
    "entities": "&lt;script&gt;window.hit=1&lt;/script&gt; &amp;amp; &#60;b&#62; %3Cscript%3E \\u003cscript\\u003e",
    "direction marks": "lights \u2067more\u200f and \u202eneercs eht no",
    "no width": "Har\u200bbour\u200d Li\ufeffghts\u2060 \u00ad\u034f" + "Z\u0351\u0343\u0313" * 20,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️ 𝕳𝖆𝖗𝖇𝖔𝖚𝖗 🇨🇦" * 8,
    "formulas": '=HYPERLINK("https://example.test/","x")+cmd|\' /C calc\'!A0',
    "long words": "W" * 9_000,
    "patterns": "(a+)+$ " * 30 + "((((" + "a" * 300 + "![](" * 40,
}


BULLETS = "".join(f"  • Result {n}\n\n    • {'• ' * 20}\n\n" for n in range(150))
SHOWN = {name: {"page.json": make_json(payload)} for name, payload in PAYLOADS.items()} | {
    "taken words": {f"{n}.txt": make_page(word) for n, word in enumerate(("Admin", "static"))},
    "duplicate titles": {f"{n}.json": make_json(f"Twin {n}", title="Twin") for n in range(2)},
    "script address as text": {
        "page.txt": make_page(result="    javascript:window.hit=1\n\n    The lights are 12 m high.")
    },
    "bullets in bullets": {"page.txt": make_page() + b"\n" + BULLETS.encode()},
}
