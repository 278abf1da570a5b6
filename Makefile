# Everything a newcomer needs; `make` alone explains.
PYTHON ?= python3
PY = .venv/bin/python
INSTALL = @command -v $(PYTHON) >/dev/null 2>&1 || { echo "make: Python 3.11 or newer is needed, and $(PYTHON) is not there: install it" >&2; exit 1; }; \
	$(PYTHON) deploy/embedded/install.py
STACK = $(PY) -m deploy.embedded
NODE = $(PY) -m deploy.embedded.node
COMPILE = $(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
MAKEFLAGS += --no-print-directory
ifdef CONTAINERS  # `make demo CONTAINERS=1`: of what `make up-containers` started
demo token clock: export JIEBANG_STATE = $(CURDIR)/.jiebang/compose/demo
demo token clock: export JIEBANG_ISSUER = http://issuer:4010
endif

.PHONY: help up down reset status logs token clock trail demo up-containers down-containers backup restore test test-containers faults bench check contracts requirements lock compose-schema images offline
help:           ## this list
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/: +## /\t/' | expand -t 16
up:             ## install what is missing, start the whole suite, load the samples
	$(INSTALL)
	@$(STACK) up
down:           ## stop what `make up` started
	@if [ -x $(PY) ]; then $(STACK) down; else echo "nothing was running"; fi
reset:          ## stop, and forget all data: databases, broker, clock
	$(INSTALL) python
	@$(STACK) reset
status:         ## what runs, and where
	$(INSTALL) python
	@$(STACK) status
logs:           ## the tail of all logs; Ctrl-C ends it
	$(INSTALL) python
	@$(STACK) logs
token:          ## a token for a persona: make token AS=hangzhou-officer
	$(INSTALL) python
	@$(PY) -m deploy.embedded.tokens $(AS)
clock:          ## move the clock of the stack: make clock BY=+30d; BY=0 shows it
	$(INSTALL) python
	@$(PY) -m deploy.embedded.clock $(BY)
trail:          ## check the trail of the running stack
	$(INSTALL) python
	@$(PY) -m deploy.embedded.trail $(ARGS)
demo:           ## a guided tour through the running suite
	$(INSTALL) python
	@$(PY) -m deploy.demo $(ARGS)
up-containers:  ## the whole suite in containers, with the samples; make demo CONTAINERS=1 tours it
	$(INSTALL)
	@$(PY) -m deploy.images
	@$(PY) -m deploy.compose --demo up
down-containers: ## stop what `make up-containers` started; ARGS=--volumes forgets its data
	$(INSTALL) python
	@$(PY) -m deploy.compose --demo down $(ARGS)
backup:         ## back up the suite in containers; docs/operations/backup.md
	$(INSTALL) python
	@$(PY) -m deploy.compose --demo backup
restore:        ## the suite in containers as it was: make restore TO='2026-03-01 12:00:00+08:00'
	$(INSTALL) python
	@$(PY) -m deploy.compose --demo restore $(if $(TO),'$(TO)')
test:           ## all tests that need no container: make test ARGS="-k gateway"
	$(INSTALL)
	@$(PY) -m pytest $(ARGS)
test-containers: ## on Apache Kafka and PostgreSQL in containers: the backbone, backup and restore, a rolling upgrade
	$(INSTALL)
	@$(PY) -m deploy.images
	@$(PY) -m pytest tests/containers $(ARGS)
faults:         ## a stack in containers is hurt while people work, in 20 minutes; make faults ARGS=short in 5
	$(INSTALL)
	@$(PY) -m deploy.images
	@$(PY) -m tests.faults.containers $(ARGS)
bench:          ## benchmarks by hand, on a quiet machine: make bench ARGS=reads
	$(INSTALL)
	@$(PY) -m tests.load $(ARGS)
images:         ## build the container images, without an image registry: make images ARGS="services kafka"
	$(INSTALL)
	@$(PY) -m deploy.images $(ARGS)
offline:        ## build all images and write one archive for a closed network
	$(INSTALL)
	@$(PY) -m deploy.offline
check:          ## format, lint, types, imports, drift of the contracts
	$(INSTALL)
	@$(PY) -m ruff format --check
	@$(PY) -m ruff check
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m chassis.contracts --check
	@$(NODE) compose.mjs --check
contracts:      ## export the schemas and events of the services, compose the supergraph
	$(INSTALL)
	@$(PY) -m chassis.contracts
	@$(NODE) compose.mjs
compose-schema: ## compose the supergraph from the exported schemas only
	$(INSTALL)
	@$(NODE) compose.mjs
requirements:   ## the table of requirement x rule x tests x result
	$(INSTALL) python
	@$(PY) -m tests.requirements
lock:           ## resolve the dependencies anew
	$(INSTALL)
	@$(COMPILE) requirements.in -o requirements.lock
	@$(COMPILE) requirements-dev.in -c requirements.lock -o requirements-dev.lock
	@$(COMPILE) requirements-node.in -o requirements-node.lock
	@$(NODE) npm install --package-lock-only --ignore-scripts
	@$(PY) -m deploy.embedded.lockfile gateway/package-lock.json tests/load/postgraphile/package-lock.json
