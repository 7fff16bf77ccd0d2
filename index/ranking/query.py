"""An encoded question: the input of the searches."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from wherefrom.index.arrays import Matrix
from wherefrom.index.conversation import FollowUp
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project, token_head_for, weigh
from wherefrom.index.engine import CollectionState, Guess, Term
from wherefrom.index.ranking.question_syntax import ParsedQuestion
from wherefrom.index.scoring.fusion import SecondStageWeights
from wherefrom.index.scoring.late_interaction import QueryTokens
from wherefrom.index.text.analyzer import runs, stems, term_runs
from wherefrom.index.text.language_terms import compound_terms, question_terms, terms_in
from wherefrom.index.text.spellings import embeddable

POSSIBLE_NAME = re.compile(r"\b(?:[A-Z]{2,}|[Ww]on)\b")
"""Stop words that may say something: in capitals a name, such as WHO, and "won", a part of "won't"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question: its text, vector of shape (dimension,), weighted tokens, terms, and the second stage's weights.

    `question` has the operators, which are not part of the text. `words` are the words other than stop words, in lower
    case. `names` are the terms of long forms that documents abbreviate, and `guesses` other spellings of words that do
    not occur in the collection; `in_collection` sets both, and gives the text the accents that the collection has.
    `follow_up` says how the question is understood in its context, `None` without one. The names of the context are in
    `context_terms` and not in the text, which is encoded.
    """

    text: str
    question: ParsedQuestion
    vector: Matrix
    tokens: QueryTokens
    words: Sequence[str]
    terms: Sequence[Term]
    weights: SecondStageWeights
    names: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()
    context_terms: tuple[Term, ...] = ()
    follow_up: FollowUp | None = None

    @property
    def lesser_terms(self) -> Sequence[Term]:
        """The terms that count less than those of the question: the terms of guesses and of names of the context."""
        return [*[guess.term for guess in self.guesses], *self.context_terms]

    @property
    def names_nothing(self) -> bool:
        """Whether the question has no word that can be searched for, such as "Why?" and "What did he do?"."""
        if self.terms or self.question.phrases or (self.follow_up is not None and self.follow_up.is_follow_up):
            return False
        return self.text == self.text.upper() or POSSIBLE_NAME.search(self.text) is None

    def in_collection(self, state: CollectionState) -> "Query":
        """Return the query with its terms in a collection; notes of the question name the guessed spellings."""
        query = self.in_languages(state.languages)
        guesses = () if state.has_terms(query.terms) else state.guesses(query.words)
        respelled = query.respelled([each for each in guesses if each.same_word], state.languages)
        respelled = respelled.with_guesses_of_context(state)
        names = state.long_forms([term if isinstance(term, str) else term[0] for term in respelled.terms])
        if not names and not guesses:
            return respelled
        further = tuple([each for each in guesses if each.word in respelled.words])
        notes = [
            f'no paragraph has "{each.word}", so "{each.spelling}" is searched for'
            f"{' too, and counts less' if each in further else ''}"
            for each in guesses
        ]
        question = replace(query.question, notes=(*query.question.notes, *notes))
        return replace(respelled, question=question, names=names, guesses=further)

    def with_guesses_of_context(self, state: CollectionState) -> "Query":
        """Return the query with the words of its context also as guessed; they count less, as they do themselves."""
        if not self.context_terms or self.follow_up is None:
            return self
        added = " ".join(self.follow_up.added)
        guesses = [each.term for each in state.guesses(term_runs(added, runs(added)))]
        return replace(
            self, context_terms=(*self.context_terms, *_further(guesses, [*self.terms, *self.context_terms]))
        )

    def respelled(self, guesses: Sequence[Guess], languages: tuple[str, ...]) -> "Query":
        """Return the query with the words of its text spelled as guessed; vector and tokens stay those of the question.

        A word that the text has in another Unicode form stays as it is.
        """
        text = self.text
        for guess in guesses:
            text = re.sub(rf"(?<!\w){re.escape(guess.word)}(?!\w)", partial(_in_case, guess), text, flags=re.IGNORECASE)
        if text == self.text:
            return self
        words = term_runs(text, runs(text))
        terms = [*stems(words), *compound_terms(None, text)]
        return replace(self, text=text, words=words, terms=terms).in_languages(languages)

    def in_languages(self, languages: tuple[str, ...]) -> "Query":
        """Return the query for a collection with terms in these languages besides English."""
        if not languages:
            return self
        terms = question_terms(self.text, languages)
        if self.follow_up is None or not self.follow_up.added:
            return replace(self, terms=terms)
        context_terms = _further(question_terms(" ".join(self.follow_up.added), languages), terms)
        return replace(self, terms=terms, context_terms=context_terms)

    def in_context(self, follow_up: FollowUp) -> "Query":
        """Return the query with the terms that its context adds."""
        terms = _further(terms_in(None, " ".join(follow_up.added)), self.terms)
        return replace(self, follow_up=follow_up, context_terms=terms)


def _in_case(guess: Guess, written: re.Match[str]) -> str:
    """Return the spelling of a guess, in capitals or with a capital if the word is written so."""
    if len(written[0]) > 1 and written[0].isupper():
        return guess.spelling.upper()
    return guess.spelling[0].upper() + guess.spelling[1:] if written[0][0].isupper() else guess.spelling


def _further(terms: Sequence[Term], own: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms that are not among those of the question itself, each once."""
    return tuple([term for term in dict.fromkeys(terms) if term not in own])


def encode(question: str, embedder: Embedder) -> Query:
    """Encode one text, without operators, for all searches."""
    return encode_batch([question], embedder)[0]


def encode_batch(questions: Sequence[str], embedder: Embedder) -> list[Query]:
    """Encode texts without operators together, which takes less time; each has the same bits as from `encode`."""
    return encode_parsed([ParsedQuestion(text=question) for question in questions], embedder)


def encode_parsed(questions: Sequence[ParsedQuestion], embedder: Embedder) -> list[Query]:
    """Encode questions together, without their operators."""
    model = embedder.identity
    texts = [embeddable(question.text) for question in questions]
    embeddings = embedder.embed_in_context(texts, [""] * len(texts))
    words = [term_runs(question.text, runs(question.text)) for question in questions]
    return [
        Query(
            text=question.text,
            question=question,
            vector=embedding.vector,
            tokens=QueryTokens(tokens=project(embedding.tokens, model), weights=weigh(embedding.tokens, model)),
            words=words_of_question,
            terms=[*stems(words_of_question), *compound_terms(None, question.text)],
            weights=SecondStageWeights.load("plain" if token_head_for(model) is None else "head"),
        )
        for question, words_of_question, embedding in zip(questions, words, embeddings, strict=True)
    ]
