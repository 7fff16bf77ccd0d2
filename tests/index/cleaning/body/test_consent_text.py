import pytest

from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.consent_text import consent_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

ARTICLE = [
    f"On day {day} the committee met to hear what the engineers had found under the old bridge." for day in range(6)
]
CONSENT = [
    "We and our 812 partners store and access information on a device, such as unique identifiers in cookies.",
    "You may accept or manage your choices by clicking below, including your right to object, at any time.",
    "These cookies may be set by us or by third party providers whose services we have added to our pages.",
    "If you are a consumer, you may direct a business that sells your personal information not to sell it.",
]
GERMAN = [
    "Wir und unsere 215 Partner verarbeiten personenbezogene Daten, etwa mit Cookies auf Ihrem Ger\u00e4t und mehr.",
    "Mit Ihrer Einwilligung nutzen wir Cookies, auch von Drittanbietern, und berechtigte Interessen der Partner.",
]


def kept(paragraphs: list[str]) -> list[str]:
    text = "\n\n".join(paragraphs)
    blocks = split_blocks(text, list(split_lines(text)))
    return [block.text for block, rule in zip(blocks, body_rules(blocks), strict=True) if rule is None]


@pytest.mark.parametrize("consent", [CONSENT, GERMAN])
def test_consent_text_before_and_after_an_article_is_dropped(consent: list[str]) -> None:
    assert kept([*consent, *ARTICLE]) == ARTICLE
    assert kept([*ARTICLE, *consent]) == ARTICLE


def test_an_article_about_cookies_is_kept() -> None:
    about = [
        "The court ruled on Tuesday that a website may not set cookies without the consent of those who read it.",
        "Privacy groups had sued the company because it sold personal data of its customers to other companies.",
        '"We will appeal," said a spokeswoman of the company, whose partners had asked for the data last spring.',
        "The ruling is about third parties too, and about the legitimate interest that the law of 2018 names.",
    ]
    assert kept([*ARTICLE, *about]) == [*ARTICLE, *about]


def test_a_document_that_is_a_privacy_policy_has_no_consent_text() -> None:
    text = "\n\n".join(CONSENT)
    assert consent_blocks(split_blocks(text, list(split_lines(text)))) == frozenset()
