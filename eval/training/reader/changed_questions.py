"""Changes a name, a number or a word of a question, so that its passage no longer answers it.

The changes are those that SQuAD 2.0's writers used for near misses: another name, another number, an antonym, a
negation.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
AUXILIARY = re.compile(
    r"\b(did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b(?! not)", re.IGNORECASE
)
MAX_DRAWS = 20
"""Maximum number of random texts that are searched for another name or number."""
NEGATED_SHARE = 0.5
"""Probability that a negation is made when it is drawn: almost all questions have an auxiliary verb."""
SUBJECT = re.compile(r" (?:(?:the|a|an|his|her|their|its|this|that) )?(?:(?:[A-Z][\w'.-]+ ?)+|[\w'-]+ ?)")
PAIRS = (
    "support/oppose", "supports/opposes", "supported/opposed", "accept/reject", "accepted/rejected", "win/lose",
    "won/lost", "increase/decrease", "increased/decreased", "rise/fall", "rose/fell", "more/fewer", "most/least",
    "highest/lowest", "largest/smallest", "first/last", "before/after", "begin/end", "began/ended", "start/stop",
    "started/stopped", "open/close", "opened/closed", "arrive/leave", "arrived/left", "buy/sell", "bought/sold",
    "allow/forbid", "allowed/forbade", "agree/disagree", "agreed/disagreed", "admit/deny", "admitted/denied",
    "attack/defend", "attacked/defended", "north/south", "northern/southern", "east/west", "eastern/western",
    "oldest/youngest", "older/younger", "male/female", "men/women", "father/mother", "husband/wife", "son/daughter",
    "brother/sister", "early/late", "earlier/later", "best/worst", "better/worse", "inside/outside", "above/below",
    "praise/criticize", "praised/criticized", "love/hate", "loved/hated", "hire/fire", "hired/fired",
    "success/failure", "succeed/fail", "succeeded/failed", "approve/veto", "approved/vetoed", "arrest/release",
    "arrested/released", "guilty/innocent", "alive/dead", "born/died", "save/kill", "saved/killed", "import/export",
    "gain/loss", "gained/lost", "join/quit", "joined/quit", "enter/exit", "push/pull", "rich/poor", "strong/weak",
    "stronger/weaker", "legal/illegal", "public/private", "remember/forget", "encourage/discourage", "hot/cold",
)  # fmt: skip
ANTONYMS = {
    one: other
    for pair in PAIRS
    for one, other in (pair.split("/"), reversed(pair.split("/")))
}  # fmt: skip
ANTONYM = re.compile(rf"\b(?:{'|'.join(sorted(ANTONYMS, key=len, reverse=True))})\b")


def changed_question(question: str, passage: str, vocabulary: Sequence[str], random: np.random.Generator) -> str | None:
    """Return the question with one random change, `None` if no change applies.

    A new name or number comes from a random text of `vocabulary`, and occurs neither in the passage nor in the
    question.
    """
    changes: tuple[Callable[[], str | None], ...] = (
        lambda: _replace(question, NAME, passage, vocabulary, random),
        lambda: _replace(question, NUMBER, passage, vocabulary, random),
        lambda: with_antonym(question),
        lambda: with_negation(question) if random.random() < NEGATED_SHARE else None,
    )
    for number in random.permutation(len(changes)):
        changed: str | None = changes[int(number)]()
        if changed is not None:
            return changed
    return None


def with_antonym(question: str) -> str | None:
    """Return the question with the first word that is in `ANTONYMS` replaced, `None` if it has none."""
    if ANTONYM.search(question) is None:
        return None
    return str(ANTONYM.sub(lambda match: ANTONYMS[match[0]], question, count=1))


def with_negation(question: str) -> str | None:
    """Return the question with "not" after its first auxiliary verb, or the subject after it; `None` without one."""
    match = AUXILIARY.search(question)
    if match is None:
        return None
    end = match.end()
    subject = SUBJECT.match(question, end) if match[0].lower() in {"did", "does", "do"} else None
    if subject is not None and subject.end() < len(question):
        end = subject.start() + len(subject[0].rstrip())
    return f"{question[:end]} not{question[end:]}"


def _replace(
    question: str, pattern: re.Pattern[str], passage: str, vocabulary: Sequence[str], random: np.random.Generator
) -> str | None:
    found = list(pattern.finditer(question))
    if not found:
        return None
    match = found[int(random.integers(len(found)))]
    for _ in range(MAX_DRAWS):
        drawn = pattern.findall(vocabulary[int(random.integers(len(vocabulary)))])
        others = [str(other) for other in drawn if other not in passage and other not in question]
        if others:
            return question[: match.start()] + others[int(random.integers(len(others)))] + question[match.end() :]
    return None
