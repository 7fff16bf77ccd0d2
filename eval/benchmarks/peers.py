"""The services to compare, with the same paragraphs and the same model."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import typer

from wherefrom.eval.benchmarks.service_process import Service
from wherefrom.eval.datasets.questions import SEEDS
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

BUILD_TXTAI = """
import json, sys
from txtai import Embeddings
texts = [json.loads(line)["text"] for line in open(sys.argv[2], encoding="utf8")]
embeddings = Embeddings(path=sys.argv[1], content=True, hybrid=True)
embeddings.index([(number, text, None) for number, text in enumerate(texts)])
embeddings.save(sys.argv[3])
"""


def services(
    work: Path, exported: Embedder, peers: Path | None, python: Path | None, models: Path | None
) -> Iterator[Service]:
    """Yield Wherefrom with an index of the seeds, built in `work`, and then the peers, if there are any."""
    data, corpus = work / "data", work / "corpus.jsonl"
    with Library.open(data, embedder=exported) as library:
        ingest(library, [SEEDS])
        paragraphs = [p.text for document in library.documents() for p in library.paragraphs(document.document_id)]
    corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in paragraphs), encoding="utf-8")
    ours = Service(
        name="wherefrom",
        command=[sys.executable, "-m", "wherefrom.service.cli.main", "serve"],
        environment={
            "WHEREFROM_DATA": str(data),
            "WHEREFROM_PORT": "18401",
            "WHEREFROM_REMEMBERED": "0",
            **({"WHEREFROM_MODELS": str(models)} if models else {}),
        },
        url="http://127.0.0.1:18401",
        ready="/readyz",
        ask="/v1/ask?q=",
    )
    yield ours
    careful = dict(ours.environment) | {"WHEREFROM_PORT": "18405"}
    yield replace(
        ours,
        name="wherefrom, careful",
        environment=careful,
        url="http://127.0.0.1:18405",
        ask="/v1/ask?effort=careful&q=",
    )
    caching = dict(ours.environment) | {"WHEREFROM_PORT": "18402", "WHEREFROM_REMEMBERED": "1024"}
    yield replace(ours, name="wherefrom, cached answers", environment=caching, url="http://127.0.0.1:18402")
    if peers is None or python is None or not python.exists():
        typer.echo("NO PEERS: --peers and --peers-python are needed to compare with other services", err=True)
        return
    model, offline = str(model_folder(DEFAULT_MODEL)), {"HF_HUB_OFFLINE": "1", "CORPUS": str(corpus)}
    uvicorn = [str(python), "-m", "uvicorn", "--log-level", "warning", "--port"]
    yield Service(
        name="naive",
        command=[*uvicorn, "18403", "--app-dir", str(peers), "naive:app"],
        environment=offline,
        url="http://127.0.0.1:18403",
        ready="/ask?q=x",
        ask="/ask?q=",
    )
    yield Service(
        name="naive with a CrossEncoder",
        command=[*uvicorn, "18406", "--app-dir", str(Path(__file__).parent), "naive_cross_encoder:app"],
        environment=offline,
        url="http://127.0.0.1:18406",
        ready="/ask?q=x",
        ask="/ask?q=",
    )
    index, config = work / "txtai", work / "txtai.yml"
    subprocess.run([str(python), "-c", BUILD_TXTAI, model, str(corpus), str(index)], check=True)  # noqa: S603
    template = (peers / "txtai_app.yml").read_text(encoding="utf-8")
    config.write_text(template.replace("INDEXPATH", str(index)).replace("MODELPATH", model), encoding="utf-8")
    yield Service(
        name="txtai",
        command=[*uvicorn, "18404", "txtai.api:app"],
        environment=offline | {"CONFIG": str(config)},
        url="http://127.0.0.1:18404",
        ready="/search?query=x",
        ask="/search?limit=5&query=",
    )
