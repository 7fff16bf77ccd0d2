"""Studies the gain in speed and the loss of quality if a document's vectors come from fewer passes through the model.

Today the model reads a document's words about three and a half times: each paragraph after the preceding one, for its
tokens; each paragraph alone, for its vector; and each sentence alone. A variant pools some of these vectors from
another pass: (B) sentences from the paragraph's pass, (C) paragraphs from the tokens' pass, (D) both, (E) everything
from windows of the document, (F) only tokens from such windows, (G) tokens from the paragraph's pass. Pooled vectors
are used unchanged, or mapped to the vectors of the texts alone by maps that are fitted on other documents.

Every variant is measured through the library, on questions about documents that were not used in any fit. Times are
processor times; the variants take turns.

Run: python -m wherefrom.eval.studies.one_pass --bench DIR, where DIR has newsqa, squad2, articles and scifact.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.eval.studies.one_pass.linear_maps import FORMS, Maps, load_maps, save_maps
from wherefrom.eval.studies.one_pass.measure import measure_set, processor_seconds, remembering
from wherefrom.eval.studies.one_pass.outside_sets import fit_documents, outside_sets
from wherefrom.eval.studies.one_pass.pooling import PoolingEmbedder
from wherefrom.eval.studies.one_pass.report import (
    SetFigures,
    gain_rows,
    set_figures,
    set_rows,
    summary_rows,
    token_rows,
)
from wherefrom.eval.studies.one_pass.variants import VARIANTS, FittedMap, Variant, fit_maps, tokens_read
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder

COUNTED_DOCUMENTS = 30
"""Number of documents of a set whose tokens are counted."""
TIMED_DOCUMENTS = 6
"""Number of stories with which the time of a variant is measured."""
ROUNDS = 3


def main(
    bench: Annotated[Path, typer.Option(help="A folder with newsqa, squad2, articles and scifact.")],
    *,
    questions: Annotated[int, typer.Option(help="Questions of each set, at most; 0: only tokens and time.")] = 10_000,
    documents: Annotated[int, typer.Option(help="SciFact's abstracts, at most.")] = 1_000,
    stories: Annotated[int, typer.Option(help="NewsQA's stories for the maps, at most; 0: no maps.")] = 150,
    only: Annotated[str, typer.Option(help="Variants, by the letters that their names begin with.")] = "ABCDEFG",
    sets: Annotated[str, typer.Option(help="Sets, by a part of their names.")] = "",
    maps: Annotated[Path | None, typer.Option(help="A file that keeps the fitted maps between runs.")] = None,
    out: Annotated[Path | None, typer.Option(help="A JSON file for all figures.")] = None,
) -> None:
    """Fit the maps, measure every variant on every set, take the times, and print the tables."""
    console = Console(width=200)
    loaded = load_embedder(implementation="exported")
    if not isinstance(loaded, OpenVinoEmbedder):
        raise typer.BadParameter("the study needs the exported model")
    embedder = PoolingEmbedder(loaded)
    variants = [variant for variant in chosen_variants(only) if stories or not variant.needs_maps]
    fitted = _maps(bench, embedder, stories, maps, console) if stories else {}
    reader = remembering(embedder)
    figures: list[SetFigures] = []
    for outside in outside_sets(bench, questions, documents):
        if sets not in outside.name:
            continue
        first = list(outside.documents.values())[:COUNTED_DOCUMENTS]
        counts = {variant.name: tokens_read(variant, first, embedder) for variant in variants}
        print_rows(console, f"{outside.name}: tokens that the model reads, as a share of today's", token_rows(counts))
        if outside.questions:
            figures.append(set_figures(outside, measure_set(outside, variants, embedder, fitted, reader)))
            for title, rows in set_rows(figures[-1]).items():
                print_rows(console, title, rows)
    items = list(next(outside_sets(bench, 0, 0)).documents.items())[:TIMED_DOCUMENTS]
    timed = processor_seconds(items, variants, embedder, fitted, ROUNDS)
    print_rows(console, "processor time of embedding, beside today's", gain_rows(timed))
    print_rows(console, "largest losses over all sets, in points", summary_rows(figures, timed))
    if out is not None:
        values = {"seconds": timed, "sets": [asdict(each) for each in figures]}
        out.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _maps(
    bench: Path, embedder: PoolingEmbedder, stories: int, path: Path | None, console: Console
) -> Mapping[str, Maps]:
    """Return the fitted maps, from a file if there is one; otherwise fit them, and print the quality of the fit."""
    if path is not None and path.is_file():
        return load_maps(path)
    fitted = fit_maps(fit_documents(bench, stories), embedder)
    print_rows(console, "mean cosine with the vector of the text alone, on articles left out", _fit_rows(fitted))
    maps = {name: each.maps for name, each in fitted.items()}
    if path is not None:
        save_maps(path, maps)
    return maps


def _fit_rows(fitted: Mapping[str, FittedMap]) -> TableRows:
    rows = [["pass/part", "texts fitted on", *FORMS]]
    for name, each in fitted.items():
        rows.append([name, f"{each.texts:,}", *(f"{each.cosines[form]:.3f}" for form in FORMS)])
    return rows


def chosen_variants(only: str) -> Sequence[Variant]:
    """Return today's variant and those whose names begin with one of these letters."""
    return [variant for variant in VARIANTS if variant.is_today or variant.name[0] in only]


if __name__ == "__main__":
    typer.run(main)
