"""Exports a reader to an OpenVINO graph and verifies it against transformers' own layers.

`wherefrom.index.reading.loader` runs `python -m wherefrom.index.reading.export NAME FOLDER DESTINATION` as a separate
process. It reports progress on standard error, and the reason of a failure on standard output.
"""

import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import torch
from transformers.utils import logging as transformers_logging

from wherefrom.index.embedding.export import NotExportable
from wherefrom.index.embedding.model_files import file_hashes
from wherefrom.index.embedding.openvino_embedder import supported_precisions
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder, load_sentence_transformer
from wherefrom.index.embedding.torch_modules import PackedBert
from wherefrom.index.files.folder_removal import remove_folder, remove_leftovers
from wherefrom.index.reading.export_manifest import (
    GRAPH,
    TOKENIZER,
    ReaderManifest,
    save_reader_manifest,
)
from wherefrom.index.reading.openvino_reader import OpenVinoReader
from wherefrom.index.reading.pair_layout import pair_inputs
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.reading.torch_modules import PackedReader
from wherefrom.index.reading.torch_reader import TorchReader
from wherefrom.index.reading.weights import ReaderWeights, reader_weights_for

MAX_DIFFERENCE = 0.25
"""Largest allowed difference of a score (log-odds) between the exported graph and the reference, over the sample."""
SAMPLE_QUESTIONS = ("Why does Russia object to the radar?", "Who won?", "When was the treaty of 1987 signed by both?")
SAMPLE_PASSAGES = (
    "Moscow said the X-band radar could look deep into its territory and upset the strategic balance.",
    "The match ended 3-1.",
    "Gorbachev and Reagan signed the treaty in Washington on Dec. 8, 1987; Caf\u00e9 owners remember the crowds.",
    "No.",
)


def export_reader(name: str, folder: Path, destination: Path) -> ReaderManifest:
    """Export the reader of the model in `folder` to the folder `destination`, completely or not at all.

    Raises NotExportable if the graph cannot be made, verified or written, and ModelUnavailable if the model cannot be
    loaded.
    """
    model = load_sentence_transformer(name, folder, file_hashes(folder))
    weights = reader_weights_for(model.identity)
    if weights is None or not PackedBert.supports(model.model):
        raise NotExportable("no reader was trained for this model")
    temporary = destination.with_name(f"tmp-{uuid4().hex}")
    try:
        temporary.mkdir(parents=True)
        manifest = _export_verified(model, weights, temporary)
        save_reader_manifest(temporary, manifest)
        remove_leftovers(destination.parent)
        remove_folder(destination)
        temporary.rename(destination)
    except OSError as error:
        raise NotExportable(f"{destination} cannot be written: {error.strerror}") from error
    finally:
        remove_folder(temporary)
    return manifest


def _export_verified(model: SentenceTransformerEmbedder, weights: ReaderWeights, folder: Path) -> ReaderManifest:
    _convert(model, weights, folder)
    manifest = ReaderManifest(
        model_sha256=model.identity.sha256,
        weights_sha256=weights.sha256,
        precisions=(),
        difference={},
    )
    reference = TorchReader(model.model, weights)
    expected = [reference.read(question, SAMPLE_PASSAGES) for question in SAMPLE_QUESTIONS]
    differences: dict[str, float] = {}
    for precision in supported_precisions(openvino.Core()):
        reader = OpenVinoReader(folder, manifest, precision)
        actual = [reader.read(question, SAMPLE_PASSAGES) for question in SAMPLE_QUESTIONS]
        differences[precision] = max(map(max_difference, actual, expected))
    report = ", ".join(f"{precision} {difference:.4f}" for precision, difference in differences.items())
    _log(f"{model.identity.name}: largest difference of a score from the reference: {report}")
    verified = tuple(each for each in supported_precisions(openvino.Core()) if differences[each] <= MAX_DIFFERENCE)
    if not verified:
        raise NotExportable(f"its graph does not agree with it: {report}, where {MAX_DIFFERENCE} is allowed")
    return replace(manifest, precisions=verified, difference=differences)


def _convert(model: SentenceTransformerEmbedder, weights: ReaderWeights, folder: Path) -> None:
    """Convert the reader and save its graph with the tokenizer in `folder`.

    The reader is traced on two pairs of different length, so that neither padding nor a shape becomes a constant.
    """
    question, short, long = (each.ids for each in model.tokenizer.encode(["Who?", "It.", "A text that is longer."]))
    example = [torch.from_numpy(values) for values in pair_inputs(question, [short[1:], long[1:]])]
    module = PackedReader(model.model, weights).eval()
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # tracing warns of every branch it passes
        graph = openvino.convert_model(module, example_input=tuple(example))
    openvino.save_model(graph, folder / GRAPH, compress_to_fp16=True)
    model.model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))


def max_difference(first: Sequence[Reading], second: Sequence[Reading]) -> float:
    """Return the largest difference between the scores of two readings of the same passages."""
    return max(
        max(
            abs(one.relevance - other.relevance),
            abs(one.answers - other.answers),
            abs(one.span_score - other.span_score),
        )
        for one, other in zip(first, second, strict=True)
    )


def _log(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def main(name: str, folder: str, destination: str) -> int:
    """Export a reader. Returns 0, or 1 after writing the reason of a failure to standard output."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    started = time.monotonic()
    try:
        export_reader(name, Path(folder), Path(destination))
    except Exception as error:  # noqa: BLE001 - whatever the reason, questions are answered without it
        sys.stdout.write(f"{error}\n")
        return 1
    _log(f"{name}: reader exported in {time.monotonic() - started:.0f} s, saved in {destination}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
