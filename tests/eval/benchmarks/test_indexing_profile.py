from tests.support.library_samples import WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.eval.benchmarks.indexing_profile import STAGES, profile


def test_every_stage_of_every_document_is_counted() -> None:
    paths = sorted(SEEDS.glob("*.txt"))[:2]
    measured = profile(paths, WordEmbedder())
    assert measured.documents == len(paths)
    assert measured.sentences >= measured.paragraphs > measured.documents
    assert tuple(measured.seconds) == STAGES
    text = measured.section().text
    assert all(f"| {stage} |" in text for stage in STAGES)
