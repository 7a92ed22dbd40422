"""Reads an answer as a tree: elements by simple selectors, their text, and a form's fields as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_PART = re.compile(r"([a-z0-9]+)?((?:[#.][\w-]+|\[[\w-]+(?:=[^\]]*)?\])*)")


@dataclass
class Node:
    """One element; `children` holds elements and strings in order."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def matches(self, part: str) -> bool:
        tag, rest = _PART.fullmatch(part).groups()  # type: ignore[union-attr]
        if tag and tag != self.tag:
            return False
        for kind, name, attribute in re.findall(r"([#.])([\w-]+)|\[([\w-]+)\]", rest):
            if attribute and attribute not in self.attributes:
                return False
            if kind == "#" and self.attributes.get("id") != name:
                return False
            if kind == "." and name not in self.attributes.get("class", "").split():
                return False
        return True


class Page(HTMLParser):
    """A parsed page or partial."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Node("", {})
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(node)
        if tag not in _VOID:
            self._open = node

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self._open
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self._open = node.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)

    def all(self, selector: str) -> list[Node]:
        """Return the elements of a selector made of tags, #ids, .classes and [attributes], with spaces between."""
        found = [self.root]
        for part in selector.split():
            found = [node for base in found for node in base.walk() if node.matches(part)]
        return list({id(node): node for node in found}.values())

    def find(self, selector: str) -> Node | None:
        return next(iter(self.all(selector)), None)

    def text(self, selector: str) -> str:
        """Return the text of all matching elements, white space made one."""
        return " ".join(" ".join(self.raw_text(node) for node in self.all(selector)).split())

    def raw_text(self, node: Node) -> str:
        return "".join(child if isinstance(child, str) else self.raw_text(child) for child in node.children)

    def form(self, identifier: str) -> dict[str, str]:
        """Return the fields of a form by its id."""
        form = self.find(f"#{identifier}")
        assert form is not None, f"there is no form {identifier}"
        return self.fields(form)

    def fields(self, form: Node) -> dict[str, str]:
        """Return what a browser would send of a form."""
        sent = {}
        for node in form.walk():
            name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
            if not name or (kind in ("checkbox", "radio") and "checked" not in node.attributes):
                continue
            sent[name] = self._value_of(node, kind)
        return sent

    def _value_of(self, node: Node, kind: str) -> str:
        if node.tag == "textarea":
            return self.raw_text(node).removeprefix("\n")  # as HTML reads it
        if node.tag == "select":
            chosen = next((o for o in node.walk() if "selected" in o.attributes), None)
            return chosen.attributes.get("value", "") if chosen else ""
        return node.attributes.get("value", "on" if kind == "checkbox" else "")


def parse(response: object) -> Page:
    """Parse a response's body."""
    return Page(response.content.decode())  # type: ignore[attr-defined]
