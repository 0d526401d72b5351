# Nothing has to be typed before any of these: each sets up what it needs, once.
PYTHON := .venv/bin/python
# Options for pytest, as in: make test ARGS="-k sealing"
ARGS :=
# The tests are shared out among the cores. Each worker has a browser and two checkers of its own, which take memory.
# Printing processes give way to all else by ten steps of niceness. Of tests that run at 15 only four are left to give, so
# that no sheet waits ten times as long because another test is busy.
SHARED_OUT := --numprocesses logical --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

.PHONY: help run test check bench rush faults machines scaling figures content languages words score totals pictures lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: run-packages .venv/run-ready ## Set up what is missing and serve on http://127.0.0.1:8000 (another port: make run PORT=8080)
	@exec .venv/bin/gunicorn --config deploy/gunicorn.conf.py wsgi:app

test: check ## Do everything CI does: all checks, then all tests (some of them: make test ARGS="-k sealing")
	nice -n 15 $(PYTHON) -m pytest $(SHARED_OUT) $(ARGS)

check: test-packages .venv/test-ready tests/node_modules/ready ## Check style and types of the code, all content, and our packages for known holes
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m quizapp
	$(PYTHON) -m tests.tools.audit

bench: bench-packages .venv/test-ready ## Measure how fast it is
	$(PYTHON) -m bench

rush: test-packages .venv/test-ready ## Measure a rush: everybody opens the newsletter within the hour (options: make rush ARGS="--queue 4")
	$(PYTHON) -m bench.rush $(ARGS)

faults: test-packages .venv/test-ready ## Break every part under visitors, and write docs/faults.md again
	$(PYTHON) -m bench.faults

machines: test-packages .venv/test-ready ## Print on several machines in networks of their own, and pull their cables (needs root)
	$(PYTHON) -m bench.two_machines

scaling: test-packages .venv/test-ready ## Write docs/scaling.md again, from the figures of: make rush ARGS=--keep
	$(PYTHON) docs/scaling.py

figures: bench-packages .venv/test-ready ## Measure, and write the figures of README.md and docs/ again (on a quiet machine)
	$(PYTHON) -m bench.figures

content: run-packages .venv/run-ready ## Check all questions, sources, help lines and clauses, and list every problem
	$(PYTHON) -m quizapp

languages: run-packages .venv/run-ready ## Bring the translators' catalogues up to date with the texts, and tell what is missing
	$(PYTHON) -m quizapp.languages

words: test-packages .venv/test-ready ## Measure how easy the pages read, in each language
	@$(PYTHON) -m tests.tools.words

score: run-packages .venv/run-ready ## Write docs/score.md again: where all answers lead, and what each weight moves
	$(PYTHON) docs/score.py

totals: run-packages .venv/run-ready ## Write docs/totals.md again: what each known attack on schools' totals learns
	$(PYTHON) docs/totals.py

pictures: test-packages .venv/test-ready ## Take the pictures in the documentation again
	$(PYTHON) docs/pictures.py

lock: test-packages .venv/test-ready ## Write the lock files again after a change of dependencies (to the newest versions: make lock ARGS=--upgrade)
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --output-file requirements/test.txt --group test --constraint requirements/run.txt
	npm --prefix tests $(if $(filter --upgrade,$(ARGS)),update,install) --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean: ## Remove everything that was set up, and every cache
	rm -rf .venv .cache .hypothesis tests/node_modules
	find . -name __pycache__ -type d -prune -exec rm -r {} +

# Hashes of every file of every package, for every platform; no address of any registry.
LOCK = $(PYTHON) -m uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(ARGS)

# The sets below are named after what they serve: run is what the application needs, test adds what the
# tests need, and bench what its paper is compared with.
.PHONY: run-packages test-packages bench-packages
run-packages test-packages bench-packages: %-packages:
	@deploy/system-packages $*

# The lock files are complete and built packages exist for all they name: nothing is resolved or compiled here.
.venv/run-ready .venv/test-ready: .venv/%-ready: requirements/%.txt pyproject.toml .venv/created
	@echo "Installing Python packages from $<"
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@

.venv/created:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed.")'
	@python3 -m venv --clear .venv
	@touch $@

tests/node_modules/ready: tests/package-lock.json tests/package.json | test-packages
	@echo "Installing the checkers of tests/package.json"
	@npm --prefix tests ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
