"""Quoted lines are joined without their marks, and what the sender of a mail wrote himself is kept."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.types import Document, RawSource

OWN = "Can we run this on Sunday? The mayor told me that he agrees."
FIRST = (
    "The harbour board of Southport voted on Monday to close the old",
    "ferry terminal, ending a service that has run since 1911.",
)
SECOND = (
    "Chairwoman Ilse Brandt of Northport said that she and the whole of",
    "Gull Island had known of the failed inspection since March.",
)
BODY = " ".join(FIRST), " ".join(SECOND)
HEAD = "From: Tom Hale <tom@wire.example>\nDate: Mon, 4 Mar 2024 at 17:02\nSubject: Ferry to close\nTo: Mara Lind\n"


def read(text: str, *, html: bool = False) -> Document:
    return extract(RawSource(name="x", raw=text.encode(), media_type="text/html" if html else "text/plain"))


def kept(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def rules(document: Document) -> dict[str, str]:
    return {document.text[each.start : each.end]: each.rule for each in document.dropped}


@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > ", "  > "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_lines_are_joined_without_their_marks(mark: str, end: str) -> None:
    quoted = [f"{mark}{line}" for line in (*FIRST, "", *SECOND)]
    document = read(end.join(["I asked the board, and this is its answer:", "", *quoted, "", "I will call tomorrow."]))
    assert kept(document) == ["I asked the board, and this is its answer:", *BODY, "I will call tomorrow."]
    assert rules(document) == {mark.strip(): "quote-mark"}
    for paragraph in document.paragraphs:
        source = "".join(document.text[span.start : span.end] for span in paragraph.segments)
        assert " ".join(source.split()) == paragraph.text


def test_lines_of_different_depths_are_not_joined() -> None:
    lines = [*(f"> {line}" for line in FIRST), f">> {SECOND[0]}", f">> {SECOND[1]}", "and so it ends, he said at last."]
    assert kept(read("\n".join(lines))) == [*BODY, "and so it ends, he said at last."]


def test_a_line_at_the_start_of_which_a_number_is_compared_is_not_quoted() -> None:
    text = f"{BODY[0]}\n\n>50 percent of the people who were asked agreed."
    assert kept(read(text))[-1] == ">50 percent of the people who were asked agreed."


@pytest.mark.parametrize(
    "head",
    [
        f"---------- Forwarded message ---------\n{HEAD}",
        f"-----Original Message-----\n{HEAD.replace('Date:', 'Sent:')}",
        "-----Urspr\u00fcngliche Nachricht-----\nVon: Tom\nGesendet: Montag, 4. M\u00e4rz 2024 17:02\nBetreff: Ferry\n",
        f"Begin forwarded message:\n\n{HEAD}",
        HEAD,
        "On Mon, 4 Mar 2024 at 17:02, Tom Hale <tom@wire.example> wrote:\n",
    ],
)
def test_what_the_sender_wrote_above_a_forwarded_mail_is_kept(head: str) -> None:
    document = read(f"{OWN}\n\nMara\n\n{head}\n{BODY[0]}\n\n{BODY[1]}\n\n-- \nTom Hale, reporter.\n")
    assert kept(document) == [OWN, *BODY]
    assert {rules(document)[line] for line in head.splitlines() if line} == {"mail-header"}
    assert rules(document)["Tom Hale, reporter."] == "signature"


def test_what_the_sender_wrote_above_a_forwarded_mail_is_kept_in_html() -> None:
    quoted = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    head = "---------- Forwarded message ---------<br>From: Ilse Brandt<br>Date: Mon, 4 Mar 2024<br>"
    page = f"<html><body><div>{OWN}<br><br><div>{head}</div><blockquote>{quoted}</blockquote></div></body></html>"
    document = read(page, html=True)
    assert kept(document) == [OWN, *BODY]
    assert rules(document)["From: Ilse Brandt"] == "mail-header"


def test_the_menus_of_a_page_that_shows_a_mail_are_dropped() -> None:
    menu = "".join(f"Section number {number}\n" for number in range(30))
    article = f"{BODY[0]}\n\n{HEAD}\n{BODY[1]}\n"
    document = read(f"We serve the town.\n{menu}{article}{menu}All of our services are here.\n")
    assert BODY[1] in kept(document)
    assert set(kept(document)) <= {*BODY}


ON_THE_DAY = "On Jan. 6, 2021, at 2:24 p.m., the president of the board wrote:"


@pytest.mark.parametrize("html", [False, True])
def test_an_article_introduces_a_quotation_with_a_time(html: bool) -> None:  # noqa: FBT001 - a parameter of the test
    paragraphs = [BODY[0], ON_THE_DAY, BODY[1], OWN]
    text = "".join(f"<p>{each}</p>" for each in paragraphs) if html else "\n\n".join(paragraphs)
    assert kept(read(text, html=html)) == paragraphs


def test_an_introduction_above_quoted_lines_is_a_head() -> None:
    document = read(f"{OWN}\n\n{ON_THE_DAY}\n> {FIRST[0]}\n> {FIRST[1]}\n")
    assert kept(document) == [OWN, BODY[0]]
    assert rules(document)[ON_THE_DAY] == "mail-header"


def test_an_article_may_show_the_fields_of_a_mail() -> None:
    fields = ["From: Ida Moll", "To: Ole Grund", "Subject: The mayor took two million crowns from the port authority."]
    page = "".join(f"<p>{each}</p>" for each in [BODY[0], *fields, BODY[1]])
    assert "mail-header" not in rules(read(page, html=True)).values()


def test_a_signature_ends_above_a_paragraph() -> None:
    document = read(f"{OWN}\n\n> {FIRST[0]}\n> {FIRST[1]}\n\n--\n\nTom Hale\n\n{BODY[1]}\n")
    assert kept(document) == [OWN, *BODY]
    assert rules(document)["Tom Hale"] == "signature"


def test_the_stops_of_a_journey_are_no_head_of_a_mail() -> None:
    document = read(f"{BODY[0]}\n\nFrom: Southport\nTo: Gull Island\nDate: every Monday\n\n{BODY[1]}\n")
    assert "mail-header" not in rules(document).values()


def test_arrows_of_a_menu_are_no_quotation() -> None:
    document = read(f"> Home\n> News\n> Sport\n\n{BODY[0]}\n\n{BODY[1]}\n")
    assert kept(document) == list(BODY)
    assert "quote-mark" not in rules(document).values()


def test_reading_quotations_is_linear() -> None:
    text = "".join(f"{'>' * (number % 7)} In {number} it was {FIRST[1]}\n" for number in range(2_000)) + "-- \n" * 500
    assert grows_linearly(read, text, text + text)
    once = f"> {FIRST[0]}\n> {FIRST[1]}\n\n" + f"{BODY[1]}\n\n" * 2_000
    assert grows_linearly(read, once, once + f"{BODY[1]}\n\n" * 2_000)
