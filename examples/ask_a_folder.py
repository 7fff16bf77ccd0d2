"""Index a folder of articles and ask it a question: `python examples/ask_a_folder.py seeds "What is THAAD for?"`.

The index is stored in `wherefrom-index` in the current folder; unchanged files are not indexed again.
"""

import sys
from pathlib import Path

from wherefrom import Library
from wherefrom.index.ingest import ingest

folder, question = sys.argv[1:]
with Library.open(Path("wherefrom-index")) as library:
    ingest(library, [Path(folder)])
    answer = library.ask(question)
    if answer.answer is None:
        print(f"No answer (confidence {answer.confidence:.2f}). The closest passages:")
    else:
        print(f"{answer.answer.text} (confidence {answer.confidence:.2f})")
    for passage in answer.passages:
        print(f"{passage.rank}. {passage.citation.formatted}")
