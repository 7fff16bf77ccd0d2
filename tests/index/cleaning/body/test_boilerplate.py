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


@pytest.mark.parametrize(
    "text",
    [
        "Copyright law in Westland changed on Monday, when its parliament voted for a tax on copies.",
        "The band printed the © sign on every ticket, the court heard, and sued 40 fans.",
        "The regulator ordered the company to change its cookie policy by June, or to pay a fine.",
        "Voters may unsubscribe from the register of the party by letter, the court ruled.",
        '"We will change our cookie policy in the spring of the next year," the company said.',
        "Follow the money, the prosecutor told the jury, and you will find it today.",
        "Support for the party fell to a new low today, before the vote on the budget.",
        "Also: the price of the ferry goes up by one crown on Friday, and more is to come.",
        "Image: that is what the campaign was about, said the mayor of the old town.",
        "Source: the river rises there, from a source that the monks of Orlen found in 1302.",
        "1 of 3 people in the town has no work, and the number will grow.",
        "The cafÃ© of the harbour is closed until the end of the week.",
        "Ø§Ù„Ù…Ø¯Ù‚Ø© and other words that were decoded in the wrong way.",
    ],
)
def test_sentences_that_report_are_not_notices(text: str) -> None:
    assert rule_of(text) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("© 2016 The Korea Times. All rights reserved, the paper of the capital said.", "copyright"),
        ("Copyright 2016 The Courier, which was founded by the people of the town.", "copyright"),
        ("Café © 2016 The Courier", "copyright"),
        ("Unsubscribe | Privacy policy", "notice"),
        ("By using the site you agree to the terms that were changed on Monday.", "notice"),
        ("The material may not be published, broadcast, rewritten or copied without the permission.", "notice"),
        ("Follow us on Twitter", "furniture-heading"),
        ("Support the newsroom that broke the story of the ferry today.", "invitation"),
        ("Click here for more on the men who were arrested on Monday.", "invitation"),
        ("See also: The mayor of the town was asked to go on Monday.", "teaser"),
        ("Photo: Two men leave the court of the town on Monday, police said.", "caption"),
        ("1 of 12 A man looks at the harbour of the town on Monday.", "caption"),
    ],
)
def test_notices_in_full_sentences_are_boilerplate(text: str, rule: str) -> None:
    assert rule_of(text) == rule
