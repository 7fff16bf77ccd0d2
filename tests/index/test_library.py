"""The front door: what is put in can be asked for, and nothing is half there."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import articles, document, prose
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.answering.passages import MAX_COPIES
from wherefrom.index.arrays import Matrix
from wherefrom.index.collection.audits import Claim
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import (
    DocumentNotFound,
    IndexMismatch,
    IndexUnusable,
    InvalidQuestion,
    ParagraphNotFound,
    PreconditionFailed,
    UnknownFilterValue,
)
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library, if_match
from wherefrom.index.segments.base_format import CHECKSUMS
from wherefrom.index.segments.base_store import DERIVED_FOLDER
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.types import Answer, Filters


class CountingEmbedder(WordEmbedder):
    """An embedder that counts the texts it is given."""

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.texts += len(texts)
        return super().encode(texts)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path / "data") as opened:
        yield opened


def steady(answer: Answer) -> Answer:
    """The answer without what differs from call to call."""
    return replace(answer, took_ms=0.0)


def test_the_passage_that_answers_comes_first_with_its_sentence_and_citation(library: Library) -> None:
    answer = library.ask(QUESTION)
    first = answer.passages[0]
    assert answer.status == "answered"
    assert (first.citation.document_id, first.citation.paragraph) == (FIRST, 13)
    assert answer.answer is not None
    assert answer.answer.text.startswith("China and Russia are worried the system's powerful X-band radar")
    assert first.text[first.highlights[0].start : first.highlights[0].end] == answer.answer.text


def test_every_citation_lands_on_the_file_by_the_published_recipe(library: Library) -> None:
    answer = library.ask(QUESTION, top_k=50)
    assert answer.answer is not None
    for citation in [answer.answer.citation, *(passage.citation for passage in answer.passages)]:
        text = Path(citation.source).read_bytes().decode(citation.encoding)
        found = "".join(text[segment.start : segment.end] for segment in citation.segments)
        assert found.split() == citation.cited_text.split()
        lines = text[: citation.start_char_index].count("\n") + 1, text[: citation.end_char_index].count("\n") + 1
        assert lines == (citation.line_start, citation.line_end)


def test_the_same_question_has_the_same_answer_here_and_in_an_index_made_anew(library: Library, tmp_path: Path) -> None:
    first = steady(library.ask(QUESTION, top_k=20, explain=True))
    assert steady(library.ask(QUESTION, top_k=20, explain=True)) == first
    with seeds_library(tmp_path / "anew") as anew:
        assert steady(anew.ask(QUESTION, top_k=20, explain=True)) == first


def test_history_leaves_no_trace_in_answers(library: Library, tmp_path: Path) -> None:
    library.put_many(articles(12))
    for number in range(12):
        library.remove(f"story-{number:03}")
    with seeds_library(tmp_path / "anew") as anew:
        assert steady(library.ask(QUESTION, top_k=68)) == steady(anew.ask(QUESTION, top_k=68))


def test_passages_are_ranked_from_one_with_the_best_fused_score_first(library: Library) -> None:
    passages = library.ask(QUESTION, top_k=30, explain=True).passages
    assert [passage.rank for passage in passages] == list(range(1, 31))
    fused = [passage.scores.fused for passage in passages if passage.scores]
    assert fused == sorted(fused, reverse=True)
    assert len({passage.passage_id for passage in passages}) == 30


def test_a_text_that_stands_in_two_documents_takes_one_place(library: Library) -> None:
    raw = (SEEDS / FIRST).read_bytes()
    library.put("copy", document(raw, "copy.txt"))
    first = library.ask(QUESTION, top_k=68).passages[0]
    texts = [passage.text for passage in library.ask(QUESTION, top_k=68).passages]
    assert len(texts) == len(set(texts)) == 68
    assert first.citation.document_id == FIRST
    assert [citation.document_id for citation in first.also_in] == ["copy"]
    assert first.also_in[0].cited_text == first.citation.cited_text


def test_below_the_threshold_there_is_no_answer_but_the_passages_are_there(tmp_path: Path) -> None:
    with seeds_library(tmp_path, threshold=1.0) as library:
        answer = library.ask(QUESTION)
    assert (answer.status, answer.no_answer_reason, answer.answer) == ("no_answer", "below_threshold", None)
    assert len(answer.passages) == 5
    assert answer.confidence == answer.passages[0].confidence < answer.threshold == 1.0


def test_an_empty_index_says_that_it_is_empty(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        answer = library.ask(QUESTION)
    assert (answer.status, answer.no_answer_reason, answer.passages) == ("no_answer", "index_empty", ())
    assert answer.confidence == 0


def test_filters_apply_before_the_search_so_that_top_k_fills(library: Library) -> None:
    passages = library.ask(QUESTION, top_k=5, filters=Filters(publisher=("The Korea Times",))).passages
    assert [passage.citation.publisher for passage in passages] == ["The Korea Times"] * 5


def test_a_date_range_leaves_undated_documents_out_and_says_so(library: Library) -> None:
    from datetime import date  # noqa: PLC0415

    answer = library.ask(QUESTION, top_k=50, filters=Filters(published_from=date(2015, 1, 1)))
    assert {str(passage.citation.published) for passage in answer.passages} == {"2015-03-24", "2016-02-02"}
    assert answer.warnings == ("3 documents without a publication date left out of the date range",)


def test_filters_that_nothing_matches_are_a_reason_not_an_error(library: Library) -> None:
    answer = library.ask(QUESTION, filters=Filters(publisher=("The Korea Times",), document_id=(FIRST,)))
    assert (answer.no_answer_reason, answer.passages) == ("filters_matched_nothing", ())


def test_an_unknown_filter_value_is_refused_with_close_ones(library: Library) -> None:
    with pytest.raises(UnknownFilterValue, match=r"filters\.publisher.*'korea times'.*The Korea Times"):
        library.ask(QUESTION, filters=Filters(publisher=("korea times",)))


def test_max_per_document_makes_room_for_others(library: Library) -> None:
    passages = library.ask(QUESTION, top_k=5, max_per_document=1).passages
    assert len({passage.citation.document_id for passage in passages}) == 5


@pytest.mark.parametrize(
    ("question", "options", "field"),
    [
        ("", {}, "question"),
        (" \n\t", {}, "question"),
        ("why? " * 20_000, {}, "question"),
        ("\ud800", {}, "question"),
        (QUESTION, {"top_k": 0}, "top_k"),
        (QUESTION, {"top_k": 10_000}, "top_k"),
        (QUESTION, {"max_per_document": 0}, "max_per_document"),
    ],
)
def test_a_question_out_of_bounds_is_refused_by_field(
    library: Library, question: str, options: dict[str, int], field: str
) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        library.ask(question, **options)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    "question", ["?", "💥 🤖", "كيف", "\u202ewhy\u202c", "a" * 2000, "DROP TABLE documents; --", "\x00"]
)
def test_an_odd_question_is_answered_or_not_but_never_an_error(library: Library, question: str) -> None:
    assert len(library.ask(question).passages) == 5


def test_the_baselines_rank_by_their_own_score(library: Library) -> None:
    dense = [hit.scores.dense for hit in library.rank(QUESTION, top_k=20, order="dense")]
    lexical = [hit.scores.lexical for hit in library.rank(QUESTION, top_k=20, order="lexical")]
    assert dense == sorted(dense, reverse=True)
    assert lexical == sorted(lexical, reverse=True)


def test_an_unchanged_document_costs_no_embedding(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with Library.open(tmp_path, embedder=embedder) as library:
        first = ingest(library, [SEEDS])
        embedded = embedder.texts
        again = ingest(library, [SEEDS])
    assert {result.change for result in first} == {"added"}
    assert {result.change for result in again} == {"unchanged"}
    assert embedded == embedder.texts > 68


def test_what_is_derived_can_be_deleted_and_is_rebuilt_without_embedding(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        before = steady(library.ask(QUESTION, top_k=30))
    shutil.rmtree(tmp_path / DERIVED_FOLDER)
    embedder = CountingEmbedder()
    with Library.open(tmp_path, embedder=embedder, threshold=0.0) as library:
        assert embedder.texts == 0
        assert steady(library.ask(QUESTION, top_k=30)) == before
    assert (next((tmp_path / DERIVED_FOLDER).iterdir()) / CHECKSUMS).exists()


@pytest.mark.parametrize(
    "name", ["units.bin", "tokens.bin", "posting_rows.bin", "terms.bin", "digests.bin", "meta.json", CHECKSUMS]
)
@pytest.mark.parametrize("damage", ["truncated", "changed", "gone"])
def test_a_damaged_derived_file_is_rebuilt_and_answers_are_the_same(tmp_path: Path, name: str, damage: str) -> None:
    with seeds_library(tmp_path) as library:
        before = steady(library.ask(QUESTION, top_k=30))
    file = next((tmp_path / DERIVED_FOLDER).iterdir()) / name
    stored = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(stored[: len(stored) // 2] if damage == "truncated" else stored[:-9] + b"\x07" * 9)
    embedder = CountingEmbedder()
    with Library.open(tmp_path, embedder=embedder, threshold=0.0) as library:
        assert embedder.texts == 0
        assert steady(library.ask(QUESTION, top_k=30)) == before
    assert (next((tmp_path / DERIVED_FOLDER).iterdir()) / name).read_bytes() == stored


def test_a_change_made_for_another_state_is_refused_and_changes_nothing(library: Library) -> None:
    first = library.put("one", document(prose(1)))
    etag = library.document("one").etag
    assert (first, library.put("one", document(prose(2)), precondition=if_match("one", etag))) == ("added", "updated")
    with pytest.raises(PreconditionFailed, match="read it again"):
        library.put("one", document(prose(3)), precondition=if_match("one", etag))
    with pytest.raises(PreconditionFailed, match="read it again"):
        library.remove("one", precondition=if_match("one", etag))
    with pytest.raises(PreconditionFailed, match="no such document"):
        library.put("nowhere", document(prose(3)), precondition=if_match("nowhere", etag))
    assert library.raw("one") == prose(2)
    library.remove("one", precondition=if_match("one", library.document("one").etag))
    assert not library.has("one")


def test_a_batch_says_what_became_of_each_document_and_the_last_of_one_id_stays(library: Library) -> None:
    first, second = (("one", document(prose(seed))) for seed in (1, 2))
    assert library.put_batch([first]) == ("added",)
    assert library.put_batch([first, second, first, ("two", *second[1:])]) == (
        "unchanged",
        "updated",
        "updated",
        "added",
    )
    assert library.raw("one") == prose(1)


def test_a_batch_is_in_whole_or_not_at_all(library: Library) -> None:
    good, bad = document(prose(1)), document(prose(2))
    bad = replace(bad, paragraphs=(*bad.paragraphs, bad.paragraphs[0]))  # two paragraphs of one number
    with pytest.raises(IndexUnusable, match="nothing was changed"):
        library.put_batch([("one", good), ("two", bad)])
    assert len(library.documents()) == 5


def test_a_reader_sees_what_a_writer_beside_it_has_committed(library: Library) -> None:
    raw = prose(5)
    with Library.open(library.data, embedder=WordEmbedder(), threshold=0.0) as reader:
        assert reader.info().documents == 5
        library.put("five", document(raw))
        assert reader.info().documents == 6
        assert reader.ask("Report filed as number 5.1", top_k=1).passages[0].citation.document_id == "five"
        library.remove("five")
        assert reader.info().documents == 5


def test_questions_asked_while_documents_change_see_whole_states(tmp_path: Path) -> None:
    done = threading.Event()
    seen: list[int] = []
    with seeds_library(tmp_path) as library:

        def ask() -> None:
            while not done.is_set():
                answer = library.ask(QUESTION, top_k=68)
                seen.append(answer.index.passages)
                assert len(answer.passages) <= answer.index.passages

        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        raw = prose(6, 5)
        for _ in range(15):
            library.put("six", document(raw))
            library.remove("six")
        done.set()
        for asker in askers:
            asker.join()
    assert set(seen) <= {68, 68 + len(document(raw).paragraphs)}
    assert len(seen) >= 3


def test_another_model_is_refused_when_the_index_is_opened(library: Library) -> None:
    other = WordEmbedder()
    other.identity = ModelIdentity(name="other", sha256="f" * 64, dimension=64, files={})
    with pytest.raises(IndexMismatch, match="was made with the model words"):
        Library.open(library.data, embedder=other)


@pytest.mark.parametrize("kind", ["a file", "in a file"])
def test_a_data_folder_that_cannot_be_one_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(IndexUnusable, match="file"):
        Library.open(tmp_path / "file" / ("below" if kind == "in a file" else ""), embedder=WordEmbedder())


def test_a_document_that_is_not_there_is_an_error_by_name(library: Library) -> None:
    for call in (library.document, library.paragraphs, library.raw, library.remove):
        with pytest.raises(DocumentNotFound, match="'nowhere'"):
            call("nowhere")


def test_a_served_citation_is_valid_and_one_that_was_changed_is_not(library: Library) -> None:
    citation = library.ask(QUESTION).passages[0].citation
    claim = Claim.of(citation)
    assert library.check(claim).valid
    assert library.check(citation).valid
    assert not library.check(replace(citation, cited_text="Something else.")).valid
    assert not library.check(replace(claim, cited_text="Something else.")).valid
    assert library.check(replace(claim, document_id="nowhere")).reason == "no document has the id 'nowhere'"


def test_the_raw_bytes_come_back(library: Library) -> None:
    for summary in library.documents():
        assert library.raw(summary.document_id) == (SEEDS / summary.document_id).read_bytes()


def test_the_catalog_is_one_file_in_the_data_folder(library: Library) -> None:
    assert (library.data / CATALOG).is_file()


def test_many_copies_of_one_text_leave_room_for_the_others(library: Library) -> None:
    raw = (SEEDS / FIRST).read_bytes()
    library.put_many((f"copy-{number:03}", document(raw, f"copy-{number:03}.txt")) for number in range(120))
    answer = library.ask(QUESTION, top_k=40)
    passages = answer.passages
    assert len({passage.text for passage in passages}) == 40
    assert len(passages[0].also_in) == MAX_COPIES
    assert f"passage 1: also_in names {MAX_COPIES} of its 120 copies" in answer.warnings
    filtered = library.ask(QUESTION, top_k=40, filters=Filters(document_id=("copy-007", "copy-009"))).passages
    assert len(filtered) == 16
    assert {passage.citation.document_id for passage in filtered} == {"copy-007"}
    assert {citation.document_id for passage in filtered for citation in passage.also_in} == {"copy-009"}


def test_a_catalog_that_is_taken_away_while_open_is_an_error_not_a_lost_write(library: Library) -> None:
    raw = prose(4)
    library.put("four", document(raw))
    (library.data / CATALOG).rename(library.data / "elsewhere.sqlite")
    with pytest.raises(IndexUnusable, match="moved or deleted"):
        library.put("five", document(prose(5)))
    with pytest.raises(IndexUnusable, match="moved or deleted"):
        library.ask(QUESTION)
    assert not (library.data / CATALOG).exists()


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    with pytest.raises(IndexUnusable, match="was closed"):
        library.ask(QUESTION)
    with pytest.raises(IndexUnusable, match="was closed"):
        library.remove(FIRST)


def test_a_folder_where_nothing_derived_can_be_kept_still_answers(tmp_path: Path) -> None:
    (tmp_path / DERIVED_FOLDER).write_text("a file where the folder should be")
    with seeds_library(tmp_path) as library:
        assert library.ask(QUESTION).status == "answered"


def test_what_another_process_is_saving_is_left_alone(library: Library) -> None:
    theirs = library.data / DERIVED_FOLDER / "tmp-theirs"
    theirs.mkdir()
    library.remove(FIRST)
    library.refresh()
    assert theirs.is_dir()
    assert len(list((library.data / DERIVED_FOLDER).iterdir())) == 2


def test_documents_are_listed_in_parts(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        everything = library.documents()
        assert library.documents(limit=2) == everything[:2]
        assert library.documents(after=everything[1].document_id, limit=2) == everything[2:4]
        assert library.documents(after=everything[4].document_id) == ()
        assert library.documents(after="~") == ()


def test_publishers_are_counted_as_documents_come_and_go(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        before = {each.publisher: each.documents for each in library.publishers()}
        assert before == {"CHINA TOPIX": 1, "Press TV": 1, "The Korea Times": 1}
        library.remove(FIRST)
        assert [each.publisher for each in library.publishers()] == ["Press TV", "The Korea Times"]


def test_any_paragraph_can_be_cited_by_its_number(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        asked = library.ask(QUESTION).passages[0].citation
        assert asked.paragraph is not None
        assert library.cite(asked.document_id, asked.paragraph) == asked
        text = library.stored_text(FIRST)
        assert (text.source, text.paragraphs) == (library.source(FIRST), library.paragraphs(FIRST))
        assert text.headings == library.headings(FIRST)
        for number in (0, 17):
            with pytest.raises(ParagraphNotFound, match=f"no paragraph {number}; its paragraphs are numbered 1 to 16"):
                library.cite(FIRST, number)
