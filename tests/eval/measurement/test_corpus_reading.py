"""A BEIR corpus is read as `wherefrom index` reads it, unless it is taken as it is."""

import json
from pathlib import Path

from tests.support.eval_samples import beir_folder, write_jsonl
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.beir import BeirFolder, load_beir
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

PROSE = "The harbour of Eastport reopened on Tuesday after three days of storm, and the ferry sailed with forty people."
ROWS: list[dict[str, object]] = [
    {"id": "harbour", "title": "Harbour reopens", "text": f"Share on Facebook\n\n{PROSE}\n\n{PROSE.upper()}\n"},
    {"id": "menu", "title": "", "text": "Home"},
    {"id": "void", "title": " ", "text": ""},
]


def corpus(tmp_path: Path) -> BeirFolder:
    path = beir_folder(tmp_path / "tiny")
    write_jsonl(path / "corpus.jsonl", ROWS)
    return load_beir(path)


def test_the_documents_are_those_that_the_index_would_hold(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    reading = read_corpus(folder, as_is=False)
    lines = tmp_path / "articles.jsonl"
    lines.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        results = ingest(library, [lines])
        stored = {id_: [each.text for each in library.paragraphs(id_)] for id_ in ("harbour",)}
    read = {id_: [each.text for each in document.paragraphs] for id_, document in reading.documents.items()}
    assert read == stored
    assert reading.documents["harbour"].metadata.title == "Harbour reopens"
    assert [result.error is not None for result in results] == [False, True, True]


def test_what_is_refused_is_named_and_what_is_dropped_is_counted(tmp_path: Path) -> None:
    reading = read_corpus(corpus(tmp_path), as_is=False)
    assert list(reading.refused) == ["menu"]
    assert "no paragraph" in reading.refused["menu"]
    words = sum(len(str(row["text"]).split()) for row in ROWS)
    kept = sum(len(each.text.split()) for each in reading.documents["harbour"].paragraphs)
    assert reading.words_kept == kept / words < 1


def test_as_is_keeps_every_word_as_one_paragraph_with_the_title(tmp_path: Path) -> None:
    reading = read_corpus(corpus(tmp_path), as_is=True)
    assert list(reading.documents) == ["harbour", "menu"]
    (paragraph,) = reading.documents["harbour"].paragraphs
    assert paragraph.text.startswith("Harbour reopens. Share on Facebook The harbour")
    assert (reading.words_kept, reading.refused) == (1, {})


def test_the_ways_of_reading_have_indexes_of_their_own(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    assert read_corpus(folder, as_is=True).key != read_corpus(folder, as_is=False).key
