"""Takes a text; leaves its terms: stemmed words, numbers in one writing, names marked, stop words left out."""

import re
import unicodedata
from calendar import month_abbr, month_name
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<date>\b\d{4}-\d\d-\d\d(?!\d))|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<dotted>\b(?:[^\W\d_]\.){2,})"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
)
_STOP_WORDS = frozenset(
    "a about above across after again against all along already also although am among an and another any are around as "
    "at away be became because become been before being below between both but by came can could did do does doing done "
    "down during each either else even ever every few first for from further get got had has have having he her here hers "
    "him himself his how however i if in including indeed instead into is it its itself just last later least less like "
    "made make many may me might more most much must my near neither never next no nor not now of off often on once one "
    "only onto or other others our out over own part per perhaps quite rather said same she should since so some such "
    "than that the their theirs them themselves then there therefore these they this those though through throughout "
    "thus to together too toward towards under until up upon us very via was we well went were what when where whether "
    "which while who whom whose why will with within without would yet you your st nd rd th".split()
)
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {word: str(10 * (value + 3)) for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split())}
_ORDINALS = {
    word: str(value + 2)
    for value, word in enumerate("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split())
}
_MONTHS = {month_abbr[i].lower(): month_name[i].lower() for i in range(1, 13)} | {"sept": month_name[9].lower()}
_SCALES = {"bn": "billion", "mn": "million", "percentage": "%", "percent": "%"}
_SUFFIXES = (
    ("ational", "at"), ("ization", "iz"), ("isation", "iz"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "iv"),
    ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ators", "at"), ("ator", "at"), ("ated", "at"), ("ates", "at"),
    ("ative", "at"), ("ities", "it"), ("ments", "ment"), ("ingly", ""), ("edly", ""), ("ings", ""), ("ions", ""),
    ("ises", "iz"), ("ised", "iz"), ("izes", "iz"), ("ized", "iz"), ("ising", "iz"), ("izing", "iz"), ("ise", "iz"),
    ("ize", "iz"), ("iers", "i"), ("ing", ""), ("ied", "i"), ("ies", "i"), ("ier", "i"), ("ion", ""), ("ers", ""),
    ("ors", ""), ("ity", "it"), ("ate", "at"), ("ive", "iv"), ("ness", ""), ("ally", "al"), ("sses", "ss"), ("ly", ""),
    ("ed", ""), ("er", ""), ("or", ""), ("es", ""), ("e", ""), ("y", "i"), ("s", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One content word or number in the writing that is compared; `kind` is word, name or number."""

    key: str
    kind: str


@lru_cache(maxsize=4096)
def list_terms(text: str) -> tuple[Term, ...]:
    """List the content terms in order. A word that merely opens a sentence is no name; stop words are left out."""
    terms: list[Term] = []
    opens = True
    for match in _TOKEN.finditer(text):
        token, form = match.group(), match.lastgroup
        if form == "date":
            year, month, day = token.split("-")
            parts = [year, month_name[int(month)].lower() if 1 <= int(month) <= 12 else month, str(int(day))]
            terms += [Term(part, "number" if part.isdecimal() else "word") for part in parts]
        elif form == "number":
            terms.append(Term(write_number(token), "number"))
        elif (term := _read_word(token, opens)) is not None:
            terms.append(term)
        following = text[match.end() : match.end() + 2]
        opens = following[:1] in (".", "!", "?", ":") and form != "dotted" and following[1:].isspace()
    return tuple(terms)


def write_number(token: str) -> str:
    """Write a number one way: no thousands separators, no leading or needless trailing zeros."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token.replace(",", ""))
    whole, _, decimals = digits.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


@lru_cache(maxsize=65536)
def _read_word(token: str, opens: bool) -> Term | None:
    word = _plain(token.replace(".", ""))
    word = word.removesuffix("'s").replace("'", "")
    is_acronym = len(word) > 1 and token.replace(".", "").isupper() and len(word) <= 6
    if is_acronym and (word in _STOP_WORDS or len(word) <= 3):
        return Term(word + ".", "name")
    if word in _STOP_WORDS or (len(word) < 2 and word.isascii()):
        return None
    if word in _NUMBER_WORDS or word in _ORDINALS:
        return Term(_NUMBER_WORDS.get(word) or _ORDINALS[word], "number")
    word = _SCALES.get(word) or _MONTHS.get(word) or word
    is_name = is_acronym or (token[:1].isupper() and not opens)
    return Term(stem(word), "name" if is_name else "word")


def _plain(token: str) -> str:
    if token.isascii():
        return token.lower()
    marked = unicodedata.normalize("NFKD", token.replace("’", "'")).casefold()
    return "".join(c for c in marked if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut the endings of English inflection and derivation; what is left is a key, not always a word."""
    for suffix, replacement in _SUFFIXES:
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
