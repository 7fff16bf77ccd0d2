import pytest

from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.authors import find_authors
from wherefrom.index.cleaning.metadata.title import find_title

TITLE = "Old bridge is to close for the winter"


def authors_of(byline: str) -> tuple[str, ...]:
    page = page_of(f"{TITLE}\n{byline}\n\n{BODY}")
    title = find_title(page)
    return tuple(author.value for author in find_authors(page, title.block_index if title else None))


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By Jane Doe and John Q. Roe", ("Jane Doe", "John Q. Roe")),
        ("By JANE DOE, Associated Press", ("JANE DOE",)),
        ("Written by Ludwig van Beethoven on 5 May 2015", ("Ludwig van Beethoven",)),
        ("By Jane Doe September 5, 2016", ("Jane Doe",)),
        ("By Jane Doe, Staff Writer", ("Jane Doe",)),
        ("Von Anna Grell und Jörg Salden", ("Anna Grell", "Jörg Salden")),
        ("Par Jeanne Dupont et Luc Martin | 12.03.2024", ("Jeanne Dupont", "Luc Martin")),
        ("Por José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Por Ana Ruiz y Luis Vega, 4 de mayo de 2016", ("Ana Ruiz", "Luis Vega")),
        ("Av Kari Nordmann og Ola Hansen", ("Kari Nordmann", "Ola Hansen")),
        ("Текст: Иван Петров и Анна Смирнова", ("Иван Петров", "Анна Смирнова")),
        ("بقلم: أحمد محمود", ("أحمد محمود",)),
    ],
)
def test_a_byline_gives_the_authors(byline: str, authors: tuple[str, ...]) -> None:
    assert authors_of(byline) == authors


@pytest.mark.parametrize(
    "byline",
    [
        "By Reuters", "By Staff Writer", "By the sea", "By 5 May 2015", "Jane Doe", "Von der Redaktion",
        "Par Le Monde avec AFP",
        "Von Anna bis Zoe: ein Alphabet", "Text und Bild", "Autor unbekannt",
    ],
)  # fmt: skip
def test_a_line_that_names_no_person_gives_no_authors(byline: str) -> None:
    assert authors_of(byline) == ()
