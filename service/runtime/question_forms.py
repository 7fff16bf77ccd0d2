"""Forms questions that an article may answer from its title and from the names and numbers of its text. Pure.

The caller has to check that the article answers them. The rules are for English; for an article in another language,
the title itself is the question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.text.analyzer import STOP_WORDS, words

MIN_ENGLISH_SHARE = 0.25
"""Share of English stop words from which a text counts as English."""
MAX_PARAGRAPHS = 30
MAX_PARAGRAPH_CHARACTERS = 2_000
MAX_QUESTION_CHARACTERS = 110
MIN_TITLE_WORDS = 3

NAME_WORD = r"(?:[A-Z]\.|[A-Z][a-z\u00e0-\u00ff]+(?:['\u2019-][A-Z]?[a-z\u00e0-\u00ff]+)*)"
PERSON = rf"(?P<name>{NAME_WORD}(?: {NAME_WORD}){{1,2}})"
SAID = re.compile(rf"(?<![A-Z]\. )\b{PERSON} (?:also |later )?(?:said|told|warned|added|announced|argued)\b")
SAID_BY = re.compile(rf"\b(?:said|says|according to) {PERSON}\b(?! [A-Z])")
APPOSITION = re.compile(rf"\b{PERSON}, (?:the|a|an|who) [^,.]{{3,80}},")
SPELLED_OUT = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Za-z]+){1,6} \((?P<name>[A-Z]{3,6})\)")
COUNT = re.compile(
    r"(?:^|(?<=[.] )|(?<= that ))(?:[A-Z][a-z]+ |(?:[Mm]ore|[Ff]ewer) than |[Aa]t least |[Uu]p to |[a-z]+ )?"
    r"(?P<number>\d[\d,]*|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)"
    r" (?P<things>(?:(?!and |or )[\w.-]+ ){0,2}(?:people|troops|children|[a-z]{3,}s))"
    r" (?P<verb>were|are|have|had|died|will) (?P<rest>[^,.;:()\"\u201c\u201d]{4,70})(?=[,.;])"
)
HEADLINE_VERBS = frozenset(
    "accuse agree announce approve ask attack ban begin block build buy call cancel close condemn cut defend delay"  # noqa: SIM905
    " demand deny deploy drop end expand fear face fight halt hold join launch leave lift lose move need offer open"
    " oppose order plan postpone push quit raise reject release remove reopen resign resume return review seek sell"
    " send shut sign slam start stop support suspend threaten urge vow want warn welcome win withdraw worry".split()
)
"""Base forms of the verbs that are recognised in titles, so that no plural noun is mistaken for a verb."""
HEADLINE = re.compile(
    r"(?P<who>(?:[A-Z][\w.'\u2019-]*)(?: (?:of |the )?[A-Z][\w.'\u2019-]*){0,3}) (?P<verb>[A-Za-z]+s)"
    r" (?P<what>[^:;|?!\"\u201c\u2018(]{8,90})"
)
TOPIC = re.compile(
    r"(?<=[a-z,] )(?P<topic>[A-Z][A-Za-z]{2,}(?:-[A-Za-z]+)*(?: (?:of )?(?:the )?[A-Z][A-Za-z]+)*)(?![\w'\u2019-])"
)
ADJECTIVE = re.compile("[A-Z][a-z]+(?:an|ans|ish|ese|im|ims|i|is)")
NO_TOPICS = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August"  # noqa: SIM905
    " September October November December".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormedQuestion:
    """A question, and the words that an answer to it must contain; empty if any sentence may answer it."""

    text: str
    key: str = ""


def form_questions(title: str | None, paragraphs: Sequence[str]) -> Iterator[FormedQuestion]:
    """Yield questions on an article, those of its title first; each is at most MAX_QUESTION_CHARACTERS long."""
    texts = [text[:MAX_PARAGRAPH_CHARACTERS] for text in paragraphs[:MAX_PARAGRAPHS]]
    body = " ".join(texts)
    formed = _english(title or "", texts, body) if _is_english(body) else _in_any_language(title or "")
    seen: set[str] = set()
    for question in formed:
        if len(question.text) <= MAX_QUESTION_CHARACTERS and question.text not in seen:
            seen.add(question.text)
            yield question


def _is_english(text: str) -> bool:
    text_words = words(text)
    return sum(word in STOP_WORDS for word in text_words) >= MIN_ENGLISH_SHARE * len(text_words) > 0


def _in_any_language(title: str) -> Iterator[FormedQuestion]:
    if len(words(title)) >= MIN_TITLE_WORDS:
        yield FormedQuestion(text=title.strip())


def _english(title: str, texts: Sequence[str], body: str) -> Iterator[FormedQuestion]:
    yield from _why(title, body)
    for text in texts:
        yield from _how_many(text)
        yield from _what_said(text)
        for match in SPELLED_OUT.finditer(text):
            yield FormedQuestion(text=f"What is {match['name']}?", key=match["name"])
        for match in APPOSITION.finditer(text):
            if _is_name(match["name"]):
                yield FormedQuestion(text=f"Who is {match['name']}?", key=match["name"])


def _why(title: str, body: str) -> Iterator[FormedQuestion]:
    """Yield "Why does Russia warn against it?" for the title "Russia Warns Against It"."""
    match = HEADLINE.fullmatch(title.strip().rstrip("."))
    if match is None or "," in match["who"]:
        return
    verb = next((base for base in _bases(match["verb"].lower()) if base in HEADLINE_VERBS), None)
    if verb is not None:
        what = " ".join(_as_in_text(word, body) for word in match["what"].split())
        yield FormedQuestion(text=f"Why does {match['who']} {verb} {what}?")


def _bases(third_person: str) -> Iterator[str]:
    if third_person.endswith("ies"):
        yield f"{third_person[:-3]}y"
    if third_person.endswith("es"):
        yield third_person[:-2]
    yield third_person[:-1]


def _as_in_text(word: str, body: str) -> str:
    """Return a word of a title in lower case if the text has it in lower case, and so is not a name."""
    small = word.lower()
    if word == small or re.search(rf"(?<!\w){re.escape(small)}(?!\w)", body) is None:
        return word
    return small if not word.isupper() or len(word) == 1 else word


def _how_many(text: str) -> Iterator[FormedQuestion]:
    for match in COUNT.finditer(text):
        verb_and_rest = f"{match['verb']} {match['rest']}"
        yield FormedQuestion(text=f"How many {match['things']} {verb_and_rest}?", key=match["number"])


def _is_no_topic(topic: str) -> bool:
    """Return whether a topic contains a day or month, or is a single word that may be an adjective."""
    return bool(NO_TOPICS.intersection(topic.split()) or ADJECTIVE.fullmatch(topic))


def _is_name(text: str) -> bool:
    """Return whether capitalised words are a name rather than the beginning of a sentence."""
    return text.split(maxsplit=1)[0].lower() not in STOP_WORDS and not text.endswith((".", "'s", "\u2019s"))


def _what_said(text: str) -> Iterator[FormedQuestion]:
    for pattern in (SAID, SAID_BY):
        for match in pattern.finditer(text):
            name = match["name"]
            if not _is_name(name):
                continue
            topics = [found["topic"] for found in TOPIC.finditer(text.replace(name, "it"))]
            about = [topic for topic in topics if topic not in name and name not in topic and not _is_no_topic(topic)]
            if about:
                longest = max(about, key=lambda topic: (topic.isupper(), len(topic)))
                yield FormedQuestion(text=f"What did {name} say about {longest}?")
