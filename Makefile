# What a newcomer runs: `make demo`, `make test`. Needed beside Python 3.11 and make: see `make deps`.
PYTHON ?= python3
BIN := .venv/bin
DEBIAN := chromium postgresql postfix libmail-dkim-perl xmlsec1 golang-go golang-golang-x-mod-dev
LOCK := $(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --strip-extras

.PHONY: help setup deps demo test check bench docs prove lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s '	'

setup: .venv/.ready ## install everything into .venv, so that .venv/bin/tocsin runs

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

deps: ## what the tests need beside Python, from Debian's packages: as root installs it, otherwise names it
	@missing=$$(for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -z "$$missing" ]; then echo "nothing is missing beside Python"; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "missing beside Python: $$missing (run: sudo apt-get install $$missing); the tests that need it are skipped"; fi

demo: setup ## run the bundled exercise, print the assessment, serve its site
	$(BIN)/tocsin demo $(DEMO)

test: setup deps check ## every check and every test
	$(BIN)/python -m pytest -n 2 -m "not prove"

check: setup ## style, types and import law
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: setup deps ## the long proofs: kills, crashes, fuzzing
	$(BIN)/python -m pytest -m prove

bench: setup ## speed and size, as ratios to something in the same run
	@for b in bench/*.py; do echo "== $$b"; $(BIN)/python $$b; done

docs: setup ## write docs/records.md and docs/commands.md anew from the code
	$(BIN)/python docs/generate.py

lock: ## after a change of dependencies in pyproject.toml
	$(LOCK) -o requirements.lock pyproject.toml

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
