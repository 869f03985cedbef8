# Gijo's front door: `make` alone lists what can be asked. The work itself is in backoffice/setup (standard library only).

PYTHON ?= python3
SETUP := $(PYTHON) -m backoffice.setup
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test lint fix bench lock licences clean

help: ## この一覧 / this list
	@echo "Gijo (技助) — make <目的 / target> [ARGS='…']"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 動かす準備だけをする / prepare the machine, start nothing
	@$(SETUP) product

run: setup ## 準備をして、見本の市役所を開く / prepare, then open the demonstration office
	@exec .venv/bin/gijo serve --demo $(ARGS)

test: ## 準備・検査・全テスト(ARGS='tests/forms -k wareki' で一部) / prepare, lint, run all tests (ARGS for some)
	@$(SETUP) tests
	@$(SETUP) lint
	@.venv/bin/python -m pytest -n logical --dist worksteal $(ARGS)

lint: ## 書き方・型・部屋の境・ひな型の検査 / style, types, import contracts, templates
	@$(SETUP) tests
	@$(SETUP) lint

fix: ## 直せる書き方を直す / mend what style checks can mend by themselves
	@$(SETUP) tests
	@$(SETUP) fix

bench: ## 速さを測り、目標と比べる(ARGS=--json で機械向け) / measure speed against its goals (ARGS=--json)
	@$(SETUP) tests >&2
	@.venv/bin/python -m bench $(ARGS)

lock: ## 部品の版を選び直して固定する / choose package versions anew and pin them
	@$(SETUP) tests
	@$(SETUP) lock
	@$(SETUP) tests
	@$(SETUP) licences

licences: ## 第三者ライセンスの一覧を作り直す / write the list of third-party licences anew
	@$(SETUP) tests
	@$(SETUP) licences

clean: ## 準備で作ったものを消す(data/ は残す) / remove what the set-up made (data/ stays)
	rm -rf .venv node_modules backoffice/static/vendor .setup .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
