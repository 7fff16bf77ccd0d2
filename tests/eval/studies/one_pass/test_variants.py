"""Variants of embedding, on the real model."""

import numpy as np
import pytest

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.studies.one_pass.pooling import PoolingEmbedder
from wherefrom.eval.studies.one_pass.variants import (
    VARIANTS,
    FittedMap,
    Variant,
    embed,
    fit_maps,
    portions,
    tokens_read,
)
from wherefrom.eval.studies.one_pass.windows import PASSES
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.paragraph_vectors import embed_documents

WORDS = ["ferry", "harbour", "captain", "island", "storm", "mail", "pier", "crane", "ice", "market"]
STORY = build_document(
    "story", ["The ferry was late. Its captain said that the ice had come early.", "Nobody was hurt in the storm."]
)
LONG = build_document("long", [" ".join(f"Sentence {number} is one of very many." for number in range(80))])


def story(number: int) -> list[str]:
    first, second, third = (WORDS[(number + at) % len(WORDS)] for at in (0, 3, 5))
    return [f"The {first} was seen by all {number} of us. A {second} was not.", f"Of the {third} we know nothing yet."]


@pytest.fixture(scope="module")
def embedder() -> PoolingEmbedder:
    loaded = load_embedder()
    assert isinstance(loaded, OpenVinoEmbedder)
    return PoolingEmbedder(loaded)


@pytest.fixture(scope="module")
def fitted(embedder: PoolingEmbedder) -> dict[str, FittedMap]:
    stories = {f"{number}/short": build_document(str(number), story(number)) for number in range(20)}
    return dict(fit_maps(stories, embedder))


def test_the_first_variant_is_what_the_library_embeds(embedder: PoolingEmbedder) -> None:
    today, *others = VARIANTS
    assert today.is_today
    assert not any(variant.is_today for variant in others)
    (own,), (library,) = embed(today, [STORY], embedder, {}), embed_documents([STORY], embedder)
    assert [each.stored() for each in own] == [each.stored() for each in library]


def test_no_two_variants_have_one_name() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_gives_each_paragraph_unit_vectors_and_tokens(
    variant: Variant, embedder: PoolingEmbedder, fitted: dict[str, FittedMap]
) -> None:
    maps = {name: each.maps for name, each in fitted.items()}
    (vectors,) = embed(variant, [STORY], embedder, maps)
    (library,) = embed_documents([STORY], embedder)
    for own, theirs, paragraph in zip(vectors, library, STORY.paragraphs, strict=True):
        assert len(own.tokens) == len(theirs.tokens)
        assert own.sentences.shape == theirs.sentences.shape == (len(paragraph.sentences), len(own.paragraph))
        for rows in (own.paragraph.reshape(1, -1), own.sentences):
            assert rows.dtype == np.float32
            assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_passes_that_are_done_already_give_the_same_vectors(embedder: PoolingEmbedder) -> None:
    variant = next(each for each in VARIANTS if each.name == "D all of after one, raw")
    passes = {name: embedder.pool(name, [STORY]) for name in PASSES}
    (once,), (again,) = embed(variant, [STORY], embedder, {}), embed(variant, [STORY], embedder, {}, passes)
    assert [each.stored() for each in once] == [each.stored() for each in again]


def test_sentences_beyond_the_models_limit_are_embedded_alone(embedder: PoolingEmbedder) -> None:
    variant = next(each for each in VARIANTS if each.name == "B sentences raw")
    ((own,),), ((library,),) = embed(variant, [LONG], embedder, {}), embed_documents([LONG], embedder)
    assert np.array_equal(own.sentences[-1], library.sentences[-1])
    assert not np.array_equal(own.sentences[0], library.sentences[0])


def test_documents_of_single_sentences_need_no_sentence_vectors(embedder: PoolingEmbedder) -> None:
    single = build_document("single", ["Nobody was hurt."])
    for name in ("B sentences raw", "C paragraph raw"):
        variant = next(each for each in VARIANTS if each.name == name)
        ((own,),) = embed(variant, [single], embedder, {})
        assert np.array_equal(own.sentences[0], own.paragraph)


def test_maps_are_fitted_on_four_fifths_of_the_articles_for_each_part_of_each_pass(
    fitted: dict[str, FittedMap],
) -> None:
    assert set(fitted) == {f"{name}/{part}" for name in PASSES for part in ("paragraph", "sentence")}
    assert {each.texts for name, each in fitted.items() if name.endswith("/paragraph")} == {2 * 16}
    assert {each.texts for name, each in fitted.items() if name.endswith("/sentence")} == {2 * 16}
    assert all(0 < cosine < 1.001 for each in fitted.values() for cosine in each.cosines.values())


def test_portions_hold_every_document_once_in_order() -> None:
    long = build_document("long", ["word " * 8_000, "word " * 8_000])
    items = [("a", long), ("b", STORY), ("c", long), ("d", STORY)]
    assert [[id_ for id_, _ in portion] for portion in portions(items)] == [["a"], ["b", "c"], ["d"]]


def test_tokens_are_counted_as_often_as_the_model_reads_them(embedder: PoolingEmbedder) -> None:
    one, two = (f"The {word} was seen." for word in WORDS[:2])
    single, double = build_document("single", [one]), build_document("double", [one, two])
    length = len(embedder.tokenizer.encode([one])[0])
    today = VARIANTS[0]
    assert tokens_read(today, [single], embedder) == length
    assert tokens_read(today, [double], embedder) == length + (2 * length - 2) + length
    windowed = next(each for each in VARIANTS if each.name == "E all of window 256, raw")
    assert tokens_read(windowed, [double], embedder) == 2 * length - 2
