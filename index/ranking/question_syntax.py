"""The operators of a question: exact phrases in quotation marks, and words or phrases that a minus excludes.

A minus is an operator only after white space or a bracket and before a letter or a quotation mark, unlike the hyphen of
"X-band", a dash between words or the sign of a number. Quotation marks may be straight or typographic; a straight one
after a letter or a digit, as in 6", does not open a phrase.
"""

import re
from dataclasses import dataclass, replace

from wherefrom.index.engine import NO_WORD_FILTERS
from wherefrom.index.ranking.question_parts import split_parts
from wherefrom.index.text.analyzer import words
from wherefrom.index.types import WordFilters

MARKS = '"\uff02\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f'
PAIRS = (
    rf"(?<!\w)[\"\uff02](?P<straight>[^{MARKS}]*)[\"\uff02](?!\w)",
    rf"[\u201c\u201e\u201f](?P<curved>[^{MARKS}]*)[\u201c\u201d]",
    rf"\u201d(?P<raised>[^{MARKS}]*)\u201d",
    rf"\u00ab(?P<pointed>[^{MARKS}]*)\u00bb",
    rf"\u00bb(?P<inward>[^{MARKS}]*)\u00ab",
    rf"[\u300c\u300e](?P<corner>[^{MARKS}]*)[\u300d\u300f]",
)
OPERATOR = re.compile(rf"(?P<minus>(?<![^\s(\[])-)?(?:{'|'.join(PAIRS)})|(?<![^\s(\[])-(?P<word>[^\W\d_][^\s{MARKS}]*)")
MAY_HAVE_OPERATOR = re.compile(rf"[{MARKS}]|(?<![^\s(\[])-(?=[^\W\d_])")
CLOSING_PUNCTUATION = ".,;:!?)]}\u2026\uff1f\uff01"
SPACE_BEFORE_PUNCTUATION = re.compile(r"\s+(?=[.,;:!?\uff1f\uff01](?:\s|$))")
QUESTION_MARKS = ("?", "\uff1f", "\u061f")
MAX_OPERATORS = 20
"""Maximum number of phrases and excluded words in a question: each may need a scan of all words of the collection."""
NOTE_QUESTION = "the quotation marks enclose a whole question, so it is not searched for as a phrase"
NOTE_NOT_FOUND = "no paragraph holds the quoted question word for word, so it is not searched for as a phrase"
NOTE_ONLY_EXCLUDED = "nothing but excluded words, so they are searched for"
NOTE_TOO_MANY = f"more than {MAX_OPERATORS} phrases and excluded words, so none of them restricts the answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuestion:
    """The text of a question without its operators, and the operators.

    `phrases` and `excluded` are as written. `is_phrase` says that the question consists of one phrase. `notes` say
    what was not taken as an operator; `set_aside` are parts that ask nothing (`question_parts`).
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_phrase: bool = False
    notes: tuple[str, ...] = ()
    words: WordFilters = NO_WORD_FILTERS
    set_aside: tuple[str, ...] = ()

    def without_operators(self, note: str) -> "ParsedQuestion":
        """Return the question as plain text, with a note that says why."""
        return ParsedQuestion(text=self.text, notes=(*self.notes, note), set_aside=self.set_aside)


def parse_question(question: str) -> ParsedQuestion:
    """Parse a question into its text, its operators and the parts set aside. The time is linear in its length."""
    parts = split_parts(question)
    if not MAY_HAVE_OPERATOR.search(parts.text):
        return ParsedQuestion(text=parts.text, set_aside=parts.set_aside)
    return replace(_parse_operators(parts.text), set_aside=parts.set_aside)


def _parse_operators(question: str) -> ParsedQuestion:
    kept: list[str] = []
    outside: list[str] = []
    phrases: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, tuple[str, ...]] = {}
    end = 0
    for match in OPERATOR.finditer(question):
        content, rest = _operand(match)
        sequence = tuple(words(content))
        if not sequence:
            continue
        outside.append(question[end : match.start()])
        kept.append(outside[-1])
        if match["minus"] or match["word"]:
            excluded[content] = sequence
            kept.append(rest)
        else:
            phrases[content] = sequence
            kept.append(content)
        end = match.end()
    if not phrases and not excluded:
        return ParsedQuestion(text=question)
    outside.append(question[end:])
    text = SPACE_BEFORE_PUNCTUATION.sub("", " ".join("".join([*kept, question[end:]]).split()))
    parsed = ParsedQuestion(
        text=text,
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        words=WordFilters(phrases=_distinct(phrases), excluded=_distinct(excluded)),
    )
    return _checked(parsed, question, has_other_words=any(map(words, outside)))


def _checked(parsed: ParsedQuestion, question: str, *, has_other_words: bool) -> ParsedQuestion:
    """Return the question without operators that would leave no text to search for, or exclude everything."""
    if not parsed.phrases and not has_other_words:
        return replace(parsed, text=question).without_operators(NOTE_ONLY_EXCLUDED)
    if len(parsed.phrases) + len(parsed.excluded) > MAX_OPERATORS:
        return replace(parsed, text=question).without_operators(NOTE_TOO_MANY)
    if has_other_words or parsed.excluded or len(parsed.phrases) > 1:
        return parsed
    if parsed.text.endswith(QUESTION_MARKS):
        return parsed.without_operators(NOTE_QUESTION)
    return replace(parsed, is_phrase=True)


def _operand(match: re.Match[str]) -> tuple[str, str]:
    """Return the operand of an operator, and the punctuation after it that is not part of it."""
    if match["word"]:
        word = match["word"].rstrip(CLOSING_PUNCTUATION)
        return word, match["word"][len(word) :]
    names = ("straight", "curved", "raised", "pointed", "inward", "corner")
    return next(" ".join(match[name].split()) for name in names if match[name] is not None), ""


def _distinct(sequences: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(sequences.values()))
