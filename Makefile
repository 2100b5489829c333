# Two commands matter: `make run` and `make test`. Both do all their set-up.
SHELL := /bin/bash
# The parts of the set-up wait for the network more than for each other.
MAKEFLAGS += --jobs=4
# Every process of jpa starts a second sooner when its modules need not be compiled again.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# PyICU is compiled here; its work is done inside ICU, so that its wrappers need no optimising, which takes half a minute.
export PYICU_CFLAGS ?= -O0:-g0:-std=c++17
# Pango and the fonts set the PDF of a release (jpa/interchange/pdf.py).
SYSTEM_RUN := libicu-dev pkg-config libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core
SYSTEM_TEST := chromium

.PHONY: run setup setup-test system chromium check test prove bench clean

run: setup
	@exec $(BIN)/jpa run

setup: $(VENV)/.installed node_modules/.installed build/neo4j/.fetched
	@true

setup-test: setup chromium
	@true

system:
	@scripts/system-packages $(SYSTEM_RUN)

chromium: system
	@scripts/system-packages $(SYSTEM_TEST)

# uv brings the packages in half the time; where it does not find their registry, which may be set for pip alone, pip does.
$(VENV)/.installed: requirements.lock installer.lock setup.cfg pyproject.toml | system
	@echo "jpa: Python environment (a minute or two the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jpa needs Python 3.11 or newer"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement installer.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock \
	  || $(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable . \
	  || $(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json $(shell find jpa/web/assets scripts/build-frontend.mjs -type f 2>/dev/null)
	@command -v npm >/dev/null || { echo "jpa needs Node 20 with npm: install the package nodejs"; exit 1; }
	@echo "jpa: front end"
	@npm ci --silent --no-audit --no-fund
	@npm run --silent build
	@touch $@

# Neo4j's jars come into the cache that all homes share, each checked against its hash.
build/neo4j/.fetched: jpa/graph/neo4j.lock.json scripts/fetch-neo4j.py $(VENV)/.installed
	@$(BIN)/python scripts/fetch-neo4j.py
	@touch $@

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-cache && wait $$types
	@$(BIN)/pytest -q -m fast

test: setup-test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@JPA_HOME=build $(BIN)/python -m jpa.graph.class_archive & archive=$$!; \
	  $(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-cache && wait $$types && wait $$archive
	@$(BIN)/pytest -n 3 --dist worksteal

# The tutorial's lists of people whole, then the randomised proofs in full; stop it with Ctrl-C at any time, the same command goes on.
# PROVE="views --count 500" runs a part of one proof alone.
prove: setup
	@if [ -z "$(PROVE)" ]; then $(BIN)/pytest -q --people 5000 tests/tutorial -k test_2; fi
	@$(BIN)/python -m tests.proofs $(PROVE)

# Speed beside a peer measured in the same run; writes docs/benchmarks.md. BENCH="--records 20000" measures on less.
bench: setup
	@$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf $(VENV) node_modules jpa/web/static build *.egg-info
