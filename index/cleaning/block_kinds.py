"""Detection of headings in a body: subheads, and questions that the paragraphs below them answer.

A heading is kept, shown and can be cited, but is never a passage: otherwise a question that an article contains word
for word would be found as its own answer. The rules are conservative, since text classified as a heading cannot be
found: a heading is a block of its own above text, and is marked as a heading, is set in bold, has a label such as "Q:",
or is one of several questions of the same form. A single question between paragraphs is text.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from wherefrom.index.cleaning.block_features import CLOSERS, bullet_size, is_prose, is_sentence
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule
from wherefrom.index.cleaning.metadata.page import Page
from wherefrom.index.sources.html_elements import BLOCK_ELEMENTS
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.types import HeadingKind, Span

HEADING_ELEMENTS = frozenset(("h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend", "caption"))
BOLD_ELEMENTS = frozenset(("b", "strong"))
# Elements in which a line set in bold can be a heading; in a list or a table it is an item or a cell.
BOLD_HEADING_PARENTS = frozenset(("p", "div", "body", "article", "section", "main", "dd", "details"))
SUBHEAD_RULE = "subhead"
# Rules of blocks above the body that can be the headline.
HEADLINE_RULES = frozenset(("header", "title", SUBHEAD_RULE))
# Rules of blocks that may occur between a heading and its text: hidden content, pictures, edges of pages.
SKIPPED_RULES = frozenset(
    ("script", "style", "template", "iframe", "noscript", "blank", "caption", "credit", "debris", "page-edge",
     "export-mark", "deleted", "note-mark", "raised-number")
)  # fmt: skip
QUESTION_MARKS = ("?", "\uff1f", "؟", "\u037e", "፧")
# A line of eight words or more between paragraphs of flat text is rather a teaser of another story than a subhead.
MAX_LINE_WORDS = 7
MAX_SUBHEAD_WORDS = 20
MAX_QUESTION_WORDS = 80
# Maximum number of words of a question that only its position marks as a heading.
MAX_UNMARKED_WORDS = 25
MIN_UNMARKED_QUESTIONS = 2
# Smallest share of questions in the blocks of the body: for two or three questions, and for more.
MIN_SHARE_OF_FEW, MIN_SHARE_OF_MANY = 0.2, 0.1
FEW_QUESTIONS = 3
MIN_INTERVIEW_QUESTIONS = 2
SENTENCE_BREAK = re.compile(r"[.!…。\uff01।](?=[\s\"'\u201d\u2019»])|[。\uff01]")
QUESTION_LABEL = re.compile(r"(?:Q|Question)[ ]?\d{0,3}[ ]?[:\uff1a.)]\s*(?=\S)")
ANSWER_LABEL = re.compile(r"(?:^|\s)(?:A|Answer)[ ]?\d{0,3}[ ]?[:\uff1a.)]\s")
SPEAKER_LABEL = re.compile(r"[^\W\d_](?:[\w.'\u2019& -]{0,28}\w)?[ ]?[:\uff1a]")
MAX_LABEL_WORDS = 4
# Punctuation that a subhead may begin with, and marks that a subhead without markup does not contain.
OPENING_MARKS = "\"'\u201c\u2018«\u201e(¿¡\u300c\u300e"
NO_SUBHEAD_MARKS = (":", "\uff1a", "@", "//", " »")
HEADING_MARK = re.compile(r"#{1,6}\s+")
# Maximum length of the mark at the start of a heading, with the white space after it.
MAX_MARK_CHARACTERS = 80


def heading_kinds(page: Page, markup: Iterable[Token] = ()) -> dict[int, HeadingKind]:
    """Return the kind of each block that is a heading, by its index; `markup` are the tokens of an HTML page."""
    return _HeadingFinder(page, bold_spans(markup)).kinds()


def heading_mark_size(text: str) -> int:
    """Return the length of the mark before a heading (`## `, a bullet) with the white space after it; 0 without one."""
    head = text[:MAX_MARK_CHARACTERS]
    mark = HEADING_MARK.match(head)
    size = mark.end() if mark else bullet_size(head)
    return size if size < len(text) else 0


def bold_spans(markup: Iterable[Token]) -> list[Span]:
    """Return the spans of the text tokens that are set in bold and are not links, in order.

    Bold ends at the next tag of a block element, which limits the effect of a missing end tag.
    """
    spans: list[Span] = []
    bold = linked = 0
    for token in markup:
        if token.kind == "text":
            if bold and not linked:
                spans.append(Span(start=token.start, end=token.end))
        elif token.kind in {"open", "close"}:
            change = 1 if token.kind == "open" else -1
            if token.name in BLOCK_ELEMENTS:
                bold = linked = 0
            elif token.name in BOLD_ELEMENTS:
                bold = max(bold + change, 0)
            elif token.name == "a":
                linked = max(linked + change, 0)
    return spans


class _HeadingFinder:
    """Classifies blocks from the last to the first, since a heading depends on the block below it."""

    def __init__(self, page: Page, bold: Sequence[Span]) -> None:
        self._page = page
        self._blocks = page.blocks
        self._bold = bold
        self._bold_starts = [span.start for span in bold]
        self._kinds: dict[int, HeadingKind] = {}
        self._inner = range(page.first_body, page.last_body + 1)
        self._below = self._following()

    def kinds(self) -> dict[int, HeadingKind]:
        candidates = [index for index in self._inner if self._may_be_heading(index)]
        bold = {index for index in candidates if self._is_bold_line(index)}
        self._mark(self._marked_questions(candidates, bold))
        self._mark(self._labelled_questions(candidates))
        self._mark(self._unmarked_questions(candidates))
        self._mark(self._bold_remarks(bold))
        self._mark_subheads(candidates, bold)
        self._mark_opening_question()
        return self._kinds

    def _following(self) -> dict[int, int]:
        """Map each block that has one to the next block that is body text or may be a heading."""
        below: dict[int, int] = {}
        following: int | None = None
        for index in range(self._page.last_body, max(self._page.first_body - 2, -1), -1):
            if following is not None:
                below[index] = following
            rule = self._page.rules[index]
            if rule is None or rule == SUBHEAD_RULE:
                following = index
            elif rule not in SKIPPED_RULES:
                following = None
        return below

    def _may_be_heading(self, index: int) -> bool:
        """Return whether a block is kept, or dropped as a subhead, and has a block in `_below`."""
        rule = self._page.rules[index]
        return (rule is None or rule == SUBHEAD_RULE) and index in self._below

    def _mark(self, questions: Iterable[int]) -> None:
        """Mark the questions with text below them, from the last to the first."""
        for index in sorted(questions, reverse=True):
            if self._heads_text(index):
                self._kinds[index] = "question"

    def _heads_text(self, index: int) -> bool:
        """Return whether the block below is body text or a heading."""
        below = self._below.get(index)
        return below is not None and (below in self._kinds or self._is_text(below))

    def _is_text(self, index: int) -> bool:
        return self._page.rules[index] is None and index not in self._kinds

    # Questions

    def _marked_questions(self, candidates: Sequence[int], bold: AbstractSet[int]) -> Iterator[int]:
        """Yield the questions in heading elements, and the paragraphs in bold that end with a question mark."""
        for index in candidates:
            block = self._blocks[index]
            marked = block.element in HEADING_ELEMENTS or index in bold
            if marked and block.features.words <= MAX_QUESTION_WORDS and _ends_question(block.text):
                yield index

    def _labelled_questions(self, candidates: Sequence[int]) -> Iterator[int]:
        """Yield the blocks with the label of a question ("Q:"), and the questions of a speaker who asks repeatedly."""
        speakers = self._asking_speakers(candidates)
        for index in candidates:
            block = self._blocks[index]
            if block.features.words > MAX_QUESTION_WORDS or ANSWER_LABEL.search(block.text):
                continue
            asks = _ends_question(block.text)
            label = QUESTION_LABEL.match(block.text)
            is_labelled = label and (asks or ANSWER_LABEL.match(self._blocks[self._below[index]].text))
            if is_labelled or (asks and _speaker(block.text) in speakers):
                yield index

    def _asking_speakers(self, candidates: Sequence[int]) -> frozenset[str]:
        """Return the labels of which most blocks, and at least two, are questions above another speaker's block."""
        turns: Counter[str] = Counter()
        questions: Counter[str] = Counter()
        for index in candidates:
            text = self._blocks[index].text
            speaker = _speaker(text)
            if speaker is not None:
                turns[speaker] += 1
                questions[speaker] += _ends_question(text) and speaker != _speaker(
                    self._blocks[self._below[index]].text
                )
        return frozenset(
            speaker
            for speaker, count in questions.items()
            if count >= MIN_INTERVIEW_QUESTIONS and 2 * count > turns[speaker]
        )

    def _unmarked_questions(self, candidates: Sequence[int]) -> Sequence[int]:
        """Return the paragraphs that consist of one question above text, if the body has enough questions."""
        questions = [index for index in candidates if index not in self._kinds and self._is_unmarked_question(index)]
        alone = [
            index for index in questions if self._below[index] not in questions and self._is_text(self._below[index])
        ]
        total = len(alone) + len(self._kinds)
        body = sum(1 for index in self._inner if self._page.rules[index] is None)
        share = MIN_SHARE_OF_FEW if total <= FEW_QUESTIONS else MIN_SHARE_OF_MANY
        return alone if total >= MIN_UNMARKED_QUESTIONS and total >= share * body else []

    def _is_unmarked_question(self, index: int) -> bool:
        block = self._blocks[index]
        text = block.text
        return (
            block.features.words <= MAX_UNMARKED_WORDS
            and (text[0].isalnum() or text[0] in "¿#")
            and _ends_question(text)
            and not SENTENCE_BREAK.search(text)
            and block.element not in {"li", "td", "th"}
        )

    def _bold_remarks(self, bold: AbstractSet[int]) -> Iterator[int]:
        """Yield an interviewer's other remarks: sentences in bold below the first of at least two questions in bold."""
        asked = [index for index in bold if index in self._kinds]
        if len(asked) >= MIN_INTERVIEW_QUESTIONS:
            first = min(asked)
            for index in bold:
                block = self._blocks[index]
                short = block.features.words <= MAX_QUESTION_WORDS
                if index > first and index not in self._kinds and short and is_sentence(block.features):
                    yield index

    def _mark_opening_question(self) -> None:
        """Mark the question directly above the body if the body has more questions and the headline is above it."""
        index = self._page.first_body - 1
        has_headline = any(self._page.rules[above] in HEADLINE_RULES for above in range(index))
        if not has_headline or self._below.get(index) != self._page.first_body:
            return
        block = self._blocks[index]
        asked = sum(1 for kind in self._kinds.values() if kind == "question")
        kept = self._page.rules[index] in HEADLINE_RULES and self._is_text(self._page.first_body)
        if kept and asked >= MIN_UNMARKED_QUESTIONS and self._is_unmarked_question(index) and block.element != "h1":
            self._kinds[index] = "question"

    # Subheads

    def _mark_subheads(self, candidates: Sequence[int], bold: AbstractSet[int]) -> None:
        """Mark the subheads, from the last to the first: short blocks above prose whose text occurs only once."""
        counts = Counter(self._blocks[index].text for index in candidates)
        for index in reversed(candidates):
            if index in self._kinds or index == self._page.first_body or counts[self._blocks[index].text] > 1:
                continue
            if self._has_form_of_subhead(index, marked_bold=index in bold) and self._heads_prose(index):
                self._kinds[index] = "subhead"

    def _has_form_of_subhead(self, index: int, *, marked_bold: bool) -> bool:
        block = self._blocks[index]
        features = block.features
        marked = block.element in HEADING_ELEMENTS
        if not 0 < features.words <= (MAX_SUBHEAD_WORDS if marked or marked_bold else MAX_LINE_WORDS):
            return False
        if boilerplate_rule(block.text, features) is not None or not any(map(str.isalpha, block.text)):
            return False
        if self._page.rules[index] == SUBHEAD_RULE:
            return marked or self._is_line_between_paragraphs(index)
        if marked and block.element not in {"dt", "summary"}:
            return False  # prose in a heading element is a lead
        return (marked or marked_bold) and not features.ends_sentence and block.text[-1] not in ",;"

    def _is_line_between_paragraphs(self, index: int) -> bool:
        """Return whether an unmarked line may be a subhead: below body text, and no label, address or announcement."""
        text = self._blocks[index].text
        above_is_text = index > self._page.first_body and self._page.rules[index - 1] is None
        start = text[heading_mark_size(text) :][:1]
        return (
            above_is_text
            and (start.isalnum() or start in OPENING_MARKS)
            and not self._blocks[index].features.is_bullet
            and not any(mark in text for mark in NO_SUBHEAD_MARKS)
            and text[-1] not in ",;"
        )

    def _heads_prose(self, index: int) -> bool:
        below = self._below[index]
        return below in self._kinds or (self._is_text(below) and is_prose(self._blocks[below].features))

    def _is_bold_line(self, index: int) -> bool:
        """Return whether all text of a block is set in bold, and the block is not a list item or a cell."""
        block = self._blocks[index]
        return block.element in BOLD_HEADING_PARENTS and all(
            self._is_bold(segment)
            for segment in block.segments
            if not self._page.text[segment.start : segment.end].isspace()
        )

    def _is_bold(self, segment: Span) -> bool:
        position = bisect_right(self._bold_starts, segment.start) - 1
        return position >= 0 and segment.end <= self._bold[position].end


def _ends_question(text: str) -> bool:
    return text.rstrip(CLOSERS).endswith(QUESTION_MARKS)


def _speaker(text: str) -> str | None:
    """Return the label before the colon at the start of a block ("Q", "The Courier"), or `None`."""
    label = SPEAKER_LABEL.match(text)
    return label[0].rstrip(" :\uff1a") if label and len(label[0].split()) <= MAX_LABEL_WORDS else None
