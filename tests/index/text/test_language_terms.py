"""A question's word is in its variants the term of every word that a language inflects to it."""

from pathlib import Path

import pytest

from tests.support.documents import articles, document
from tests.support.inflected_questions import inflected_questions
from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.index.text.analyzer import terms
from wherefrom.index.text.language_terms import (
    question_terms,
    split_term,
    term_of_stop_words,
    terms_in,
    variants_of_word,
)
from wherefrom.index.types import Answer

ARTICLES = inflected_questions()
ENGLISH = "What did a spokesman say about the bridge on the island?"


def test_terms_of_english_are_those_of_the_analyzer() -> None:
    text = "The ministers met in Österreich; 反导系统 was discussed."
    assert terms_in(None, text) == terms(text)
    assert question_terms(text, ()) == [(term,) for term in terms(text)]


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("de", "Der Hafen wurde geschlossen.", "Häfen"),
        ("fr", "Les élections régionales", "élection régionale"),
        ("ru", "Россия выступила против размещения системы.", "системами размещение"),
        ("fi", "Satamassa ei ole laivaa.", "satama laiva"),
        ("ar", "أغلقت الموانئ الشمالية", "الشمالي"),
        ("ar", "كِتَابٌ جديد", "كتاب"),
        ("hi", "तूफानों में पेड़ गिरे", "तूफान"),
    ],
)
def test_an_inflected_word_has_the_term_of_the_text_among_its_variants(language: str, text: str, question: str) -> None:
    stored = set(terms_in(language, text))
    assert all(stored.intersection(variants) for variants in question_terms(question, ("de", language)))


def test_stop_words_of_a_language_are_no_terms_of_its_documents_and_count_as_one_for_all() -> None:
    assert terms_in("de", "Die Stadt und der Hafen, was ist das?") == terms_in("de", "Stadt Hafen")
    assert question_terms("die", ("de", "fr")) == [("die", term_of_stop_words("de"), ":fr:di")]


def test_the_terms_of_two_languages_are_never_the_same() -> None:
    assert not set(terms_in("de", "Radar 2024")) & {*terms_in("fr", "Radar 2024"), *terms("radar 2024")}


def test_english_stop_words_are_stop_words_in_every_language() -> None:
    assert question_terms("the of and", ("de", "fr")) == []
    assert terms_in("de", "the of and") == []


def test_text_without_spaces_has_the_same_terms_in_a_document_of_any_language() -> None:
    assert terms_in("de", "反导系统") == terms("反导系统")
    assert question_terms("反导系统", ("de",)) == [(term,) for term in terms("反导系统")]


def test_a_word_that_may_leave_no_term_has_no_variants() -> None:
    assert variants_of_word("the", ("de",)) == variants_of_word("反", ("de",)) == ()
    assert variants_of_word("der", ("de",)) == ()
    assert variants_of_word("hafen", ("de",)) == ("hafen", ":de:haf")


def test_a_term_splits_into_its_language_and_its_stem() -> None:
    assert split_term("radar") == ("", "radar")
    assert split_term(":de:haf") == (":de:", "haf")


def put(library: Library, *languages: str) -> None:
    for language in languages:
        library.put(language, document(ARTICLES[language].raw))


def scores(library: Library, question: str) -> list[object]:
    return [(hit.document_id, hit.number, hit.scores) for hit in library.rank(question, top_k=50)]


@pytest.mark.parametrize("language", ARTICLES)
def test_a_question_with_other_endings_finds_its_paragraph_by_its_terms(tmp_path: Path, language: str) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put_many(articles(5))
        put(library, language)
        for number, question in enumerate(ARTICLES[language].questions, 1):
            first = library.rank(question, top_k=1, order="lexical")[0]
            assert (first.document_id, first.number) == (language, number)


def test_an_english_collection_scores_as_if_documents_in_other_languages_had_never_been_there(tmp_path: Path) -> None:
    with (
        Library.open(tmp_path / "never", embedder=WordEmbedder()) as never,
        Library.open(tmp_path / "had", embedder=WordEmbedder()) as had,
    ):
        put(had, "de", "ru")
        for library in (never, had):
            library.put_many(articles(8))
        assert scores(had, ENGLISH) != scores(never, ENGLISH)
        had.remove("de")
        had.remove("ru")
        assert scores(had, ENGLISH) == scores(never, ENGLISH)
        assert without_state(had.ask(ENGLISH)) == without_state(never.ask(ENGLISH))


def test_a_collection_answers_the_same_before_and_after_it_is_built_again(tmp_path: Path) -> None:
    question = ARTICLES["de"].questions[1]
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        put(library, "de", "fr", "ru")
        library.put_many(articles(3))
        before = scores(library, question)
    for derived in (tmp_path / "derived").glob("*/*"):
        derived.unlink()
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert scores(library, question) == before


def test_the_answering_sentence_is_chosen_by_stems(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        put(library, "de")
        answer = library.ask("Gab es Risse in Fundament und Fundamenten?")
        assert answer.answer is not None
        assert answer.answer.citation.cited_text.startswith("Taucher hatten")


def test_an_inflected_name_is_no_missing_mention(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        put(library, "de")
        assert library.score_passages("warum stürzten Bäume?")[0].features.missing == 0
        assert library.score_passages("warum stürzten Zeppeline?")[0].features.missing == 1


def test_a_phrase_is_its_words_and_no_other_endings(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        put(library, "de", "fr")
        library.put_many(articles(2))

        def found(question: str) -> set[tuple[str, int]]:
            passages = library.ask(question, top_k=50).passages
            return {(passage.citation.document_id, passage.citation.paragraph) for passage in passages}

        assert found('Schule "auf die Schule des Dorfes"') == {("de", 2)}
        assert found('Baum "der Bauer verklagte"') == {("de", 4)}
        assert found('Baum "die"') == {("de", 1), ("de", 2), ("de", 4), ("de", 5)}
        assert found('Schule "auf die Schulen des Dorfes"') == set()
        assert ("de", 2) not in found("Schule -Schule")
        assert ("de", 2) in found("Schule -Schulen")


def without_state(answer: Answer) -> tuple[object, ...]:
    return (
        answer.status,
        answer.confidence,
        answer.answer,
        [(each.citation, each.confidence) for each in answer.passages],
    )


def test_an_acronym_is_a_term_of_texts_in_every_language_and_of_questions() -> None:
    assert ":de:who" in terms_in("de", "Die WHO warnt vor dem Virus.")
    assert question_terms("What did the WHO say?", ("de",)) == [("who", ":de:who"), ("say", ":de:say")]
