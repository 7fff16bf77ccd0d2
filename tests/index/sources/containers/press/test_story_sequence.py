"""Stories are divided where each has a byline and a date; marks alone divide nothing."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.sources.containers.press.story_sequence import digest_title, find_articles

PROSE = "The harbour authority will close its northern quay for eleven months, the council decided on Monday. " * 6
STORY = f"Southport closes its northern quay\nBy Mara Lind\nMarch 4, 2024\n\n{PROSE}\n\n"
DATE_FIRST = f"Feuer zerstört das Dach der Fabrik\n12. Februar 2024\nVon Ole Grund\n\n{PROSE}\n\n"
DIGEST = "Morning briefing\nThe Coast Courier, March 6, 2024\n\n" + "\n\n* * *\n\n".join(
    f"Southport closes quay number {number}\n\n{PROSE}" for number in range(4)
)


@pytest.mark.parametrize("text", [f"The Courier\n\n{STORY}{DATE_FIRST}", STORY + STORY + DATE_FIRST])
def test_stories_begin_at_their_headlines(text: str) -> None:
    starts = [text[each.start : each.end].splitlines()[0] for each in find_articles(text)]
    assert starts[1:] == [line for line in text.splitlines() if line.startswith(("Southport", "Feuer"))][1:]
    assert len(starts) == text.count("Southport") + text.count("Feuer")


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        STORY + PROSE,
        f"{STORY}Fire takes the roof of the mill\n\n{PROSE}",
        f"{STORY}Fire takes the roof\nBy Ole Grund\nMarch 5, 2024\n\nMore to come.\n",
        f"{PROSE}\n\n{STORY}{DATE_FIRST}",
        f"{PROSE}\n\n* * *\n\n{PROSE}\n\n* * *\n\n{PROSE}",
    ],
    ids=["one", "one and text", "no byline", "a teaser", "text above", "sections"],
)
def test_other_texts_stay_whole(text: str) -> None:
    assert find_articles(text) == []
    assert digest_title(text) is None


SENTENCES = "The harbour board voted on Monday to close the old ferry terminal.\n\nIt has been open since 1911.\n"


@pytest.mark.parametrize(
    "head",
    [
        "Mill burns\n\nBy Tom Hale\n5 March 2024",
        "Mill burns\nBy Tom Hale, 5 March 2024",
        "Mill burns\nBy Tom Hale and Jo Fenn | March 5, 2024",
        "# Mill burns\n\n*By Tom Hale*\n\n5 March 2024",
        "## Mill burns\n\n**By Tom Hale (5 March 2024)**",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n* * *\n\n"])
def test_short_stories_are_divided(head: str, between: str) -> None:
    text = between.join(f"{head}\n\n{SENTENCES}" for _ in range(3))
    assert [text[each.start : each.end].startswith(head) for each in find_articles(text)] == [True] * 3


def test_a_headline_without_a_story_does_not_keep_others_together() -> None:
    teaser = "Fire takes the roof\nBy Ole Grund\nMarch 5, 2024\n\nMore to come.\n\n"
    assert len(find_articles(STORY + teaser + DATE_FIRST)) == 2


def test_a_digest_without_bylines_has_its_own_title() -> None:
    assert find_articles(DIGEST) == []
    assert digest_title(DIGEST) == "Morning briefing"


def test_finding_stories_is_linear() -> None:
    assert grows_linearly(find_articles, STORY * 200, STORY * 400)
    menu = "By the way\nThe quay of the north\n" * 1_000
    assert grows_linearly(find_articles, menu, menu + menu)
    assert grows_linearly(digest_title, DIGEST * 50, DIGEST * 100)
