"""Exports a model to an OpenVINO graph and verifies it against sentence-transformers.

`wherefrom.index.embedding.loader` runs `python -m wherefrom.index.embedding.export NAME FOLDER DESTINATION` as a
separate process. It reports progress on standard error, and the reason of a failure on standard output.
"""

import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

import numpy as np
import torch
from transformers.utils import logging as transformers_logging

from wherefrom.index.embedding.batch_layouts import LayoutName, PackedLayout
from wherefrom.index.embedding.export_manifest import GRAPH, TOKENIZER, ExportManifest, Precision, save_manifest
from wherefrom.index.embedding.model_files import file_hashes
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder, supported_precisions
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder, load_sentence_transformer
from wherefrom.index.embedding.torch_modules import PackedBert, PaddedModel
from wherefrom.index.errors import WherefromError
from wherefrom.index.files.folder_removal import remove_folder, remove_leftovers

MIN_COSINE = 0.9999
"""Required minimum cosine between the exported and the reference vector of every sample text and every sample token."""
TRACING_TEXTS = ["Where from?", "A text that is a little longer."]
SUPPORTED_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
SAMPLE_TEXT = (
    "In 2016 the U.S. Army's 94th AAMDC said (at a cost of $1.3 billion) that the X-band radar, AN/TPY-2, would be"
    " sited in Seongju; Moscow's Foreign Minister Sergey Lavrov objected: \u201cit upsets the strategic balance\u201d."
    " Caf\u00e9 owners asked \u00bfpor qu\u00e9? \u4e2d\u56fd\u53cd\u5bf9\u90e8\u7f72 \u0440\u0430\u0434\u0430\u0440"
)
SAMPLE_WORD_COUNTS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 144, 600)


class NotExportable(WherefromError):
    """The model cannot be replaced by an exported graph."""


def export_model(name: str, folder: Path, destination: Path) -> ExportManifest:
    """Export the model in `folder` to the folder `destination`, completely or not at all.

    Raises NotExportable if the graph cannot be created, verified or written, and ModelUnavailable if the model cannot
    be loaded.
    """
    _log(f"{name}: exporting it to an OpenVINO graph (only once)")
    reference = load_sentence_transformer(name, folder, file_hashes(folder))
    temporary = destination.with_name(f"tmp-{uuid4().hex}")
    try:
        temporary.mkdir(parents=True)
        manifest = _export_verified(reference, temporary)
        save_manifest(temporary, manifest)
        remove_leftovers(destination.parent)
        remove_folder(destination)
        temporary.rename(destination)
    except OSError as error:
        raise NotExportable(f"{destination} cannot be written: {error.strerror}") from error
    finally:
        remove_folder(temporary)
    return manifest


def _export_verified(reference: SentenceTransformerEmbedder, folder: Path) -> ExportManifest:
    """Export with the first layout whose graph agrees with the reference.

    The packed layout is tried first where the model supports it, since it computes nothing for padding.
    """
    layouts: Sequence[LayoutName] = ("packed", "padded") if PackedBert.supports(reference.model) else ("padded",)
    reports: list[str] = []
    for layout in layouts:
        manifest = _convert(reference, folder, layout)
        agreement = {
            precision: min_cosine(reference, OpenVinoEmbedder(folder, manifest, reference.identity, precision))
            for precision in supported_precisions(openvino.Core())
        }
        reports += [f"{layout} {precision} {cosine:.6f}" for precision, cosine in agreement.items()]
        _log(f"{reference.identity.name}: minimum cosine with the reference: {', '.join(reports)}")
        verified: list[Precision] = [precision for precision, cosine in agreement.items() if cosine >= MIN_COSINE]
        if verified:
            return replace(manifest, precisions=tuple(verified), agreement=agreement)
    raise NotExportable(
        f"its graph does not agree with it: minimum cosine {', '.join(reports)}, where {MIN_COSINE} is required"
    )


def _convert(reference: SentenceTransformerEmbedder, folder: Path, layout: LayoutName) -> ExportManifest:
    """Convert the model and save its graph and tokenizer in `folder`.

    It is traced on two texts of different length, so that neither padding nor a shape becomes a constant.
    """
    model, tokenizer = reference.model, reference.model.tokenizer
    padded_inputs = tokenizer(TRACING_TEXTS, padding=True, return_tensors="pt")
    _check_supported(tuple(padded_inputs), tokenizer.padding_side, model.default_prompt_name)
    packed_inputs = PackedLayout(pad_id=tokenizer.pad_token_id).inputs(reference.tokenizer.encode(TRACING_TEXTS))
    example = (
        {name: torch.from_numpy(values) for name, values in packed_inputs.items()}
        if layout == "packed"
        else dict(padded_inputs)
    )
    module = PackedBert(model).eval() if layout == "packed" else PaddedModel(model, tuple(example))
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # tracing warns at every branch
        graph = openvino.convert_model(module, example_input=tuple(example.values()))
    openvino.save_model(graph, folder / GRAPH, compress_to_fp16=False)
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    return ExportManifest(
        files=reference.identity.files,
        dimension=reference.identity.dimension,
        layout=layout,
        inputs=tuple(example),
        most_tokens=reference.tokenizer.max_tokens,
        pad_id=tokenizer.pad_token_id,
        precisions=(),
        agreement={},
    )


def _check_supported(inputs: Sequence[str], padding_side: str, prompt: str | None) -> None:
    if unsupported := set(inputs) - set(SUPPORTED_INPUTS):
        raise NotExportable(f"it takes inputs that are not supported: {', '.join(sorted(unsupported))}")
    if padding_side != "right":
        raise NotExportable(f"it pads texts on the {padding_side}")
    if prompt:
        raise NotExportable(f"it puts a prompt ({prompt}) before every text")


def min_cosine(first: Embedder, second: Embedder) -> float:
    """Return the minimum cosine between the vectors of two embedders over the sample texts and their tokens.

    Returns -1 if the embedders split a text into different numbers of tokens.
    """
    words = SAMPLE_TEXT.split()
    texts = [" ".join(islice(cycle(words), count)) for count in SAMPLE_WORD_COUNTS] + ["", "  Two\tspaces  "]
    contexts = ["", *texts[:-1]]
    cosines = [(first.encode(texts) * second.encode(texts)).sum(axis=1)]
    pairs = zip(first.embed_in_context(texts, contexts), second.embed_in_context(texts, contexts), strict=True)
    for one, other in pairs:
        if one.tokens.shape != other.tokens.shape:
            return -1.0
        cosines += [np.atleast_1d(one.vector @ other.vector), (one.tokens * other.tokens).sum(axis=1)]
    return float(np.concatenate(cosines).min())


def _log(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def main(name: str, folder: str, destination: str) -> int:
    """Export a model. Returns 0, or 1 after writing the reason of a failure to standard output."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    started = time.monotonic()
    try:
        export_model(name, Path(folder), Path(destination))
    except Exception as error:  # noqa: BLE001 - whatever the reason, sentence-transformers serves the model instead
        sys.stdout.write(f"{error}\n")
        return 1
    _log(f"{name}: exported in {time.monotonic() - started:.0f} s, saved in {destination}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
