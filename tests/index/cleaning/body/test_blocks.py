from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.sources.lines import split_lines


def texts(text: str) -> list[str]:
    return [block.text for block in split_blocks(text, list(split_lines(text)))]


def test_a_line_is_a_block() -> None:
    assert texts("Politics\nDefense\n\nA sentence stands here.\n") == ["Politics", "Defense", "A sentence stands here."]


def test_lines_wrapped_in_the_middle_of_a_sentence_are_one_block() -> None:
    text = (
        "    The first paragraph begins with an indent and goes on for a while until\n"
        "it reaches the second line, which is not indented, and then it ends here\n"
        "at last.\n"
        "    The second paragraph does the same thing, and it is also wrapped where\n"
        "the line is full, as old text files are.\n"
    )
    assert [block.split()[1] for block in texts(text)] == ["first", "second"]


def test_paragraphs_of_a_line_each_are_not_joined() -> None:
    lines = [
        "The first of these is a paragraph that fills its line to the very end.",
        "The second one is another paragraph.",
    ]
    assert texts("\n".join(lines)) == lines


def test_a_blank_line_always_separates_blocks() -> None:
    text = (
        "so the line was broken where the editor of the old file broke it and\n\nthe rest of it never came back again."
    )
    assert len(texts(text)) == 2


def test_a_block_has_its_lines_and_its_offsets() -> None:
    text = "\n  Politics \r\n"
    (block,) = split_blocks(text, list(split_lines(text)))
    assert (block.line_start, block.line_end, text[block.start : block.end]) == (2, 2, "Politics")
