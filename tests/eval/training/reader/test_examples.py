"""The examples of the reader: stored and read again, limited by source."""

from pathlib import Path

from wherefrom.eval.training.reader.examples import ReaderExample, limited, load_examples, save_examples


def example(source: str, number: int = 0) -> ReaderExample:
    return ReaderExample(
        source=source, question=f"Who is {number}?", passages=("One.", "Two."), place=1, start=0, end=3
    )


def test_examples_are_read_as_they_were_written(tmp_path: Path) -> None:
    plain = example("newsqa")
    scored = ReaderExample(
        source="written",
        question="Why?",
        passages=("A.", "B."),
        place=-1,
        labelled=False,
        relevance=(0.5, -1.0),
        answers=(-2.0, 3.25),
    )

    counts = save_examples(tmp_path / "examples.jsonl", [plain, scored])

    assert counts == {"newsqa": 1, "written": 1}
    assert load_examples([tmp_path / "examples.jsonl"]) == [plain, scored]


def test_examples_of_before_the_teacher_are_read(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text('{"source": "squad", "question": "Who?", "passages": ["A."], "place": 0, "start": 0, "end": 1}\n')

    (read,) = load_examples([path])

    assert read.labelled
    assert read.relevance == ()


def test_a_source_with_a_limit_keeps_that_many() -> None:
    examples = [example("qamr", number) for number in range(10)] + [example("squad", number) for number in range(3)]

    kept = limited(examples, {"qamr": 4})

    assert [each.source for each in kept] == ["qamr"] * 4 + ["squad"] * 3
    assert len({each.question for each in kept if each.source == "qamr"}) == 4
    assert limited(examples, {"qamr": 4}) == kept
