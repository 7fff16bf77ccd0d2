from pathlib import Path

import pytest

from tests.support.eval_samples import beir_folder, write_jsonl
from wherefrom.eval.datasets.beir import join_title, load_beir
from wherefrom.eval.datasets.jsonl import EvalDataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return beir_folder(tmp_path / "tiny")


@pytest.mark.parametrize("native", [False, True], ids=["plain names", "BEIR's own names"])
def test_a_folder_is_read(tmp_path: Path, native: bool) -> None:  # noqa: FBT001
    loaded = load_beir(beir_folder(tmp_path / "tiny", native=native))
    assert loaded.name == "tiny"
    assert [document.id for document in loaded.documents] == ["cats", "tides", "bread"]
    assert loaded.documents[0].paragraph == "Cats. They sleep all day. They hunt mice at night."
    assert {query.id: query.relevant for query in loaded.queries} == {"q1": {"cats"}, "q2": {"tides", "bread"}}


def test_queries_without_a_positive_judgement_are_left_out(folder: Path) -> None:
    assert "q3" not in {query.id for query in load_beir(folder).queries}


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("", "Some  text.\n", "Some text."),
        ("A title", "Some text.", "A title. Some text."),
        ("A title.", "Some text.", "A title. Some text."),
        ("Really?", "Some text.", "Really? Some text."),
        ("Some", "Some text.", "Some text."),
        ("A title", "", "A title."),
        (" ", " ", ""),
    ],
)
def test_a_title_is_not_repeated(title: str, text: str, expected: str) -> None:
    assert join_title(title, text) == expected


def test_a_judgement_of_a_missing_document_is_kept(folder: Path) -> None:
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as qrels:
        qrels.write("q1\tgone\t1\n")
    assert load_beir(folder).queries[0].relevant == {"cats", "gone"}


def test_the_header_of_the_judgements_is_optional(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("q1\tcats\t1\n", encoding="utf-8")
    assert [query.id for query in load_beir(folder).queries] == ["q1"]


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        ("corpus.jsonl", {"title": "no id", "text": "x"}, "line 4, _id: must be a string"),
        ("corpus.jsonl", {"id": "new", "title": "no text"}, "line 4, text: is missing"),
        ("corpus.jsonl", {"id": "new", "text": 7}, "line 4, text: must be a string, is 7"),
        ("corpus.jsonl", {"id": "new", "title": 7, "text": "x"}, "line 4, title: must be a string, is 7"),
        ("corpus.jsonl", {"id": "cats", "text": "x"}, "line 4, id: 'cats' is on line 1 already"),
        ("corpus.jsonl", "{oops", "line 4: not JSON"),
        ("queries.jsonl", {"id": "new", "text": ""}, "line 4, text: must be a string that is not blank"),
        ("queries.jsonl", {"id": "q1", "text": "x"}, "line 4, id: 'q1' is on line 1 already"),
        ("qrels.tsv", "q1\tcats", "line 6: must have the columns"),
        ("qrels.tsv", "q1\tcats\thigh", "line 6, score: must be a whole number, is 'high'"),
        ("qrels.tsv", "q9\tcats\t1", "line 6, query-id: no query has the id 'q9'"),
    ],
)
def test_an_invalid_line_is_an_error_with_file_line_and_field(
    folder: Path, file: str, row: dict[str, object] | str, message: str
) -> None:
    path = folder / file
    extra = write_jsonl(folder / "extra", [row]).read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(EvalDataError) as raised:
        load_beir(folder)
    assert str(raised.value).startswith(f"{path}, {message}")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_an_error_that_names_it(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(EvalDataError, match=f"{file}: cannot be read"):
        load_beir(folder)


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_an_empty_file_is_an_error(folder: Path, file: str) -> None:
    (folder / file).write_text("", encoding="utf-8")
    with pytest.raises(EvalDataError, match=r"contains no|no query has"):
        load_beir(folder)
