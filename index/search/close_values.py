"""Values that documents have and that are similar to an unknown one."""

from collections.abc import Sequence
from difflib import get_close_matches

MIN_SIMILARITY = 0.4


def close_matches(value: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return the most similar values, at most three, compared without regard to case."""
    by_case = {known.casefold(): known for known in values}
    return tuple(by_case[match] for match in get_close_matches(value.casefold(), by_case, n=3, cutoff=MIN_SIMILARITY))
