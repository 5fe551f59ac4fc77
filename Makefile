# Everything happens in .venv, which setup fills from the lock. Another Python: make PYTHON=python3.12 demo
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup browser demo test lint types layers unit bench docs clean

setup: $(STAMP)

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Betimes needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	@touch $(STAMP)

# Sets up and runs the loop on the built-in catalogue, then serves it. ONCE=1 ends after the story.
demo: setup
	$(BIN)/betimes demo $(if $(ONCE),--once,)

# Sets up and passes every check: style, types, layers, tests and doctests.
test: setup browser lint types layers unit

# The browser that the page is tested in, from Debian's packages where there is none.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq --no-install-recommends chromium >/dev/null; } \
	|| echo 'there is no chromium: tests of the page are skipped; on Debian: apt-get install chromium'

lint: setup
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-cache

unit: setup
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

bench: setup
	$(BIN)/betimes bench --out bench.json

docs: setup
	$(BIN)/python -m pytest -q src --doctest-modules

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
