"""The language of a document is detected from enough text, and never guessed at."""

import pytest

from tests.support.documents import prose
from tests.support.inflected_questions import inflected_questions
from tests.support.paths import SEEDS
from wherefrom.index.text.analyzer import words
from wherefrom.index.text.language_detection import MIN_WORDS, detect_language

ARTICLES = inflected_questions()
UKRAINIAN = """
Портова адміністрація закриє північний причал на одинадцять місяців, вирішила міська рада в понеділок увечері після
чотирьох годин суперечок. Водолази знайшли у фундаменті широкі тріщини, але ніхто не знає, коли вони з'явилися. Роботи
коштуватимуть вісімнадцять мільйонів, і дві третини з них сплатить область, а решту дасть фонд, який рибалки збирали з
часу бурі. Кораблі будуть ставати біля старого причалу, який є значно меншим від північного, та чекати своєї черги.
"""
CODE = " ".join(f"item {number} 0x{number:04x} size={number * 7}" for number in range(40))


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_is_in_its_language(language: str) -> None:
    assert detect_language(words(" ".join(ARTICLES[language].paragraphs))) == language


@pytest.mark.parametrize("language", ARTICLES)
def test_a_short_text_has_no_language(language: str) -> None:
    text = words(" ".join(ARTICLES[language].paragraphs))
    assert detect_language(text[: MIN_WORDS - 1]) is None


@pytest.mark.parametrize("seed", [path.name for path in sorted(SEEDS.glob("*.txt"))])
def test_english_news_have_no_other_language(seed: str) -> None:
    assert detect_language(words((SEEDS / seed).read_text(encoding="utf-8", errors="replace"))) is None


@pytest.mark.parametrize("text", [prose(1, 12).decode(), UKRAINIAN, CODE, "反对部署反导系统。" * 20, "", "1 2 3 " * 50])
def test_english_a_language_without_a_stemmer_and_what_is_no_language_have_none(text: str) -> None:
    assert detect_language(words(text)) is None


def test_an_english_article_that_quotes_german_is_english() -> None:
    english = prose(3, 12).decode()
    german = ARTICLES["de"].paragraphs[0]
    assert detect_language(words(f"{english} {german}")) is None
    assert detect_language(words(" ".join([*ARTICLES["de"].paragraphs, english[:300]]))) == "de"
