# `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
PIP := -m pip --disable-pip-version-check --quiet
INSTALL := install --no-deps --require-hashes
CLIENTS := $(patsubst requirements/clients/%.txt,.venv-clients/%/.client,$(wildcard requirements/clients/*.txt))

.PHONY: help setup setup-dev setup-spark build warehouse release test test-slow test-site test-spark screenshots lint
.PHONY: format docs readme lock benchmark clean test-clients

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: .venv/.build ## make the environment that `dbt build` needs

setup-dev: .venv/.dev .venv-tools/.tools ## the same, plus what tests and linters need

setup-spark: .venv-spark/.spark ## an environment for steps over merchants on Apache Spark; needs Java 17

build: setup .venv-tools/.tools ## release the warehouse and print it beside the report
	@$(BIN)/platform-employment release
	@$(BIN)/platform-employment headlines

release: build ## the same as build

warehouse: setup ## only `dbt build`, into the private dev.duckdb
	$(BIN)/dbt --no-version-check build

test: setup-dev ## build, then run every test but the slow ones
	$(BIN)/dbt --no-version-check build
	$(BIN)/dbt --no-version-check test --select test_type:unit
	$(BIN)/pytest --numprocesses 2 -m "not slow and not site and not spark"

test-slow: setup-dev ## the tests that take minutes
	$(BIN)/pytest -m slow

test-clients: setup-dev $(CLIENTS) ## BI clients of other versions, each in its own environment
	CLIENTS=1 $(BIN)/pytest tests/python/test_bi_docs.py tests/python/test_metricflow.py \
	  tests/python/test_superset.py

test-site: setup-dev .venv-tools/.tools ## the pages of three releases at every width, in both languages
	$(BIN)/pytest -m site

test-spark: setup-dev setup-spark ## the merchants on a real Spark, beside DuckDB: half an hour
	$(BIN)/pytest -m spark

lint: setup-dev ## sqlfluff, ruff, mypy, biome, dbt-bouncer, rules of the house
	$(BIN)/ruff check python tests benchmarks
	$(BIN)/ruff format --check python tests benchmarks
	$(BIN)/mypy
	$(BIN)/sqlfluff lint models tests/singular analyses
	$(BIN)/dbt --no-version-check --quiet parse
	.venv-tools/bin/dbt-bouncer
	$(BIN)/python tests/python/house.py
	$(BIN)/python tests/python/lint_scripts.py

format: setup-dev ## let ruff and sqlfluff mend what they can
	$(BIN)/ruff check --fix python tests benchmarks
	$(BIN)/ruff format python tests benchmarks
	$(BIN)/sqlfluff fix models tests/singular analyses

docs: warehouse .venv-tools/.tools ## the pages of a build in docs/site, to open from disk
	$(BIN)/dbt --no-version-check docs generate --static
	$(BIN)/platform-employment docs

screenshots: docs setup-dev ## pictures of the pages in docs/screenshots
	$(BIN)/python tests/python/screenshots.py docs/site docs/screenshots

readme: warehouse ## write today's numbers into README.md and docs/bi.md
	$(BIN)/python -m platform_employment.site.readme
	$(BIN)/python tests/python/traps.py

benchmark: docs setup-dev ## measure the build beside dbt's own floor and own data: an hour
	$(BIN)/python benchmarks/questions.py
	$(BIN)/python benchmarks/pages.py docs/site
	$(BIN)/python benchmarks/build_floor.py
	$(BIN)/python benchmarks/inputs.py
	$(BIN)/python benchmarks/input_output.py

lock: ## renew the lock files from *.in in requirements/
	for file in requirements/*.in requirements/clients/*.in; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    $$file --output-file $${file%.in}.txt; \
	done

clean: ## remove everything that the targets make but releases/
	rm -rf .venv .venv-tools .venv-clients .venv-spark target logs build docs/site dev.duckdb dev.duckdb.wal
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A marker file per environment: it is made anew when its lock file changes.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "this Python has no venv: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.build: requirements/build.txt pyproject.toml | .venv/bin/python
	$(BIN)/python $(PIP) $(INSTALL) --requirement requirements/build.txt
	$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.build
	$(BIN)/python $(PIP) $(INSTALL) --requirement requirements/dev.txt
	@touch $@

.venv-spark/.spark: requirements/spark.txt | .venv/bin/python
	@java -version 2>&1 | grep -q '"\(17\|21\)' \
	  || { echo "Java 17 is needed: apt-get install openjdk-17-jre-headless"; exit 1; }
	$(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python $(PIP) $(INSTALL) --requirement requirements/spark.txt
	@touch $@

.venv-clients/%/.client: requirements/clients/%.txt | .venv/bin/python
	$(PYTHON) -m venv .venv-clients/$*
	.venv-clients/$*/bin/python $(PIP) $(INSTALL) --requirement $<
	@touch $@

.venv-tools/.tools: requirements/tools.txt | .venv/bin/python
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python $(PIP) $(INSTALL) --requirement requirements/tools.txt
	@touch $@
