"""With `explain`, a passage says which words it has in common with the question, as it spells them."""

from pathlib import Path

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder, seeds_library
from wherefrom.index.answering.shared_words import MAX_WORDS, shared_words
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import encode


def words(text: str, question: str, language: str | None = None) -> tuple[str, ...]:
    return shared_words(text, language, encode(question, WordEmbedder()))


def test_words_are_shared_in_any_form_and_shown_as_the_passage_spells_them() -> None:
    text = "“Russia objects,” the ambassador said; U.S. radars and the X-band were the objection."
    shared = words(text, "why does Russia object to US X-band radar?")
    assert shared[:2] == ("Russia", "objects")
    assert "radars" in shared
    assert "X-band" in shared
    assert "the" not in shared


def test_the_parts_of_a_date_are_shared_in_any_form() -> None:
    for written in ("Jan. 6", "Jan 6th", "6 Jan.", "6th of January"):
        shared = words(
            f"The fourth test, it said, was on {written}, and us it did not worry.", "the test on January 6 in the US"
        )
        assert shared == ("test", *[word.strip(".") for word in written.split() if word != "of"])


def test_thousands_with_spaces_do_not_keep_the_other_words_from_being_shared() -> None:
    assert words("About 17\u202f000 troops came.", "how many troops?") == ("troops",)


def test_a_passage_that_shares_nothing_has_no_words() -> None:
    assert words("The ferry sailed at dawn.", "why does Russia object to radar?") == ()


def test_scripts_without_spaces_share_pairs_of_characters() -> None:
    assert words("两国都表示担心，特别是雷达。", "雷达") == ("雷达",)


def test_each_latin_word_among_scripts_without_spaces_is_a_word_of_its_own() -> None:
    text = "Kindle for PC\u304c\u8d77\u52d5\u3057\u3001KeePass\u3082\u958b\u3044\u305f\u3002"
    assert words(text, "Kindle and KeePass on a PC") == ("Kindle", "PC", "KeePass")


def test_no_more_than_a_dozen_are_shown() -> None:
    names = " ".join(f"word{number}" for number in range(40))
    assert len(words(names, names)) == MAX_WORDS


def test_an_answer_has_them_only_with_explain(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        plain = library.ask("why does Russia object to the X-band radar?")
        explained = library.ask("why does Russia object to the X-band radar?", explain=True)
    assert {passage.shared_words for passage in plain.passages} == {()}
    assert "Russia" in explained.passages[0].shared_words
    assert [passage.passage_id for passage in plain.passages] == [passage.passage_id for passage in explained.passages]


def test_words_of_another_language_are_shared_by_its_stems(tmp_path: Path) -> None:
    text = (
        "Die Häfen der Stadt wurden am Montag nach dem Sturm geschlossen, sagte der Sprecher der Stadt.\n\n"
        "Er sagte auch, dass die Kapitäne der Schiffe und die Fischer auf den Wind warten, und nicht auf die Stadt.\n"
    )
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        library.put("haefen", document(text.encode()))
        answer = library.ask("Wann wurde der Hafen geschlossen?", explain=True)
    assert "geschlossen" in {word for passage in answer.passages for word in passage.shared_words}
