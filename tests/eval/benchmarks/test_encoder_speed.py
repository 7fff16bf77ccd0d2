from collections.abc import Sequence

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.benchmarks.encoder_speed import ROUNDS, question_speeds
from wherefrom.index.embedding.protocol import TextEmbedding


def test_embedders_take_turns_and_have_their_own_figures() -> None:
    turns: list[str] = []

    class Named(WordEmbedder):
        def __init__(self, name: str) -> None:
            self.name = name

        def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
            turns.append(self.name)
            return super().embed_in_context(texts, contexts)

    speeds = question_speeds([Named("a"), Named("b")], ["Who is the ambassador?", "What is THAAD for?"])
    assert turns == ["a", "a", "b", "b"] * ROUNDS
    assert all(speed.single_ms > 0 and speed.rate > 0 for speed in speeds)
