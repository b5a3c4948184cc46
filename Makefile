# The developers' interface. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

CONFIGURATION ?= release
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help run build install test test-all bench conformance lint format docs dependencies clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: dependencies ## Build, start Martlet, deploy a real model and ask it a question
	@Scripts/run

dependencies: ## Install what the machine lacks (apt)
	@Scripts/dependencies

build: dependencies ## Build martlet (CONFIGURATION=debug for a debug build)
	@Scripts/step "build ($(CONFIGURATION))" -- $(SWIFT_BUILD) -c $(CONFIGURATION) --product martlet
	@Scripts/step "build the shim" -- $(SWIFT_BUILD) -c $(CONFIGURATION) --product martlet-shim

PREFIX ?= $(HOME)/.local
install: build ## Put martlet and martlet-shim into PREFIX/bin (default ~/.local)
	@install -D -t $(PREFIX)/bin "$$(swift build -c $(CONFIGURATION) --show-bin-path)"/martlet{,-shim}

test: dependencies ## Everything that CI runs: lint, documentation, unit and end-to-end tests
	@Scripts/test

test-all: ## Everything that CI runs, and what is too big for it: vLLM, Caikit (some 4 GB and half an hour more)
	@MARTLET_NIGHTLY=1 $(MAKE) test

bench: build ## Cold starts and idle memory beside the same servers by hand; the API beside kube-apiserver
	@Benchmarks/run

conformance: ## Record anew what real kube-apiservers answer (builds them once: apt, pip, 5 GB, some ten minutes)
	@Tests/Conformance/servers/build
	@Tests/Conformance/conformance.py record

lint: ## swift format, strict
	@swift format lint -r --strict Sources Tests Package.swift

format: ## Put the sources into the house's format
	@swift format -i -r Sources Tests Package.swift

docs: ## Check that the documentation's links and commands stand
	@Scripts/check-docs

clean: ## Remove what was built
	@rm -rf .build
