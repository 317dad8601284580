# Everything a newcomer runs. `make setup` needs Python 3.11 and make; `make deps` installs what the
# tests need beside Python from Debian's packages (as root; otherwise it names them).
PYTHON ?= python3
BIN := .venv/bin
DEBIAN := chromium chromium-driver postgresql

.PHONY: setup deps demo test check bench docs prove lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock: ## after a change of dependencies in pyproject.toml
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --strip-extras -o requirements.lock pyproject.toml
