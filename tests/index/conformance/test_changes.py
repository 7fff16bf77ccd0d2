"""What every engine does with documents that are put, replaced, corrected and removed."""

from datetime import date

import pytest

from tests.index.conformance.conftest import Collection, plain
from tests.support.documents import articles
from wherefrom.index.errors import DocumentNotFound, PreconditionFailed
from wherefrom.index.library import if_match
from wherefrom.index.types import Given

HARBOUR = "The harbour reopened on Tuesday after the storm. Lobster boats left at dawn."
MUSEUM = "The museum bought a telescope from the observatory. Visitors may use it on Fridays."


def test_a_document_that_is_put_is_found_and_listed(collection: Collection) -> None:
    assert collection.put("harbour", HARBOUR) == "added"
    assert collection.found("when did the harbour reopen?") == ["harbour"]
    assert [each.document_id for each in collection.library.documents()] == ["harbour"]
    assert collection.library.has("harbour")
    assert collection.library.info().documents == 1
    assert collection.library.info().passages == len(collection.library.paragraphs("harbour"))


def test_an_empty_collection_answers_nothing(collection: Collection) -> None:
    answer = collection.ask("when did the harbour reopen?")
    assert (answer.status, answer.no_answer_reason, answer.passages) == ("no_answer", "index_empty", ())
    assert collection.library.documents() == ()
    assert collection.library.verify().documents == 0


def test_putting_the_same_again_changes_nothing(collection: Collection) -> None:
    collection.put("harbour", HARBOUR)
    before = collection.library.version()
    assert collection.put("harbour", HARBOUR) == "unchanged"
    assert collection.library.version() == before


def test_a_replaced_document_is_found_by_its_new_text_alone(collection: Collection) -> None:
    collection.put("story", HARBOUR)
    collection.put("other", "A farmer painted the orchard wall in March.")
    version = collection.library.version()
    assert collection.put("story", MUSEUM) == "updated"
    assert collection.library.version() != version
    (first, *_) = collection.ask("the telescope of the museum").passages
    assert first.citation.document_id == "story"
    assert first.text.startswith("The museum bought")
    assert all("harbour" not in passage.text for passage in collection.ask("the harbour reopened").passages)
    assert collection.library.info().documents == 2


def test_a_removed_document_is_gone(collection: Collection) -> None:
    collection.put("harbour", HARBOUR)
    collection.put("museum", MUSEUM)
    collection.library.remove("harbour")
    collection.library.refresh()
    assert collection.found("when did the harbour reopen?") == ["museum"]
    assert not collection.library.has("harbour")
    with pytest.raises(DocumentNotFound):
        collection.library.raw("harbour")
    with pytest.raises(DocumentNotFound):
        collection.library.remove("harbour")
    assert collection.library.info().documents == 1


def test_equal_contents_have_equal_generations_whatever_their_history(collection: Collection) -> None:
    collection.put("museum", MUSEUM)
    generation = collection.library.info().generation
    collection.put("harbour", HARBOUR)
    assert collection.library.info().generation != generation
    collection.library.remove("harbour")
    collection.library.refresh()
    assert collection.library.info().generation == generation


def test_a_change_under_a_precondition_is_made_only_if_it_holds(collection: Collection) -> None:
    collection.put("story", HARBOUR)
    etag = collection.library.document("story").etag
    with pytest.raises(PreconditionFailed):
        collection.put("story", MUSEUM, precondition=if_match("story", "0" * 64))
    with pytest.raises(PreconditionFailed):
        collection.library.remove("story", precondition=if_match("story", "0" * 64))
    with pytest.raises(PreconditionFailed):
        collection.library.correct("story", {"title": "No"}, precondition=if_match("story", "0" * 64))
    assert collection.library.document("story").etag == etag
    assert collection.put("story", MUSEUM, precondition=if_match("story", etag)) == "updated"
    collection.library.remove("story", precondition=if_match("story", collection.library.document("story").etag))
    assert not collection.library.has("story")


