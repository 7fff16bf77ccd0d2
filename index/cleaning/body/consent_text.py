"""Detection of consent text: requests of a page about cookies and personal data, before or after the article.

It is prose, so that length and punctuation do not distinguish it from an article, and articles are about cookies too.
It is recognised by neighbouring blocks with several such topics that refer to the page ("our partners", "these
cookies").
"""

from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.boilerplate_phrases import CONSENT_TOPICS, FROM_THE_PAGE, TO_THE_READER

MIN_TOPICS = 2
MIN_BLOCKS = 2
# Smallest number of words of other prose; with fewer, consent is the subject of the document.
MIN_OTHER_WORDS = 30
MAX_SEARCHED_CHARACTERS = 1_500
MAX_HEADING_WORDS = 14


def consent_blocks(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the indices of the blocks of consent text; empty if the document has hardly any other prose."""
    topics = [_topics(block.text) for block in blocks]
    found = frozenset(index for run in _runs(blocks, topics) for index in run)
    if not found:
        return found
    others = (block for index, block in enumerate(blocks) if index not in found and is_prose(block.features))
    return found if sum(block.features.words for block in others) >= MIN_OTHER_WORDS else frozenset()


def _runs(blocks: Sequence[Block], topics: Sequence[int]) -> Iterator[list[int]]:
    """Yield the runs of neighbouring blocks about consent in which enough blocks refer to the page."""
    run: list[int] = []
    certain = 0
    for index, block in enumerate(blocks):
        if not _may_belong(block, topics[index]):
            if certain >= MIN_BLOCKS:
                yield run
            run, certain = [], 0
            continue
        run.append(index)
        certain += topics[index] >= MIN_TOPICS and FROM_THE_PAGE.search(block.text) is not None
    if certain >= MIN_BLOCKS:
        yield run


def _may_belong(block: Block, topics: int) -> bool:
    if not is_prose(block.features):
        return topics > 0 and block.features.words <= MAX_HEADING_WORDS
    head = block.text[:MAX_SEARCHED_CHARACTERS]
    return topics > 0 and (FROM_THE_PAGE.search(head) is not None or TO_THE_READER.search(head) is not None)


def _topics(text: str) -> int:
    """Return the number of different topics of consent in a text."""
    head = text[:MAX_SEARCHED_CHARACTERS]
    return len({match.lastgroup for match in CONSENT_TOPICS.finditer(head)})
