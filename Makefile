# The same words everywhere. A newcomer needs `make demo` and `make test`; each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check format install install-dev lock clean

help:            ## list these words
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

demo: install    ## prepare and run the demonstration; Ctrl-C stops everything
	@$(BIN)/jalon demo

demo-reset: install   ## start the demonstration afresh
	@$(BIN)/jalon demo --reset

test: install-dev     ## every check and every test
	@$(BIN)/python tools/stages.py

check: install-dev    ## the quick checks, without the tests
	@$(BIN)/python tools/stages.py --quick

format: install-dev   ## rewrite the code as the checks want it
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

install: $(VENV)/.sandbox
install-dev: $(VENV)/.dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@echo "Préparation de l’environnement Python (une minute environ)…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.sandbox: requirements/sandbox.txt pyproject.toml | $(BIN)/python
	@$(PIP) -r requirements/sandbox.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --disable-pip-version-check -e .
	@$(BIN)/python -m pip check > /dev/null
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.sandbox
	@$(PIP) -r requirements/dev.txt
	@$(BIN)/python -m pip check > /dev/null
	@touch $@

lock: install-dev     ## write the lock files again, for maintainers
	@$(BIN)/python tools/lock.py

clean:           ## remove what was made here
	rm -rf $(VENV) var
