# Two commands do everything on a machine with Python 3.11-3.13: `make demo` and `make test`.

.DEFAULT_GOAL := help
SHELL := /bin/sh
# Byte code is compiled once and used: without it every import of Airflow costs three seconds more.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH VIRTUAL_ENV

PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
RUN_STAMP := .venv/.installed-run
DEV_STAMP := .venv/.installed-dev
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode

.PHONY: help demo spacy test test-slow lint types bench lock clean
help:  ## what there is to do
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(RUN_STAMP)  ## see news become rows; LIVE=1 polls real feeds instead of the samples
	@$(BIN)/dateline demo $(if $(LIVE),--live)

spacy: $(RUN_STAMP)  ## the optional neural tagger beside the places; then DATELINE_SPACY=1
	@sed -n '/^[a-z]/ s/ *\\$$//p' requirements-dev.lock > .venv/versions.lock
	@$(BIN)/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url -c .venv/versions.lock \
		pyproject.toml --extra spacy -o .venv/spacy.names
	@awk -F '==' 'NR == FNR { wanted[$$1]; next } /^[a-z]/ { on = $$1 in wanted } on' .venv/spacy.names \
		requirements-dev.lock > .venv/spacy.lock
	@$(INSTALL) -r .venv/spacy.lock

test: lint types  ## lint, types and all tests but the slow ones
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

test-slow: $(DEV_STAMP)  ## the real scheduler, kill and repeat, large input
	@$(BIN)/pytest -m slow --timeout 1500

lint: $(DEV_STAMP)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .

types: $(DEV_STAMP)
	@$(BIN)/mypy --no-error-summary

bench: $(DEV_STAMP)  ## ratios taken in one run; SCALE=full by hand
	@$(BIN)/python -m etl.bench $(if $(SCALE),--scale $(SCALE)) $(if $(NEWS_PLEASE),--news-please $(NEWS_PLEASE))

lock: $(DEV_STAMP)  ## compile the requirements anew
	@sh -c 'set -e; compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url pyproject.toml --extra deploy"; \
	$$compile --upgrade --extra dev --extra spacy -o requirements-dev.lock; $$compile -c requirements-dev.lock -o requirements.lock'

clean:  ## remove what was installed and all local data
	@if [ -x $(BIN)/dateline ]; then $(BIN)/dateline down --destroy; fi
	@rm -rf .venv .dateline .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The installer itself comes from the lock, hash and all, by pip; it then installs the rest in seconds.
$(BIN)/uv: requirements.lock
	@[ -n "$(PYTHON)" ] || { echo "Dateline needs Python 3.11, 3.12 or 3.13 (try: make demo PYTHON=/path/to/python3.12)." >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing (Debian: apt install python3-venv)." >&2; exit 1; }
	@awk '/^[a-z]/ { on = /^uv==/ } on' requirements.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
	@touch $@

$(RUN_STAMP): requirements.lock pyproject.toml $(BIN)/uv
	@echo "Installing what Dateline runs on (about 800 MB on disk, once)"
	@$(INSTALL) -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing what the tests need"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
