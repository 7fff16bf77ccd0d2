"""Translates phrases and excluded words into conditions on paragraphs.

PostgreSQL holds the words of each paragraph in order, as hashes; Milvus gets the numbers of the matching paragraphs.
"""

from collections.abc import Sequence

from wherefrom.index.cluster.bm25 import TermStatistics
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.filters import Condition, Visible
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.segments.word_sequences import word_hash
from wherefrom.index.text.language_terms import variants_of_word
from wherefrom.index.types import WordFilters

KEY_BYTES = 8
MAX_PARAGRAPHS = 100_000
"""Maximum number of paragraphs with a phrase or an excluded word that are passed to Milvus."""


def word_condition(words: WordFilters, holding: Sequence[Condition]) -> Condition:
    """Return the condition of filters by words on the table `paragraphs`, without an expression for Milvus.

    `holding` is the result of `holding_each`.
    """
    phrases = len(words.phrases)
    parts = [each.sql if at < phrases else f"NOT ({each.sql})" for at, each in enumerate(holding)]
    return Condition(
        sql=" AND ".join(parts) or "true", values=tuple(value for each in holding for value in each.values)
    )


def word_expression(
    db: Database, words: WordFilters, documents: Condition, visible: Visible, holding: Sequence[Condition]
) -> str:
    """Return the filter expression of Milvus for phrases and excluded words, with `%s` for the field of the number.

    It lists numbers of paragraphs. `holding` is the result of `holding_each`. Raises InvalidQuestion if a phrase or an
    excluded sequence occurs in over MAX_PARAGRAPHS paragraphs.
    """
    expressions: list[str] = []
    for at, condition in enumerate(holding):
        query = f"""SELECT paragraph FROM paragraphs JOIN versions USING (version)
            WHERE {visible.sql} AND {documents.sql} AND {condition.sql} LIMIT %s"""  # noqa: S608 - our own conditions
        values = (*visible.values, *documents.values, *condition.values, MAX_PARAGRAPHS + 1)
        found = [row[0] for row in db.execute(query.encode(), values)]
        if len(found) > MAX_PARAGRAPHS:
            raise InvalidQuestion(
                "question",
                f"a phrase or an excluded word in it occurs in over {MAX_PARAGRAPHS:,} paragraphs; leave it out",
            )
        operator = "in" if at < len(words.phrases) else "not in"
        if found or operator == "in":
            expressions.append(f"%s {operator} {found}")
    return " and ".join(expressions)


def holding_each(
    db: Database, words: WordFilters, languages: tuple[str, ...], statistics: TermStatistics
) -> list[Condition]:
    """Return for each phrase, then for each excluded sequence of words, the condition that a paragraph contains it."""
    return [_holding(db, phrase, languages, statistics) for phrase in (*words.phrases, *words.excluded)]


def _holding(db: Database, phrase: Sequence[str], languages: tuple[str, ...], statistics: TermStatistics) -> Condition:
    sequence = b"".join(word_hash(word).to_bytes(KEY_BYTES, "little") for word in phrase)
    variants = [each for each in (variants_of_word(word, languages) for word in phrase) if each]
    known = statistics.load(db, variants)
    numbers = [[known[variant][0] for variant in each if known[variant][0]] for each in variants]
    return Condition(
        sql=" AND ".join(
            [*["paragraphs.terms && %s::bigint[]"] * len(numbers), "position(%s::bytea IN words) > 0"],
        ),
        values=(*numbers, sequence),
    )
