# make up, make test: nothing is asked of the machine but Python and these targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
UV_ABS := $(shell command -v uv 2>/dev/null || echo $(CURDIR)/.tools/bin/uv)
PY := .venv/bin/python
BOT_PY := bot/.venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
# Wheels are copied when the cache lies on another disk; saying so is noise.
export UV_LINK_MODE ?= copy

.PHONY: help up train test check bench lock fmt clean
help: ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

up: .venv/.runtime bot/.venv/.ready ## Bring up the whole desk and print its addresses
	@exec $(PY) -m frontdesk up

train: .venv/.runtime bot/.venv/.ready ## Train the assistant if its data or configuration changed
	@$(PY) -m frontdesk train

test: .venv/.dev bot/.venv/.ready ## Run all tests
	@$(PY) -m pytest tests
	@$(BOT_PY) -m pytest -c bot/pytest.ini tests/unit/bot

check: .venv/.dev bot/.venv/.ready ## Lint, type-check and hold the import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@cd bot && .venv/bin/python -m mypy

bench: .venv/.dev bot/.venv/.ready ## Measure against plain Rasa; prints ratios
	@$(PY) -m tests.bench

fmt: .venv/.dev ## Format and fix what can be fixed
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: $(UV) ## Write the hashed lock files anew
	$(UV) pip compile -q --upgrade --generate-hashes --group build pyproject.toml -o requirements.lock
	$(UV) pip compile -q --upgrade --generate-hashes --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(UV) --directory bot pip compile -q --upgrade --generate-hashes --group dev pyproject.toml -o requirements.lock

clean: ## Remove environments, models and run-time files
	rm -rf .venv bot/.venv .tools var models

# uv itself, from PyPI into the checkout, where the machine has none.
.tools/bin/uv:
	@echo "frontdesk: uv not found, installing it into .tools/"
	@python3 -m venv .tools 2>/dev/null && .tools/bin/python -m pip install -q 'uv>=0.9' \
	  || python3 -m pip install -q --target .tools 'uv>=0.9' \
	  || { echo "frontdesk: Python 3 with pip is needed to fetch uv (Debian: apt install python3-pip python3-venv)"; exit 1; }

.venv/bin/python: | $(UV)
	@$(UV) venv -q .venv

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "frontdesk: installing the desk's environment (.venv)"
	@$(UV) pip install -q --require-hashes -r requirements.lock
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "frontdesk: installing the development tools"
	@$(UV) pip sync -q --require-hashes requirements-dev.lock
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# Not bin/python: make would see the age of the interpreter it links to, older than any checkout.
bot/.venv/pyvenv.cfg: bot/.python-version | $(UV)
	@$(UV_ABS) --directory bot venv -q --clear .venv

bot/.venv/.ready: bot/requirements.lock bot/.venv/pyvenv.cfg
	@echo "frontdesk: installing the assistant's environment (bot/.venv, about 2 GB)"
	@$(UV_ABS) --directory bot pip sync -q --require-hashes requirements.lock
	@touch $@
