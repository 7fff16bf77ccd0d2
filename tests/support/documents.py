"""Documents for tests: plain prose, read by the real reader."""

import random
from collections.abc import Iterator

from wherefrom.index.cleaning.extract import read
from wherefrom.index.types import Document

SUBJECTS = ("The ministry", "A spokesman", "The harbour", "The committee", "An engineer", "The museum", "A farmer")
VERBS = ("announced", "repaired", "questioned", "painted", "measured", "welcomed", "postponed")
OBJECTS = ("the bridge", "a treaty", "the orchard", "its budget", "the telescope", "an election", "the railway")
PLACES = ("in Lisbon", "near the border", "on the island", "outside Nairobi", "at the old mill", "in the valley")


def prose(seed: int, paragraphs: int = 4) -> bytes:
    """An article of so many paragraphs, different for every seed."""
    chance = random.Random(seed)
    lines = [f"Report number {seed} from the region", ""]
    for number in range(paragraphs):
        sentences = [_sentence(chance, f"{seed}.{number}") for _ in range(chance.randint(1, 3))]
        lines += [" ".join(sentences), ""]
    return "\n".join(lines).encode()


def document(raw: bytes, source: str = "story.txt") -> Document:
    return read(raw, source=source)


def articles(count: int) -> Iterator[tuple[str, Document, bytes]]:
    """(id, document, bytes) of so many different articles."""
    for seed in range(count):
        raw = prose(seed)
        yield f"story-{seed:03}", document(raw, f"story-{seed:03}.txt"), raw


def _sentence(chance: random.Random, tag: str) -> str:
    subject, verb, thing, place = (chance.choice(words) for words in (SUBJECTS, VERBS, OBJECTS, PLACES))
    return f"{subject} {verb} {thing} {place} on Tuesday, according to the report that was filed as number {tag}."
