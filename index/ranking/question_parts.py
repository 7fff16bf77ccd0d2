"""Removes the parts of a question that ask nothing: markup, greetings, introductions, requests, thanks, and context.

They are set aside before the question is encoded, so that "Hi! Could you please tell me why it rained? Thanks a lot!"
is asked as "why it rained?". The phrases are English; from a question in another language only markup is removed. In
doubt a part stays: "Can Russia tell China ..." and "Thanks to whom ..." are questions themselves.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.text.analyzer import terms
from wherefrom.index.text.mentions import mentions

Range = tuple[int, int]

TAG_NAMES = (
    "a|abbr|b|blockquote|body|br|center|cite|code|div|em|font|h[1-6]|html|i|li|mark|ol|p|pre|q|s|small|span|strike|"
    "strong|sub|sup|table|td|th|tr|u|ul"
)
TAG = re.compile(rf"</?(?:{TAG_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
BLOCK = re.compile(r"</?(?:blockquote|br|div|h\d|li|p|table|td|th|tr)\b", re.IGNORECASE)
REFERENCE = re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
EMPHASIS = re.compile(
    r"(?<!\w)(?:(\*\*)[^*\n]+(\*\*)|(__)[^_\n]+(__)|(\*)[^*\s][^*\n]*(\*)|(_)[^_\s][^_\n]*(_)|(~~)[^~\n]+(~~)"
    r"|(`)[^`\n]+(`))(?!\w)"
)
ENCLOSED = re.compile(r"\s*(['\u2018\u201a`])([^'\u2018\u2019\u201a`]+)(['\u2018\u2019`])\s*")
"""A text in single quotation marks; double ones may be operators (`question_syntax`)."""

ASKING = r"(?:why|what|who|whom|whose|when|where|which|how|if|whether|in what|in which|to what|by whom|for whom)"
QUOTE = "[\"'\u201c\u2018\u00ab]?"
AHEAD = rf"(?=[\s,:;\u2013-]*{QUOTE}{ASKING}\b)"
"""A question follows."""
LINE_MARK = re.compile(
    rf"^[ \t]*(?:#{{1,6}}|>+|[*+\u2022-]|\(?(?:\d{{1,2}}|[a-z])[.)](?=[ \t]+{QUOTE}{ASKING}\b))[ \t]+",
    re.MULTILINE | re.IGNORECASE,
)
"""A mark of a heading, a quotation or a list; a number or letter only before a question, unlike "1. FC Koln"."""
OBJECT = r"(?:\s+(?:me|us))"
ADVERB = r"(?:\s+(?:please|kindly|possibly|perhaps|maybe|also|just|quickly|briefly))*"
YOU = r"(?:could|can|would|will)(?:\s+(?:you|anyone|anybody|someone|somebody))"
WISH = r"(?:i|we)(?:\s+would|['\u2019]d|\s+should)(?:\s+(?:really|also|just))*\s+(?:like|love)"
WANT = r"(?:i|we)(?:\s+(?:really|also|just))*\s+(?:want|need)"
BE = r"(?:i\s+am|i\s+was|i['\u2019]m|we\s+are|we\s+were|we['\u2019]re)(?:\s+just)?"
WONDER = rf"(?:{BE}\s+wondering|(?:i|we)\s+wonder)"
GRATEFUL = r"(?:i|we)(?:\s+would|['\u2019]d)(?:\s+really)?\s+(?:be\s+(?:very\s+)?grateful|appreciate\s+it)"
HAVE = r"(?:i|we)(?:\s+(?:just\s+)?have|['\u2019]ve(?:\s+got)?)"
LEARN = r"(?:know|learn|understand|find\s+out|hear|ask(?:\s+you)?)"
TOLD = (
    rf"(?:tell{OBJECT}|explain(?:\s+to{OBJECT})?|let{OBJECT}\s+know|inform{OBJECT}|say|describe|clarify"
    rf"|show{OBJECT}|help{OBJECT}\s+(?:to\s+)?(?:understand|find(?:\s+out)?)|give{OBJECT}"
    r"|find\s+out|figure\s+out|look\s+up)"
)
REQUEST = re.compile(
    rf"(?:so|and|now|ok|okay|well)?[\s,]*(?:please[\s,]+|kindly\s+)?(?:"
    rf"(?:{WONDER}\s+(?:if|whether)|{GRATEFUL}\s+if)\s+(?:you|anyone|someone)\s+(?:could|can|would|might){ADVERB}\s+{TOLD}{AHEAD}"
    rf"|{YOU}{ADVERB}(?:\s+be\s+so\s+kind(?:\s+as\s+to|\s+and))?{ADVERB}\s+{TOLD}{AHEAD}"
    rf"|{YOU}{ADVERB}\s+(?:tell{OBJECT}|explain(?:\s+to{OBJECT})?)\s+(?:please\s+)?(?:about\s+)?(?=(?:the|a|an)\s)"
    rf"|(?:do|does|would)\s+(?:you|anyone|anybody|someone)(?:\s+happen\s+to)?\s+know{AHEAD}"
    rf"|(?:would|do)\s+you\s+mind\s+(?:telling{OBJECT}|explaining(?:\s+to{OBJECT})?){AHEAD}"
    rf"|(?:(?:do|does)\s+(?:you|anyone|anybody|someone)\s+have\s+)?any\s+(?:idea|clue){AHEAD}"
    rf"|(?:{WISH}|{WANT})\s+to\s+{LEARN}{AHEAD}"
    rf"|{WONDER}{AHEAD}"
    rf"|{BE}\s+(?:curious(?:\s+(?:to\s+know|about))?|interested\s+in\s+knowing|trying\s+to\s+{LEARN}){AHEAD}"
    rf"|{TOLD}{ADVERB}{AHEAD}"
    rf"|(?:my|here\s+is\s+my|here['\u2019]s\s+my|the|one|a|just\s+a|{HAVE}\s+(?:a|one|another))?\s*"
    rf"(?:quick\s+|short\s+|simple\s+)?question(?:\s+is)?\s*[:,\u2013-]{AHEAD}"
    rf"|q\s*:{AHEAD}"
    rf"|(?:my|the)\s+question\s+is(?:\s+this)?{AHEAD}"
    rf"|what\s+(?:i|we)(?:(?:\s+(?:really|actually))?\s+(?:want|need)|(?:\s+would|['\u2019]d)\s+like)\s+to\s+know\s+is[,:]?{AHEAD}"
    rf")[\s,:;\u2013-]*",
    re.IGNORECASE,
)
LEADING_PLEASE = re.compile(rf"(?:please|kindly)[\s,:]+(?={QUOTE}{ASKING}\b)", re.IGNORECASE)
TRAILING_PLEASE = re.compile(r",\s?please(?=[\s?.!]{0,9}$)", re.IGNORECASE)
GREETED = r"(?:\s+(?:there|all|everyone|everybody|again|team|folks|friends|wherefrom|to\s+(?:all|everyone)))*"
GREETING = re.compile(
    rf"(?:(?:hi|hello|hey|greetings|good\s+(?:morning|afternoon|evening|day)){GREETED}"
    r"|dear\s+(?:sirs?|madam|sir\s+or\s+madam|all|team|colleagues|editors?|friends|wherefrom)"
    r"|excuse\s+me|pardon\s+me|sorry(?:\s+(?:to|for)\s+(?:bother|disturb|bothering|disturbing)(?:\s+you)?)?)"
    rf"(?:\s*[,!.:;\u2013-]+\s*|\s*\n\s*|\s+(?={ASKING}\b|{YOU}\b|please\b|{BE}\b|{WISH}\b))",
    re.IGNORECASE,
)
THANKS_WORDS = (
    r"(?:(?:many|kind|best)\s+)?(?:thanks|thank\s+you|thx|cheers|(?:kind\s+|best\s+|warm\s+)?regards)"
    r"(?:\s+(?:a\s+lot|a\s+million|so\s+much|very\s+much|in\s+advance|again|all|everyone|and\s+best\s+regards"
    r"|for\s+(?:your|any|the)\s+(?:help|time|answer|reply|attention|assistance)))*"
)
SIGNED = r"(?:[!.]?\s*[,\n]\s*(?-i:[A-Z])[\w.'\u2019-]*(?:\s(?-i:[A-Z])[\w.'\u2019-]*){0,3})?"
CLOSE = r"(?:all\s+the\s+)?best|(?:yours\s+)?(?:sincerely|faithfully|truly)|(?:sincerely|truly)\s+yours|respectfully"
"""Words that close a letter, which may also end a question: they are set aside only as a sentence of their own."""
THANKS = re.compile(rf"(?:{THANKS_WORDS}|{CLOSE}){SIGNED}[\s!.,:)\u2013-]*", re.IGNORECASE)
TRAILING_THANKS = re.compile(
    rf"(?:\s?[,\u2013]\s?|(?<=[?.!])\s?|\s-\s){THANKS_WORDS}{SIGNED}[\s!.:)]{{0,9}}$", re.IGNORECASE
)
INTRODUCTION = re.compile(
    r"(?:i\s+am|i['\u2019]m|we\s+are|we['\u2019]re)\s+(?:an?|the|from|with|at|working|writing|new|currently|just|not"
    r"|preparing|researching|doing|sorry|on|in)\b|my\s+name\s+is\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"(?:i|we|my|our|i['\u2019](?:m|ve|d|ll)|we['\u2019](?:re|ve|d|ll))\b", re.IGNORECASE)
COURTESY = re.compile(
    r"(?:please\s+(?:help|answer|reply|respond|be|keep|cite|use|do\s+not|don['\u2019]t)|any\s+help\b|hope\s+(?:you|this))",
    re.IGNORECASE,
)
FORM = re.compile(
    r"(?:(?:much|greatly)\s+appreciated|(?:be|keep\s+it)\s+(?:brief|short|concise)\b|cite\s+(?:your|the|all)\s+sources?\b"
    r"|(?:answer|reply|respond)\s+(?:briefly|concisely|in\s+(?:a|one|two|three|short|full|plain|simple|english)\b|with\b))",
    re.IGNORECASE,
)
"""A wish for the form of the answer; a sentence with names tells something: "Cite the sources of the Gaza report"."""
LANGUAGE_OF_ANSWER = re.compile(r"\benglish\b", re.IGNORECASE)
QUESTION_START = re.compile(
    rf"{QUOTE}(?:(?:so|and|now|but|ok|okay|well)[\s,]+)?(?:{ASKING}|is|are|was|were|does|do|did|has|have|had|can|could"
    r"|will|would|should)\b",
    re.IGNORECASE,
)
REFERRING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|such|one|ones|so"
    r"|former|latter|both)\b",
    re.IGNORECASE,
)
CLOSING = "[\"'\u2019\u201d)\\]]{0,3}"
SENTENCE_END = re.compile(
    rf"[!?\u2026]{CLOSING}\s+|(?<=[^\W\d_]{{3}})\.{CLOSING}\s+(?=\W{{0,3}}[A-Z0-9]|{ASKING}\b|(?:could|can|please|thanks?)\b)"
    r"|\n[ \t]*\n"
)
TITLE = re.compile(r"\b(?:Mrs|Gen|Sen|Rep|Gov|Prof|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Inc|Corp|Ltd)$")
ENGLISH = re.compile(
    r"\b(?:the|of|to|and|does|did|why|what|how|who|when|where|which|for|with|from|that|are|were|have|has|you|my|me|us"
    r"|is|it|if|please|thanks?|tell|know|explain|wonder|whether|could|would|anyone|someone|question)\b",
    re.IGNORECASE,
)
MIN_ENGLISH_WORDS = 2
LONG_CHARACTERS = 200
"""Length, in characters, from which context with names that the question does not have is set aside too."""
WORD = re.compile(r"\w")
OPENS_WITH_ANOTHER_PART = re.compile(
    r"\s*(?:['\u2018\u201a`*_#>+\u2022-]|\(?(?:\d{1,2}|[a-z])[.)]|(?:hi|hello|hey|dear|good\s+(?:morning|afternoon|evening|day)|greetings|excuse|pardon|sorry"
    r"|please|kindly|i|we|my|so|and|now|ok|okay|well|tell|explain|let|question|q|quick|short|simple|just|one|the|a|here"
    r"|inform|say|describe|clarify|show|help|give|find|figure|look|any\s+(?:idea|clue)|what\s+(?:i|we)"
    r"|(?:could|can|would|will|do|does)\s+(?:you|any(?:one|body)|some(?:one|body)))\b)",
    re.IGNORECASE,
)
MAY_HAVE_ANOTHER_PART = re.compile(r"[-<`&*_~\n!?.,\u2026\u2013](?:(?<=[<`&*_~\n])|\S{0,3}\s+\S)")
"""One of these two expressions matches every question with a part to set aside, and few others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionParts:
    """The text that is asked, and the parts that were set aside, in order, each a substring of the question."""

    text: str
    set_aside: tuple[str, ...] = ()


