"""The main text is trafilatura's; if it fails, the main text is empty."""

import logging
import subprocess
import sys

import pytest

from wherefrom.index.cleaning.body.html import trafilatura_text

PAGE = (
    f"<html><body><nav>Home</nav><p>{'The bridge was closed on Monday after a crack was found in it. ' * 5}</p></body>"
)


def test_the_main_text_of_a_page_is_its_article() -> None:
    assert "The bridge was closed" in trafilatura_text.main_text(PAGE, 2)
    assert "Home" not in trafilatura_text.main_text(PAGE, 2)


@pytest.mark.parametrize("page", ["", " ", "<", "<p>", "\ufeff", "<html></html>"])
def test_a_page_without_an_article_has_none(page: str) -> None:
    assert trafilatura_text.main_text(page, 1) == ""


def test_trafilatura_is_not_imported_before_it_is_used() -> None:
    modules = "wherefrom.index.library, wherefrom.index.cleaning.extract, wherefrom.index.ingest"
    code = f"import sys, {modules}; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_failure_of_trafilatura_is_logged_and_gives_no_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RecursionError

    monkeypatch.setattr(trafilatura_text, "_load_extract", lambda: fail)
    with caplog.at_level(logging.WARNING):
        assert trafilatura_text.main_text(PAGE, 2) == ""
    assert "trafilatura failed" in caplog.text


def test_a_page_with_too_many_elements_is_read_without_trafilatura(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        pytest.fail("trafilatura is called")

    monkeypatch.setattr(trafilatura_text, "_load_extract", fail)
    assert trafilatura_text.main_text(PAGE, 2, elements=trafilatura_text.MAX_ELEMENTS + 1) == ""
    inline = trafilatura_text.MAX_INLINE_ELEMENTS + 1
    assert trafilatura_text.main_text(PAGE, 2, elements=inline, inline_elements=inline) == ""
