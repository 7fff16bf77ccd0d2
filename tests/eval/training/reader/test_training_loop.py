"""The training loop, with a small model of random weights."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from wherefrom.eval.training.reader.examples import ReaderExample
from wherefrom.eval.training.reader.fit_reader import TrainedReader
from wherefrom.eval.training.reader.training_loop import TrainingData, train, training_data
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder

QUESTIONS = 32


@pytest.fixture(scope="module")
def data() -> TrainingData:
    passages = ("Alice pays the tax.", "It rained in the north.", "The port was closed on Sunday.")
    examples = [
        ReaderExample(source="newsqa", question="Who pays the tax?", passages=passages, place=0, start=0, end=5)
        for _ in range(QUESTIONS)
    ]
    return training_data(examples, Tokenizer.from_file(str(Path(model_folder(DEFAULT_MODEL)) / "tokenizer.json")))


def small_reader() -> TrainedReader:
    torch.manual_seed(0)
    config = BertConfig(hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64)
    return TrainedReader(BertModel(config))


def trained(reader: TrainedReader, data: TrainingData, checkpoint: Path, seconds: float) -> dict[str, object]:
    heads = [reader.segment, *reader.heads.parameters()]
    train(reader, heads, data, checkpoint, seconds=seconds, learning_rate=1e-3)
    saved: dict[str, object] = torch.load(checkpoint)
    return saved


def test_layers_that_are_not_frozen_change(data: TrainingData, tmp_path: Path) -> None:
    reader = small_reader()
    before = {name: value.clone() for name, value in reader.bert.named_parameters()}

    trained(reader, data, tmp_path / "checkpoint", 1)

    changed = {name for name, value in reader.bert.named_parameters() if not torch.equal(value, before[name])}
    assert changed
    assert all(name.startswith("encoder.layer.2.") for name in changed)


def test_training_resumes_from_its_checkpoint(data: TrainingData, tmp_path: Path) -> None:
    first = trained(small_reader(), data, tmp_path / "checkpoint", 1)
    second = trained(small_reader(), data, tmp_path / "checkpoint", 2)
    same = trained(small_reader(), data, tmp_path / "checkpoint", 2)

    assert first["seconds"] == 1
    assert second["seconds"] == 2
    assert 0 < int(str(first["steps"])) < int(str(second["steps"])) == int(str(same["steps"]))
