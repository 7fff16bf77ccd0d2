"""The checks that a written sentence fails, without a reader."""

from wherefrom.index.writing.sentence_check import SentenceChecker

CHECKER = SentenceChecker(None)


def failed_in_english(sentence: str, cited: str) -> set[str]:
    """Return the checks that fail; short texts have too few stop words to be detected as English."""
    return {check.name for check in CHECKER.check(sentence, [cited], "en").checks if not check.passed}