def split_parts(question: str) -> QuestionParts:
    """Split a question into the text that is asked and the parts that are set aside.

    The text has a word if the question has one. The time is linear in the length of the question.
    """
    if not (OPENS_WITH_ANOTHER_PART.match(question) or MAY_HAVE_ANOTHER_PART.search(question)):
        return QuestionParts(text=question)
    marked = Marked.of(question)
    ranges = sorted(_other_parts(marked.text))
    text = _without(marked.text, ranges)
    removed = [*marked.removed, *((marked.places[start], marked.places[end - 1] + 1) for start, end in ranges)]
    if not removed or not WORD.search(text):
        return QuestionParts(text=question)
    pieces = (question[start:end].strip() for start, end in sorted(removed))
    return QuestionParts(text=text, set_aside=tuple(dict.fromkeys(piece for piece in pieces if piece)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A question without its markup: the text, the offset of each character in the question, and the removed ranges.

    A character reference counts as removed; the character that it stands for has its offset.
    """

    text: str
    places: Sequence[int]
    removed: tuple[Range, ...]

    @classmethod
    def of(cls, question: str) -> "Marked":
        """Remove HTML tags, Markdown marks, and single quotation marks around the whole question."""
        removed: list[Range] = []
        characters: list[str] = []
        places: list[int] = []
        end = 0
        for start, after in sorted(set(_markup(question))):
            if start < end:
                continue
            left = " " if BLOCK.match(question, start, after) else ""
            if REFERENCE.fullmatch(question, start, after):
                left = html.unescape(question[start:after])
            characters += [*question[end:start], *left]
            places += [*range(end, start), *([start] * len(left))]
            removed.append((start, after))
            end = after
        characters += question[end:]
        places += range(end, len(question))
        return cls(text="".join(characters), places=places, removed=tuple(removed))


def _markup(question: str) -> Iterator[Range]:
    """Yield the ranges of a question's markup."""
    for pattern in (TAG, REFERENCE, LINE_MARK):
        yield from (match.span() for match in pattern.finditer(question))
    for match in EMPHASIS.finditer(question):
        yield from (match.span(group) for group in range(1, len(match.groups()) + 1) if match[group])
    if enclosed := ENCLOSED.fullmatch(question):
        yield enclosed.span(1)
        yield enclosed.span(3)


def _other_parts(text: str) -> Iterator[Range]:
    """Yield the ranges of an English text without markup that are not part of its question."""
    if len(ENGLISH.findall(text)) < MIN_ENGLISH_WORDS:
        return
    sentences = list(_sentences(text))
    asking = [each for each in sentences if _asks(text[slice(*each)])] or [
        each for each in sentences if not _is_courtesy(text[slice(*each)])
    ]
    if not asking:
        return
    for sentence in sentences:
        if sentence in asking:
            yield from _courtesies(text, *sentence)
        elif _is_courtesy(text[slice(*sentence)]) or not _is_needed(text, sentence, asking):
            yield sentence


def _sentences(text: str) -> Iterator[Range]:
    """Yield the sentences of a text, without the white space around them."""
    start = 0
    for match in SENTENCE_END.finditer(text):
        if TITLE.search(text, start, match.start()):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[Range]:
    content = text[start:end]
    if WORD.search(content):
        indent = len(content) - len(content.lstrip())
        yield start + indent, start + indent + len(content.strip())


def _asks(sentence: str) -> bool:
    start = _after_greeting(sentence)
    return (
        sentence.rstrip("\"'\u2019\u201d)]!").endswith(("?", "\uff1f"))
        or QUESTION_START.match(sentence, start) is not None
        or REQUEST.match(sentence, start) is not None
    )


def _is_courtesy(sentence: str) -> bool:
    """Return whether a sentence that asks nothing is a greeting, an introduction or thanks, even if it has names."""
    start = _after_greeting(sentence)
    return (
        WORD.search(sentence, start) is None
        or GREETING.fullmatch(sentence + " ") is not None
        or INTRODUCTION.match(sentence, start) is not None
        or COURTESY.match(sentence, start) is not None
        or (FORM.match(sentence, start) is not None and not mentions(LANGUAGE_OF_ANSWER.sub("", sentence)))
        or _is_thanks(sentence)
    )


def _is_thanks(sentence: str) -> bool:
    return THANKS.fullmatch(sentence) is not None


def _after_greeting(sentence: str) -> int:
    match = GREETING.match(sentence)
    return match.end() if match else 0


def _is_needed(text: str, sentence: Range, asking: Sequence[Range]) -> bool:
    """Return whether the sentences that ask depend on a sentence of context."""
    context = text[slice(*sentence)]
    names = mentions(context)
    if FIRST_PERSON.match(context) and not names:
        return False
    asked = [text[slice(*each)] for each in asking]
    own = {name for each in asked for name in mentions(each)}
    stands_alone = bool(own) and not any(REFERRING.search(each) for each in asked) and len(terms(" ".join(asked))) > 1
    if not stands_alone:
        return True
    return len(text) < LONG_CHARACTERS


def _courtesies(text: str, start: int, end: int) -> Iterator[Range]:
    """Yield the ranges of greetings, requests and thanks in a sentence that asks."""
    first = start
    for pattern in (GREETING, REQUEST, LEADING_PLEASE):
        if match := pattern.match(text, start, end):
            start = match.end()
    if start > first:
        yield first, start
    for pattern in (TRAILING_THANKS, TRAILING_PLEASE):
        if match := pattern.search(text, start, end):
            yield match.span()
            end = match.start()


def _without(text: str, ranges: Sequence[Range]) -> str:
    """Return a text without some ranges, with one space for each run of white space, and none before punctuation."""
    kept: list[str] = []
    end = 0
    for start, after in [*ranges, (len(text), len(text))]:
        kept.append(text[end:start])
        end = max(end, after)
        if end < len(text) and text[end] not in "?!.,":
            kept.append(" ")
    return " ".join("".join(kept).split())
