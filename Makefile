# Two commands matter: `make run` and `make test`. Both do all their set-up.
SHELL := /bin/bash
# Every process of jpa starts a second sooner when its modules need not be compiled again.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Pango and the fonts set the PDF of a release (jpa/interchange/pdf.py).
SYSTEM_RUN := libicu-dev pkg-config libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core
SYSTEM_TEST := chromium

.PHONY: run setup setup-test check test prove bench clean

run: setup
	@exec $(BIN)/jpa run

setup: $(VENV)/.installed node_modules/.installed
	@true

setup-test: setup
	@scripts/system-packages $(SYSTEM_TEST)

$(VENV)/.installed: requirements.lock setup.cfg pyproject.toml
	@scripts/system-packages $(SYSTEM_RUN)
	@echo "jpa: Python environment (a minute or two the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jpa needs Python 3.11 or newer"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json $(shell find jpa/web/assets scripts/build-frontend.mjs -type f 2>/dev/null)
	@command -v npm >/dev/null || { echo "jpa needs Node 20 with npm: install the package nodejs"; exit 1; }
	@echo "jpa: front end"
	@npm ci --silent --no-audit --no-fund
	@npm run --silent build
	@touch $@

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-cache && wait $$types
	@$(BIN)/pytest -q -m fast

test: setup-test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-cache && wait $$types
	@$(BIN)/pytest -n 2 --dist worksteal

# The randomised proofs in full; stop it with Ctrl-C at any time, the same command goes on. PROVE="views --count 500" runs a part.
prove: setup
	@$(BIN)/python -m tests.proofs $(PROVE)

# Speed beside a peer measured in the same run; writes docs/benchmarks.md. BENCH="--records 20000" measures on less.
bench: setup
	@$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf $(VENV) node_modules jpa/web/static build *.egg-info
