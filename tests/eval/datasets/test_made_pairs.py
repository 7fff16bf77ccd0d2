from pathlib import Path

import pytest

from wherefrom.eval.datasets.made_pairs import make_pairs, seed_stories

STORIES = {
    "story": [
        "The council of Harwick, which met in a school, approved the plan on Monday evening.",
        "The bridge could close in June 2021, and 4,500 cars a day would need another way through the town of Harwick.",
        'Paul Renner said the work will not take more than 11 weeks in total if the weather stays good in Harwick.',
        "Police stopped the traffic on Tuesday. Mary Stone told reporters in Harwick that nobody was hurt.",
        "The mayor opened a new library in Harwick in May 2019 with twelve thousand books.",
    ]
}  # fmt: skip


def sentences(kind: str) -> list[str]:
    return [pair.sentence for pair in make_pairs(STORIES) if pair.kind == kind]


def test_equal_stories_give_equal_pairs() -> None:
    assert make_pairs(STORIES) == make_pairs(STORIES)


def test_a_sentence_is_never_the_passages_own() -> None:
    assert all(pair.sentence not in " ".join(pair.passages) for pair in make_pairs(STORIES))


def test_a_relative_clause_is_left_out() -> None:
    expected = "The council of Harwick approved the plan on Monday evening."
    assert expected in sentences("shortened")


@pytest.mark.parametrize("kind", ["number", "date", "name", "negation", "modality", "speaker", "other_passage"])
def test_every_rule_makes_something_of_a_story(kind: str) -> None:
    assert sentences(kind)


def test_stories_are_read_as_the_library_reads_them() -> None:
    stories = seed_stories(Path("seeds"))
    assert [len(paragraphs) for paragraphs in stories.values()] == [14, 8, 16, 17, 13]
