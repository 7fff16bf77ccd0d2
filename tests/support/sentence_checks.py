"""Runs the checks of a written sentence without a reader."""

from wherefrom.index.writing.sentence_check import SentenceChecker

CHECKER = SentenceChecker(None)


def failed_in_english(sentence: str, cited: str) -> set[str]:
    """Return the names of the failed checks. English is given: short texts have too few stop words to detect it."""
    return {check.name for check in CHECKER.check(sentence, [cited], "en").checks if not check.passed}
