"""What holds for the extractors of all formats of office programs: whole texts, bounded work, refusals."""

import random
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.office_files import FILES_OF
from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.registry import FORMATS, extractor_of
from wherefrom.index.types import MediaType

FORMATS_BY_MODULE: dict[str, MediaType] = {each.module: media_type for media_type, each in FORMATS.items()}
MODULES = sorted(FILES_OF)
# Words of several scripts; without the marks of Markdown, which are no text there.
WORD = st.text(
    st.sampled_from("abcdefgh XYZäöüßñçłжшЖя漢字かなαβγ\u05d0\u05d1😀—“”’'.,;:?!%&§°5").filter(
        lambda each: each != " "
    ),
    min_size=1,
    max_size=9,
)
PARAGRAPH = st.lists(WORD, min_size=2, max_size=12).map(lambda words: "Word " + " ".join(words) + " end.")
PARAGRAPHS = st.lists(PARAGRAPH, min_size=1, max_size=8)
SAMPLE = [f"Paragraph {number} tells of “harbours” and ferries, {number} – of them." for number in range(12)]
MUTATIONS = 150


def extract(module: str, raw: bytes) -> str:
    extracted = extractor_of(FORMATS_BY_MODULE[module])(raw, "file")
    if extracted.in_source is None:
        return extracted.text
    paragraphs = (
        "".join(extracted.text[each.start : each.end] for each in spans) for spans in extracted.in_source.paragraphs
    )
    return "\n\n".join(" ".join(each.split()) for each in paragraphs) + "\n"


@pytest.mark.parametrize("module", MODULES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paragraphs=PARAGRAPHS)
def test_known_paragraphs_come_back_whole_and_in_order(module: str, paragraphs: Sequence[str]) -> None:
    assert extract(module, FILES_OF[module](paragraphs)) == "\n\n".join(paragraphs) + "\n"


@pytest.mark.parametrize("module", MODULES)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(module: str) -> None:
    whole = FILES_OF[module](SAMPLE)
    choice = random.Random(module)
    for _ in range(MUTATIONS):
        raw = bytearray(whole)
        for _ in range(choice.randint(1, 12)):
            at = choice.randrange(len(raw))
            kind = choice.randrange(4)
            if kind == 0:
                raw[at] = choice.randrange(256)
            elif kind == 1:
                del raw[at : at + choice.randint(1, 200)]
            elif kind == 2:
                raw[at:at] = raw[max(at - 50, 0) : at] * choice.randint(1, 4)
            else:
                raw[at : at + 4] = bytes(choice.choice((0, 255, 92, 123, 60)) for _ in range(4))
            if not raw:
                break
        try:
            text = extract(module, bytes(raw))
        except SourceRejected:
            continue
        assert text.strip()
        text.encode()  # no half characters


@pytest.mark.parametrize("module", MODULES)
def test_a_file_that_is_cut_off_is_read_or_refused(module: str) -> None:
    whole = FILES_OF[module](SAMPLE)
    for size in range(0, len(whole), max(len(whole) // 60, 1)):
        with suppress(SourceRejected):
            extract(module, whole[:size])


@pytest.mark.parametrize("module", MODULES)
def test_the_same_file_gives_the_same_text(module: str) -> None:
    raw = FILES_OF[module](SAMPLE)
    read = extractor_of(FORMATS_BY_MODULE[module])
    assert read(raw, "file") == read(raw, "file")


@pytest.mark.parametrize("module", MODULES)
def test_the_extractor_has_a_name_and_a_version(module: str) -> None:
    name, _, version = extractor_of(FORMATS_BY_MODULE[module])(FILES_OF[module](SAMPLE), "file").extractor.rpartition(
        " "
    )
    assert name
    assert version[0].isdigit()


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("raw", [b"", b" \n ", bytes(600), b"PK\x03\x04" + bytes(200)])
def test_a_file_without_text_is_refused(module: str, raw: bytes) -> None:
    with pytest.raises(SourceRejected):
        extract(module, raw)


@pytest.mark.parametrize("module", MODULES)
def test_work_grows_with_the_size(module: str) -> None:
    def read(text: str) -> None:
        extract(module, FILES_OF[module](text.split("\n")))

    lines = [f"{line} {number}" for number in range(120) for line in SAMPLE]
    assert grows_linearly(read, "\n".join(lines), "\n".join(lines + lines))


@pytest.mark.parametrize(
    ("module", "start", "piece"),
    [
        ("rtf", "{\\rtf1 a", "{"),
        ("rtf", "{\\rtf1 a", "\\'e9\\u8212"),
        ("rtf", "{\\rtf1 a", "\\trowd\\intbl b\\cell"),
        ("rtf", "{\\rtf1 a", "{\\footnote "),
        ("markdown", "a ", "[" * 10),
        ("markdown", "a ", "*a **b "),
        ("markdown", "a ", "`" * 3 + " "),
        ("markdown", "a ", "<a "),
        ("markdown", "a ", "![[a"),
        ("markdown", "a\n\n", "[^1]: b\n"),
        ("markdown", "---\n", "a: [\n"),
    ],
)
def test_work_grows_with_the_size_of_hostile_text(module: str, start: str, piece: str) -> None:
    def read(text: str) -> None:
        with suppress(SourceRejected):
            extract(module, text.encode())

    assert grows_linearly(read, start + piece * 2000, start + piece * 4000)