def test_documents_of_one_batch_are_stored_together(collection: Collection) -> None:
    items = list(articles(7))
    assert collection.library.put_batch(items) == ("added",) * 7
    assert collection.library.put_batch([*items, ("story-000", plain("story-000", MUSEUM))])[-1] == "updated"
    collection.library.refresh()
    assert [each.document_id for each in collection.library.documents()] == [document_id for document_id, _ in items]
    assert collection.found("the museum bought a telescope")[0] == "story-000"
    failing = if_match("story-001", "0" * 64)
    before = collection.library.version()
    with pytest.raises(PreconditionFailed):
        collection.library.put("story-001", plain("story-001", MUSEUM), precondition=failing)
    assert collection.library.version() == before


def test_the_last_of_two_documents_with_one_id_stays(collection: Collection) -> None:
    items = [("story", plain("story", HARBOUR)), ("story", plain("story", MUSEUM))]
    assert collection.library.put_batch(items) == ("added", "updated")
    collection.library.refresh()
    assert collection.library.text("story") == MUSEUM
    assert collection.found("harbour or museum") == ["story"]
    assert collection.library.info().documents == 1


def test_corrections_stay_when_a_document_is_put_again_and_go_with_it(collection: Collection) -> None:
    collection.put("story", HARBOUR, Given(title="Harbour", publisher="Eastport Star", published=date(2020, 1, 2)))
    assert collection.library.correct("story", {"title": "Port", "published": None}) == "updated"
    collection.library.refresh()
    corrected = collection.library.document("story")
    assert (corrected.title, corrected.publisher, corrected.published) == ("Port", "Eastport Star", None)
    assert corrected.origins["title"] == "by-hand"
    assert collection.ask("the harbour").passages[0].citation.title == "Port"
    collection.put("story", MUSEUM, Given(title="Museum", publisher="Eastport Star", published=date(2021, 1, 2)))
    assert collection.library.document("story").title == "Port"
    collection.library.correct("story", {}, restored=["title", "published"])
    restored = collection.library.document("story")
    assert (restored.title, restored.published) == ("Museum", date(2021, 1, 2))
    assert collection.library.correct("story", {"title": "Museum"}, restored=["title"]) == "unchanged"
    collection.library.correct("story", {"title": "Port"})
    collection.library.remove("story")
    collection.put("story", HARBOUR, Given(title="Harbour"))
    assert collection.library.document("story").title == "Harbour"
    with pytest.raises(DocumentNotFound):
        collection.library.correct("nothing", {"title": "Port"})


def test_everything_is_there_after_a_restart(collection: Collection) -> None:
    collection.put("harbour", HARBOUR, Given(title="Harbour", extra={"pages": 3}))
    collection.put("museum", MUSEUM)
    collection.library.remove("museum")
    collection.library.refresh()
    before = (collection.library.documents(), collection.library.info(), collection.library.raw("harbour"))
    answer = collection.ask("when did the harbour reopen?").passages
    collection.restart()
    collection.library.refresh()
    assert (collection.library.documents(), collection.library.info(), collection.library.raw("harbour")) == before
    assert collection.ask("when did the harbour reopen?").passages == answer


def test_a_change_through_one_engine_is_found_through_another(collection: Collection) -> None:
    with collection.another() as other:
        collection.put("harbour", HARBOUR)
        other.refresh()
        assert (
            other.ask("when did the harbour reopen?").passages
            == collection.ask("when did the harbour reopen?").passages
        )
        other.put("museum", plain("museum", MUSEUM))
        other.refresh()
        collection.library.refresh()
        assert collection.found("the telescope of the museum")[0] == "museum"
        assert other.version() == collection.library.version()


def test_a_write_may_depend_on_what_was_read(collection: Collection) -> None:
    with collection.library.writing():
        assert not collection.library.has("harbour")
        collection.put("harbour", HARBOUR)
        with collection.library.writing():
            collection.put("museum", MUSEUM)
    assert collection.library.has("museum")


def test_the_status_counts_what_is_stored(collection: Collection) -> None:
    collection.put("harbour", HARBOUR)
    collection.ask("when did the harbour reopen?")
    status = collection.library.status()
    assert (status.documents, status.passages) == (1, len(collection.library.paragraphs("harbour")))
    assert (status.revisions_behind, status.seconds_behind) == (0, 0.0)


def test_what_is_stored_is_found_once_it_is_searchable(collection: Collection) -> None:
    for document_id, text in (("harbour", HARBOUR), ("museum", MUSEUM)):
        collection.library.put(document_id, plain(document_id, text))
        collection.library.wait_until_searchable(60)
        assert document_id in collection.found("harbour museum")
