"""Generates pairs of a sentence and cited passages from news stories, by rules; a sentence follows from them or not.

The stories of the benchmarks are not in this repository, and neither are their pairs; the same folder gives the same
pairs. Each rule makes one kind of change to a sentence, so the label of the result is known by construction.

Run: python -m wherefrom.eval.datasets.made_pairs BENCH_FOLDER OUT_FILE
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.eval.datasets.written_pairs import WrittenPair, load_pairs, save_pairs
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.types import RawSource
from wherefrom.index.writing.words import CALENDAR

MAX_PER_KIND = 160
MIN_WORDS, MAX_WORDS = 8, 45
NAME = r"[A-Z][a-z]+(?: (?:[A-Z]\. )?[A-Z][a-z]+){0,2}"
PLACES = ("Paris", "Cairo", "Texas", "Ohio", "Toronto", "Lagos", "Madrid", "Berlin", "Kenya", "Chile", "Poland", "Peru")
PEOPLE = ("David Miller", "Susan Clark", "Peter Hughes", "Laura Bennett", "Omar Farouk", "Ingrid Larsen")
MONTHS = [name.capitalize() for name in CALENDAR]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WORDS = [
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "fifteen", "twenty", "thirty"),
]
PLAIN = re.compile(r"[A-Za-z0-9 ,.'$%();:\u2019-]+")
FIRST_PERSON = re.compile(
    r"\b(?:I|we|you|me|us|our|my|your|We|You|Our|My|Your|I'm|I've|we're|we've)\b|\b\w+'(?:m|re|ve|ll|d)\b"
)
NUMBER = re.compile(r"(?<![\w$£€.,/-])\d{1,3}(?:,\d{3})*(?![\w/]|[.,]\d|-\d)")
SPEECH = re.compile(rf"(?P<name>{NAME}) (?P<verb>said|told|says|added|explained|warned|announced)\b")

Rule = Callable[["Story", int, str, random.Random], "Iterator[tuple[str, Sequence[str]]]"]


class Story:
    """The passages of a story, and the names of people and places in them."""

    def __init__(self, name: str, passages: Sequence[str]) -> None:
        self.name = name
        self.passages = passages
        text = "\n".join(passages)
        found = re.findall(rf"(?<=[a-z,] )(?:{NAME})(?![\w-])", text)
        self.names = sorted({each for each in found if not set(each.split()) & {*MONTHS, *DAYS, "The", "But", "And"}})
        self.places = sorted(set(re.findall(r"\b(?:in|from|near) ([A-Z][a-z]{3,})(?=[ ,.])", text)) - {*MONTHS, *DAYS})


def main(bench: Annotated[Path, typer.Argument()], out: Annotated[Path, typer.Argument()]) -> None:
    """Make the pairs of two benchmarks and write them."""
    pairs = make_pairs(bench_stories(bench))
    save_pairs(out, pairs)
    typer.echo(f"{len(pairs)} pairs")


def bench_stories(bench: Path) -> Mapping[str, Sequence[str]]:
    """Return the stories of NewsQA and of the articles benchmark, as paragraphs."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for row in read_rows(bench / "newsqa" / "corpus.jsonl"):
        stories[row.text("article")].append(row.text("text"))
    for row in read_rows(bench / "articles" / "articles.jsonl"):
        stories[row.text("id")] = [each.strip() for each in row.text("body").split("\n\n") if each.strip()]
    return stories


def written_pairs(pairs: Path, seeds: Path, bench: Path | None = None) -> tuple[WrittenPair, ...]:
    """Return the pairs of a file and the pairs generated from the stories of `seeds` and, if given, of `bench`."""
    made = make_pairs(seed_stories(seeds)) + (make_pairs(bench_stories(bench)) if bench else [])
    return (*load_pairs(pairs), *made)


def seed_stories(seeds: Path) -> Mapping[str, Sequence[str]]:
    """Return the paragraphs that the library extracts from each text file of a folder, by file name."""
    return {
        path.name: [
            paragraph.text for paragraph in extract(RawSource(name=path.name, raw=path.read_bytes())).paragraphs
        ]
        for path in sorted(seeds.glob("*.txt"))
    }


def make_pairs(stories: Mapping[str, Sequence[str]], max_per_kind: int = MAX_PER_KIND) -> list[WrittenPair]:
    """Return pairs of every kind, at most `max_per_kind` of each; equal stories give equal pairs."""
    pairs: list[WrittenPair] = []
    for kind, rule in RULES.items():
        made = list(_made(kind, rule, stories))
        chosen = sorted(random.Random(kind).sample(made, min(len(made), max_per_kind)), key=lambda pair: pair.id)  # noqa: S311
        pairs += chosen
    return pairs


