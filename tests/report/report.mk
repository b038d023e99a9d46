# SPDX-License-Identifier: Apache-2.0
# What each choice among the crypto cores costs: figures, tables and a plot.

.PHONY: report check-report
report: ## Measure the crypto cores: docs/crypto.md, BUILD/reports/crypto.json
	@.ci/packages report
	@mkdir -p $(BUILD)/reports
	@JOBS=$(JOBS) YOSYS='$(YOSYS)' VERILATOR='$(VERILATOR)' CXX='$(CXX)' \
	  $(PYTHON) tests/report/report.py $(BUILD)/report \
	  $(BUILD)/reports/crypto.json

check-report:
	$(Q)$(PYTHON) tests/report/page.py --check

REPORT_TOPS := sdv_report_pins sdv_report_licenses
.PHONY: lint-report
lint: lint-report
lint-report:
	$(foreach top,$(REPORT_TOPS),$(call lint_lines,$(top),\
	  $(RTL) tests/report/$(top).sv))
