from wherefrom.eval.studies.format_coverage import FileCoverage, report, share_of, words_of


def test_words_that_are_broken_or_spaced_out_are_joined() -> None:
    assert words_of("The recon-\nstructed quay, t h e i r quay") == words_of("the reconstructed quay their QUAY")


def test_the_share_counts_each_word_as_often_as_it_occurs() -> None:
    assert share_of(words_of("a quay a ferry"), words_of("a ferry quay")) == 0.75
    assert share_of(words_of(""), words_of("a")) == 1.0


def test_the_report_names_refusals_and_what_is_below_the_least() -> None:
    results = [
        FileCoverage(name="a.pdf", words=100, kept=0.95, shown=1.0),
        FileCoverage(name="b.pdf", words=100, kept=0.7, shown=1.0),
        FileCoverage(name="c.pdf", words=9, kept=0.0, shown=0.0, refusal="a password"),
    ]
    _, first, second, third, mean = report(results)
    assert "below" not in first
    assert "below the least" in second
    assert "refused: a password" in third
    assert mean.startswith("mean of 2 files: 82.5% kept")
