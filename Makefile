# The store's commands; each does its own set-up. The plain commands behind them are in the README.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
.DEFAULT_GOAL := help

LIVE := tests/races tests/kill tests/e2e
# These measure seconds or need both cores for their crowd, so nothing runs beside them.
ALONE := tests/races/test_flash_sale.py tests/races/test_silence.py
QUICK := -n 2 --dist worksteal tests $(addprefix --ignore=,$(LIVE) tests/bench)
BESIDE := -n 2 --dist loadfile $(LIVE) $(addprefix --ignore=,$(ALONE))
# `check --deploy` looks at the store as it would be served to the public.
DEPLOYED := SITE_URL=https://shop.example.org SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')

.PHONY: help .venv demo test test-nightly bench lint browser screenshots

help:
	@echo "make demo          serve the store with sample data on http://localhost:8000"
	@echo "make test          run all checks"
	@echo "make lint          run the static checks"
	@echo "make test-nightly  run all checks with many more rounds and examples"
	@echo "make bench         measure and print figures"
	@echo "make screenshots   photograph every page and state into var/screenshots"
	@echo "make .venv         only make the environment"

.venv: .venv/.installed

.venv/.installed: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; there is no $(PYTHON)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Try make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: .venv
	$(BIN)/python manage.py demo $(ARGS)

test: .venv browser lint
	$(BIN)/pytest $(QUICK)
	TEST_DATABASE=postgres $(BIN)/pytest -m both $(QUICK)
	$(BIN)/pytest $(BESIDE)
	TEST_DATABASE=postgres $(BIN)/pytest -m both $(BESIDE)
	$(BIN)/pytest $(ALONE)
	TEST_DATABASE=postgres $(BIN)/pytest -m both $(ALONE)

bench: .venv
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: .venv browser
	$(BIN)/python -m tests.e2e.screenshots $(ARGS)

test-nightly: export TEST_NIGHTLY = 1
test-nightly: test

lint: .venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING

# The browser of the tests: the system's, or one that is installed now.
browser: .venv
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
	else $(BIN)/playwright install chromium; fi
