# Set-up, tests and the demo on a machine that has Python 3.11 or newer, pip and make. uv is used where it is installed.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
RUNS := $(VENV)/.runs
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-all lint format soak test-faults bench bench-crawl bench-hostile bench-quality bench-change bench-feeds bench-notice bench-watchers fuzz wheel requirements sbom audit licences clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED)  ## a virtual environment in .venv with everything in it

# Without ensurepip, which Debian leaves out: pip installs into another environment itself.
define install
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer is installed" >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes a minute or two ..."
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV) && uv pip install --quiet --python $(BIN)/python -e '$(1)'; \
	else \
		$(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -e '$(1)'; \
	fi
endef

$(INSTALLED): pyproject.toml
	$(call install,.[dev])
	@touch $@ $(RUNS)

# The program alone: whoever wants to see it does not wait for what tests it.
$(RUNS): pyproject.toml
	$(call install,.)
	@touch $@

demo: $(RUNS)  ## a newsroom of invented forces: crawled, published, crawled again; a few seconds
	@$(BIN)/forcewire demo

test: setup  ## the tests, a few minutes
	$(BIN)/python -m pytest -n auto --dist worksteal -rs -m "not slow and not faults"

test-slow: setup  ## the slow tests alone: real records, kill -9, feed readers, a browser
	$(BIN)/python -m pytest -n auto --dist worksteal -rs -m "slow and not faults"

test-all: test test-slow  ## all tests

test-faults: setup  ## every fault on every platform, hostile servers, 500 times kill -9; half an hour and more
	$(BIN)/python -m pytest -n auto --dist worksteal -rs -m faults
	$(BIN)/python -m tests.faults.kills --times 500

soak: setup  ## a month of the service against fifty sites, in twenty minutes; MINUTES=5 for less
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),20)

lint: setup  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup  ## ruff's formatting and its safe fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-crawl bench-hostile bench-quality bench-change bench-feeds  ## all measurements but the one beside other watchers

bench-crawl: setup  ## pages a second and memory, beside bare Scrapy
	$(BIN)/python -m bench.crawl

bench-hostile: setup  ## the worst pages, beside lxml's parse of them; what help costs
	$(BIN)/python -m bench.hostile

bench-quality: setup  ## how right the record is on real records, beside htmldate, dateparser and trafilatura
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]' 2>/dev/null || \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m bench.quality

bench-change: setup  ## what is told as a change: real edits, real pages, sixty days of fifty forces, a round in which nothing changed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]' 2>/dev/null || \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -e '.[bench]'
	@trap 'exit 130' INT; missed=; \
	for part in edits pairs "year --days 60" quiet; do \
		echo "python -m bench.$$part"; $(BIN)/python -m bench.$$part || missed="$$missed bench.$${part%% *}"; echo; \
	done; \
	test -z "$$missed" || { echo "a bound was missed, or there was nothing to measure with:$$missed" >&2; exit 1; }

bench-notice: setup  ## how soon a broken source is noticed in a simulated year, and what is noticed that is none; half an hour
	$(BIN)/python -m bench.notice $(if $(SEED),--seed $(SEED))

bench-feeds: setup  ## feeds up to date after one new article, a long feed, feeds over HTTP; beside feedgen, lxml, Starlette, nginx
	$(BIN)/python -m bench.feeds

bench-watchers: setup  ## a round beside urlwatch, webchanges and changedetection.io, and one in which nothing changed; half an hour
	$(BIN)/python -m bench.watchers
	$(BIN)/python -m bench.quiet

SECONDS ?= 600
fuzz: setup  ## random bytes into whatever reads what others wrote, ten minutes each; make fuzz SECONDS=60 for less
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]' 2>/dev/null || \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python -m bench.fuzz --seconds $(SECONDS)

# What supplies others: the wheel, and what the image is made of, in an environment that holds nothing else.
RUNTIME := build/runtime
MADE := SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct)
define supply
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[supply]' 2>/dev/null || \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -e '.[supply]'
endef

wheel: setup  ## dist/*.whl, made twice: the same bytes
	$(supply)
	rm -rf dist build/lib build/bdist.* build/again
	$(MADE) $(BIN)/python -m build --wheel --outdir dist >/dev/null
	$(MADE) $(BIN)/python -m build --wheel --outdir build/again >/dev/null
	cmp dist/*.whl build/again/*.whl && ls dist

requirements:  ## deploy/container/requirements.txt anew: the newest versions that pyproject.toml allows
	rm -rf build/newest && $(PYTHON) -m venv --without-pip build/newest
	$(PYTHON) -m pip --python build/newest/bin/python install --quiet --disable-pip-version-check '.[postgresql,notify]'
	{ echo "# What the image is made of: the versions that the tests ran with. make requirements writes it anew."; \
		$(PYTHON) -m pip --python build/newest/bin/python freeze --exclude forcewire; } >deploy/container/requirements.txt

$(RUNTIME)/.made: pyproject.toml deploy/container/requirements.txt
	rm -rf $(RUNTIME) && $(PYTHON) -m venv --without-pip $(RUNTIME)
	$(PYTHON) -m pip --python $(RUNTIME)/bin/python install --quiet --disable-pip-version-check -r deploy/container/requirements.txt
	$(PYTHON) -m pip --python $(RUNTIME)/bin/python install --quiet --disable-pip-version-check --no-deps .
	@touch $@

sbom: setup $(RUNTIME)/.made  ## build/forcewire.cdx.json: what the image holds, as CycloneDX
	$(supply)
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/forcewire.cdx.json $(RUNTIME)/bin/python

audit: setup  ## known weaknesses of what the image holds; fails where a package could not be asked for
	$(supply)
	$(BIN)/pip-audit --strict --no-deps --disable-pip -r deploy/container/requirements.txt

licences: setup  ## docs/licences.md anew; fails where one is unknown or does not go with ours
	$(BIN)/python docs/licences.py

clean:  ## remove the environment, caches and the demo
	rm -rf $(VENV) demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
