"""Makes a model's exported graph and holds it against the reference: `python -m wherefrom.index.embedding.export NAME FOLDER HOME`.

It runs as a process of its own (`wherefrom.index.embedding.export_manifest`), says what it does on standard error and why it failed on standard
output.
"""

import shutil
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
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder, precisions
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder, load_sentence_transformer
from wherefrom.index.embedding.torch_modules import PackedBert, PaddedModel
from wherefrom.index.errors import WherefromError

MIN_COSINE = 0.9999
"""The least cosine between the exported and the reference vector of any text and any token of the sample."""
TRACING_TEXTS = ["Where from?", "A text that is a little longer."]
KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
SAMPLE_TEXT = (
    "In 2016 the U.S. Army's 94th AAMDC said (at a cost of $1.3 billion) that the X-band radar, AN/TPY-2, would be"
    " sited in Seongju; Moscow's Foreign Minister Sergey Lavrov objected: \u201cit upsets the strategic balance\u201d."
    " Caf\u00e9 owners asked \u00bfpor qu\u00e9? \u4e2d\u56fd\u53cd\u5bf9\u90e8\u7f72 \u0440\u0430\u0434\u0430\u0440"
)
SAMPLE_LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 144, 600)


class NotExportable(WherefromError):
    """A model that the exported graph cannot stand in for."""


def export_model(name: str, folder: Path, home: Path) -> ExportManifest:
    """ExportManifest a model's folder to `home`, all of it or nothing. Raises NotExportable, ModelUnavailable."""
    _tell(f"{name}: making the graph that serves it, once")
    reference = load_sentence_transformer(name, folder, file_hashes(folder))
    aside = home.with_name(f"tmp-{uuid4().hex}")
    try:
        aside.mkdir(parents=True)
        export = _write(reference, aside)
        save_manifest(aside, export)
        shutil.rmtree(home, ignore_errors=True)
        aside.rename(home)
    except OSError as error:
        raise NotExportable(f"{home} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return export


def _write(reference: SentenceTransformerEmbedder, aside: Path) -> ExportManifest:
    """PackedLayout where the model can be and agrees, since that computes nothing for padding; padded otherwise."""
    layouts: Sequence[LayoutName] = ("packed", "padded") if PackedBert.can_stand_for(reference.model) else ("padded",)
    told: list[str] = []
    for layout in layouts:
        export = _convert(reference, aside, layout)
        agreement = {
            precision: min_cosine(reference, OpenVinoEmbedder(aside, export, reference.identity, precision))
            for precision in precisions(openvino.Core())
        }
        told += [f"{layout} {precision} {cosine:.6f}" for precision, cosine in agreement.items()]
        _tell(f"{reference.identity.name}: least cosine with the reference: {', '.join(told)}")
        verified: list[Precision] = [precision for precision, cosine in agreement.items() if cosine >= MIN_COSINE]
        if verified:
            return replace(export, precisions=tuple(verified), agreement=agreement)
    raise NotExportable(
        f"its graph does not agree with it: least cosine {', '.join(told)}, where {MIN_COSINE} is asked"
    )


def _convert(reference: SentenceTransformerEmbedder, aside: Path, layout: LayoutName) -> ExportManifest:
    """Trace the model on two texts of unlike length, so that neither padding nor a shape is taken for constant."""
    model, tokenizer = reference.model, reference.model.tokenizer
    given = tokenizer(TRACING_TEXTS, padding=True, return_tensors="pt")
    _check(tuple(given), tokenizer.padding_side, model.default_prompt_name)
    laid = PackedLayout(pad_id=tokenizer.pad_token_id).inputs(reference.tokenizer.encode(TRACING_TEXTS))
    example = {name: torch.from_numpy(each) for name, each in laid.items()} if layout == "packed" else dict(given)
    traced = PackedBert(model).eval() if layout == "packed" else PaddedModel(model, tuple(example))
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # tracing warns of every branch it passes
        graph = openvino.convert_model(traced, example_input=tuple(example.values()))
    openvino.save_model(graph, aside / GRAPH, compress_to_fp16=False)
    tokenizer.backend_tokenizer.save(str(aside / TOKENIZER))
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


def _check(inputs: Sequence[str], padding_side: str, prompt: str | None) -> None:
    if unknown := set(inputs) - set(KNOWN_INPUTS):
        raise NotExportable(f"it takes {', '.join(sorted(unknown))}, which is not made here")
    if padding_side != "right":
        raise NotExportable(f"it pads texts on the {padding_side}")
    if prompt:
        raise NotExportable(f"it puts a prompt ({prompt}) before every text")


def min_cosine(one: Embedder, other: Embedder) -> float:
    """The least cosine between what two embedders make of the same sample, texts and tokens; -1 if tokens differ."""
    words = SAMPLE_TEXT.split()
    texts = [" ".join(islice(cycle(words), length)) for length in SAMPLE_LENGTHS] + ["", "  Two\tspaces  "]
    contexts = ["", *texts[:-1]]
    cosines = [(one.encode(texts) * other.encode(texts)).sum(axis=1)]
    for first, second in zip(
        one.embed_in_context(texts, contexts), other.embed_in_context(texts, contexts), strict=True
    ):
        if first.tokens.shape != second.tokens.shape:
            return -1.0
        cosines += [np.atleast_1d(first.vector @ second.vector), (first.tokens * second.tokens).sum(axis=1)]
    return float(np.concatenate(cosines).min())


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def main(name: str, folder: str, home: str) -> int:
    """Make an export; 1 and the reason on standard output where that fails."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    started = time.monotonic()
    try:
        export_model(name, Path(folder), Path(home))
    except Exception as error:  # noqa: BLE001 - whatever the reason, the reference serves instead
        sys.stdout.write(f"{error}\n")
        return 1
    _tell(f"{name}: made in {time.monotonic() - started:.0f} s, kept in {home}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
