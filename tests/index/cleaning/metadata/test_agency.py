import pytest

from tests.support.pages import BODY, page_of, value_of
from wherefrom.index.cleaning.metadata.agency import find_agency

TITLE = "Old bridge is to close for the winter"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (f"{TITLE}\n{BODY.rstrip()} (Yonhap)\n", "Yonhap"),
        (f"{TITLE}\n{BODY}\nSource: AFP\n", "AFP"),
        (f"{TITLE}\nSEOUL, Feb. 2 (Yonhap) -- {BODY}", "Yonhap"),
        (f"{TITLE}\n(Reuters) \u2014 {BODY}", "Reuters"),
        (f"{TITLE}\nBy JANE DOE, Associated Press\n{BODY}", "Associated Press"),
        (f"{TITLE}\nReuters November 18, 2019 11:03 PM\n{BODY}", "Reuters"),
    ],
)
def test_the_agency_of_a_story_is_found(text: str, agency: str) -> None:
    assert value_of(find_agency(page_of(text))) == agency


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n(Photo : Reuters) A bridge in the fog.\n{BODY}",
        f"{TITLE}\nA bridge in the fog, February 23, 2016. (Photo by AFP)\n{BODY}",
        f"{TITLE}\n{BODY}\nThe chairman told Reuters that the bridge would open again in the spring.\n",
        f"{TITLE}\n{BODY}\nSource: a man who was there\n",
    ],
)
def test_the_agency_of_a_photograph_or_a_mention_is_ignored(text: str) -> None:
    assert find_agency(page_of(text)) is None
