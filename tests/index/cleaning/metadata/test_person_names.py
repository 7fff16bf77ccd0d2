"""Of what pages give as authors, the names of persons are kept, each by itself."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.metadata.person_names import person_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mara Lind", ["Mara Lind"]),
        ("By Mara Lind", ["Mara Lind"]),
        ("Von Mara Lind", ["Mara Lind"]),
        ("Текст: Анна Ким", ["Анна Ким"]),
        ("Felix Brandt und Jörg Salden", ["Felix Brandt", "Jörg Salden"]),
        ("María García y José Ortega", ["María García", "José Ortega"]),
        ("Иван Петров и Анна Ким", ["Иван Петров", "Анна Ким"]),
        ("Anna Martin, Lea Wagner and Tom Grell", ["Anna Martin", "Lea Wagner", "Tom Grell"]),
        ("Paul Lee; Mark Johnson", ["Paul Lee", "Mark Johnson"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ursula von der Leyen", ["Ursula von der Leyen"]),
        ("Von der Leyen", ["Von der Leyen"]),
        ("Martin Luther King, Jr.", ["Martin Luther King, Jr."]),
        ("Lind, Mara", ["Lind, Mara"]),
        ("J.R.R. Tolkien", ["J.R.R. Tolkien"]),
        ("김철수", ["김철수"]),
    ],
)
def test_the_names_of_a_list_are_split(text: str, names: list[str]) -> None:
    assert list(person_names(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jörg Salden, dpa", ["Jörg Salden"]),
        ("Anna Martin und Lea Wagner, Nairobi", ["Anna Martin", "Lea Wagner"]),
        ("Ana Ruiz, New York", ["Ana Ruiz"]),
        ("Sarah O'Connor in London", ["Sarah O'Connor"]),
        ("Mara Lind, Political Editor", ["Mara Lind"]),
        ("Elena Oberholt (obe)", ["Elena Oberholt"]),
        ("Mara Lind | mlind@courier.example", ["Mara Lind"]),
        ("Jill Disis, CNN Business", ["Jill Disis"]),
    ],
)
def test_what_stands_beside_a_name_is_left_out(text: str, names: list[str]) -> None:
    assert list(person_names(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        *("AFP", "dpa", "Reuters", "Europa Press", "PTI", "MDR"),
        *("Coast Courier Redaktion", "La Rédaction", "Redacción", "Редакция", "News Desk", "Staff Writer"),
        *("(Image: Getty Images)", "Photo: Jane Roe", "Getty Images", "Bild: imago"),
        *("Küstenfunk (www.kuestenfunk.example)", "courier.com", "https://www.facebook.com/Courier", "mlind@x.example"),
        *("admin", "jsmith", "kevin-r", "LinkNaija", "CBSDetroit", "user42"),
        *("Press Release", "Ministry of Health", "Chief Executive", "New York", ""),
    ],
)
def test_what_is_no_name_gives_none(text: str) -> None:
    assert not list(person_names(text))


@pytest.mark.parametrize("part", ["a ", "A, ", "and ", "( ", "a.b ", "Mara Lind and ", ", "])
def test_names_are_split_in_linear_time(part: str) -> None:
    single, double = (part * times for times in (5_000, 10_000))
    assert grows_linearly(lambda text: list(person_names(text)), single, double)
