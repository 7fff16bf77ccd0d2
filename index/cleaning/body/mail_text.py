"""Quotations and forwarded mails in a text: the marks ">" of quoted lines, the heads of forwarded mails, signatures.

Quoted lines are joined as wrapped lines are; their marks belong to no segment. A mail has no menus, so that sentences
that the rules for pages take for a header or a footer are its own text.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from wherefrom.index.cleaning.block_features import MIN_LOWERCASE_SHARE, is_prose, is_sentence, measure
from wherefrom.index.cleaning.body.blocks import Block, split_blocks
from wherefrom.index.sources.lines import Line
from wherefrom.index.types import Span

QUOTE_MARKS = re.compile(r"(?:>(?!\d)[ \t]?)+")
BLANKS = re.compile(r"[ \t]*+")
MIN_QUOTED_WORDS = 6
"""Minimum number of words of a line that shows that marks are those of quotations, not the arrows of a menu."""
FORWARD_LINE = re.compile(
    r"-{2,} ?(?:forwarded message|original message|forwarded by .{0,80}|weitergeleitete nachricht"
    r"|urspr\u00fcngliche nachricht|original-nachricht|message transf\u00e9r\u00e9|message d['\u2019]origine"
    r"|mensaje reenviado|mensaje original|messaggio inoltrato|messaggio originale|doorgestuurd bericht"
    r"|oorspronkelijk bericht|mensagem encaminhada|mensagem original) ?-{2,}|begin forwarded message:",
    re.IGNORECASE,
)
FIELDS = re.compile(
    r"(?:(?P<sender>from|von|de|da|van|od)|(?P<time>date|sent|datum|gesendet|envoy\u00e9|fecha|enviado(?: el)?|data"
    r"|inviato|verzonden|enviada(?: em)?|wys\u0142ano)|(?P<reader>to|an|\u00e0|para|aan|do|a|cc|bcc|kopie|reply-to)"
    r"|(?P<subject>subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat))\s?:(?:\s|$)",
    re.IGNORECASE,
)
ADDRESS = "@"
MIN_FIELDS, NEEDED_FIELDS = 3, frozenset(("sender", "subject"))
"""Minimum number of kinds of fields of the head of a mail without a line above it, and the kinds among them."""
ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|il|op|em) .{0,200}\d.{0,200}"
    r"\b(?:wrote|schrieb.{0,80}|a \u00e9crit|escribi\u00f3|ha scritto|schreef.{0,80}|escreveu)\s?:",
    re.IGNORECASE,
)
MAX_HEAD_CHARACTERS = 500
SIGNATURE_MARK = "--"
MAX_SIGNATURE_BLOCKS = 10
MIN_ANNOUNCEMENT_WORDS = 4
HEAD_RULE, SIGNATURE_RULE = "mail-header", "signature"
MIN_SENTENCE_SHARE = 0.7
"""Minimum share of the words in sentences from which a text has no menus."""
# Rules of pages that drop the sentences of a mail for their place alone.
RULES_OF_PLACE = frozenset(("header", "footer", "subhead", "not-main-content"))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """A line without its quotation marks, `depth` of them, which are the range `marks`."""

    line: Line
    depth: int
    marks: Span


def quote_marks(text: str, lines: Sequence[Line]) -> Iterator[Span]:
    """Yield the ranges of the marks before quoted lines; none unless one of these has the words of a sentence."""
    for quoted in _quoted_lines(text, lines).values():
        yield quoted.marks


def mail_blocks(text: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    """Return the blocks of a text as `split_blocks` does, with quoted lines joined without their marks.

    Lines of different depths of quotation are never joined, and quoted lines have their own wrapping.
    """
    quoted = _quoted_lines(text, lines)
    if not quoted:
        return split_blocks(text, lines)
    own: list[Line] = []
    others: list[Line] = []
    last: int | None = None
    for line in lines:
        found = quoted.get(line.position)
        depth = found.depth if found else last if line.blank and last is not None else 0
        content = found.line if found else line
        (others if depth else own).append(content if depth == last else replace(content, after="paragraph"))
        last = depth
    blocks = [block for group in (own, others) if group for block in split_blocks(text, group)]
    return tuple(sorted(blocks, key=lambda block: block.start))


def mail_rules(
    text: str, lines: Sequence[Line], blocks: Sequence[Block], rules: Sequence[str | None]
) -> list[str | None]:
    """Return the rules of blocks with those of a mail, if the text has quotations in prose or a forwarded mail."""
    marks = list(quote_marks(text, lines))
    heads = _heads(blocks, frozenset(at for at, block in enumerate(blocks) if _is_quoted(text, block, marks)))
    if not heads and not any(_is_quoted(text, block, marks) and is_prose(block.features) for block in blocks):
        return list(rules)
    signatures = frozenset(_signatures(text, blocks, heads, marks))
    result = list(rules)
    if _has_no_menus(blocks, heads | signatures):
        result = [None if _is_own_text(block, rule) else rule for block, rule in zip(blocks, rules, strict=True)]
    for index in heads:
        result[index] = HEAD_RULE
    for index in signatures:
        result[index] = SIGNATURE_RULE
    return result


def with_text_above_forward(blocks: Sequence[Block], rules: Sequence[str | None]) -> list[str | None]:
    """Return the rules of the blocks of an HTML mail, with the sentences above the head of a forwarded mail as text.

    They end at the first block above that is kept or that another rule drops, as in an article that shows a mail. A
    head begins with the line of a mail program, or is an attribution with an address: an article may quote fields.
    """
    heads = _heads(blocks, frozenset(), fields_alone=False)
    result = list(rules)
    for index in range(min(heads, default=0) - 1, -1, -1):
        if rules[index] not in RULES_OF_PLACE:
            break
        if _is_own_text(blocks[index], rules[index]):
            result[index] = None
    for index in heads:
        result[index] = HEAD_RULE
    return result


def _quoted_lines(text: str, lines: Sequence[Line]) -> dict[int, QuotedLine]:
    """Return the quoted lines by position; empty unless one has the words of a sentence."""
    if ">" not in text:
        return {}
    found: dict[int, QuotedLine] = {}
    shows_quotation = False
    for line in lines:
        marks = QUOTE_MARKS.match(text, line.start, line.end)
        if marks is None:
            continue
        content = text[marks.end() : line.end]
        start = line.end - len(content.lstrip())
        depth = text.count(">", line.start, marks.end())
        bare = replace(line, start=start, indent=start - marks.end())
        end = line.start + len(marks[0].rstrip())
        found[line.position] = QuotedLine(line=bare, depth=depth, marks=Span(start=line.start, end=end))
        if not shows_quotation:
            features = measure(content)
            shows_quotation = features.words >= MIN_QUOTED_WORDS and features.lowercase_share >= MIN_LOWERCASE_SHARE
    return found if shows_quotation else {}


def _heads(blocks: Sequence[Block], quoted: Container[int], *, fields_alone: bool = True) -> frozenset[int]:
    """Return the indices of the blocks of the heads of mails: a line above one, its fields, and attributions.

    An attribution has an address, or a block with an index in `quoted` below it. `fields_alone` says whether fields
    without a line above them are a head.
    """
    heads: set[int] = set()
    index = 0
    while index < len(blocks):
        start = index
        while index < len(blocks) and FORWARD_LINE.fullmatch(blocks[index].text):
            index += 1
        is_forward = index > start
        kinds: set[str] = set()
        while index < len(blocks) and (field := FIELDS.match(blocks[index].text[:MAX_HEAD_CHARACTERS])):
            kinds.add(str(field.lastgroup))
            index += 1
        if (is_forward and kinds) or (fields_alone and len(kinds) >= MIN_FIELDS and kinds >= NEEDED_FIELDS):
            heads.update(range(start, index))
        elif index == start:
            text = blocks[index].text
            is_introduction = len(text) <= MAX_HEAD_CHARACTERS and ATTRIBUTION.fullmatch(text) is not None
            if is_introduction and (ADDRESS in text or index + 1 in quoted):
                heads.add(index)
            index += 1
    return frozenset(heads)


def _is_own_text(block: Block, rule: str | None) -> bool:
    """Return whether a rule drops a sentence, or a line that announces what is below it, for its place alone."""
    announces = block.text.endswith(":") and block.features.words >= MIN_ANNOUNCEMENT_WORDS
    return rule in RULES_OF_PLACE and (announces or is_sentence(block.features))


def _signatures(text: str, blocks: Sequence[Block], heads: Container[int], marks: Sequence[Span]) -> Iterator[int]:
    """Yield the indices of the signatures: from the line "--" to the next head, paragraph, or change of quotation."""
    for start, block in enumerate(blocks):
        if block.text != SIGNATURE_MARK:
            continue
        yield start
        for index in range(start + 1, min(start + 1 + MAX_SIGNATURE_BLOCKS, len(blocks))):
            is_other_text = _is_quoted(text, blocks[index], marks) != _is_quoted(text, block, marks)
            if index in heads or is_other_text or is_prose(blocks[index].features):
                break
            yield index


def _is_quoted(text: str, block: Block, marks: Sequence[Span]) -> bool:
    """Return whether there are quotation marks before the first line of a block."""
    before = bisect_right(marks, Span(start=block.start, end=block.start)) - 1
    return before >= 0 and BLANKS.fullmatch(text, marks[before].end, block.start) is not None


def _has_no_menus(blocks: Sequence[Block], others: Container[int]) -> bool:
    """Return whether most words of a text are in sentences, apart from blocks with indices in `others`."""
    counted = [block for index, block in enumerate(blocks) if index not in others]
    words = sum(block.features.words for block in counted)
    return sum(block.features.words for block in counted if is_sentence(block.features)) >= MIN_SENTENCE_SHARE * words
