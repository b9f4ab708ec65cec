# `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
# uv takes the package index that pip is configured with
INDEX = $(or $(UV_DEFAULT_INDEX),$(PIP_INDEX_URL),$(shell $(BIN)/python -m pip config get global.index-url 2>/dev/null))
UV = $(if $(INDEX),UV_DEFAULT_INDEX=$(INDEX)) $(BIN)/uv pip install --no-deps
# what bouncer asks for and does not need, and what dbt fetches from elsewhere, stay out
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --upgrade \
  --override requirements/overrides.txt --no-emit-package dbt-core-experimental-parser
BUNDLED := python/platform_employment/bundled
CLIENTS := $(patsubst requirements/clients/%.txt,.venv-clients/%/.client,$(wildcard requirements/clients/*.txt))

# Python keeps what it compiled: without, each command compiles its packages again for ten seconds
unexport PYTHONDONTWRITEBYTECODE

# $(call step,text,command): say what is done and how long it took
step = @echo "== $(1)"; began=$$SECONDS; $(2); echo "== $(1): $$((SECONDS - began)) s"

.PHONY: validate help setup setup-dev build warehouse release wheel test test-slow screenshots lint
.PHONY: test-spark format docs reference lock benchmark clean test-clients

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: .venv/.build ## make the environment that `dbt build` needs

setup-dev: .venv/.dev ## the same, plus what tests and linters need

build: setup ## release the warehouse and print it beside the report
	$(call step,release the warehouse,$(BIN)/platform-employment release)
	@$(BIN)/platform-employment headlines

release: build ## the same as build

wheel: build ## a wheel for readers in dist/, with a copy of the current release
	install -D -m 644 releases/current/platform_employment_marts.duckdb $(BUNDLED)/platform_employment_marts.duckdb
	$(call step,build the wheel,$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps \
	  --no-build-isolation --wheel-dir dist .) && rm -r $(BUNDLED)

warehouse: setup ## only `dbt build`, into the private dev.duckdb
	$(call step,dbt build,$(BIN)/dbt --no-version-check build)

# the warehouse of the shipped tables, whatever the environment names
BUILT := target/tests
SHIPPED = env -u PLATFORM_EMPLOYMENT_INPUTS -u PLATFORM_EMPLOYMENT_MERCHANTS \
  -u PLATFORM_EMPLOYMENT_BASELINE_RELEASE PLATFORM_EMPLOYMENT_DATABASE=$(BUILT)/dev.duckdb \
  $(BIN)/dbt --no-version-check
test: setup-dev ## build, then run every test but the slow ones
	@mkdir -p $(BUILT)
	$(call step,dbt build,$(SHIPPED) build --target-path $(BUILT))
	$(call step,unit tests of dbt,$(SHIPPED) test --select test_type:unit --target-path $(BUILT))
	$(call step,tests,$(BIN)/pytest --built=$(BUILT) --numprocesses 2 --dist worksteal --durations 10 -m "not slow and not spark")

validate: setup-dev ## try the estimators on public samples of real firms; two minutes
	$(UV) --python $(BIN)/python --require-hashes --requirement requirements/real-firms.txt
	$(BIN)/python -m platform_employment.fit.real_firms
	$(BIN)/pytest -m slow tests/python/test_estimator_validation.py

test-slow: setup-dev ## the tests that take minutes
	$(BIN)/pytest -m "slow and not spark"

test-spark: setup-dev .venv-spark/.spark ## sums of merchants on a real Spark, read by a build; five minutes
	$(BIN)/pytest -m spark

test-clients: setup-dev $(CLIENTS) ## BI clients of other versions, each in its own environment
	CLIENTS=1 $(BIN)/pytest tests/python/test_bi_docs.py tests/python/test_metricflow.py \
	  tests/python/test_superset.py

lint: setup-dev ## sqlfluff, ruff, mypy, biome, dbt-bouncer, import-linter, own conventions
	$(BIN)/ruff check python tests benchmarks
	$(BIN)/ruff format --check python tests benchmarks
	$(BIN)/mypy
	$(BIN)/sqlfluff lint models tests/singular analyses
	$(BIN)/dbt --no-version-check --quiet parse
	$(BIN)/dbt-bouncer
	$(BIN)/lint-imports
	$(BIN)/python tests/lint/project_rules.py
	$(BIN)/python tests/lint/foreign_bytes.py
	$(BIN)/python tests/lint/page_scripts.py
	$(BIN)/python tests/lint/plain_words.py

format: setup-dev ## let ruff and sqlfluff mend what they can
	$(BIN)/ruff check --fix python tests benchmarks
	$(BIN)/ruff format python tests benchmarks
	$(BIN)/sqlfluff fix models tests/singular analyses

docs: warehouse ## the pages of a build in docs/site, to open from disk
	$(BIN)/dbt --no-version-check docs generate --static
	$(BIN)/platform-employment docs

screenshots: docs setup-dev ## pictures of the pages in docs/screenshots
	$(BIN)/python tests/python/screenshots.py docs/site docs/screenshots

reference: warehouse ## write the generated pages of docs/reference and the numbers of docs/bi.md
	$(BIN)/python -m platform_employment.reference_pages
	$(BIN)/python tests/python/traps.py

benchmark: docs setup-dev ## measure the build beside dbt's own floor and own data: an hour
	$(BIN)/python benchmarks/questions.py
	$(BIN)/python benchmarks/methods.py
	$(BIN)/python benchmarks/pages.py docs/site
	$(BIN)/python benchmarks/build_floor.py
	$(BIN)/python benchmarks/inputs.py
	$(BIN)/python benchmarks/input_output.py

lock: setup ## renew the lock files from *.in in requirements/
	for name in uv build dev; do $(COMPILE) --generate-hashes requirements/$$name.in -o requirements/$$name.txt; done
	$(COMPILE) --generate-hashes requirements/spark.in -o requirements/spark.txt
	for file in requirements/clients/*.in; do $(COMPILE) --no-annotate $$file -o $${file%.in}.txt; done

clean: ## remove everything that the targets make but releases/
	rm -rf .venv .venv-clients .venv-spark target logs build dist docs/site dev.duckdb dev.duckdb.wal
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A marker file per environment: it is made anew when its lock file changes.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "this Python has no venv: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.uv: requirements/uv.txt | .venv/bin/python
	$(call step,install uv,$(BIN)/python -m pip --disable-pip-version-check install --require-hashes --requirement $<)
	@touch $@

.venv/.build: requirements/build.txt pyproject.toml .venv/.uv
	$(call step,install what dbt build needs,$(UV) --python .venv --require-hashes --requirement $<)
	$(call step,install this project,$(UV) --python .venv --no-build-isolation --editable .)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.build
	$(call step,install what tests and linters need,$(UV) --python .venv --require-hashes --requirement $<)
	@touch $@

.venv-spark/.spark: requirements/spark.txt .venv/.uv
	@java -version 2>&1 | grep -q '"\(17\|21\)' \
	  || { echo "Java 17 is needed: apt-get install openjdk-17-jre-headless"; exit 1; }
	$(PYTHON) -m venv .venv-spark
	$(call step,install Apache Spark,$(UV) --python .venv-spark --require-hashes --requirement $<)
	@touch $@

.venv-clients/%/.client: requirements/clients/%.txt .venv/.uv
	$(PYTHON) -m venv .venv-clients/$*
	$(call step,install the client $*,$(UV) --python .venv-clients/$* --requirement $<)
	@touch $@
