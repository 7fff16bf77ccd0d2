"""Variants of embedding a document: the passes that its tokens, paragraph vectors and sentence vectors come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from wherefrom.eval.studies.one_pass.linear_maps import Form, Maps, Pooled, fit, mean_cosines, transform
from wherefrom.eval.studies.one_pass.pooling import PooledParagraph, PoolingEmbedder, is_cut
from wherefrom.eval.studies.one_pass.windows import PASSES, PassName, paragraph_text
from wherefrom.index.arrays import Mask, Matrix
from wherefrom.index.embedding.paragraph_vectors import (
    PORTION_CHARACTERS,
    DocumentVectors,
    ParagraphVectors,
    embed_documents,
)
from wherefrom.index.engine import Item
from wherefrom.index.types import Document

Pass = Sequence[Sequence[PooledParagraph]]
"""The pooled paragraphs of each document in one pass."""
PARAGRAPH, SENTENCE = "paragraph", "sentence"
HELD_OUT_SHARE = 5
"""One article in HELD_OUT_SHARE is left out of the fit of the maps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of vectors: a pass, and the form in which they are used."""

    name: PassName
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way to embed a document. `sentences` is `None` if each sentence is embedded alone, as today.

    `is_today` says that the library itself embeds.
    """

    name: str
    tokens: PassName
    paragraph: Source
    sentences: Source | None
    is_today: bool = False

    @property
    def passes(self) -> set[PassName]:
        """The passes that the variant needs, besides that of the sentences alone."""
        sentences = {self.sentences.name} if self.sentences else set()
        return {self.tokens, self.paragraph.name} | sentences

    @property
    def needs_maps(self) -> bool:
        """Whether any of its vectors are of a form that is fitted."""
        forms = {self.paragraph.form} | ({self.sentences.form} if self.sentences else set())
        return not forms <= {"as it is", "special tokens"}


ALONE = Source(name="alone", form="special tokens")
"""A paragraph as it is embedded today."""


FORM_NAMES: Mapping[Form, str] = {
    "as it is": "raw",
    "special tokens": "with special tokens",
    "shifted": "mean removed",
    "mapped": "mapped",
    "mapped with surroundings": "mapped with surroundings",
}
SOME_FORMS: tuple[Form, ...] = ("as it is", "mapped with surroundings")
BEST_SENTENCES = Source(name="alone", form="mapped with surroundings")


def _sentences_from_own_pass(form: Form) -> Variant:
    source = Source(name="alone", form=form)
    return Variant(name=f"B sentences {FORM_NAMES[form]}", tokens="after one", paragraph=ALONE, sentences=source)


def _paragraph_from_tokens_pass(form: Form) -> Variant:
    source = Source(name="after one", form=form)
    return Variant(name=f"C paragraph {FORM_NAMES[form]}", tokens="after one", paragraph=source, sentences=None)


def _all_from(letter: str, name: PassName, form: Form) -> Variant:
    source = Source(name=name, form=form)
    return Variant(name=f"{letter} all of {name}, {FORM_NAMES[form]}", tokens=name, paragraph=source, sentences=source)


def _tokens_from(letter: str, name: PassName, sentences: Source | None) -> Variant:
    rest = "rest as today" if sentences is None else "sentences as the last of B"
    return Variant(name=f"{letter} tokens of {name}, {rest}", tokens=name, paragraph=ALONE, sentences=sentences)


VARIANTS: Sequence[Variant] = (
    Variant(name="A today", tokens="after one", paragraph=ALONE, sentences=None, is_today=True),
    *map(_sentences_from_own_pass, FORM_NAMES),
    *map(_paragraph_from_tokens_pass, FORM_NAMES),
    *(_all_from("D", "after one", form) for form in SOME_FORMS),
    *(_all_from("E", name, form) for name in PASSES[2:] for form in SOME_FORMS),
    *(_tokens_from("F", "window 256", sentences) for sentences in (None, BEST_SENTENCES)),
    *(_tokens_from("G", "alone", sentences) for sentences in (None, BEST_SENTENCES)),
)


def portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield documents in portions of about as many characters as the library embeds together."""
    portion: list[Item] = []
    characters = 0
    for item in items:
        portion.append(item)
        characters += sum(len(paragraph.text) for paragraph in item[1].paragraphs)
        if characters >= PORTION_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def map_name(name: PassName, part: str) -> str:
    """Return the name of the maps of a pass for paragraphs or sentences."""
    return f"{name}/{part}"


def embed(
    variant: Variant,
    documents: Sequence[Document],
    embedder: PoolingEmbedder,
    maps: Mapping[str, Maps],
    passes: Mapping[PassName, Pass] | None = None,
) -> Sequence[DocumentVectors]:
    """Embed documents; `passes` has the results of passes that are done already."""
    if variant.is_today:
        return embed_documents(documents, embedder)
    done = {name: (passes or {}).get(name) or embedder.pool(name, documents) for name in sorted(variant.passes)}
    tokens = [each.tokens for of_one in done[variant.tokens] for each in of_one]
    vectors = _paragraph_vectors(variant.paragraph, done, maps)
    sentences = _sentence_vectors(variant.sentences, documents, done, embedder, maps)
    paragraphs = [paragraph for document in documents for paragraph in document.paragraphs]
    rows = iter(
        [
            ParagraphVectors(
                paragraph=vector,
                sentences=of_one if len(paragraph.sentences) > 1 else vector.reshape(1, -1),
                tokens=packed,
            )
            for paragraph, vector, of_one, packed in zip(paragraphs, vectors, sentences, tokens, strict=True)
        ]
    )
    return [[next(rows) for _ in document.paragraphs] for document in documents]


def tokens_read(variant: Variant, documents: Sequence[Document], embedder: PoolingEmbedder) -> int:
    """Return the number of tokens that the model reads for a variant, in its passes and in sentences embedded alone."""
    total = sum(embedder.tokens_read(name, documents) for name in variant.passes)
    if variant.is_today:  # a document's first paragraph has no context, and its vector comes with its tokens
        firsts = [replace(document, paragraphs=document.paragraphs[:1]) for document in documents]
        total -= embedder.tokens_read("alone", firsts)
    if variant.sentences is None:
        sentences = [text for of_one in _sentence_texts(documents) for text in of_one]
        total += sum(map(len, embedder.tokenizer.encode(sentences)))
    return total


def _paragraph_vectors(source: Source, passes: Mapping[PassName, Pass], maps: Mapping[str, Maps]) -> Matrix:
    pooled = pooled_paragraphs([each for of_one in passes[source.name] for each in of_one])
    return transform(source.form, pooled, maps.get(map_name(source.name, PARAGRAPH)))


def _sentence_vectors(
    source: Source | None,
    documents: Sequence[Document],
    passes: Mapping[PassName, Pass],
    embedder: PoolingEmbedder,
    maps: Mapping[str, Maps],
) -> Sequence[Matrix]:
    """Return the sentence vectors of each paragraph; none for a paragraph of one sentence.

    Sentences that lie beyond the model's limit in a pass are embedded alone.
    """
    texts = _sentence_texts(documents)
    flat = [text for of_one in texts for text in of_one]
    ends = np.cumsum([0, *map(len, texts)]).tolist()
    if source is None:
        rows = embedder.encode(flat)
        return [rows[start:end] for start, end in pairwise(ends)]
    paragraphs = [
        each
        for each, of_one in zip((each for of_one in passes[source.name] for each in of_one), texts, strict=True)
        if of_one
    ]
    if not flat:
        return [np.zeros((0, embedder.identity.dimension), dtype=np.float32) for _ in texts]
    rows = transform(source.form, pooled_sentences(paragraphs), maps.get(map_name(source.name, SENTENCE)))
    cut = np.flatnonzero([at for each in paragraphs for at in is_cut(each)]).tolist()
    if cut:
        rows[cut] = embedder.encode([flat[at] for at in cut])
    return [rows[start:end] for start, end in pairwise(ends)]


def _sentence_texts(documents: Sequence[Document]) -> Sequence[Sequence[str]]:
    """Return the texts of the sentences of each paragraph that has more than one."""
    paragraphs = [paragraph_text(paragraph) for document in documents for paragraph in document.paragraphs]
    return [[each.text[low:high] for low, high in each.sentences if len(each.sentences) > 1] for each in paragraphs]


def pooled_paragraphs(paragraphs: Sequence[PooledParagraph]) -> Pooled:
    """Return the pooled vectors of paragraphs."""
    return Pooled(
        plain=np.stack([each.paragraph for each in paragraphs]),
        special=np.stack([each.paragraph_special for each in paragraphs]),
        surroundings=np.stack([each.window for each in paragraphs]),
    )


def pooled_sentences(paragraphs: Sequence[PooledParagraph]) -> Pooled:
    """Return the pooled vectors of all sentences of paragraphs."""
    return Pooled(
        plain=np.concatenate([each.sentences for each in paragraphs]),
        special=np.concatenate([each.sentences_special for each in paragraphs]),
        surroundings=np.concatenate([np.broadcast_to(each.paragraph, each.sentences.shape) for each in paragraphs]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedMap:
    """Maps of one part of a pass, the number of texts that they were fitted on, and the mean cosines on others."""

    maps: Maps
    texts: int
    cosines: Mapping[Form, float]


def fit_maps(
    documents: Mapping[str, Document], embedder: PoolingEmbedder, names: Sequence[PassName] = PASSES
) -> Mapping[str, FittedMap]:
    """Fit the maps of each pass on documents by id; the part of an id before a slash names the article."""
    items = sorted(documents.items())
    articles = sorted({_article(id_) for id_, _ in items})
    left_out = {article for number, article in enumerate(articles) if number % HELD_OUT_SHARE == 0}
    pooled: dict[str, list[Pooled]] = {}
    targets: dict[str, list[Matrix]] = {PARAGRAPH: [], SENTENCE: []}
    held_out: dict[str, list[bool]] = {PARAGRAPH: [], SENTENCE: []}
    for portion in portions(items):
        of_portion = [document for _, document in portion]
        texts = [paragraph_text(paragraph).text for document in of_portion for paragraph in document.paragraphs]
        sentences = _sentence_texts(of_portion)
        targets[PARAGRAPH].append(embedder.encode(texts))
        targets[SENTENCE].append(embedder.encode([text for of_one in sentences for text in of_one]))
        marks = [_article(id_) in left_out for id_, document in portion for _ in document.paragraphs]
        held_out[PARAGRAPH] += marks
        held_out[SENTENCE] += [mark for mark, of_one in zip(marks, sentences, strict=True) for _ in of_one]
        for name in names:
            paragraphs = [each for of_one in embedder.pool(name, of_portion) for each in of_one]
            several = [each for each, of_one in zip(paragraphs, sentences, strict=True) if of_one]
            pooled.setdefault(map_name(name, PARAGRAPH), []).append(pooled_paragraphs(paragraphs))
            if several:
                pooled.setdefault(map_name(name, SENTENCE), []).append(pooled_sentences(several))
    return {
        key: _fitted(
            Pooled.joined(parts),
            np.concatenate(targets[key.rsplit("/")[1]]),
            np.array(held_out[key.rsplit("/")[1]], dtype=bool),
        )
        for key, parts in pooled.items()
    }


def _article(id_: str) -> str:
    return id_.split("/", maxsplit=1)[0]


def _fitted(pooled: Pooled, targets: Matrix, held_out: Mask) -> FittedMap:
    whole: Mask = np.asarray(pooled.plain.any(axis=1))  # without those beyond the model's limit
    pooled, targets, held_out = pooled.where(whole), targets[whole], held_out[whole]
    maps = fit(pooled, targets, held_out)
    return FittedMap(
        maps=maps,
        texts=int((~held_out).sum()),
        cosines=mean_cosines(pooled.where(held_out), targets[held_out], maps),
    )
