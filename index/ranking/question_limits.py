"""What may be asked: the bounds of a question and of what comes with it."""

import re

from wherefrom.index.errors import InvalidQuestion

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


def check_limits(top_k: int, max_per_document: int | None) -> None:
    """Raise InvalidQuestion for counts out of bounds."""
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidQuestion("top_k", f"must be between 1 and {MAX_TOP_K}, not {top_k}")
    if max_per_document is not None and max_per_document < 1:
        raise InvalidQuestion("max_per_document", f"must be at least 1, not {max_per_document}")
