# make demo    judge the plans of examples/ and say what to look at
# make test    the tests; needs Python 3.11 or later, nothing else
# make docs    the pages of the policies, docs/policies/
# make examples  what plangate says of the plans of examples/, in every format
# make data    check the data of the packs; ARGS="--provider hashicorp/aws=VERSION" against the provider, too
# make dist    wheel and source distribution from the lock, the same bytes wherever the same commit is built
# make lint, types, bench, lock, clean
# make checkov-diff   the results of Checkov's command line and ours on every plan below PLANS=, or on a sample
#
# VENV=/path puts the environment elsewhere, PYTHON=/path picks the interpreter, ARGS=... goes to the tool.

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
ARGS ?=

BIN = $(if $(filter /%,$(VENV)),$(VENV),$(CURDIR)/$(VENV))/bin
PIP = "$(BIN)/python" -m pip --disable-pip-version-check --quiet
# Only what is locked, only wheels: a source distribution would fetch unpinned things to build itself.
LOCKED = $(PIP) install --require-hashes --only-binary :all: --requirement
UV = UV_CUSTOM_COMPILE_COMMAND="make lock" "$(BIN)/uv" pip compile --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links $(ARGS)

RUNTIME = $(VENV)/.plangate-runtime
DEV = $(VENV)/.plangate-dev

# An environment that another checkout installed itself into is installed into again.
ifneq ($(shell cat "$(RUNTIME)" 2>/dev/null),$(CURDIR))
MOVED = moved
endif

.PHONY: checkov-diff demo test docs examples data lint types bench dist lock clean moved

demo: $(RUNTIME)
	@PATH="$(BIN):$$PATH" PLANGATE=plangate sh examples/demo.sh

test: $(DEV)
	"$(BIN)/pytest" $(ARGS)

docs: $(RUNTIME)
	"$(BIN)/python" tools/policy_pages.py

examples: $(RUNTIME)
	"$(BIN)/python" tools/example_reports.py

data: $(RUNTIME)
	"$(BIN)/python" tools/check_data.py $(ARGS)

lint: $(DEV)
	"$(BIN)/ruff" check $(ARGS)
	"$(BIN)/ruff" format --check
	"$(BIN)/lint-imports"

types: $(DEV)
	"$(BIN)/mypy" $(ARGS)

bench: $(DEV)
	PATH="$(BIN):$$PATH" "$(BIN)/python" bench/run.py $(ARGS)

# Built twice, and compared: what is published can be built again by anyone (https://reproducible-builds.org/docs/source-date-epoch/).
dist: $(RUNTIME)
	rm -rf dist
	export SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)" && umask 022 && for out in dist dist/again; do \
		"$(BIN)/python" -m hatchling build --target wheel --target sdist --directory "$$out" >/dev/null || exit 1; done
	@for file in dist/again/*; do cmp "$$file" "dist/$${file##*/}" || exit 1; done
	@rm -rf dist/again && sha256sum dist/*

checkov-diff: $(DEV)
	"$(BIN)/plangate" checkov install
	"$(BIN)/python" bench/checkov_diff.py $(if $(PLANS),--corpus "$(PLANS)",--sample 60) $(ARGS)

# Keeps the versions that are pinned; `make lock ARGS=--upgrade` renews them.
lock: $(RUNTIME)
	$(LOCKED) locks/lock.lock
	$(UV) pyproject.toml --group build --output-file locks/runtime.lock
	$(UV) pyproject.toml --group build --group test --group lint --group bench \
		--constraints locks/runtime.lock --output-file locks/dev.lock
	$(UV) --group checkov --output-file gate/plangate/checkov/checkov.lock
	$(UV) --group lock --output-file locks/lock.lock

clean:
	rm -rf "$(VENV)" dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUNTIME): locks/runtime.lock pyproject.toml $(MOVED)
	@test -n "$(PYTHON)" || { echo "plangate needs Python 3.11 or later: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv "$(VENV)"
	$(LOCKED) locks/runtime.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > "$@"

$(DEV): locks/dev.lock $(RUNTIME)
	$(LOCKED) locks/dev.lock
	@touch "$@"