def _made(kind: str, rule: Rule, stories: Mapping[str, Sequence[str]]) -> Iterator[WrittenPair]:
    for name, passages in stories.items():
        story = Story(name, passages)
        for number, passage in enumerate(passages):
            choice = random.Random(f"{kind} {name} {number}")  # noqa: S311
            for made, (sentence, cited) in enumerate(rule(story, number, passage, choice)):
                if MIN_WORDS <= len(sentence.split()) <= MAX_WORDS and sentence not in cited:
                    yield WrittenPair(
                        id=f"{kind}-{name[:12]}-{number}-{made}",
                        kind=kind,
                        sentence=sentence[0].upper() + sentence[1:],
                        passages=tuple(cited),
                        story=name,
                    )
                    break


def _sentences(passage: str) -> list[str]:
    return [passage[start:end] for start, end in split_sentences(passage)]


def _plain(passage: str) -> Iterator[str]:
    """Yield the sentences of a passage that contain no quotation."""
    for sentence in _sentences(passage):
        if PLAIN.fullmatch(sentence) and sentence.endswith(".") and sentence[0].isupper():
            yield sentence


# sentences that follow


def _shortened(_story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _plain(passage):
        cuts = [
            re.sub(r", (?:who|which|whose) [^,\\d]{5,80},(?= [a-z])", "", sentence, count=1),
            re.sub(r" \([^()]{3,60}\)", "", sentence, count=1),
            re.sub(
                r"^(?:In|On|After|During|Since|At|Following) [^,]{3,60}, (?=(?:the|a|an|he|she|they|[A-Z]))",
                "",
                sentence,
            ),
            re.sub(r", (?:which|who|where|including|adding to|leaving|making) [^,]{5,120}\.$", ".", sentence),
            re.sub(r" (?:because|after|as) [^,]{8,120}\.$", ".", sentence),
            re.sub(
                r" (?:reportedly )?(?:quickly|recently|immediately|previously|apparently|eventually|actually)(?= )",
                "",
                sentence,
                count=1,
            )
            if "reportedly" not in sentence and "apparently" not in sentence
            else sentence,
        ]
        made = [cut for cut in cuts if cut != sentence and not SPEECH.search(sentence)]
        if made and " said" not in sentence and "according" not in sentence:
            yield choice.choice(made), [passage]


def _merged(story: Story, number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    second_passage = story.passages[number + 1] if number + 1 < len(story.passages) else ""
    firsts, seconds = list(_plain(passage)), list(_plain(second_passage))
    if not firsts or not seconds:
        return
    first, second = firsts[0], seconds[0]
    if re.match(
        r"(?:But|And|However|It|He|She|They|This|That|These|Those|So|Also|If|In|On|At|As|When|While)\b", second
    ):
        return
    lowered = (
        second
        if re.match(NAME, second) and second.split()[0] not in ("The", "A", "An", "There", "Some", "Many")
        else second[0].lower() + second[1:]
    )
    if not re.match(r"(?:[Tt]he|[Aa]n?|[A-Z])\b", lowered) or "," in first[:30] or first.count(".") > 1:
        return
    if re.search(r"\b(?:said|added|says|told)\b|according to", second) or FIRST_PERSON.search(second):
        return
    joiner = choice.choice([", and ", "; ", ", and "])  # "while" would add a contrast
    yield first[:-1] + joiner + lowered, [passage, second_passage]


PASSIVE = re.compile(
    rf"^(?:[A-Z][^,.]{{3,40}}, )?(?P<agent>(?:The [a-z]+|Police|{NAME})) "
    r"(?P<verb>[a-z]{3,}ed|won|took|found|sent|shot|built|led|made|held|killed|beat|stole|gave|wrote|sold|bought) "
    r"(?P<object>(?:the|a|an|two|three|four|five) (?:[a-z-]+ ){0,2}[a-z-]+)"
    r"(?P<rest> (?:in|on|at|during|after|for|last|from|with|near|this|over) [^,;]+?)?\.$"
)
PARTICIPLES = {"took": "taken", "beat": "beaten", "stole": "stolen", "gave": "given", "wrote": "written"}
PRONOUNS = (
    "We",
    "You",
    "He",
    "She",
    "It",
    "They",
    "This",
    "That",
    "These",
    "Those",
    "There",
    "What",
    "Who",
    "Many",
    "Some",
    "Others",
)


def _passive(_story: Story, _number: int, passage: str, _choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _plain(passage):
        match = PASSIVE.match(sentence)
        if match and match["agent"] not in PRONOUNS and " and " not in (match["rest"] or ""):
            agent = match["agent"]
            agent = agent[0].lower() + agent[1:] if agent.startswith("The ") else agent
            be = (
                "were"
                if match["object"].endswith("s") or match["object"].startswith(("two", "three", "four"))
                else "was"
            )
            verb = PARTICIPLES.get(match["verb"], match["verb"])
            yield f"{match['object']} {be} {verb} by {agent}{match['rest'] or ''}.", [passage]


REPORT = re.compile(
    rf"^[\"\u201c](?P<said>[^\"\u201c\u201d]{{25,220}}),[\"\u201d] "
    rf"(?:(?P<after>{NAME}) (?:said|says)|(?:said|says) (?P<before>{NAME}))"
)
REPORT_BACK = re.compile(
    rf"^(?P<name>{NAME}) (?P<verb>said|says)(?: that)? (?P<said>(?:the|a|an|he|she|it|they|there) [^\"]{{20,200}})\.$"
)


UNREPORTED = re.compile(r"\b(?:you|your|You|Your|yours|mine|ours)\b|\b\w+'(?:m|re|ve|ll|d)\b|\bI am\b")
THIRD_PERSON = {"i": "he", "we": "they", "my": "his", "our": "their", "me": "him", "us": "them"}


def _in_third_person(said: str) -> str:
    """Return a statement in the first person as reported speech in the third person."""
    return re.sub(
        r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|me|us)\b",
        lambda match: (
            THIRD_PERSON[match[0].lower()]
            if match[0] not in ("We", "My", "Our")
            else THIRD_PERSON[match[0].lower()].capitalize()
        ),
        said,
    )


def _report(_story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    if (match := REPORT.match(passage)) and not UNREPORTED.search(match["said"]):
        said = _in_third_person(match["said"])
        said = said if re.match(r"[A-Z][a-z]+ [A-Z]", said) else said[0].lower() + said[1:]
        name = match["after"] or match["before"]
        if ". " not in said and re.match(r"(?:it|the|a|an|this|they|he|his|their|she|there|those|these)\b", said):
            yield choice.choice([f"{name} said that {said}.", f"According to {name}, {said}."]), [passage]
    for sentence in _plain(passage):
        if match := REPORT_BACK.match(sentence):
            said = match["said"]
            yield f"{said[0].upper() + said[1:]}, {match['name']} {match['verb']}.", [passage]


def _spelling(_story: Story, _number: int, passage: str, _choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    changes = [("United States", "US"), ("U.S.", "US"), (" percent", "%"), (" million", ",000,000")]
    for sentence in _plain(passage):
        changed = sentence
        for month in MONTHS:
            if re.search(rf"{month} \d", changed) and month not in ("May", "June", "July"):
                changed = changed.replace(month, month[:3] + ".")
        for long, short in changes:
            if long in changed and (long != " million" or re.search(r"(?<![.\d])\d{1,3} million", changed)):
                changed = changed.replace(long, short)
        changed = re.sub(r"(?<=\d),(?=\d{3}\b)", "", changed)
        if changed != sentence and "U.S" not in changed:
            yield changed, [passage]


# sentences that do not follow


def _number(story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        spelled = [match for word in WORDS for match in re.finditer(rf"\b{word}\b", sentence)]
        found = [
            match
            for match in NUMBER.finditer(sentence)
            if not re.search(rf"(?:{'|'.join(MONTHS)})\.? $", sentence[: match.start()])
        ]
        if not found and not spelled:
            continue
        match = choice.choice(found or spelled)
        if match[0][0].isdigit():
            value = int(match[0].replace(",", ""))
            others = [int(each.replace(",", "")) for each in NUMBER.findall(" ".join(story.passages))]
            inside = [int(each.replace(",", "")) for each in NUMBER.findall(passage)]
            new = choice.choice([value + 1, value * 2 + 1, value * 10, *others, *inside, *inside])
            if new == value:
                continue
            changed = f"{new:,}" if "," in match[0] else str(new)
        else:
            changed = choice.choice([word for word in WORDS if word != match[0]])
        yield sentence[: match.start()] + changed + sentence[match.end() :], [passage]


def _date(_story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        found = list(re.finditer(rf"\b(?:{'|'.join([*MONTHS, *DAYS])}|(?:19|20)\d\d)\b", sentence))
        found = [
            match for match in found if match[0] not in ("May", "March") or re.match(r" \d", sentence[match.end() :])
        ]
        if not found:
            continue
        match = choice.choice(found)
        old = match[0]
        if old.isdigit():
            new = str(int(old) + choice.choice([-3, -2, -1, 1, 2, 10]))
        else:
            new = choice.choice([each for each in (MONTHS if old in MONTHS else DAYS) if each != old])
        yield sentence[: match.start()] + new + sentence[match.end() :], [passage]


def _name(story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        found = [each for each in story.names if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", sentence)]
        if not found:
            continue
        old = choice.choice(found)
        inside = [each for each in story.names if each in passage]
        others = [
            each
            for each in (*story.names, *inside, *inside, *PEOPLE)
            if not set(each.split()) & set(old.split()) and each[:3] != old[:3]
        ]
        if not others:
            continue
        new = choice.choice(others)
        both = re.search(rf"\b{re.escape(new)}\b", sentence) is not None
        changed = sentence.replace(new, "\0") if both else sentence
        changed = changed.replace(old, new).replace("\0", old)
        if re.search(rf"{re.escape(new)} and {re.escape(old)}|{re.escape(old)} and {re.escape(new)}", changed):
            continue
        yield changed, [passage]


def _place(story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        found = [each for each in story.places if re.search(rf"\b(?:in|from|near|to) {each}\b", sentence)]
        if not found:
            continue
        old = choice.choice(found)
        new = choice.choice([each for each in (*story.places, *PLACES) if each != old])
        yield re.sub(rf"(\b(?:in|from|near|to)) {old}\b", rf"\1 {new}", sentence), [passage]


def _negation(_story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        without = re.sub(
            r"\b(is|was|are|were|has|have|had|will|would|could|should|did|does|do)(?: not|n't)\b",
            r"\1",
            sentence,
            count=1,
        )
        without = without if without != sentence else re.sub(r"\b(?:never|no) ", "", sentence, count=1)
        added = re.sub(
            r"\b(is|was|are|were|has|have|had|will|would|could|should)\b(?! not|n't)", r"\1 not", sentence, count=1
        )
        made = [each for each in (without, added) if each != sentence]
        if made:
            yield (without if without != sentence else choice.choice(made)), [passage]


def _modality(_story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    swaps = [
        (r"\b(?:may|might|could)\b(?! \d)", "will"),
        (r"\bwill\b", "may"),
        (r"\bwould\b", "could"),
        (r"\bshould\b", "will"),
        (r"\b(?:may|might|could|can) (?=[a-z]+\b)", "did "),
        (r"\b(?:plans|wants|hopes|intends|expects|seeks) to\b", "will"),
        (r"\b(?:planned|wanted|hoped|intended|tried|agreed) to\b", "was able to"),
        (r"\bis expected to\b", "will"),
        (r"\b(?:is|are) (?:considering|planning|seeking to|trying to)\b", "has completed"),
        (r"\b(?:allegedly|reportedly) ", ""),
    ]
    for sentence in _sentences(passage):
        made = [re.sub(old, new, sentence, count=1) for old, new in swaps]
        made = [each for each in made if each != sentence]
        if made:
            yield choice.choice(made), [passage]


def _speaker(story: Story, _number: int, passage: str, choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    for sentence in _sentences(passage):
        if match := SPEECH.search(sentence):
            others = [each for each in (*story.names, *PEOPLE) if not set(each.split()) & set(match["name"].split())]
            yield sentence[: match.start()] + choice.choice(others) + sentence[match.end("name") :], [passage]


def _other_passage(
    story: Story, number: int, passage: str, choice: random.Random
) -> Iterator[tuple[str, Sequence[str]]]:
    others = [each for at, each in enumerate(story.passages) if abs(at - number) > 1]
    sentences = [sentence for each in others for sentence in _plain(each) if len(sentence.split()) >= MIN_WORDS]
    if sentences:
        yield choice.choice(sentences), [passage]


SUBJECT = re.compile(
    rf"^(?P<subject>(?:The [a-z]+|{NAME})) (?P<rest>(?:said|told|was|were|is|are|has|have|had|will|[a-z]+ed) .+)$"
)


def _joined(story: Story, number: int, passage: str, _choice: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    following = story.passages[number + 1] if number + 1 < len(story.passages) else ""
    sentences = [
        match
        for each in (*_plain(passage), *_plain(following))
        if (match := SUBJECT.match(each)) and match["subject"] not in PRONOUNS
    ]
    for first, second in pairwise(sentences):
        one, other = first["subject"], second["subject"]
        people = {"police", "officials"} & {*one.lower().split(), *other.lower().split()}
        if (
            not people
            and not set(one.lower().split()) & (set(other.lower().split()) - {"the"})
            and one not in second["rest"]
        ):
            cited = [passage, following]
            yield f"{one} {second['rest']}", cited
            return


RULES: Mapping[str, Rule] = {
    "shortened": _shortened,
    "merged": _merged,
    "passive": _passive,
    "report": _report,
    "spelling": _spelling,
    "number": _number,
    "date": _date,
    "name": _name,
    "place": _place,
    "negation": _negation,
    "modality": _modality,
    "speaker": _speaker,
    "other_passage": _other_passage,
    "joined": _joined,
}

if __name__ == "__main__":
    typer.run(main)
