"""The body of a page is not lost, however the page is built: each test is a kind of page that real sites have."""

import pytest

from tests.support.article_pages import TITLE, kept_text, page, paragraph, paragraphs
from tests.support.work import grows_linearly

ALL = [paragraph(number) for number in range(8)]


@pytest.mark.parametrize(
    "container",
    [
        "<div class='grid'><div class='body article__body'>{}</div><aside>Advertisement</aside></div>",
        "<section class='chunk'><div class='text'><div>{}</div></div><div class='ad-slot'>Ad</div></section>",
        "<div class='sidebar-grid'><div class='sidebar-grid__content'>{}</div><div class='rail'></div></div>",
    ],
)
def test_a_body_in_several_containers_of_one_kind_is_kept_whole(container: str) -> None:
    chunks = "".join(container.format(paragraphs(start, start + 2)) for start in range(0, 8, 2))
    assert kept_text(page(f"<main><article><h1>{TITLE}</h1><div>{chunks}</div></article></main>")) == ALL


def test_paragraphs_in_different_elements_beside_each_other_are_all_kept_text() -> None:
    mixed = "".join(f"<p>{text}</p>" if number % 2 else f"<div>{text}</div>" for number, text in enumerate(ALL))
    assert kept_text(page(f"<article><h1>{TITLE}</h1><div class=text>{mixed}</div></article>")) == ALL


def test_a_copy_of_the_article_is_not_taken_for_a_body_that_is_missing() -> None:
    copy = f"<div class=for-machines><div>{' '.join(ALL)}</div></div>"
    assert kept_text(page(f"<main><h1>{TITLE}</h1><div class=text>{paragraphs(0, 8)}</div>{copy * 3}</main>")) == ALL


def test_the_next_article_of_a_page_that_scrolls_on_is_not_joined() -> None:
    articles = "".join(
        f"<div class=story><h1>{title}</h1><div class=text>{paragraphs(start, start + 4)}</div></div>"
        for title, start in ((TITLE, 0), ("A fire takes the roof of the mill", 30))
    )
    assert not {paragraph(number) for number in range(30, 34)} & set(kept_text(page(f"<main>{articles}</main>")))


@pytest.mark.parametrize(
    "unit", ["<div><h2><a href=x>A story</a></h2><p>{}", "<div>{}<br>\n", "<article><h1>{}</h1>{}"]
)
def test_the_work_is_linear_in_the_size_of_the_page(unit: str) -> None:
    def made(size: int) -> str:
        text = "".join(unit.replace("{}", paragraph(number)) for number in range(size))
        return f"<title>{TITLE}</title><h1>{TITLE}</h1>{text}"

    assert grows_linearly(kept_text, made(400), made(800))
