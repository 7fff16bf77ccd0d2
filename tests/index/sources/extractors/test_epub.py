"""EPUB: the chapters in the order of the spine, as one document."""

import pytest

from tests.support.office_files import epub, zip_file
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.epub import extract_text

METADATA = (
    '<dc:title id="t">The Harbour</dc:title><dc:creator opf:role="aut">Jane Roe</dc:creator><dc:creator opf:role="trl">'
    'A Translator</dc:creator><dc:creator id="e">An Editor</dc:creator><meta refines="#e" property="role">edt</meta>'
    '<dc:date opf:event="modification">2025-01-01</dc:date><dc:date>2024-03-04T10:00:00Z</dc:date>'
    "<dc:publisher>The Courier</dc:publisher><dc:language>en</dc:language><dc:subject>ports</dc:subject>"
    "<dc:source>https://courier.example/harbour</dc:source>"
)


def lines(*chapters: str) -> list[str]:
    return extract_text(epub(chapters), "a.epub").text.strip().split("\n\n")


def reason(raw: bytes) -> str:
    with pytest.raises(SourceRejected) as error:
        extract_text(raw, "a.epub")
    return error.value.reason


def test_chapters_come_in_the_order_of_the_spine_without_the_contents() -> None:
    assert lines("<h1>One</h1><p>First.</p>", "<p>Second.</p>") == ["One", "First.", "Second."]


def test_a_page_of_links_to_the_chapters_is_a_table_of_contents() -> None:
    links = "".join(f'<p><a href="c{number}.xhtml">Chapter {number}: ferries</a> {number}</p>' for number in range(5))
    assert lines(f"<h1>Contents</h1>{links}", "<p>First.</p>") == ["First."]
    see = '<p>See <a href="a.xhtml">the chapter on the bridge</a> and <a href="b.xhtml">the one on the quay</a>.</p>'
    assert len(lines(see + see, "<p>First.</p>")) == 3


def test_what_a_book_says_of_itself_is_its_metadata() -> None:
    properties = extract_text(epub(["<p>Text.</p>"], metadata=METADATA), "a.epub").properties
    assert (properties.title, properties.authors, properties.publisher) == ("The Harbour", ("Jane Roe",), "The Courier")
    assert str(properties.published) == "2024-03-04"
    assert (properties.language, properties.url) == ("en", "https://courier.example/harbour")
    assert properties.extra == {"subjects": ("ports",)}


def test_notes_come_after_the_last_chapter_and_their_marks_not_at_all() -> None:
    first = (
        '<p>Text<a epub:type="noteref" href="#n">1</a>.</p><aside epub:type="footnote" id="n"><p>The note.</p></aside>'
    )
    assert lines(first, "<p>Second.</p>") == ["Text.", "Second.", "The note."]


def test_page_numbers_hidden_text_and_scripts_are_left_out() -> None:
    chapter = (
        '<p>One <span epub:type="pagebreak" title="7">7</span>word.</p><p hidden="">No.</p>'
        '<p style="display: none">No.</p>'
        '<script>no()</script><nav epub:type="landmarks"><p>No.</p></nav>'
    )
    assert lines(chapter) == ["One word."]


def test_lists_tables_and_references_of_xhtml() -> None:
    chapter = (
        "<ul><li><p>One&nbsp;item</p><p>goes on</p></li><li>Two</li></ul><table><tr><th>a</th><td>b</td></tr></table>"
        "<p>caf&eacute;<br/>next<br/><br/>apart</p><p><ruby>漢<rt>kan</rt></ruby></p>"
    )
    assert lines(chapter) == ["• One item", "goes on", "• Two", "a | b", "café next", "apart", "漢"]


def test_a_chapter_that_is_not_well_formed_is_read_as_html() -> None:
    page = "<html><head><title/><script src='x'/></head><body><p>One <b>word.<p>Two & three.</body>"
    assert extract_text(epub([page], wrap=False), "a.epub").text == "One word.\n\nTwo & three.\n"


def test_a_protected_book_is_refused_and_one_with_obfuscated_fonts_is_read() -> None:
    def encryption(algorithm: str, part: str) -> dict[str, str]:
        return {
            "META-INF/encryption.xml": '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
            f'<enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData><enc:CipherReference URI="{part}"/>'
            "</enc:CipherData></enc:EncryptedData></encryption>"
        }

    protected = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "book/text/c%200.xhtml")
    fonts = encryption("http://www.idpf.org/2008/embedding", "book/font.otf")
    assert "DRM" in reason(epub(["<p>Text.</p>"], parts=protected))
    assert extract_text(epub(["<p>Text.</p>"], parts=fonts), "a.epub").text == "Text.\n"


def test_refusals_say_what_is_wrong() -> None:
    assert "no EPUB" in reason(zip_file({"a": "b"}))
    assert reason(epub(["<p/>"])) == "it holds no text"


def test_raised_digits_make_no_other_number_and_deleted_text_is_left_out() -> None:
    chapter = (
        '<p>It cost 10<sup>6</sup> euros.<sup>1</sup> The owner<a href="notes.xhtml#n2"><sup>2</sup></a> <s>lied</s>'
        '<del>, they say,</del> said<sup><a href="#n3">3</a></sup> so<a href="#n4">[4]</a>.</p>'
    )
    assert lines(chapter) == ["It cost 10⁶ euros. The owner said so."]


def test_deleted_text_without_an_end_does_not_delete_the_rest_of_a_page() -> None:
    page = "<html><body><p>It cost <s>ten euros.<p>It was built & opened.</body></html>"
    assert lines(page) == ["It cost ten euros.", "It was built & opened."]
