"""Limits of a question, its options and its context."""

import re
from collections.abc import Sequence

from wherefrom.index.conversation import Context
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.types import EFFORTS, PREFERENCES, AskOptions

MAX_QUESTION = 2_000
"""Maximum length of a question, in characters."""
MAX_TOP_K = 100
MAX_CONTEXT_DOCUMENTS = 10
MAX_HALF_LIFE_DAYS = 36_500
SURROGATE = re.compile("[\ud800-\udfff]")


def check_question(question: str, max_length: int = MAX_QUESTION) -> str:
    """Return the question without surrounding white space. Raises InvalidQuestion.

    A question must have 1 to `max_length` characters and no lone surrogates.
    """
    stripped = question.strip()
    if not stripped:
        raise InvalidQuestion("question", "must not be empty")
    if len(stripped) > max_length:
        raise InvalidQuestion("question", f"must have at most {max_length:,} characters, not {len(stripped):,}")
    if SURROGATE.search(stripped):
        raise InvalidQuestion("question", "must be Unicode text, without lone surrogates")
    return stripped


def check_limits(options: AskOptions) -> None:
    """Raise InvalidQuestion where a number in the options is out of bounds, or a choice is none that there is."""
    _check_choice("effort", options.effort, EFFORTS)
    _check_choice("prefer", options.prefer, PREFERENCES)
    if not 1 <= options.top_k <= MAX_TOP_K:
        raise InvalidQuestion("top_k", f"must be between 1 and {MAX_TOP_K}, not {options.top_k}")
    if options.max_per_document is not None and options.max_per_document < 1:
        raise InvalidQuestion("max_per_document", f"must be at least 1, not {options.max_per_document}")
    if not 0 < options.half_life_days <= MAX_HALF_LIFE_DAYS:
        reason = f"must be above 0 and at most {MAX_HALF_LIFE_DAYS:,}, not {options.half_life_days}"
        raise InvalidQuestion("half_life_days", reason)
    if options.context is not None:
        check_context(options.context)


def _check_choice(name: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise InvalidQuestion(name, f"must be {' or '.join(map(repr, choices))}, not {value!r}")


def check_context(context: Context) -> None:
    """Raise InvalidQuestion where a context is out of bounds."""
    try:
        check_question(context.question)
    except InvalidQuestion as error:
        raise InvalidQuestion("context.question", error.reason) from error
    if len(context.document_id) > MAX_CONTEXT_DOCUMENTS:
        reason = f"must name at most {MAX_CONTEXT_DOCUMENTS} documents, not {len(context.document_id)}"
        raise InvalidQuestion("context.document_id", reason)
