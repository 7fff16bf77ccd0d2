"""Phrases outside articles are known in many languages, and ordinary sentences are not taken for them."""

import re
from typing import cast

import pytest

from wherefrom.index.cleaning.block_features import measure
from wherefrom.index.cleaning.languages.phrases import (
    KEYS,
    Key,
    all_phrases,
    furniture_rule,
    is_comments_heading,
    is_date_word,
    phrase_pattern,
    phrases,
)


def rule(text: str) -> str | None:
    features = measure(text)
    return furniture_rule(text, features.words, ends_sentence=features.ends_sentence)


def test_every_language_has_every_list_in_lower_case() -> None:
    assert len(phrases()) >= 30
    for language, lists in phrases().items():
        assert list(lists) == list(KEYS), language
        for key, found in lists.items():
            assert found, (language, key)
            assert len(set(found)) == len(found), (language, key)
            assert all(phrase == phrase.lower().strip() for phrase in found), (language, key)


@pytest.mark.parametrize(
    ("key", "expected", "end"),
    [
        ("share", "share", ""),
        ("related", "furniture-heading", ""),
        ("related", "teaser", ": Southport"),
        ("credit", "caption", ": Anna Grell / AFP"),
        ("advertisement", "invitation", ""),
    ],
)
def test_each_phrase_is_recognised_in_its_place(key: str, expected: str, end: str) -> None:
    wrong = {phrase: found for phrase in all_phrases(cast("Key", key)) if (found := rule(phrase + end)) != expected}
    # A word that is two things, such as Danish "del" in other languages, is recognised as the longer phrase.
    assert set(wrong.values()) <= {"share", "furniture-heading", "teaser", "caption", "invitation"}
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lesen Sie auch: Der Hafen schließt", "teaser"),
        ("Lire aussi : Le quai nord ferme onze mois", "teaser"),
        ("Czytaj więcej: Nabrzeże zamknięte na jedenaście miesięcy", "teaser"),
        ("Читайте также: Северный причал закроют", "teaser"),
        ("Lea también Cierran el muelle norte", "teaser"),
        ("関連記事", "furniture-heading"),
        ("Foto: dpa/Anna Grell", "caption"),
        ("Auf Facebook teilen", "share"),
        ("Abonnez-vous pour lire la suite", "invitation"),
        ("Cette page utilise des cookies pour mesurer son audience.", "notice"),
        ("ANZEIGE", "invitation"),
    ],
)
def test_a_line_of_the_page_is_recognised(text: str, expected: str) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Teilen ist das neue Haben, sagt der Verband",
        "Anzeige gegen den Bürgermeister erstattet",
        "Foto und Film zeigen den Hafen, wie er vor dem Sturm war.",
        "Más información sobre el caso dará el juez el martes, según su portavoz.",
        "Delar av hamnen stängs i elva månader.",
        "Comentarios del ministro provocan la ira de los pescadores",
        "Bildung ist Ländersache, und das soll so bleiben.",
        "Quelle surprise: le quai nord ferme",
        "Реклама алкоголя будет запрещена с первого мая",
        "Temas de la cumbre: pesca y puertos",
    ],
)
def test_an_ordinary_sentence_or_headline_is_left_alone(text: str) -> None:
    assert rule(text) is None


@pytest.mark.parametrize("text", ["Kommentare", "12 Kommentare", "Комментарии (48)", "コメント", "Commentaires :"])
def test_a_heading_of_comments_is_recognised(text: str) -> None:
    assert is_comments_heading(text)


def test_a_sentence_about_comments_is_no_heading() -> None:
    assert not is_comments_heading("Kommentare des Ministers empören die Fischer")


def test_labels_of_dates_are_found_as_whole_words() -> None:
    assert phrase_pattern("updated").search("zuletzt geändert am ")
    assert phrase_pattern("updated").search("更新于2016年")
    assert not phrase_pattern("updated").search("bestandteil am ")
    assert is_date_word("Uhr,")
    assert not is_date_word("Hafen")


def test_no_phrase_is_an_ordinary_english_word() -> None:
    allowed = {"video", "print", "text", "reporter", "illustration", "image", "photo", "photos", "source", "credit"}
    risky = {"the", "a", "in", "on", "at", "for", "more", "from", "to", "and", "is", "this", "it", "he", "she", "we"}
    beginnings = frozenset[str]().union(*(all_phrases(key) for key in ("share", "related", "credit", "invitation")))
    assert not beginnings & risky - allowed
    assert all(re.search(r"\w", phrase) for phrase in beginnings)
