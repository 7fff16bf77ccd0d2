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
.PHONY: help install serve test check format eval

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

format: .venv/installed ## put the code into its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

eval: .venv/installed ## ask the eval set of seeds/ and report
	$(BIN)/wherefrom-eval
