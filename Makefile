# The recipes of this repository; CI calls the same ones. GNU make, no version in particular.
.DEFAULT_GOAL := help
.PHONY: app test test-all lint fix docs bench help
PYTHONS = python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(firstword $(foreach one,$(PYTHONS),$(shell $(one) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(one))))
RUN := .venv/bin/python -m
PYTEST := $(RUN) pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder
NPM := $(shell command -v npm 2>/dev/null)
NODE_MODULES := $(if $(NPM),node_modules/.package-lock.json)

app: .venv/.app  ## install what the app needs (once), and open it in the browser
	$(RUN) streamlit run app.py

test: .venv/.test  ## install what the tests need (once), and pass them all but the sweeps
	$(PYTEST) -m "not sweep"

test-all: test  ## pass them all, the sweeps too, as CI does
	$(PYTEST) -m sweep

lint: .venv/.test $(NODE_MODULES)  ## say what is not formatted, typed or layered as the rest is
	$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy && .venv/bin/lint-imports --no-cache
	$(if $(NPM),npm run --silent lint && npm run --silent types && npm run --silent test,@echo "no npm here: JavaScript is not checked")

fix: .venv/.test $(NODE_MODULES)  ## format, and mend what can be mended mechanically
	$(RUN) ruff check --fix --exit-zero . && $(RUN) ruff format .
	$(if $(NPM),npm run --silent fix,@echo "no npm here: JavaScript stays as it is")

docs: .venv/.test  ## build the API reference into docs/site, warnings as errors
	$(RUN) mkdocs build --quiet --strict --config-file docs/mkdocs.yml

bench: .venv/.test  ## measure what the lab promises about speed, target by target
	$(RUN) bench

help:  ## list these recipes
	@sed -n 's/^\([a-z-]*\):.*## /make \1: /p' Makefile

.venv/.app: requirements.txt | .venv/bin/pip  # a stamp: newer than what it was installed from
	$(RUN) pip install --disable-pip-version-check --requirement requirements.txt && touch $@

.venv/.test: requirements-test.txt .venv/.app
	$(RUN) pip install --disable-pip-version-check --requirement requirements-test.txt && touch $@

node_modules/.package-lock.json: package.json package-lock.json  # npm's own stamp; nothing in there is needed to run the app
	npm ci --no-audit --no-fund && touch $@

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "seqviz needs Python 3.11 or newer with its venv module (Debian: apt install python3-venv); looked for $(PYTHONS)." >&2; exit 1; }
	$(PYTHON) -m venv .venv
