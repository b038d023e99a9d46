# SPDX-License-Identifier: Apache-2.0
# Everything is built under $(BUILD); the source tree stays clean.
# Each folder says in its own .mk what it builds; there is no recursion.
BUILD  ?= build
V      ?= 0
PREFIX ?= /usr/local
T      ?=

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
CFLAGS    ?= -O2 -g
PYTHON    ?= python3
VERILATOR ?= verilator
YOSYS     ?= yosys

# Names in a makefile are separated by spaces.
ifneq ($(words $(BUILD)) $(words $(CURDIR)),1 1)
$(error neither BUILD nor the path of the project may have a space: $(CURDIR) $(BUILD))
endif

# As many jobs as processors.  make shows its own -j to no makefile, so the
# number is a variable.
JOBS ?= $(shell nproc)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif
MAKEFLAGS += --no-print-directory --no-builtin-rules

Q := $(if $(filter-out 0,$(V)),,@)
# One line for each step; with V=1 the command follows.
say = @printf '  %-9s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

##@ Use
.PHONY: demo
demo: ## Install what is missing, build, and tell the story of a license
	@.ci/packages demo
	+@$(MAKE) demo-build
	@$(TEST_ENV) tests/e2e/demo.sh

.PHONY: test
test: ## Install what is missing, build, and run all tests (T=name for one)
	@.ci/packages test
	@date +%s > $(BUILD)-started
	+@$(MAKE) test-build || { rm -f $(BUILD)-started; exit 1; }
	@printf 'build time: %d s\n' \
	  $$(($$(date +%s) - $$(cat $(BUILD)-started))); rm -f $(BUILD)-started
	@$(TEST_ENV) tests/run.sh $(TEST_CHOSEN)

##@ Build
.PHONY: all
all: host sim cli kernels ## Build the libraries, the simulator and the CLI

.PHONY: gen
gen: ## Write what is generated from docs/spec/*.csv
	$(Q)$(PYTHON) docs/spec/generate.py

.PHONY: clean
clean: ## Remove everything that was built
	$(Q)rm -rf $(BUILD)

.PHONY: packages
packages: ## Install what any of the targets needs
	@.ci/packages check

##@ Check
include rtl/rtl.mk
include host/host.mk
include sim/sim.mk
include tests/tests.mk
include tests/report/report.mk

##@ Help
.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":[^#]*## " } \
	  /^##@ / { title = substr($$0, 5) } \
	  /^##@ / && !(title in rows) { order[++n] = title; rows[title] = "" } \
	  /^[a-z-]+:.*## / { \
	    rows[title] = rows[title] sprintf("  %-10s %s\n", $$1, $$2) } \
	  END { for (i = 1; i <= n; i++) \
	    { printf "\n%s\n%s", order[i], rows[order[i]] } }' $(filter Makefile %.mk,$(MAKEFILE_LIST))
	@printf '\nVariables: %s\n' \
	  'BUILD=$(BUILD) CC=$(CC) DESTDIR JOBS=$(JOBS) PREFIX=$(PREFIX) T V=$(V)'

# Commands that make objects; a change of one of them makes the objects anew.
COMPILER := $(CC) $(CXX) $(CFLAGS) $(SANITIZE) $(PREFIX)
$(BUILD)/flags: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(COMPILER)' | cmp -s - $@ || \
	  printf '%s\n' '$(COMPILER)' > $@

.PHONY: always
always:
