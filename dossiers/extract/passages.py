"""Takes a capture's text; leaves its joints and its passages, each with exact offsets."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_JOINT = re.compile(r"\[\s{0,3}(?:\.\s?\.\s?\.|…)\s{0,3}\]")
_BREAK = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")
_BULLET = re.compile(r"(?:[•‣◦▪●○■□–—*+-]|#{1,6}|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t\xa0]")
_STOP = re.compile(
    r"(?P<stop>[.!?…]{1,8})(?P<close>[\"'”’»)\]]{0,4}(?:\[\w{1,4}\]){0,6}[\"'”’»)\]]{0,2})(?:(?=\s)|(?<=\d\])(?=[^\W\d_]))"
    r"|(?P<wide>[。！？｡]+[」』”’）]{0,3})"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘'/—–-]{1,20}\Z")
_NEXT = re.compile(r"\s*(\S{0,24})")
_OPENERS = "\"'“‘«„(["
_CLOSERS = "\"'”’»)]」』）"
_FINAL_STOPS = ".!?…。！？｡"

_TITLES = frozenset(
    "mr mrs ms mx dr drs prof profs st sr messrs mme mlle rev hon gov sen sens rep reps pres gen col lt maj sgt "
    "capt cmdr adm cpl pvt supt fr vs v cf e.g i.e eg ie viz ca approx est fig figs eq eqs ref refs sec ch art arts "
    "vol vols pp ed eds trans mt ft bros al op incl esp resp".split()
)
_BEFORE_NUMBER = frozenset(
    "c no nos p pp art sec par para ch vol jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MAY_END = frozenset(
    "inc ltd co corp llc plc jr etc ph.d m.d b.a m.a u.s u.k u.n e.u d.c a.m p.m am pm dept univ assn ave blvd rd "
    "hwy jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun".split()
)
_OPENING_WORDS = frozenset(
    "the a an in on at it its he she they we you i this that these those there when while after before since as by "
    "for from with however but and or if although though his her their our my one some many most all both each no "
    "not what who how why where according during under over until despite meanwhile moreover today then also".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence-like span of a capture: `text == capture[start:end]`; offsets count characters, from 0.

    `fragment` says that the cut of the snippet runs through this sentence.
    """

    text: str
    start: int
    end: int
    fragment: bool


def find_joints(text: str) -> list[tuple[int, int]]:
    """Find the places where a snippet was cut: `(start, end)` of each `[...]` or `[…]`, brackets included, in order."""
    return [match.span() for match in _JOINT.finditer(text)]


def crosses_joint(joints: list[tuple[int, int]], start: int, end: int) -> bool:
    """Say whether the span touches a character of one of the joints, as `find_joints` gave them."""
    after = bisect_right(joints, (start, start))
    if after and joints[after - 1][1] > start:
        return True
    return after < bisect_left(joints, (end, end))


def split_passages(text: str) -> list[Passage]:
    """Split into sentences that never cross a joint.

    Passages are ordered, do not overlap, are never blank, and cover all characters but white space and joints. A line
    break ends a sentence where a paragraph, list item or heading ends, not where a line was merely wrapped.
    """
    passages: list[Passage] = []
    for start, end in _find_pieces(text):
        passages.extend(_split_piece(text, start, end))
    return passages


def split_lines(text: str) -> list[Passage]:
    """Split a list into its lines: each is one passage, whole where no joint touches it; blank ones are left out."""
    return [
        Passage(text[a:b], a, b, False)
        for start, end in _find_pieces(text)
        for line in _find_lines(text, start, end)
        if (trimmed := _trim(text, *line))
        for a, b in [trimmed]
    ]


def _find_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _BREAK.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _find_pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for joint_start, joint_end in find_joints(text):
        yield start, joint_start
        start = joint_end
    yield start, len(text)


def _split_piece(text: str, start: int, end: int) -> list[Passage]:
    spans = [
        trimmed
        for block_start, block_end in _find_blocks(text, start, end)
        for span in _find_sentences(text, block_start, block_end)
        if (trimmed := _trim(text, *span))
    ]
    last = len(spans) - 1
    return [
        Passage(
            text[a:b], a, b, (i == 0 and not _starts_whole(text[a:b])) or (i == last and not _ends_whole(text[a:b]))
        )
        for i, (a, b) in enumerate(spans)
    ]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    chunk = text[start:end]
    left = len(chunk) - len(chunk.lstrip())
    right = len(chunk.rstrip())
    return (start + left, start + right) if right else None


def _starts_whole(sentence: str) -> bool:
    match = _BULLET.match(sentence)
    rest = sentence[match.end() if match else 0 :].lstrip(_OPENERS + " ")
    return bool(rest) and rest[0].isalpha() and not rest[0].islower()


def _ends_whole(sentence: str) -> bool:
    bare = re.sub(r"(?:\[\w{1,4}\])+\Z", "", sentence).rstrip(_CLOSERS)
    return bare.endswith(tuple(_FINAL_STOPS))


def _find_blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs, list items and headings."""
    block, line = start, start
    for match in _BREAK.finditer(text, start, end):
        if _ends_block(text, line, match.start(), match.end(), match.group()):
            yield block, match.start()
            block = match.end()
        line = match.end()
    yield block, end


def _ends_block(text: str, line: int, line_end: int, following: int, gap: str) -> bool:
    newlines = len(gap.replace("\r\n", "\n").strip(" \t\xa0"))
    if newlines > 1 or _BULLET.match(text, following):
        return True
    if text[following : following + 1].islower():
        return False
    last = text[max(line, line_end - 80) : line_end].rstrip()[-1:]
    return last in _FINAL_STOPS + ":" or (line_end - line < 55 and last not in ",;-–—&")


def _find_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _STOP.finditer(text, start, end):
        if match["wide"] or _ends_sentence(text, begin, match, end):
            yield begin, match.end()
            begin = match.end()
    yield begin, end


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    following = _next_word(text, match.end(), end)
    bare = following.lstrip(_OPENERS)
    if not bare or bare[0].islower():
        return False
    if match["stop"] != ".":
        return True
    found = _WORD_BEFORE.search(text, max(begin, match.start() - 20), match.start())
    return not found or not _keeps_going(found.group(), found.start() == begin, bare, bool(match["close"]))


def _next_word(text: str, position: int, end: int) -> str:
    match = _NEXT.match(text, position, end)
    return match.group(1) if match else ""


def _keeps_going(word: str, is_first: bool, following: str, is_closed: bool) -> bool:
    """Say whether the stop after `word` belongs to an abbreviation, an initial or a list number."""
    low = word.lower()
    opener = re.split(r"\W", following.lower(), maxsplit=1)[0] in _OPENING_WORDS
    if low in _BEFORE_NUMBER and following[0].isdigit():
        return True
    if is_closed:
        return False
    if low in _TITLES:
        return True
    if low in _MAY_END or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return not opener
    if len(word) == 1 and word.isupper():
        return not opener
    return is_first and re.fullmatch(r"\(?\d{1,3}|[a-z]|[IVXivx]{1,5}", word) is not None
