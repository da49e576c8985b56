# make demo   the main job, on real data
# make test   the test suite, with lint, types and import contracts
# make bench  times, as ratios to other packages, which have an environment of their own (.venv-bench): some need an older NumPy
# make lowest the test suite's core with the oldest libraries that pyproject.toml allows (Python 3.11 or 3.12)
#
# Each sets up what it needs in .venv first. Another Python: make demo PYTHON=python3.13

PYTHON ?= python3
DEMO ?=
TESTS ?=
BIN = .venv/bin
LOWEST = .venv-lowest/bin
BENCH = .venv-bench/bin
PIP = -m pip install --quiet --disable-pip-version-check

.PHONY: demo test bench lowest clean

demo: .venv/.demo
	$(BIN)/sparsecs demo $(DEMO)

test: .venv/.test
	$(BIN)/python -m pytest -n auto $(TESTS)

bench: .venv-bench/.made
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BENCH)/python $$file || exit 1; done

lowest: .venv-lowest/.test
	$(LOWEST)/python -m pytest -n auto tests/laws tests/sweeps tests/core sparsecs

.venv/.made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "sparsecs needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Name another: make demo PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.demo: .venv/.made pyproject.toml
	@echo "Installing sparsecs and what it needs into .venv (a minute or two, once) ..."
	$(BIN)/python $(PIP) --editable ".[learn]"
	@touch $@

.venv/.test: .venv/.made pyproject.toml
	@echo "Installing sparsecs and what its tests need into .venv (a minute or two, once) ..."
	$(BIN)/python $(PIP) --editable ".[test]"
	@touch $@

.venv-bench/.made: pyproject.toml
	$(PYTHON) -m venv --clear .venv-bench
	$(BENCH)/python $(PIP) --editable ".[learn]" adelie celer pylops skglm spgl1
	-$(BENCH)/python $(PIP) spams-bin
	@touch $@

.venv-lowest/.test: pyproject.toml tests/lowest.txt
	$(PYTHON) -m venv --clear .venv-lowest
	$(LOWEST)/python $(PIP) --editable ".[learn]" --constraint tests/lowest.txt hypothesis pytest pytest-xdist pylops
	@touch $@

clean:
	rm -rf .venv .venv-lowest .venv-bench build *.egg-info
