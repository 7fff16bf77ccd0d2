"""The article of a page is kept; menus, headings and boilerplate are dropped, each by a named rule."""

from tests.support.article_pages import TITLE, kept_text, page, paragraphs, rule_of
from wherefrom.index.cleaning.body.html.html_body import html_body
from wherefrom.index.sources.html_tokenizer import tokenize

SENTENCE = "The committee met on Monday to hear what the engineers had found under the old bridge in the town."
PAGE = f"""<!DOCTYPE html><html><head><title>The bridge</title><style>p {{ color: red }}</style></head><body>
<nav><ul><li>Home</li><li>Sport</li></ul></nav>
<article><h1>The bridge is closed to all</h1><p>{SENTENCE}</p><h2>What was found</h2>
<p>Mission accomplished.</p><p>Share this</p><p>{SENTENCE} And it was worse than anybody had feared, he said.</p>
<figure><img src=a.jpg><figcaption>The bridge on Monday morning</figcaption></figure></article>
<footer><p>Contact us in the town of the bridge.</p></footer></body></html>"""


def rules_of(page: str) -> dict[str, str | None]:
    body = html_body(page, list(tokenize(page)))
    return {block.text: rule for block, rule in zip(body.blocks, body.rules, strict=True)}


def test_the_article_is_kept_and_every_other_block_has_a_rule() -> None:
    rules = rules_of(PAGE)
    assert rules == {
        "": "style",
        "Home": "menu",
        "Sport": "menu",
        "The bridge is closed to all": "title",
        SENTENCE: None,
        "What was found": "subhead",
        "Mission accomplished.": None,
        "Share this": "furniture-heading",
        f"{SENTENCE} And it was worse than anybody had feared, he said.": None,
        "The bridge on Monday morning": "caption",
        "Contact us in the town of the bridge.": "footer",
    }


def test_a_menu_above_the_article_of_a_small_page_is_dropped() -> None:
    rules = rules_of(f"<html><body><div>Home</div><div>News</div><p>{SENTENCE}</p></body>")
    assert rules == {"Home": "header", "News": "header", SENTENCE: None}


def test_a_page_with_too_many_runs_for_trafilatura_is_read_by_the_rules_for_text() -> None:
    page = "<p>a" * 2000 + f"<p>{SENTENCE}</p><p>{SENTENCE.replace('Monday', 'Friday')}</p>"
    kept = [text for text, rule in rules_of(page).items() if rule is None]
    assert kept == [SENTENCE, SENTENCE.replace("Monday", "Friday")]


def test_a_block_has_its_lines_and_no_white_space_at_its_ends() -> None:
    page = f"<p>\n&nbsp;{SENTENCE}\n<b>And more\nof it.</b>&nbsp; </p>"
    (block,) = html_body(page, list(tokenize(page))).blocks
    assert (block.line_start, block.line_end) == (2, 4)
    assert page[block.start :].startswith("The committee")
    assert page[: block.end].endswith("of it.")


def test_years_and_labels_in_a_table_of_data_are_kept() -> None:
    rows = "<tr><th>Year<th>Share</tr><tr><td>1998<td>41 percent</tr><tr><td>4 March 2010<td>39 percent</tr>"
    kept = kept_text(
        page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 3)}<table>{rows}</table>{paragraphs(3, 6)}</article>")
    )
    assert kept[3:9] == ["Year", "Share", "1998", "41 percent", "4 March 2010", "39 percent"]


def test_a_date_in_a_table_of_one_row_is_dropped() -> None:
    row = "<table><tr><td>By Mara Lind<td>4 March 2010</tr></table>"
    source = page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 3)}{row}{paragraphs(3, 6)}</article>")
    assert (rule_of(source, "Mara Lind"), rule_of(source, "4 March")) == ("byline", "stamp")
