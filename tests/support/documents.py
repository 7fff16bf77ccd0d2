"""Documents for tests: generated prose, extracted by the real cleaner."""

import random
from collections.abc import Iterator

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.types import Document, Given, MediaType, RawSource

SUBJECTS = ("The ministry", "A spokesman", "The harbour", "The committee", "An engineer", "The museum", "A farmer")
VERBS = ("announced", "repaired", "questioned", "painted", "measured", "welcomed", "postponed")
OBJECTS = ("the bridge", "a treaty", "the orchard", "its budget", "the telescope", "an election", "the railway")
NOTHING_GIVEN = Given()
PLACES = ("in Lisbon", "near the border", "on the island", "outside Nairobi", "at the old mill", "in the valley")


def prose(seed: int, paragraphs: int = 4) -> bytes:
    """Return an article with this number of paragraphs; different seeds give different articles."""
    chance = random.Random(seed)
    lines = [f"Report number {seed} from the region", ""]
    for number in range(paragraphs):
        sentences = [_sentence(chance, f"{seed}.{number}") for _ in range(chance.randint(1, 3))]
        lines += [" ".join(sentences), ""]
    return "\n".join(lines).encode()


def read(raw: bytes, *, source: str, media_type: MediaType | None = None, given: Given = NOTHING_GIVEN) -> Document:
    """Extract the document from bytes."""
    return extract(RawSource(name=source, raw=raw, media_type=media_type, given=given))


def document(raw: bytes, source: str = "story.txt") -> Document:
    """Extract the document from bytes of plain text."""
    return read(raw, source=source)


def articles(count: int) -> Iterator[tuple[str, Document]]:
    """Yield (id, document) for `count` different articles."""
    for seed in range(count):
        yield f"story-{seed:03}", document(prose(seed), f"story-{seed:03}.txt")


def _sentence(chance: random.Random, tag: str) -> str:
    subject, verb, thing, place = (chance.choice(words) for words in (SUBJECTS, VERBS, OBJECTS, PLACES))
    return f"{subject} {verb} {thing} {place} on Tuesday, according to the report that was filed as number {tag}."
