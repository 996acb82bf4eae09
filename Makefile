# Every command of the house. `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8080
DIR    ?= var
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test interop gate pythons check format bench pictures clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

$(READY): pyproject.toml
	@echo "Setting up $(VENV): about a minute, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --upgrade pip
	@$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@

demo: $(READY) ## serve the demonstration world (PORT=8080 DIR=var)
	@$(BIN)/pmc-soap demo --port $(PORT) --dir $(DIR)

test: $(READY) ## run the whole suite
	@$(BIN)/python -m pytest -n auto

interop: $(READY) ## call a gateway from each old SOAP stack that is found (tests/interop/install.sh)
	@$(BIN)/python -m pytest -n auto tests/interop

FUZZ ?= 1000000
gate: $(READY) ## the long proofs before a release, about two hours (FUZZ=1000000)
	@echo "gate 1/6: every attack"; PMC_ATAQUES=todos $(BIN)/python -m pytest -q -n auto tests/soap/test_ataques.py
	@echo "gate 2/6: both doors, 100,000 documents"; PMC_DIFERENCIAL=100000 $(BIN)/python -m pytest -q -n auto tests/soap/test_puertas.py
	@echo "gate 3/6: new names"; $(BIN)/python tests/fuzz.py --inventions --count 2000
	@echo "gate 4/6: $(FUZZ) mutations"; timeout 2h $(BIN)/python tests/fuzz.py --seed 1 --count $(FUZZ)
	@echo "gate 5/6: every page, wide and narrow, light and dark"; PMC_PAGINAS=todas $(BIN)/python -m pytest -q tests/navegador/test_paginas.py
	@echo "gate 6/6: histories of pagos and COBs, twenty times as many"; PMC_VECES=20 $(BIN)/python -m pytest -q -n auto tests/operations/test_histories.py tests/operations/test_conciliacion_a_la_vez.py tests/domain/test_reglas_del_cob.py
	@echo "gate: all passed"

pythons: $(READY) ## run the suite on the other Pythons that are found (3.11, 3.12, 3.13)
	@PYTHON=$(BIN)/python sh tests/pythons.sh

check: $(READY) ## lint, types, floor plan, contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pmc-soap wsdl --check

format: $(READY) ## format the code
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(READY) ## measure what the notes quote
	@$(BIN)/python bench/consola.py
	@$(BIN)/python bench/carga.py
	@$(BIN)/python bench/mes.py
	@$(BIN)/python bench/segunda_instancia.py
	@$(BIN)/python bench/entregas.py
	@$(BIN)/python bench/sobrecarga.py --server gunicorn
	@$(BIN)/python bench/sobrecarga.py --server granian
	@$(BIN)/python bench/edge.py

pictures: $(READY) ## make docs/imagenes of the pages as they are (needs Chromium)
	@$(BIN)/python tests/navegador/fotos.py

clean: ## remove what the commands above made
	rm -rf $(VENV) .venv-3.* build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .interop/*-*
