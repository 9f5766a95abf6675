# Python 3.11 or later, its venv and pip, and make: nothing else is needed.
#
#   make demo    a real life, read from files: today's advice, then the pages in the browser
#   make test    the tests
#
# PYTHON=/path/to/python3.12 takes another Python. VENV=folder puts what is installed elsewhere.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST ?=

# At a terminal the demo ends with the pages; in CI, or into a pipe, with the advice.
DEMO := $(if $(CI),--no-serve,$(shell test -t 0 || echo --no-serve))

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint types imports check words build lock clean

help: ## Say what can be made.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Amity needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Name another one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@echo 'Installed. For the command "amity" in this terminal: . $(BIN)/activate'
	@touch $@

demo: $(READY) ## A real life, from files: today's advice, then the pages.
	$(BIN)/amity demo $(DEMO)

serve: $(READY) ## The pages of your own vault.
	$(BIN)/amity serve

test: $(READY) ## The tests; PYTEST="-k today" for some of them.
	$(BIN)/python -m pytest $(PYTEST)

lint: $(READY) ## Style, and one format for all.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## Types, as strict as they come.
	$(BIN)/mypy

imports: $(READY) ## Imports point one way.
	$(BIN)/lint-imports --no-logo

check: lint types imports test ## All of these.

words: $(READY) ## What is said, from the sources into the file of every language, and compiled.
	$(BIN)/python tools/catalogues.py

build: $(READY) ## The wheel and the source archive, in dist/.
	$(BIN)/python -m build --no-isolation

# uv resolves for all platforms at once, which pip cannot; it comes from its wheel, into a folder of its own.
lock: $(READY) ## Resolve what is needed anew, with hashes.
	test -x build/lock/bin/uv || { $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv; }
	build/lock/bin/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade \
	  --python-version 3.11 --no-python-downloads --all-extras --group dev pyproject.toml -o requirements.lock

clean: ## Away with what can be made again; vaults are not touched.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .pytest_cache
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +
