PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test test-quick benchmark compat kit lab hub screenshots release data lint lock

help:  ## this list
	@sed --quiet 's/^\([a-z-]*\):.*  ## /\1: /p' $(firstword $(MAKEFILE_LIST))

demo: .venv/ready  ## release, hand in, grade and report a small class, in demo/
	$(BIN)/python -m grader.demo

lint: .venv/ready  ## style, who imports whom, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

QUICK := bounded calibrate data demo duedates environment handed_in judging late limits messages moodle_real notebooks paths \
  platforms randomised reading repair settings slides sources student targets upstream verdict wire
test-quick: lint  ## what needs no training of networks, three minutes
	$(BIN)/pytest --quiet --numprocesses 2 --dist loadscope $(QUICK:%=tests/test_%.py)

test: .venv/browser .venv/postgresql lint  ## everything that CI checks
	$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

benchmark: .venv/ready  ## plain nbgrader beside `grader autograde`, half an hour; writes docs/benchmark/
	$(BIN)/python -m benchmarks.throughput

compat: .venv/ready  ## the notebooks in older stacks and on JAX, half an hour; writes a table of docs/estudiante.md
	$(BIN)/python -m benchmarks.compat $(STACKS)

kit: .venv/ready  ## build/redes-neuronales.zip: the notebooks for students' own computers, without solutions
	$(BIN)/python -m grader.kit

lab: .venv/ready  ## JupyterLab on the students' notebooks, open at their index
	$(BIN)/jupyter lab release/es --LabApp.default_url=/lab/tree/index.ipynb $(LAB_OPTIONS)

hub: .venv/hub  ## a JupyterHub for this course, in the foreground, see docs/operator.md; HUB_OPTIONS are passed on
	mkdir -p -m 700 .hub && cd .hub && jupyterhub --config ../hub/jupyterhub_config.py $(HUB_OPTIONS)

screenshots: .venv/browser  ## the pictures of the docs, from the tests of the hub
	SCREENSHOTS=docs $(BIN)/pytest tests/hub

release: .venv/ready  ## make the students' notebooks anew from source/
	$(BIN)/grader release

data: .venv/ready  ## make the data files anew from scikit-learn's copy
	$(BIN)/python data/make_wine.py

lock: .venv/ready  ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-annotate --no-header --generate-hashes \
	  --upgrade --group pyproject.toml:dev --extra postgresql pyproject.toml --output-file requirements.txt

.venv/ready: requirements.txt pyproject.toml
	@echo "Making the environment, .venv: some minutes, most of them downloads."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	sh .ci/bubblewrap
	touch $@

.venv/hub: .venv/ready .ci/hub
	sh .ci/hub .venv
	touch $@

.venv/browser: .venv/hub .ci/browser
	sh .ci/browser .venv
	touch $@

.venv/postgresql: .venv/ready .ci/postgresql
	sh .ci/postgresql
	touch $@
