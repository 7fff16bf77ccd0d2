import json
from dataclasses import replace
from datetime import date

import pytest

from wherefrom.index.types import (
    Answer,
    AnswerText,
    Citation,
    Document,
    Dropped,
    Heading,
    IndexInfo,
    Metadata,
    Paragraph,
    Passage,
    Scores,
    Span,
)
from wherefrom.service.schemas.serialization import answer_as_json, answer_bytes, as_json, document_as_json, json_bytes

CITATION = Citation(
    document_id="a.txt",
    title=None,
    publisher="P",
    agency=None,
    authors=("A", "B"),
    published=date(2016, 2, 2),
    url=None,
    cited_text="Yes.",
    source="in/a.txt",
    source_sha256="00",
    encoding="utf-8",
    start_char_index=3,
    end_char_index=7,
    segments=(Span(start=3, end=7),),
    line_start=1,
    line_end=1,
    paragraph=1,
    formatted="A, B. P, 2016-02-02, para. 1.",
)
PASSAGE = Passage(
    rank=1,
    passage_id="a.txt:1",
    text="Yes.",
    confidence=0.123456789,
    highlights=(Span(start=0, end=4),),
    citation=CITATION,
    also_in=(),
)
ANSWER = Answer(
    question="Is it?",
    status="answered",
    no_answer_reason=None,
    confidence=0.123456789,
    threshold=0.1,
    answer=AnswerText(text="Yes.", citation=CITATION),
    passages=(PASSAGE,),
    index=IndexInfo(generation="g", documents=1, passages=1, model="m", model_sha256="11"),
    took_ms=1.23456789,
)


def test_an_answer_keeps_the_order_of_the_contract() -> None:
    decoded = json.loads(json_bytes(answer_as_json(ANSWER)))
    assert list(decoded) == [
        "question",
        "status",
        "no_answer_reason",
        "confidence",
        "threshold",
        "answer",
        "passages",
        "index",
        "effort",
        "took_ms",
    ]
    passage = decoded["passages"][0]
    assert list(passage) == ["rank", "passage_id", "text", "confidence", "highlights", "citation", "also_in"]
    assert list(passage["citation"]) == [
        "document_id",
        "title",
        "publisher",
        "agency",
        "authors",
        "published",
        "url",
        "text_fragment_url",
        "cited_text",
        "source",
        "source_sha256",
        "encoding",
        "errors",
        "media_type",
        "start_char_index",
        "end_char_index",
        "segments",
        "line_start",
        "line_end",
        "paragraph",
        "formatted",
    ]
    assert list(decoded["index"]) == ["generation", "documents", "passages", "model", "model_sha256"]


def test_numbers_are_rounded_and_dates_are_iso_strings() -> None:
    decoded = json.loads(json_bytes(answer_as_json(ANSWER)))
    assert (decoded["confidence"], decoded["took_ms"]) == (0.123457, 1.235)
    assert decoded["passages"][0]["citation"]["published"] == "2016-02-02"
    assert decoded["passages"][0]["citation"]["segments"] == [{"start": 3, "end": 7}]


def test_scores_appear_only_if_requested() -> None:
    scores = Scores(dense=0.5, sentence=0.25, lexical=12.0, fused=1.0)
    explained = as_json(replace(PASSAGE, scores=scores))
    assert isinstance(explained, dict)
    assert list(explained)[-1] == "scores"
    assert explained["scores"] == {"dense": 0.5, "sentence": 0.25, "lexical": 12.0, "fused": 1.0}


def test_warnings_appear_at_the_end_and_only_if_there_are_any() -> None:
    assert "warnings" not in answer_as_json(ANSWER)
    warned = answer_as_json(replace(ANSWER, warnings=("2 documents have no date",)))
    assert warned["warnings"] == ["2 documents have no date"]
    assert list(warned)[-1] == "warnings"


def test_no_answer_is_null_and_not_left_out() -> None:
    decoded = answer_as_json(replace(ANSWER, status="no_answer", answer=None, no_answer_reason="below_threshold"))
    assert decoded["answer"] is None
    assert decoded["no_answer_reason"] == "below_threshold"


def test_a_lone_surrogate_becomes_its_escape() -> None:
    assert json_bytes({"name": "\ud800é"}) == b'{"name":"\\ud800\xc3\xa9"}'


def test_a_number_that_json_cannot_hold_is_an_error() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"score": float("nan")})


def test_an_object_that_is_not_data_has_no_json_form() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        as_json(object())


def test_an_inspected_document_has_the_fields_of_the_contract() -> None:
    paragraph = Paragraph(
        number=1, text="Yes.", segments=(Span(start=3, end=7),), sentences=(), line_start=1, line_end=1
    )
    document = Document(
        source="in/a.txt",
        raw=b"...Yes.",
        source_sha256="00",
        encoding="utf-8",
        metadata=Metadata(title="T", published=date(2016, 2, 2)),
        paragraphs=(paragraph,),
        headings=(
            Heading(kind="question", text="So?", segments=(Span(start=9, end=12),), line_start=2, line_end=2, above=2),
            Heading(kind="subhead", text="No.", segments=(Span(start=6, end=9),), line_start=1, line_end=1, above=2),
        ),
        dropped=(Dropped(start=0, end=2, rule="menu"),),
    )
    assert json.loads(json_bytes(document_as_json(document))) == {
        "source": "in/a.txt",
        "encoding": "utf-8",
        "errors": "strict",
        "source_sha256": "00",
        "media_type": "text/plain",
        "document": {
            "title": "T",
            "publisher": None,
            "agency": None,
            "authors": [],
            "published": "2016-02-02",
            "url": None,
        },
        "origins": {},
        "paragraphs": [
            {"kind": "text", "text": "Yes.", "segments": [{"start": 3, "end": 7}]},
            {"kind": "question", "text": "So?", "segments": [{"start": 9, "end": 12}]},
        ],
        "subheads": [
            {"text": "No.", "segments": [{"start": 6, "end": 9}], "line_start": 1, "line_end": 1, "above": 2},
        ],
        "dropped": [{"start": 0, "end": 2, "rule": "menu"}],
    }


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        replace(ANSWER, status="no_answer", no_answer_reason="below_threshold", answer=None, warnings=("w",)),
        replace(ANSWER, passages=(replace(PASSAGE, scores=Scores(dense=1 / 3, sentence=0, lexical=1e-9, fused=2.0)),)),
        replace(ANSWER, passages=(replace(PASSAGE, also_in=(CITATION,)),), confidence=0.0),
        replace(ANSWER, question='Is "it"\u2028\x1b \U0001f600 so?'),
        replace(ANSWER, question="lone \ud800"),
    ],
)
def test_both_encodings_of_an_answer_are_the_same_json(answer: Answer) -> None:
    at_once, part_by_part = (json.loads(each) for each in (answer_bytes(answer), json_bytes(answer_as_json(answer))))
    assert json.dumps(at_once) == json.dumps(part_by_part)
