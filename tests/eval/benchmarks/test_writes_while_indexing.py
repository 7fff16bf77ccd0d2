import json
import os
from pathlib import Path

from wherefrom.eval.benchmarks.writes_while_indexing import SENTENCES, SUMMARY, SUMS, article_lines, peak_mib


def test_no_two_articles_have_an_equal_paragraph() -> None:
    rows = [json.loads(line) for line in article_lines(40)]
    paragraphs = [paragraph for row in rows for paragraph in row["text"].split("\n\n")]
    assert len(set(paragraphs)) == len(paragraphs) == 40 * SENTENCES
    assert len({row["id"] for row in rows}) == 40


def test_the_memory_of_a_process_is_told_and_that_of_none_is_0() -> None:
    assert peak_mib(os.getpid()) > 10

    def gone(path: Path) -> str:
        raise FileNotFoundError(path)

    assert peak_mib(os.getpid(), gone) == 0


def test_what_the_service_and_the_indexing_say_is_understood() -> None:
    text = """wherefrom_lock_wait_seconds_sum{lock="data_folder"} 0.25
wherefrom_write_seconds_sum{outcome="stored"} 1e-05
wherefrom_request_seconds_sum{route="/v1/ask"} 2.0
"""
    assert SUMS.findall(text) == [("lock_wait", "data_folder", "0.25"), ("write", "stored", "1e-05")]
    told = "10,000 articles from 1 file: 9,936 added, 0 updated, 64 unchanged, 0 refused"
    assert SUMMARY.findall(told) == [("9,936", "0", "64", "0")]
