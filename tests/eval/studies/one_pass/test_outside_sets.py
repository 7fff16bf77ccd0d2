from pathlib import Path

import pytest

from tests.support.eval_samples import write_jsonl
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.studies.one_pass.outside_sets import OutsideSet, fit_documents, outside_sets
from wherefrom.eval.training.asked_questions import held_out

ARTICLES = [f"Article {number}" for number in range(5)]
LEFT_OUT, *TRAINING = ARTICLES
STORIES = [f"n{number:04d}" for number in range(40)]


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    corpus, queries, qrels = [], [], ["query-id\tcorpus-id\tscore"]
    for story in STORIES:
        corpus += [
            {"id": f"{story}#{at}", "text": f"In {story} the {what} was late. It came at {at}.", "article": story}
            for at, what in enumerate(["ferry", "mail", "doctor", "priest"])
        ]
        queries.append(
            {"id": f"q-{story}", "text": f"What came at 2 in {story}?", "answers": ["doctor."], "article": story}
        )
        qrels.append(f"q-{story}\t{story}#2\t1")
    folder = tmp_path / "newsqa"
    write_jsonl(folder / "corpus.jsonl", corpus)
    write_jsonl(folder / "queries.jsonl", queries)
    (folder / "qrels.tsv").write_text("\n".join(qrels) + "\n")
    write_squad(tmp_path / "squad2")
    write_jsonl(tmp_path / "articles" / "articles.jsonl", [{"id": "a", "body": "A mill burned.\nNobody was hurt."}])
    scifact = tmp_path / "scifact"
    write_jsonl(scifact / "corpus.jsonl", [{"_id": str(at), "text": f"Abstract {at}."} for at in range(9)])
    write_jsonl(scifact / "queries.jsonl", [{"_id": "c", "text": "A claim."}])
    (scifact / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nc\t7\t1\n")
    return tmp_path


def write_squad(folder: Path) -> None:
    corpus, queries, qrels = [], [], ["query-id\tcorpus-id\tscore"]
    for title in ARTICLES:
        text = f"{title} is about bridges. A bridge of stone stands long. One of wood burned in 1900."
        corpus.append({"id": f"{title}-p", "title": title, "text": text})
        answered = {
            "id": f"{title}-q",
            "text": f"When did wood burn in {title}?",
            "answers": ["1900"],
            "answerable": True,
        }
        near = {"id": f"{title}-n", "text": f"When did stone burn in {title}?", "answers": [], "answerable": False}
        queries += [answered, near]
        qrels += [f"{title}-q\t{title}-p\t1", f"{title}-n\t{title}-p\t0"]
    write_jsonl(folder / "corpus.jsonl", corpus)
    write_jsonl(folder / "queries.jsonl", queries)
    (folder / "qrels.tsv").write_text("\n".join(qrels) + "\n")


def sets(bench: Path, *, questions: int = 100, documents: int = 4) -> dict[str, OutsideSet]:
    return {each.name: each for each in outside_sets(bench, questions, documents)}


def test_no_question_is_about_a_document_that_maps_are_fitted_on(bench: Path) -> None:
    fitted = {id_.split("/")[0] for id_ in fit_documents(bench, 1_000)}
    found = sets(bench)
    assert fitted == {*TRAINING, *(story for story in STORIES if not held_out(story))}
    for name in ("NewsQA, left out", "SQuAD, left out and cut", "news"):
        assert fitted.isdisjoint(found[name].documents)
    assert [question.text for question in found["SQuAD, whole paragraphs"].questions] == [
        f"When did wood burn in {LEFT_OUT}?"
    ]


def test_articles_for_the_maps_come_with_short_and_with_long_paragraphs(bench: Path) -> None:
    documents = fit_documents(bench, 1)
    story = next(id_ for id_ in documents if id_.startswith("n")).split("/")[0]
    assert [len(documents[f"{story}/{size}"].paragraphs) for size in ("short", "long")] == [4, 2]
    (long,) = documents[f"{TRAINING[0]}/long"].paragraphs
    assert len(long.sentences) == 3


def test_a_ranking_and_a_sentence_are_judged_by_paragraph_and_answer(bench: Path) -> None:
    outside = sets(bench)["NewsQA, left out"]
    question = outside.questions[0]
    story = question.text.removeprefix("What came at 2 in ").rstrip("?")
    gold = ParagraphRef(document_id=story, paragraph=3)
    other = ParagraphRef(document_id=story, paragraph=1)
    assert question.judge([[other], [gold]]).gains[:2] == (0.0, 1.0)
    assert question.contains_answer is not None
    assert question.contains_answer(gold, "In it the Doctor was late.")
    assert not question.contains_answer(gold, "It came at 2.")
    assert not question.contains_answer(other, "In it the doctor was late.")


def test_near_misses_are_the_questions_that_no_paragraph_answers(bench: Path) -> None:
    assert sets(bench)["SQuAD, left out and cut"].near_misses == [f"When did stone burn in {LEFT_OUT}?"]


def test_answers_are_looked_for_in_whole_paragraphs_too(bench: Path) -> None:
    (question,) = sets(bench)["SQuAD, whole paragraphs"].questions
    gold = ParagraphRef(document_id=f"{LEFT_OUT}-p", paragraph=1)
    assert question.judge([[gold]]).gains[0] == 1.0
    assert question.contains_answer is not None
    assert question.contains_answer(gold, "One of wood burned in 1900.")
    assert not question.contains_answer(gold, "A bridge of stone stands long.")


def test_abstracts_are_the_relevant_ones_and_as_many_others_as_there_is_room_for(bench: Path) -> None:
    assert set(sets(bench)["SciFact"].documents) == {"7", "0", "1", "2"}


def test_the_same_questions_are_drawn_each_time(bench: Path) -> None:
    few = sets(bench, questions=3)["NewsQA, left out"].questions
    assert len(few) == 3
    assert [question.text for question in few] == [
        question.text for question in sets(bench)["NewsQA, left out"].questions[:3]
    ]
