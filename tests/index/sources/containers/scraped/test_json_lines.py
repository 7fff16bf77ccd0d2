import io
import json

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.scraped.json_lines import read_json_lines
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.types import RawSource


def test_unknown_fields_are_told_once_a_file_and_wrong_lines_by_number() -> None:
    rows: list[object] = [{"maintext": f"The quay closes, part {number}.", "keywords": ["a"]} for number in range(3)]
    rows.insert(1, {"text": 7})
    data = b"\xef\xbb\xbf" + b"\n".join(json.dumps(row).encode() for row in rows) + b"\n\n{\n"
    results = list(read_json_lines(io.BytesIO(data), "x.jsonl"))
    refused = [result for result in results if isinstance(result, SourceRejected)]
    assert [error.source for error in refused] == ["x.jsonl:2", "x.jsonl:6"]
    assert [result.name for result in results if isinstance(result, RawSource)] == [
        "x.jsonl:1",
        "x.jsonl:3",
        "x.jsonl:4",
    ]
    assert results[-1] == SourceNote(source="x.jsonl", text="unknown fields, kept as extra: keywords (3)")
