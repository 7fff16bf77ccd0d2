import json
from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.studies.text_forms import FORMS, load_articles, load_questions, measure_form, report, wrap

BRIDGE = (
    "The old bridge was closed on Monday after a crack was found in it by the engineers of the county.\n\n"
    "Repairs are to take eleven weeks and cost two million crowns, the mayor said to the council in the evening."
)
MILL = "A fire destroyed the roof of the paper mill in the night to Sunday, and nobody was hurt, the brigade said."
QUESTIONS = [
    {"text": "How long do the repairs of the bridge take?", "article": "bridge", "answers": ["Eleven weeks"]},
    {"text": "What did a fire destroy at the mill?", "article": "mill", "answers": ["the roof"]},
    {"text": "Who said it?", "article": "elsewhere", "answers": ["nobody"]},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [{"id": "bridge", "text": BRIDGE}, {"id": "mill", "text": MILL}]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_word_is_lost_in_any_form_and_its_passages_answer(folder: Path, form: object) -> None:
    assert callable(form)
    articles = load_articles(folder)
    questions = load_questions(folder, articles)
    assert [question.article for question in questions] == ["bridge", "mill"]
    figures = measure_form({name: form(text) for name, text in articles.items()}, questions, WordEmbedder())
    assert (figures.refused, figures.words_kept, figures.hit_at_5) == (0, 1.0, 1.0)


def test_without_an_embedder_only_cleaning_is_measured(folder: Path) -> None:
    figures = measure_form(load_articles(folder, 1), [], None)
    assert (figures.articles, figures.hit_at_5) == (1, None)
    assert "| as written | 0 of 1 | 1.000 |  |  |" in report({"as written": figures})


def test_wrapping_keeps_paragraphs_apart() -> None:
    assert [len(paragraph.split("\n")) for paragraph in wrap(BRIDGE).split("\n\n")] == [2, 2]


def test_questions_with_bad_answers_are_an_error_that_names_the_line(folder: Path) -> None:
    (folder / "queries.jsonl").write_text('{"text": "a", "article": "mill", "answers": "b"}', encoding="utf-8")
    with pytest.raises(EvalDataError, match=r"line 1, answers: must be a list of strings"):
        load_questions(folder, {"mill": MILL})
