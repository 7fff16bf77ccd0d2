from pathlib import Path

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.service.cli.changed_documents import MAX_NAMED, changed_lines


def test_the_first_of_many_ids_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for number in range(MAX_NAMED + 3):
        (files / f"a {number:02}.txt").write_bytes(prose(number))
    with Library.open(tmp_path / "var", embedder=WordEmbedder()) as library:
        results = ingest(library, [files])
        lines = list(changed_lines(results, len(results)))
        assert lines[0].startswith("added a-00.txt-")
        assert len(lines) == MAX_NAMED + 1
        assert lines[-1].startswith("and 3 more; ")
        assert {line.split()[1] for line in lines[:-1]} < {source.document_id for source in library.sources()}
        assert {result.document_id for result in ingest(library, [files])} == {None}
    assert list(changed_lines([], 0)) == []
