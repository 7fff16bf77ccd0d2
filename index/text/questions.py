"""Whether a sentence is a question. Pure."""

QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")
"""Also the full-width, Arabic and Greek ones; the Greek one looks like a semicolon."""
CLOSERS = " \t\n\"'\u2019\u201d\u00bb\u203a)]}*_"
"""What may follow the mark: closing quotation marks and brackets, and marks of emphasis."""


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends with a question mark, apart from quotation marks and brackets after it.

    A quotation that asks, with its speaker named, as in '"Why?" he asked.', is none.
    """
    return sentence.rstrip(CLOSERS).endswith(QUESTION_MARKS)
