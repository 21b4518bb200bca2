# Two commands: make run, make test. Nothing hidden: each line below is what happens.
PORT ?= 8000
PY = .venv/bin/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test check bench requirements

run: .venv/.run
	@$(PY) manage.py start --port $(PORT)

test: .venv/.test
	$(PY) manage.py compile_texts
	$(PY) -m pytest -n auto --dist loadgroup

check: .venv/.test
	$(PY) -m ruff check . && $(PY) -m ruff format --check .
	$(PY) -m mypy portal services referral
	$(PY) -m portal.starter && $(PY) -m referral.procedures
	$(PY) manage.py compile_texts && $(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) tests/check_texts.py

bench: .venv/.test
	$(PY) -m tests.bench

.venv/.run .venv/.test: uv.lock requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Dalil needs Python 3.11 or newer. Install python3 and python3-venv, then try again."; exit 1; }
	@if command -v uv >/dev/null; then uv sync --frozen --quiet --compile-bytecode --python $(PYTHON) $(if $(findstring run,$@),--no-default-groups --inexact,); \
	else $(PYTHON) -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(if $(findstring run,$@),requirements.txt,requirements-dev.txt); fi
	@touch $@

requirements: ## after a change of pyproject.toml: lock, and export for machines without uv
	uv lock && uv export --quiet --frozen --no-dev --output-file requirements.txt && uv export --quiet --frozen --output-file requirements-dev.txt
