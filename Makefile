# The two commands are `make demo` and `make test`. Both set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Tests wait for disks and sockets as well: half as many processes again as there are processors.
JOBS ?= $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) * 3 + 1) / 2 )))

# Compiled modules are kept: else each of the many processes of a test run compiles all of them, and rewrites each assert.
unexport PYTHONDONTWRITEBYTECODE
# Only these are read for it: to collect all tests takes longer than to run the few that run alone.
ALONE = $(shell grep -rl --include='test_*.py' 'pytest.mark.alone' tests)

# No test waits for a disk where there is memory to spare: what they kill are processes, and never the machine itself.
MEMORY = $(shell df --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 4000000 { print "/dev/shm" }')

.PHONY: setup demo test check bench pictures lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   play a lesson in the sandbox, no account needed"
	@echo "make test   run all tests"
	@echo "make check  lint, formatting, types, import contracts, spelling"
	@echo "make bench  measure; prints ratios"
	@echo "make pictures  the documentation's pictures anew; look at them"

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	@echo "Setting up $(VENV): the first time it takes a minute or a few, for the packages are fetched."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/python -m uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "setuptools>=77"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/rollcall demo

test: setup
	@files=$$(mktemp -d "$(or $(MEMORY),$${TMPDIR:-/tmp})/rollcall-XXXXXX") && chmod 711 $$files && trap "rm -rf $$files" EXIT INT TERM && \
	TMPDIR=$$files $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not alone and not browser" && \
	TMPDIR=$$files $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m browser tests/browser
	@$(BIN)/python -m pytest -m alone $(ALONE)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

bench: setup
	@$(BIN)/python -m tests.benchmarks

pictures: setup
	@$(BIN)/python -m tests.docs.timelines docs/pictures
	@$(BIN)/python -m tests.documents.pictures docs/pictures
	@$(BIN)/python -m tests.browser.pictures docs/pictures

lock:
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
