# make run    everything on this machine, with a demo article
# make test   all tests, on SQLite and PostgreSQL
# make test-all   the same, and what takes too long for every change
# make check  all that CI runs
# make torture  try for an hour and more to break what docs/promises.md promises
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
DATA ?= .afterword
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help run test test-all test-fast fuzz check lint types format bench bench-filter torture pins widget sbom clean

help:
	@sed -n 's/^# //p' Makefile

run: .venv/run
	@$(BIN)/afterword up --port $(PORT) --data $(DATA)

# Part of the time tests wait for processes and browsers, so that two share a core.
TESTERS ?= $(shell $(PYTHON) -c 'import os; print(2 * len(os.sched_getaffinity(0)))')

# A file is the unit, in the order of tests/conftest.py.
DIST := --dist loadfile --no-loadscope-reorder

test: .venv/dev
	$(BIN)/pytest --numprocesses $(TESTERS) $(DIST) $(TESTS)

test-all: .venv/dev
	$(BIN)/pytest --numprocesses $(TESTERS) $(DIST) --all $(TESTS)

test-fast: .venv/dev
	$(BIN)/pytest --numprocesses auto $(DIST) -m "not processes and not browser" $(TESTS)

# Half of the time for the parser, half for the renderer; before, some minutes of requests by the
# API's description. What fails is kept in .fuzz.
FUZZ_SECONDS ?= 600
FUZZ := $(BIN)/python -m tests.hostile.fuzzing
fuzz: .venv/fuzz
	@mkdir -p .fuzz/parser .fuzz/renderer
	$(BIN)/pytest -v --hypothesis-profile=fuzz tests/hostile/test_described.py \
		tests/service/api/test_strict_json.py tests/service/domain/test_rendering.py
	for target in parser renderer; do $(FUZZ) $$target -artifact_prefix=.fuzz/$$target- -print_final_stats=1 \
		-timeout=5 -max_len=8192 -max_total_time=$$(($(FUZZ_SECONDS) / 2)) .fuzz/$$target || exit 1; done

check: lint types test

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: .venv/dev
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev
	$(BIN)/python -m benchmarks $(BENCH)

bench-filter: .venv/dev
	$(BIN)/python -m benchmarks.filtering $(BENCH)

torture: .venv/dev
	$(BIN)/python -m tests.torture --pairs $(TORTURE)

widget: .venv/dev
	$(BIN)/python -m tests.tools.make_widget

# The pins: hashes, no addresses. Run after changing dependencies in pyproject.toml.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --upgrade
pins: .venv/dev
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) -o requirements-build.txt requirements-build.in
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(COMPILE) -o requirements-fuzz.txt requirements-fuzz.in
	$(COMPILE) -o benchmarks/peers/isso-build.txt benchmarks/peers/isso-build.in
	$(COMPILE) -o benchmarks/peers/isso.txt benchmarks/peers/isso.in

# What ships, with versions and licences: sbom.json, CycloneDX. Their hashes are in requirements.txt.
sbom: .venv/dev
	@$(PYTHON) -m venv --without-pip .sbom
	@$(BIN)/pip --python .sbom/bin/python install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r requirements.txt
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json .sbom/bin/python
	@rm -rf .sbom
	@echo "sbom.json lists what ships."

clean:
	rm -rf .venv .sbom .fuzz sbom.json .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@echo "Setting up; the first time this takes a minute."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Afterword needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python's venv is missing here; on Debian: apt install python3-venv"; exit 1; }

.venv/run: requirements.txt requirements-build.txt pyproject.toml | .venv/bin/python
	@$(PIP) -r requirements-build.txt -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/fuzz: requirements-fuzz.txt .venv/dev
	@$(PIP) -r requirements-fuzz.txt
	@touch $@
