# One door to everything. `make run` and `make test` need Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
SECONDS ?= 60
export DJANGO_SETTINGS_MODULE := stationer.portal.site.settings

# the pure rooms, whose tests run under coverage; and those of them whose every branch the tests walk: no step back
CRAFTS := wire mime compose stamp pick outbox links clicks notice seal bounces repute
WALKED := wire mime compose stamp pick outbox links clicks notice seal bounces repute
comma  := ,
space  := $(subst ,, )

.PHONY: help run test test-rooms test-trials coverage check bench conformance shots clean-demo env dev assets servers readers generated long fuzz
help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: assets ## the whole product with a demo company, until Ctrl-C
	$(PY) -m stationer demo

test: dev assets servers ## everything small: unit, property, real servers, browser
	@$(MAKE) --no-print-directory -k -j2 $(if $(CI),--output-sync=target) test-rooms test-trials

# Side by side: the trials mostly wait for servers. Where both want the processor, those that have deadlines have it.
test-rooms:
	nice -n 5 $(PY) -m pytest tests -m "not long"
test-trials:
	$(PY) -m pytest trials -m "not long"

coverage: dev ## the pure rooms' tests, and which of their branches none walks
	$(PY) -m coverage run -m pytest $(addprefix tests/,$(CRAFTS)) -m "not long"
	@$(PY) -m coverage report
	@$(PY) -m coverage report --fail-under=100 --include="$(subst $(space),$(comma),$(addsuffix /*,$(addprefix src/stationer/,$(WALKED))))"

long: dev assets servers readers ## the big counts: many kills, long soaks, all pairs of faults
	$(PY) -m pytest tests trials -m long --timeout 3600
	$(PY) -m pytest $(addprefix tests/,$(CRAFTS)) -m "not long" --hypothesis-profile=wander

fuzz: dev ## hostile mails against mime and stamp, for SECONDS; then against notice, and hostile requests against an edge, a minute each
	$(PY) -m fuzz $(SECONDS)
	$(PY) -m fuzz.notices 60
	$(PY) -m fuzz.edge 60

check: dev ## style, types, borders, purity, generated files, documents
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest tests/house

bench: dev assets servers ## speed, as ratios in one run
	$(PY) -m bench

conformance: dev ## other inserters beside ours over the conformance suite; the tables of docs/conformance.md
	$(PY) -m bench.conformance

shots: dev assets servers readers ## the demo company's main pages, and its mails in real readers, into var/shots
	$(PY) -m trials.shots
	$(PY) -m trials.readers

generated: dev ## make again what is generated from the code (schemas, vectors) and the conformance suite's mails
	$(PY) -m contract.make
	$(PY) -m tests.conformance.make

clean-demo: ## forget the demo company
	rm -rf var

env: $(VENV)/.run
dev: $(VENV)/.dev

$(VENV)/bin/python:
	@sh bin/make-venv "$(PYTHON)" "$(VENV)"

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@sh bin/install "$(VENV)" requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@sh bin/install "$(VENV)" requirements/dev.txt
	@touch $@ $(VENV)/.run

assets: env ## fonts and scripts that pages need, from their packages
	@sh bin/assets "$(VENV)"

servers: ## the servers that trials run against, from Debian's packages
	@sh bin/servers

readers: ## the mail programs that stamped mails are looked at in, from Debian's packages
	@sh bin/servers readers
