"""What may be asked: the bounds of a question and of what comes with it."""

import re

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.types import AskOptions

MAX_QUESTION = 2_000
MAX_TOP_K = 100
SURROGATE = re.compile("[\ud800-\udfff]")


def check_question(question: str, most: int = MAX_QUESTION) -> str:
    """The question without white space around it, of at most so many characters. Raises InvalidQuestion."""
    asked = question.strip()
    if not asked:
        raise InvalidQuestion("question", "must not be empty")
    if len(asked) > most:
        raise InvalidQuestion("question", f"must have at most {most:,} characters, not {len(asked):,}")
    if SURROGATE.search(asked):
        raise InvalidQuestion("question", "must be Unicode text, without lone surrogates")
    return asked


def check_limits(options: AskOptions) -> None:
    """Raise InvalidQuestion where a number in the options is out of bounds."""
    if not 1 <= options.top_k <= MAX_TOP_K:
        raise InvalidQuestion("top_k", f"must be between 1 and {MAX_TOP_K}, not {options.top_k}")
    if options.max_per_document is not None and options.max_per_document < 1:
        raise InvalidQuestion("max_per_document", f"must be at least 1, not {options.max_per_document}")
