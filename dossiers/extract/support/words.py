"""Takes a text; leaves the keys of its content words, numbers and names, and the slots of a statement to be filled."""

import re
import unicodedata
from calendar import month_abbr, month_name
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"[A-Za-z]{{2,}}+(?![^\x00-\x7f])(?:['’]{_LETTER}+)?"  # the commonest kind first: reading a passage is mostly this
    r"|\b\d{4}-\d\d-\d\d(?!\d)|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|\b(?:{_LETTER}\.){{2,}}|{_LETTER}+(?:['’]{_LETTER}+)?"
)
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")  # headings and by-lines lose their spaces
_NAME_RUN = re.compile(r"\b[A-Z][^\W\d_]+(?:(?: (?:of|the|and|for|de|du|&))* [A-Z][^\W\d_]+)+")
_OPENING = re.compile(r"(?:\A|[.!?:]\s+|\n\s*)[\"'“‘«(\[•#*\s-]*")
_STOP_WORDS = frozenset(
    "a about above across after again against all along already also although am among an and another any are "
    "around as at away be became because become been before being below between both but by came can could did do "
    "does doing done down during each either else even ever every few first for from further get got had has have "
    "having he her here hers him himself his how however i if in including indeed instead into is it its itself "
    "just last later least less like made make many may me might more most much must my near neither never next no "
    "nor not now of off often on once one only onto or other others our out over own part per perhaps quite rather "
    "said percent same she should since so some such than that the their theirs them themselves then there "
    "therefore these they this those though through throughout thus to together too toward towards under until up "
    "upon us very via was we well went were what when where whether which while who whom whose why will with within "
    "without would yet you your st nd rd th".split()
)
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {word: str(10 * (value + 3)) for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split())}
_ORDINALS = {
    word: str(value + 2)
    for value, word in enumerate("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split())
}
_MONTHS = {month_abbr[i].lower(): month_name[i].lower() for i in range(1, 13)} | {"sept": month_name[9].lower()}
_SCALES = {"bn": "billion", "mn": "million"}
_SUFFIXES = (
    ("ational", "at"), ("ization", "iz"), ("isation", "iz"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "iv"),
    ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ators", "at"), ("ator", "at"), ("ated", "at"), ("ates", "at"),
    ("ative", "at"), ("ities", "it"), ("ments", "ment"), ("ingly", ""), ("edly", ""), ("ings", ""), ("ions", ""),
    ("ises", "iz"), ("ised", "iz"), ("izes", "iz"), ("ized", "iz"), ("ising", "iz"), ("izing", "iz"), ("ise", "iz"),
    ("ize", "iz"), ("iers", "i"), ("ing", ""), ("ied", "i"), ("ies", "i"), ("ier", "i"), ("ion", ""), ("ers", ""),
    ("ors", ""), ("ity", "it"), ("ate", "at"), ("ive", "iv"), ("ness", ""), ("ally", "al"), ("sses", "ss"), ("ly", ""),
    ("ed", ""), ("er", ""), ("or", ""), ("es", ""), ("e", ""), ("y", "i"), ("s", ""),
)  # fmt: skip
_SUFFIXES_BY_LETTER = {
    letter: [pair for pair in _SUFFIXES if pair[0].endswith(letter)]
    for letter in {suffix[-1] for suffix, _ in _SUFFIXES}
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A content word of a statement: any of `keys` in a passage fills it; `kind` is word, name or number.

    An acronym is filled by the name that it shortens, too.
    """

    keys: tuple[str, ...]
    kind: str
    is_acronym: bool


@lru_cache(maxsize=4096)
def list_keys(text: str) -> tuple[str, ...]:
    """List the keys of a text in order, stop words left out; words with the same stem and equal numbers share a key."""
    return tuple(chain.from_iterable(map(read_token, _TOKEN.findall(text))))


def list_initials(text: str) -> set[str]:
    """List the keys of the acronyms that the names in a text could have: of two to six capitalised words in a row."""
    keys: set[str] = set()
    for run in _NAME_RUN.findall(text):
        letters = _read_initials(run)
        parts = (letters[i : i + size] for size in range(2, 7) for i in range(len(letters) - size + 1))
        keys.update(chain.from_iterable(map(read_token, parts)))
    return keys


@lru_cache(maxsize=1024)
def list_slots(statement: str) -> tuple[Slot, ...]:
    """List the distinct slots of a statement. A capitalised word that merely opens a sentence is no name."""
    openings = {match.end() for match in _OPENING.finditer(statement)}
    runs = [(run.start(), run.end(), _list_acronyms(run.group())) for run in _NAME_RUN.finditer(statement)]
    slots: dict[str, Slot] = {}
    for match in _TOKEN.finditer(statement):
        acronyms = next((keys for start, end, keys in runs if start <= match.start() < end), ())
        opens = match.start() in openings and not acronyms
        for key in read_token(match.group()):
            kind = _choose_kind(key, match.group(), opens)
            if key not in slots or kind == "name":
                slots[key] = Slot((key, *acronyms), kind, kind == "name" and match.group()[:2].isupper())
    return tuple(slots.values())


@lru_cache(maxsize=65536)
def read_token(token: str) -> tuple[str, ...]:
    """Give the keys of one token: none for a stop word, three for a date in ISO 8601, else one."""
    if token[0].isdecimal():
        return _read_date(token) if "-" in token else (write_number(token),)
    bare = token if token.isalpha() else re.sub(r"['’]s\Z|['’.]", "", token)
    word = _plain(bare)
    if bare.isupper() and 1 < len(word) <= 6 and (word in _STOP_WORDS or len(word) <= 3):
        return (word + ".",)
    if word in _STOP_WORDS or not word or (len(word) == 1 and word.isascii()):
        return ()
    if _GLUED.search(token):
        return tuple(chain([stem(word)], *(read_token(part) for part in _GLUED.split(token) if len(part) > 2)))
    number = _NUMBER_WORDS.get(word) or _ORDINALS.get(word)
    return (number or stem(_SCALES.get(word) or _MONTHS.get(word) or word),)


def _choose_kind(key: str, token: str, opens: bool) -> str:
    if key[0].isdecimal():
        return "number"
    is_acronym = token[:2].isupper() and len(token) > 1
    return "name" if token[0].isupper() and (is_acronym or not opens) else "word"


def _read_date(token: str) -> tuple[str, ...]:
    year, month, day = token.split("-")
    named = stem(month_name[int(month)].lower()) if 1 <= int(month) <= 12 else write_number(month)
    return write_number(year), named, write_number(day)


def _read_initials(run: str) -> str:
    return "".join(word[0] for word in run.split() if word[0].isupper())


def _list_acronyms(run: str) -> tuple[str, ...]:
    """List the acronyms of a run of names: of the whole, and of each part where an "and" may join two names."""
    parts = dict.fromkeys([run, *run.split(" and ")])
    return tuple(chain.from_iterable(read_token(letters) for part in parts if len(letters := _read_initials(part)) > 1))


def write_number(token: str) -> str:
    """Write a number one way: no thousands separators, no leading or needless trailing zeros."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token.replace(",", ""))
    whole, _, decimals = digits.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _plain(token: str) -> str:
    if token.isascii():
        return token.lower()
    marked = unicodedata.normalize("NFKD", token.replace("’", "'")).casefold()
    return "".join(c for c in marked if not unicodedata.combining(c))


def stem(word: str) -> str:
    """Cut the endings of English inflection and derivation; what is left is a key, not always a word."""
    for suffix, replacement in _SUFFIXES_BY_LETTER.get(word[-1:], ()):
        if word.endswith(suffix) and len(word) - len(suffix) + len(replacement) >= 3:
            root = word[: len(word) - len(suffix)] + replacement
            break
    else:
        return word
    if word.endswith("ss"):
        return word
    if not replacement and len(root) > 3 and root[-1] == root[-2] and root[-1] not in "ls":
        return root[:-1]
    return root
