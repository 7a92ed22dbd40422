"""Reading pages as a parsed tree: by element, id, role and text."""

from html.parser import HTMLParser
from typing import Any

_VOID = {"meta", "link", "input", "br", "img", "hr"}


class Element:
    """An element of a page with its attributes and children."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """The words in it, white space folded."""
        parts = [child if isinstance(child, str) else f" {child.text} " for child in self.children]
        return " ".join("".join(parts).split())

    def find_all(self, tag: str = "", /, **attributes: str) -> list["Element"]:
        """Find the elements below with this tag and these attributes; `class_` asks for one of several classes."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child._is(tag, attributes) else []
                found += child.find_all(tag, **attributes)
        return found

    def find(self, tag: str = "", /, **attributes: str) -> "Element":
        """Find the only such element."""
        [found] = self.find_all(tag, **attributes)
        return found

    def _is(self, tag: str, attributes: dict[str, str]) -> bool:
        mine = self.attributes
        if tag and self.name != tag:
            return False
        if "class_" in attributes and attributes["class_"] not in mine.get("class", "").split():
            return False
        return all(mine.get(key) == value for key, value in attributes.items() if key != "class_")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(response: Any) -> Element:
    """Parse a response; every element must be closed where it stands."""
    reader = _Reader()
    reader.feed(response.content.decode())
    reader.close()
    assert reader.open == [reader.root]
    return reader.root
