"""Detection of timestamps: short texts that are only a date or a time, such as the one below a headline."""

import re

from wherefrom.index.cleaning.languages.phrases import is_date_word
from wherefrom.index.text.dates import find_dates
from wherefrom.index.text.local_dates import is_calendar_name

DATE_WORDS = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|[ap]\.?m\.?|gmt|utc|[ecmp][sd]?t|ist|bst|cet|kst|jst|at|on|st|nd|rd|th|ago|hours?"
    r"|min(?:ute)?s?|days?|weeks?|months?|years?|read|posted|published|updated|last|first|modified|date|time|edited|created)\b|\d+|[^\w\s]",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(
    r"\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\b\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) (?:ago|read)\b",
    re.IGNORECASE,
)
MAX_TIMESTAMP_WORDS = 20
MAX_OTHER_WORDS = 1


def is_timestamp(text: str, words: int) -> bool:
    """Return whether a short block is a date or a time with at most one other word, such as a time zone."""
    if words > MAX_TIMESTAMP_WORDS or not (DATE_LIKE.search(text) or next(find_dates(text), None)):
        return False
    others = DATE_WORDS.sub(" ", text).split()
    if len(others) <= MAX_OTHER_WORDS:
        return True
    return sum(1 for word in others if not (is_date_word(word) or is_calendar_name(word))) <= MAX_OTHER_WORDS
