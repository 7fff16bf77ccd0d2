"""Follow-ups: whether a question refers to the question before it, and the names that it leaves out.

"And what did he say about money?" cannot be understood alone. It is searched for together with the names of the
question before it, and the documents of that question's answer are preferred. The rules are for English; a question in
another language counts as a new one, unless it is very short. So does a question with names of its own before its
pronoun: "What did Trump say about his taxes?".
"""

import re
from collections.abc import Iterator

from wherefrom.index.conversation import Context, FollowUp
from wherefrom.index.ranking.question_syntax import ParsedQuestion, parse_question
from wherefrom.index.text.analyzer import STOP_WORDS, terms
from wherefrom.index.text.mentions import capitals_tell_names

WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['\u2019-][^\W_]+)*")
"""A number with separators, initials with full stops, or letters and digits, joined by hyphens or apostrophes."""
POSSESSIVE = re.compile(r"['\u2019]s?$")
QUESTION_WORDS = frozenset(
    [
        "who",
        "whom",
        "whose",
        "what",
        "which",
        "when",
        "where",
        "why",
        "how",
        "is",
        "are",
        "was",
        "were",
        "does",
        "do",
        "did",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "must",
        "if",
        "whether",
        "and",
        "but",
        "so",
        "or",
        "the",
        "a",
        "an",
        "name",
        "give",
        "list",
        "tell",
        "explain",
    ]
)
MAX_NAMES = 8
"""Maximum number of names that are added from the question before."""
MAX_BARE_TERMS = 3
"""Maximum number of terms of a question without names that is assumed to leave out its subject."""

OPENING = re.compile(
    r"\W*(?:(?:and|but|or|also|so|then|ok|okay)\b(?!\s+(?:far|many|much|called)\b)|(?:what|how)\s+about\b)",
    re.IGNORECASE,
)
PERSONAL = r"he|she|him|her|his|hers|himself|herself|they|them|their|theirs|themselves|it|its|itself"
DEMONSTRATIVE = (
    r"(?:this|these|those)\b(?!\s+(?:who|whom|whose|which|that|of|in|on|at|with|from|year|week|month|season|morning"
    r"|evening|weekend|century|decade|spring|summer|autumn|fall|winter)\b)"
    r"|(?<=\bdo\s)that|(?<=\bdid\s)that|(?<=\bof\s)that|(?<=\bon\s)that|(?<=\bat\s)that|(?<=\bin\s)that"
    r"|(?<=\bto\s)that|(?<=\bby\s)that|(?<=\bfor\s)that|(?<=\bfrom\s)that|(?<=\bwith\s)that|(?<=\babout\s)that"
    r"|(?<=\bafter\s)that|(?<=\bbefore\s)that|(?<=\bagainst\s)that|that(?=(?:\s+[\w-]+)?\s*[?.!]*$)"
)
PLACE = (
    r"(?<!is\s)(?<!are\s)(?<!was\s)(?<!were\s)(?<!be\s)(?<!been\s)"
    r"there(?!\s+(?:is|are|was|were|be|been|has|have|had|will|would|any|a|an|no|some|enough)\b)|then(?=\s*[?.!]*$)"
)
ONES = r"(?:the|that|this|which)\s+ones?|ones?(?=\s*[?.!]*$)|such"
REFERENCE = re.compile(rf"\b(?:{PERSONAL}|{DEMONSTRATIVE}|{PLACE}|{ONES})\b", re.IGNORECASE)
AUXILIARY = "am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
INVERTED = re.compile(
    rf"(?:(?!\b(?:{AUXILIARY})\b)[^,;:]){{0,200}}\b(?:{AUXILIARY})\s+(?:he|she|they|it|this|these|those)\b",
    re.IGNORECASE,
)
"""A pronoun that is the subject of the question, even if the question has a name: "How many Grammys have they won?"."""
EXPLETIVE = re.compile(
    r"\bit\b(?:\s+(?:ever|still|really|normally|usually|now|even))?\s+(?:(?:take|takes|took|taken|cost|costs|need|needs)\b.{0,200}?"
    r"\bto\b|(?:true|false|called|possible|legal|illegal|likely|safe|important|necessary|clear|correct|worth|known)\b"
    r"|rain|rains|rained|snow|snows|snowed|mean\b)",
    re.IGNORECASE,
)


def take(asked: ParsedQuestion, context: Context) -> FollowUp:
    """Return how a question is understood in its context. The time is linear in the length of both."""
    own = tuple(names(asked.text))
    if asked.is_phrase or not refers_back(asked.text, own):
        return FollowUp(text=asked.text)
    before = parse_question(context.question).text
    known = {word.casefold() for name in own for word in name.split()}
    added = [
        name for name in tuple(names(before)) or content_words(before) if not known.issuperset(name.casefold().split())
    ][:MAX_NAMES]
    return FollowUp(text=" ".join([asked.text, *added]), added=tuple(added), preferred_documents=context.document_id)


def refers_back(question: str, own_names: tuple[str, ...] = ()) -> bool:
    """Return whether a question refers to something outside itself, or leaves out its subject."""
    first_name = question.find(own_names[0]) if own_names else len(question)
    inverted = INVERTED.match(question)
    unresolved_until = max(first_name, inverted.end() if inverted else 0)
    for match in REFERENCE.finditer(question):
        if match.start() < unresolved_until and not EXPLETIVE.match(question, match.start()):
            return True
    if OPENING.match(question):
        return True
    return not own_names and len(terms(question)) <= MAX_BARE_TERMS


def names(text: str) -> Iterator[str]:
    """Yield the names and numbers of a question as written, each once; words next to each other are one name."""
    words = list(WORD.finditer(text))
    tells_names = capitals_tell_names(text)
    named = [_is_name(word[0], number, tells_names=tells_names) for number, word in enumerate(words)]
    if len(named) > 1 and named[1] and _may_begin_name(words[0][0]):
        named[0] = True
    runs: dict[str, None] = {}
    start = end = None
    for word, is_name in zip(words, named, strict=True):
        if not is_name:
            continue
        possessive = POSSESSIVE.search(word[0])
        word_end = word.start() + possessive.start() if possessive else word.end()
        if start is not None and end is not None and not text[end : word.start()].isspace():
            runs[text[start:end]] = None
            start = None
        start = word.start() if start is None else start
        end = word_end
    if start is not None:
        runs[text[start:end]] = None
    yield from runs


def content_words(text: str) -> Iterator[str]:
    """Yield the words of a question, each once, except stop words and question words."""
    yield from dict.fromkeys(word[0] for word in WORD.finditer(text) if not _is_function_word(word[0]))


def _is_name(word: str, position: int, *, tells_names: bool) -> bool:
    """Return whether a word has a digit, or is capitalized other than as the first of the question."""
    if any(map(str.isdigit, word)):
        return True
    if not tells_names or not word[0].isupper() or _is_function_word(word):
        return False
    return position > 0 or (len(word) > 1 and word.isupper())


def _may_begin_name(word: str) -> bool:
    return word[0].isupper() and not _is_function_word(word)


def _is_function_word(word: str) -> bool:
    return word.lower() in STOP_WORDS or word.lower() in QUESTION_WORDS
