# SPDX-License-Identifier: Apache-2.0
# What the RTL consists of, packages first, and how it is read without
# building anything.

##@ Check

RTL_PACKAGES := rtl/sdv_spec_pkg.sv rtl/sdv_pkg.sv
RTL_MODULES  := $(sort $(wildcard rtl/*/*.sv))
RTL          := $(RTL_PACKAGES) $(RTL_MODULES)
RTL_HEADERS  := $(wildcard rtl/*.svh rtl/*/*.svh)
# Modules that nothing else in rtl/ holds; cores of the AES family are listed
# in their csv, and that of the card is its part.
AES_CORES    := $(sort $(shell sed 1d docs/spec/aes_family.csv | cut -d, -f2))
RTL_TOPS     := sdv_card sdv_host sdv_crypto sdv_aes_member sdv_aes_template \
                $(filter-out sdv_aes,$(AES_CORES))

.PHONY: lint
lint: lint-verilator lint-yosys ## Read the RTL with Verilator -Wall and Yosys

LINT = $(VERILATOR) --lint-only -Wall -Irtl

# $(call lint_lines,TOP,FILES): as built without and with assertions.
define lint_lines
$(Q)$(LINT) --top-module $(1) rtl/lint.vlt $(2) > /dev/null
$(Q)$(LINT) --top-module $(1) --assert +define+SDV_ASSERT=1 rtl/lint.vlt $(2) \
  > /dev/null

endef

.PHONY: lint-verilator
lint-verilator:
	$(foreach top,$(RTL_TOPS),$(call lint_lines,$(top),$(RTL)))
	$(call lint_lines,sdv_slot_top,$(SLOT))
	$(call lint_lines,sdv_slot_top,+define+SDV_SABOTAGE=1 $(SABOTAGE_RTL) $(SLOT))
	$(call lint_lines,sdv_bare_top,$(BARE))
	$(call lint_lines,sdv_unit_top,$(UNIT_TOP))
	$(call lint_lines,sdv_crypto_top,$(CRYPTO_TOP))
	$(call lint_lines,sdv_crypto_top,+define+SDV_SABOTAGE=1 \
	  +define+SDV_FAULT=1 --vpi $(SABOTAGE_RTL) $(CRYPTO_TOP))
	$(call lint_lines,sdv_lanes_top,$(LANES_TOP))
	$(call lint_lines,sdv_lanes_top,+define+SDV_SABOTAGE=1 $(SABOTAGE_RTL) $(LANES_TOP))

.PHONY: lint-yosys
lint-yosys:
	$(Q)YOSYS='$(YOSYS)' tests/check/yosys.sh '$(RTL_TOPS)' $(RTL)
