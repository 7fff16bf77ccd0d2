"""Detection of questions among sentences. Pure."""

QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")
"""Including the full-width, Arabic and Greek marks; the Greek one looks like a semicolon."""
CLOSERS = " \t\n\"'\u2019\u201d\u00bb\u203a)]}*_"
"""Characters allowed after the mark: white space, closing quotation marks and brackets, and marks of emphasis."""


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends with a question mark, ignoring quotation marks and brackets after it.

    A quoted question with its speaker, as in '"Why?" he asked.', is not a question.
    """
    return sentence.rstrip(CLOSERS).endswith(QUESTION_MARKS)
