"""Let a small language model write questions about NewsQA's training stories, and store its replies.

The model is a chat model that `openvino-genai` runs, such as Qwen2.5-Coder-1.5B-Instruct in 4 bits; it needs the extra
`local-writer`. Of each paragraph it gets the text and the story's beginning. Paragraphs are taken in random order. A
second run goes on where the first one stopped. Two cores write about 4,500 replies an hour.

Run: python -m wherefrom.eval.training.reader.generate_questions BENCH_FOLDER MODEL REPLIES
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.training.asked_questions import newsqa
from wherefrom.eval.training.reader.generated_questions import read_replies


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleReply:
    """The beginning of a story, one paragraph of it, and the reply that is wanted."""

    beginning: str
    paragraph: str
    reply: str


TASK = (
    "You write questions that a reporter would ask an archive of news stories. You get the beginning of a story and one"
    " paragraph of it. Write four different short questions that the paragraph answers, each with its answer copied"
    " word for word from the paragraph. Ask in other words than the paragraph. Say who or what is meant by its name,"
    " not by 'he', 'she' or 'it'. Never mention the paragraph or the story."
)
EXAMPLES = (
    ExampleReply(
        beginning="OSLO, Norway (CNN) -- Defender Lars Moen, who failed to turn up for training all last week, is back"
        " with his club Lyn, which is last in the league.",
        paragraph='Coach Erik Dahl, who had called the 26-year-old "a nightmare to work with" on Thursday, said the two'
        " had talked it over and shaken hands.",
        reply="Who is in charge of Lyn's team? | Erik Dahl\n"
        "What age is Lars Moen? | 26-year-old\n"
        "How did Dahl speak of the player who stayed away? | a nightmare to work with\n"
        "Have Moen and his boss made peace? | talked it over and shaken hands",
    ),
    ExampleReply(
        beginning="WASHINGTON (CNN) -- The city council voted on Tuesday to close two of the harbour's four ferry lines"
        " in the new year.",
        paragraph='"We cannot run half-empty boats at four dollars a litre for fuel," said Councilwoman Ana Ruiz, who'
        " expects the cut to save the city $3.2 million by June 2010.",
        reply="Why are ferry routes being shut down? | half-empty boats at four dollars a litre for fuel\n"
        "How much money will be saved with fewer ferries? | $3.2 million\n"
        "Which official defended the end of the ferry lines? | Ana Ruiz\n"
        "Until when does the council count the savings? | June 2010",
    ),
    ExampleReply(
        beginning="KARACHI, Pakistan (CNN) -- Floods drove tens of thousands of villagers from their homes along the"
        " Indus on Sunday, and aid groups warned of disease.",
        paragraph="The army has sent six helicopters and 400 soldiers, but roads to the worst-hit district, Thatta, are"
        " under water and the nearest hospital has run out of clean water.",
        reply="What is the military doing to help flood victims? | sent six helicopters and 400 soldiers\n"
        "Where is the flooding most severe? | Thatta\n"
        "What is missing at the hospital close to Thatta? | clean water\n"
        "Why can rescuers not drive to Thatta? | roads to the worst-hit district, Thatta, are under water",
    ),
)
"""Made-up stories."""
BEGINNING_WORDS, PARAGRAPH_WORDS = 60, 110
MIN_PARAGRAPH_WORDS = 10
MAX_REPLY_TOKENS = 100
BATCH = 64
"""Number of prompts that are given to the model together."""
CACHE_GIB = 3
"""Size of the cache of keys and values; the prompts share their beginning."""
SEED = 0


def main(
    bench: Annotated[Path, typer.Argument(help="The folder with newsqa.")],
    model: Annotated[Path, typer.Argument(help="A chat model for openvino-genai: a folder or a GGUF file.")],
    replies: Annotated[Path, typer.Argument(help="The JSON lines file to add the replies to.")],
    minutes: Annotated[float, typer.Option(help="How long to write.")] = 60.0,
) -> None:
    """Ask about each paragraph that has no reply yet, and store the replies."""
    import openvino_genai  # noqa: PLC0415 - an extra

    stories, _ = newsqa(bench / "newsqa", held_out_stories=False)
    done = {(each.story, each.paragraph) for each in read_replies(replies)} if replies.exists() else set()
    places = [
        (story, number)
        for story, texts in stories.items()
        for number, text in enumerate(texts, start=1)
        if len(text.split()) >= MIN_PARAGRAPH_WORDS
    ]
    order = np.random.default_rng(SEED).permutation(len(places))
    left = [places[at] for at in order if places[at] not in done]
    scheduler = openvino_genai.SchedulerConfig()
    scheduler.cache_size = CACHE_GIB
    scheduler.enable_prefix_caching = True
    scheduler.max_num_seqs = BATCH
    pipeline = openvino_genai.LLMPipeline(model, "CPU", scheduler_config=scheduler, INFERENCE_PRECISION_HINT="bf16")
    config = openvino_genai.GenerationConfig()
    config.max_new_tokens = MAX_REPLY_TOKENS
    config.apply_chat_template = False  # it is applied here, since only strings are written about in batches
    tokenizer = pipeline.get_tokenizer()
    config.do_sample, config.temperature, config.top_p = True, 0.7, 0.95
    end = time.monotonic() + minutes * 60
    with replies.open("a", encoding="utf-8") as file:
        for start in range(0, len(left), BATCH):
            if time.monotonic() > end:
                break
            batch = sorted(left[start : start + BATCH])
            config.rng_seed = SEED + len(done) + start
            chats = [openvino_genai.ChatHistory(_messages(stories[story], number)) for story, number in batch]
            prompts = [tokenizer.apply_chat_template(chat, add_generation_prompt=True) for chat in chats]
            written = pipeline.generate(prompts, config)
            for (story, number), text in zip(batch, written.texts, strict=True):
                file.write(json.dumps({"story": story, "paragraph": number, "text": text}) + "\n")
            file.flush()
            typer.echo(f"{start + len(batch):,} of {len(left):,} paragraphs")


def _messages(texts: Sequence[str], number: int) -> list[dict[str, str]]:
    """Return the messages that ask for questions about a paragraph (1-based number) of a story."""
    messages = [{"role": "system", "content": TASK}]
    for example in EXAMPLES:
        messages.append({"role": "user", "content": _request(example.beginning, example.paragraph)})
        messages.append({"role": "assistant", "content": example.reply})
    beginning = " ".join(" ".join(texts[:2]).split()[:BEGINNING_WORDS])
    paragraph = " ".join(texts[number - 1].split()[:PARAGRAPH_WORDS])
    messages.append({"role": "user", "content": _request(beginning, paragraph)})
    return messages


def _request(beginning: str, paragraph: str) -> str:
    return f"Story: {beginning}\n\nParagraph: {paragraph}"


if __name__ == "__main__":
    typer.run(main)
