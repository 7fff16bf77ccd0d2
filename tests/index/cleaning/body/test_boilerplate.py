import pytest

from wherefrom.index.cleaning.block_features import measure
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule


def rule_of(text: str) -> str | None:
    return boilerplate_rule(text, measure(text))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("By Jane Doe", "byline"),
        ("© 2019 The Daily Example. All rights reserved.", "copyright"),
        ("We use cookies to give you the best experience.", "notice"),
        ("Sign up for our free newsletter today.", "invitation"),
        ("Like Us on Facebook", "share"),
        ("(Photo : Reuters) Two men shake hands.", "caption"),
        ("A rally in the capital, February 23, 2016. (Photo by AFP)", "caption"),
        ("Two men shake hands. Jane Doe/Getty Images", "caption"),
        ("In this Nov. 5, 2019 file photo, two men shake hands.", "caption"),
        ("Source: AFP", "credit"),
        ("(Reporting by Jane Doe; editing by John Roe)", "credit"),
        ("Read more: the ten best films of the year", "teaser"),
        ("Posted : 2016-02-02 16:54", "stamp"),
        ("Sun, December 8, 2019 | 02:30", "stamp"),
        ("Most Read", "furniture-heading"),
        ("12 Comments", "furniture-heading"),
        ('string(873) "[{"id":"1668178","sort":"3332531"}]"', "debris"),
        ("* * *", "debris"),
    ],
)
def test_boilerplate_is_recognised_by_its_words(text: str, rule: str) -> None:
    assert rule_of(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "Mission accomplished.",
        '"It was close," he said.',
        "By then it was too late for both of them.",
        "Mail was late again that week.",
        "The minister rejected the offer, according to the agency. (Reuters)",
        "He told Reuters that the plan was dead, and that no one would miss it.",
        "Latest figures show that prices rose by two percent.",
        "In 2008 the two countries met for the last time, at 10:30 in the morning.",
    ],
)
def test_sentences_of_an_article_are_not_boilerplate(text: str) -> None:
    assert rule_of(text) is None
