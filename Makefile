# Two commands are all that a newcomer needs: `make run` and `make test`.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:
CATALOGUES := $(wildcard broadcaster/locale/*/LC_MESSAGES/*.po)

.PHONY: run test check bench torture schemathesis fuzz off-air format catalogues screenshots handbook lock piper clean

run: $(VENV)/.runs
	@exec $(BIN)/broadcaster run

test: $(VENV)/.tests
	@exec $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST)

check: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.tests
	$(BIN)/python -m bench

# A thousand blows on real processes: about an hour. TORTURE="--trials 60" for fewer.
torture: $(VENV)/.tests
	@exec $(BIN)/python -m tests.end_to_end.torture $(TORTURE)

# Ten thousand questions to the JSON API.
schemathesis: $(VENV)/.tests
	API_QUESTIONS=10000 $(BIN)/python -m pytest tests/web/test_api.py

# Twenty thousand mutated sound files, on every core; tells how far it is.
fuzz: $(VENV)/.tests
	$(BIN)/python -m tests.sound.fuzz 20000

# Five hundred broadcasts heard off the air through noise, or not: about five minutes; prints the table.
off-air: $(VENV)/.tests
	@exec $(BIN)/python -m tests.daemon.off_air_table

format: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogues: $(VENV)/.tests
	$(BIN)/python -m tests.catalogues

# The stamps make the second run quick and let it work without any network.
$(VENV)/.runs: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Đang cài đặt lần đầu, xin đợi một phút… / Installing, a minute please…"
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs requirements-dev.lock
	@$(PIP) -r requirements-dev.lock
	@touch $@

screenshots: $(VENV)/.tests
	SCREENSHOTS=var/screenshots $(BIN)/python -m pytest tests/end_to_end/test_appearance.py

# Voices of Piper: large, therefore not part of the first start. The voices themselves go into var/voices.
piper: $(VENV)/.runs
	@$(PIP) -r requirements-piper.lock

# The printable handbook, with pictures of the real pages: web/static/so-tay.pdf.
handbook: $(VENV)/.tests
	$(BIN)/python -m tests.handbook

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links -q pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links -q --extra piper pyproject.toml -o requirements-piper.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links -q --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache
