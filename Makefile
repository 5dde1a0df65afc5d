# The whole project by a handful of words. `make demo` and `make test` work on a fresh machine with Python 3.11 or newer.

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$each >/dev/null 2>&1 \
	&& $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each && break; done)
SHOP ?= .venv-e2e
TREE ?= $(VENV)/lib

.DEFAULT_GOAL := help
.PHONY: help demo test check lint accept docs bench e2e engines clean

help:
	@echo "make demo    look at the example system in fixtures/systems/shop"
	@echo "make test    all that must not break: format, lint, types, import floors, generated pages, tests"
	@echo "make check   the same without the tests"
	@echo "make accept  write down what the literate cases and generated pages say now; read the difference"
	@echo "make engines the tests on other engines (Spark, ClickHouse); installs them, about 2 GB, and needs Java"
	@echo "make e2e     the shop for real, seen by commlint record; installs what it needs (RabbitMQ and PostgreSQL as root)"
	@echo "make bench   throughput beside raw parsing of the same bytes (TREE=folder)"

demo: $(VENV)/installed
	@$(BIN)/commlint check fixtures/systems/shop --traces fixtures/traces/shop.otlp.jsonl --exit-zero

test: check
	@$(BIN)/pytest -n auto

check: lint
	@$(BIN)/python docs/generate.py --check || { echo "generated pages are out of date; run make docs"; exit 1; }

lint: $(VENV)/installed-dev
	@$(BIN)/ruff format --check --quiet . || { echo "format: run $(BIN)/ruff format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log 2>&1 || { cat $(VENV)/lint-imports.log; exit 1; }

accept: $(VENV)/installed-dev docs
	@COMMLINT_ACCEPT=1 $(BIN)/pytest tests/test_cases.py tests/acceptance tests/test_docs.py
	@git --no-pager diff --stat -- tests docs README.md

docs: $(VENV)/installed-dev
	@$(BIN)/python docs/generate.py
	@$(BIN)/commlint config --schema config > docs/config.schema.json
	@$(BIN)/commlint config --schema model > docs/library-model.schema.json
	@for each in baseline report graph; do $(BIN)/commlint config --schema $$each > docs/$$each.schema.json || exit 1; done

engines: $(VENV)/installed-engines
	@$(BIN)/pytest -rs tests/engines

# The shop has an environment of its own, as its services have in their containers.
e2e: $(VENV)/installed-dev $(SHOP)/installed
	@for each in rabbitmq-server postgresql; do dpkg -s $$each >/dev/null 2>&1 || missing="$$missing $$each"; done; \
	test -z "$$missing" || { test "$$(id -u)" = 0 && apt-get update -qq \
	&& apt-get install -y -qq --no-install-recommends $$missing > $(SHOP)/apt.log 2>&1; } \
	|| echo "e2e: install$$missing (Debian's packages, as root); without them the test is skipped"
	@COMMLINT_E2E=$(abspath $(SHOP))/bin/python $(BIN)/pytest -rs tests/e2e

bench: $(VENV)/installed-dev
	@$(BIN)/python bench/extraction.py $(TREE)

clean:
	rm -rf $(VENV) $(SHOP) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

# Stamps: a second run installs nothing unless the dependencies changed.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer on PATH; name one with make PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "installing commlint into $(VENV)" && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-engines: $(VENV)/installed-dev
	@echo "installing other engines" && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[engines]'
	@touch $@

$(SHOP)/installed: tests/e2e/requirements.txt
	@echo "installing the services of the shop into $(SHOP)" && $(PYTHON) -m venv $(SHOP)
	@$(SHOP)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "installing what tests need" && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
