"""What a collection's own words tell of a question: its long forms, and words with one wrong letter."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.search.vocabulary import one_letter_off
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.segment_builder import PostingsColumn
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Answer

HARBOUR = "The ambassador visited the harbour with 17,000 people on Monday, and the deployment of cranes was praised."
MOUNTAIN = (
    "A mountain railway was opened in the south on Friday, and its first train was full of children and reporters."
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0)


def put(library: Library, document_id: str, text: str) -> None:
    library.put(document_id, extract(parse_article({"text": text}, source=document_id)))


def notes(answer: Answer) -> tuple[str, ...]:
    return () if answer.explanation is None else answer.explanation.notes


def lexical(library: Library, question: str) -> dict[str, float]:
    return {hit.document_id: hit.scores.lexical for hit in library.rank(question, top_k=9)}


@pytest.mark.parametrize("typed", ["amabssador", "ambasador", "ambassadorr", "ambossador"])
def test_a_word_with_one_wrong_letter_finds_the_word_counts_less_and_is_told(library: Library, typed: str) -> None:
    put(library, "harbour", HARBOUR)
    put(library, "mountain", MOUNTAIN)
    right, wrong = lexical(library, "ambassador"), lexical(library, typed)
    assert wrong["harbour"] == pytest.approx(right["harbour"] / 2)
    assert wrong["mountain"] == 0
    expected = f'no paragraph has "{typed}", so "ambassador" is searched for too, and counts less'
    assert notes(library.ask(f"who is the {typed}?", explain=True)) == (expected,)


def test_a_wrong_letter_in_an_ending_finds_the_word_too(library: Library) -> None:
    put(library, "harbour", HARBOUR)
    assert lexical(library, "deploymnet")["harbour"] == pytest.approx(lexical(library, "deployed")["harbour"] / 2)


@pytest.mark.parametrize(
    "question",
    [
        "who is the ambassador?",  # as it is written
        "who owns the lrain?",  # another first letter
        "were 17001 people there?",  # a number
        "was a tran there?",  # a short word
        "was the railroad on time?",  # nothing that is one letter off
    ],
)
def test_other_words_are_not_guessed_at(library: Library, question: str) -> None:
    put(library, "harbour", HARBOUR)
    put(library, "mountain", MOUNTAIN)
    assert notes(library.ask(question, explain=True)) == ()


ISTANBUL = (
    "Mr Erdo\u011fan met J\u00f6rg Wei\u00df in the capital on Monday, and both praised the deployment of cranes there."
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("Erdogan", "erdo\u011fan"), ("erdogan", "erdo\u011fan"), ("Joerg", "j\u00f6rg"), ("weiss", "wei\u00df")],
)
def test_a_word_without_its_accents_is_the_word_with_them(library: Library, typed: str, written: str) -> None:
    put(library, "capital", ISTANBUL)
    put(library, "mountain", MOUNTAIN)
    right, plain = lexical(library, written), lexical(library, typed)
    assert plain == right
    assert right["capital"] > 0
    expected = f'no paragraph has "{typed.lower()}", so "{written}" is searched for'
    answer = library.ask(f"whom did {typed} meet?", explain=True)
    assert notes(answer) == (expected,)
    assert written in [word.lower() for word in answer.passages[0].shared_words]


def test_accents_that_no_paragraph_has_are_dropped(library: Library) -> None:
    put(
        library, "plain", "Mr Dvorak and Mr Mueller met in the capital on Monday, and praised the deployment of cranes."
    )
    assert lexical(library, "Dvo\u0159\u00e1k") == lexical(library, "Dvorak")
    assert lexical(library, "M\u00fcller") == lexical(library, "Mueller")


def test_a_name_without_its_accents_is_not_missing(library: Library) -> None:
    put(library, "capital", ISTANBUL)
    asked = [library.score_passages(f"whom did Mr {name} meet?")[0] for name in ("Erdoğan", "Erdogan", "Erdugan")]
    assert [each.features.missing for each in asked] == [0, 0, 1]


def test_a_question_in_capitals_stays_in_capitals(library: Library) -> None:
    put(library, "capital", ISTANBUL)
    asked = [library.score_passages(f"WHOM DID MR {name} GREET?")[0] for name in ("ERDO\u011eAN", "ERDOGAN")]
    assert [each.features.missing for each in asked] == [0, 0]


def test_a_word_with_accents_of_its_own_is_left_alone(library: Library) -> None:
    put(library, "capital", ISTANBUL)
    put(library, "plain", "Mr Erdogan is a baker in the town of Eastport, and not the one who was there on Monday.")
    assert notes(library.ask("who is Erdogan?", explain=True)) == ()


def test_of_several_spellings_the_most_frequent_is_taken_and_then_the_first(library: Library) -> None:
    put(
        library,
        "a",
        "The planter of the harbour spoke on Monday to the council about the state of the new gardens there.",
    )
    put(
        library,
        "b",
        "The planner of the harbour spoke on Monday to the council about the state of the new gardens there.",
    )
    assert 'so "planner"' in notes(library.ask("who is the plander?", explain=True))[0]
    put(
        library,
        "c",
        "A planter was hired by the town of Eastport on Friday, as the mayor had announced at the beginning.",
    )
    assert 'so "planter"' in notes(library.ask("who is the plander?", explain=True))[0]


def test_a_word_of_a_removed_document_is_no_guess(library: Library) -> None:
    put(library, "harbour", HARBOUR)
    put(library, "mountain", MOUNTAIN)
    assert notes(library.ask("where is the montain?", explain=True))
    library.remove("mountain")
    assert notes(library.ask("where is the montain?", explain=True)) == ()


def test_a_question_with_either_form_finds_the_other_in_a_document_that_spells_it_out(library: Library) -> None:
    long = "Terminal High Altitude Area Defense"
    put(
        library,
        "defined",
        f"The {long} (THAAD) was discussed by the ministers of both countries on Tuesday.\n\n"
        "Moscow rejects THAAD, its envoy told reporters in the capital on Wednesday evening.\n\n"
        f"A {long} battery will be placed in the south of the country, an officer said.",
    )
    put(
        library, "other", "A THAAD launcher was seen on the road to the coast, a local paper wrote on Thursday morning."
    )

    def found(question: str) -> set[tuple[str, int]]:
        hits = library.rank(question, top_k=9, order="lexical")
        return {(hit.document_id, hit.number) for hit in hits if hit.scores.lexical > 0}

    assert found("THAAD") == {("defined", 1), ("defined", 2), ("defined", 3), ("other", 1)}
    assert found(long.lower()) == {("defined", 1), ("defined", 2), ("defined", 3)}
    library.remove("defined")
    assert found(long) == set()


def test_an_answer_does_not_depend_on_documents_that_were_removed(tmp_path: Path) -> None:
    question = "what does the World Health Organization say of the amabssador?"
    with (
        Library.open(tmp_path / "never", embedder=WordEmbedder()) as never,
        Library.open(tmp_path / "had", embedder=WordEmbedder()) as had,
    ):
        put(
            had,
            "gone",
            "The World Health Organization (WHO) praised an embassador of the town on Monday, a paper wrote.",
        )
        for each in (never, had):
            put(each, "harbour", HARBOUR)
            put(each, "mountain", MOUNTAIN)
        had.remove("gone")
        assert lexical(had, question) == lexical(never, question)
        assert notes(had.ask(question, explain=True)) == notes(never.ask(question, explain=True))


@given(st.text(alphabet="abcd", min_size=2, max_size=6))
def test_every_word_that_is_one_letter_off_but_for_the_first_is_yielded(word: str) -> None:
    def edits(text: str) -> set[str]:
        swapped = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(1, len(text) - 1)}
        less = {text[:at] + text[at + 1 :] for at in range(1, len(text))}
        other = {text[:at] + letter + text[at + 1 :] for at in range(1, len(text)) for letter in "abcdz"}
        more = {text[:at] + letter + text[at:] for at in range(1, len(text) + 1) for letter in "abcdz"}
        return (swapped | less | other | more) - {text}

    assert edits(word) <= set(one_letter_off(word)) | {word}
    assert all(abs(len(each) - len(word)) <= 1 and each[0] == word[0] for each in one_letter_off(word))


def postings(words: list[str]) -> Postings:
    column = PostingsColumn(in_memory)
    column.append(0, dict.fromkeys(words, 1))
    return column.finish()


@given(
    st.sets(st.text("ab\u00e4", min_size=1, max_size=12), min_size=1),
    st.sets(st.text("ab\u00e4", min_size=1, max_size=9)),
)
def test_terms_that_are_looked_up_together_are_those_that_are_there(words: set[str], wanted: set[str]) -> None:
    encoded = sorted(each.encode() for each in wanted)
    assert postings(sorted(words)).present(encoded) == [each for each in encoded if each.decode() in words]
