# Citystage: make run, make test, make bench; each one sets up all it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: help setup run test lint types bench pictures clean

help:
	@echo "make run       set up, then open the sample city (without a display: export its pictures into out/)"
	@echo "make test      set up, then lint, types and all tests"
	@echo "make bench     set up, then the benchmarks; figures go to docs/benchmarks.md"
	@echo "make pictures  make the pictures of the README and the user guide again"
	@echo "make setup     only the set-up; make clean removes it"

setup:
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh .ci/setup

run: setup
	@VENV="$(VENV)" sh .ci/start

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

test: lint types
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

bench: setup
	$(BIN)/python -m benchmarks

pictures: setup
	$(BIN)/python docs/make_pictures.py

clean:
	rm -rf $(VENV) out build *.egg-info .mypy_cache .ruff_cache .pytest_cache
