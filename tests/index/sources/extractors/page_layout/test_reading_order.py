from wherefrom.index.sources.extractors.page_layout.reading_order import lines_in_order
from wherefrom.index.sources.extractors.page_layout.runs import Run


def run(text: str, left: float, right: float, top: float) -> Run:
    return Run(text=text, left=left, top=top, right=right, bottom=top + 10, size=10.0)


def texts(*runs: Run) -> list[str]:
    return [line.text for line in lines_in_order(runs)]


def test_a_justified_line_with_wide_gaps_is_no_row() -> None:
    above, below = run("The harbour council of", 72, 182, 100), run("voted to close the old", 72, 182, 124)
    justified = (run("Northport", 72, 110, 112), run("on", 135, 143, 112), run("Monday", 168, 182, 112))
    assert texts(above, *justified, below) == [above.text, "Northport on Monday", below.text]


def test_cells_are_a_row_below_text_too() -> None:
    above = run("The harbour council of", 72, 182, 100)
    unequal_gaps = (run("Ferries", 72, 102, 112), run("12", 130, 140, 112), run("40", 172, 182, 112))
    narrower = (run("Ferries", 72, 102, 112), run("12", 127, 137, 112), run("40", 162, 172, 112))
    for cells in (unequal_gaps, narrower):
        assert texts(above, *cells) == [above.text, "Ferries\t12\t40"]


def test_a_head_that_ends_in_the_gutter_does_not_join_the_columns() -> None:
    left = [run(f"Left line {number} of the text", 72, 190, 100 + 12 * number) for number in range(8)]
    right = [run(f"Right line {number} of the text", 204, 322, 100 + 12 * number) for number in range(8)]
    head = run("THE HARBOUR GAZETTE", 72, 203, 40)
    assert texts(head, *left, *right) == [each.text for each in (head, *left, *right)]


def test_rows_of_a_table_across_the_columns_are_read_between_them() -> None:
    def column(name: str, edges: tuple[int, int], rows: range) -> list[Run]:
        return [run(f"{name} line {row} of the text", *edges, 100 + 12 * row) for row in rows]

    above, below = range(12), range(16, 28)
    left, right = (72, 190), (204, 322)
    cells = [(72, 100), (140, 160), (196, 215), (280, 300)]
    table = [[run(f"{row}{at}", *edges, 100 + 12 * row) for at, edges in enumerate(cells)] for row in range(12, 16)]
    runs = [
        *(column("Left", left, above) + column("Right", right, above)),
        *(cell for row in table for cell in row),
        *(column("Left", left, below) + column("Right", right, below)),
    ]
    texts_above, texts_below = [each.text for each in runs[:24]], [each.text for each in runs[-24:]]
    rows = ["\t".join(cell.text for cell in row) for row in table]
    assert texts(*runs) == [*texts_above, *rows, *texts_below]
