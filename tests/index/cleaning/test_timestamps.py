import pytest

from wherefrom.index.cleaning.timestamps import is_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Updated : 2016-02-02 16:54", True),
        ("Tue Mar 24, 2015 15:17:30", True),
        ("3 hours ago", True),
        ("In 2015 they met", False),
        ("Politics", False),
    ],
)
def test_a_timestamp_is_a_date_or_a_time_with_at_most_one_other_word(text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_timestamp(text, len(text.split())) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Veröffentlicht am 12. März 2024, 09:12 Uhr", "Publié le 4 mai 2016 à 10h35 | Mis à jour le 5 mai 2016",
        "Опубликовано 12 марта 2024 в 09:12", "2016年5月4日 10:00", "2024年3月12日", "martes, 4 de mayo de 2016",
    ],
)  # fmt: skip
def test_a_line_of_dates_and_their_labels_is_a_timestamp(text: str) -> None:
    assert is_timestamp(text, len(text.split()))


@pytest.mark.parametrize("text", ["Im März 2024 starben vier Menschen", "El 4 de mayo de 2016 cayó el gobierno"])
def test_a_sentence_with_a_date_is_no_timestamp(text: str) -> None:
    assert not is_timestamp(text, len(text.split()))
