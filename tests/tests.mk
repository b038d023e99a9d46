# SPDX-License-Identifier: Apache-2.0
# The tests: Criterion programs in tests/unit, tests/rtl and tests/e2e, the
# checks in tests/check, and the measurements in tests/bench.

# Criterion's macros narrow an int; gcc would warn in every assertion.
TEST_FLAGS = $(filter-out -Wconversion,$(C_FLAGS)) $(SIM_FLAGS) \
             -Itests/support -Ihost/src -Isim/model
TEST_LIBS  = $(BUILD)/libsdvault-sim.a $(BUILD)/libsdvault.a

TEST_SRC     := $(foreach kind,rtl unit e2e,\
                  $(sort $(wildcard tests/$(kind)/test_*.c)))
TEST_SUPPORT := $(wildcard tests/support/*.c)
BENCH_SRC    := $(wildcard tests/bench/*.c)
TESTS        := $(TEST_SRC:%.c=$(BUILD)/%)
TEST_CHOSEN  = $(if $(T),$(or $(filter %/test_$(T:test_%=%),$(TESTS)),\
                 $(error there is no test $(T))),$(TESTS))

# Where a test finds the kernels and the tool.
TEST_ENV = SDVAULT=$(abspath $(BUILD))/sdvault \
           SDV_KERNEL_DIR=$(abspath $(BUILD))

# The unit top holds small modules side by side: quick to build matters more.
UNIT_RTL  := tests/rtl/sdv_unit_top.sv
UNIT_TOP  = $(RTL) $(UNIT_RTL)
UNIT_SO   := $(BUILD)/unit/libsdv-unit.so
$(eval $(call kernel,unit,assert,sdv_unit_top,$(UNIT_TOP),tests/rtl/unit.cc,-O1))

# The crypto blocks are opened at run time: the build with assertions, or the
# one that can be broken.  In both, bits of the controllers can turn over.
CRYPTO_TOP = $(RTL) tests/rtl/sdv_aes_bank.sv tests/rtl/sdv_crypto_top.sv
VERILATE_crypto := $(VERILATE_assert) --vpi +define+SDV_FAULT=1
VERILATE_broken_crypto := $(VERILATE_crypto) +define+SDV_SABOTAGE=1
CRYPTO_SO  := $(BUILD)/crypto-assert/libsdv-crypto-assert.so
CRYPTO_BROKEN := $(BUILD)/crypto-sabotage/libsdv-crypto-sabotage.so
# Tables are filled once: that code is large.
SLOW_crypto-assert   := -O0
SLOW_crypto-sabotage := -O0
$(eval $(call kernel,crypto-assert,crypto,sdv_crypto_top,$(CRYPTO_TOP),tests/rtl/crypto_unit.cc,-O3))
$(eval $(call kernel,crypto-sabotage,broken_crypto,sdv_crypto_top,$(SABOTAGE_RTL) $(CRYPTO_TOP),tests/rtl/crypto_unit.cc,-O3))

# Mutants of the crypto blocks, all in one netlist; 0 of its breaks is none.
MUTANTS    ?= 700
MUTATE     := $(BUILD)/mutate
MUTATE_RTL := $(RTL_PACKAGES) \
              $(filter rtl/crypto/% rtl/examples/%,$(RTL_MODULES)) \
              tests/rtl/sdv_aes_bank.sv tests/rtl/sdv_crypto_top.sv
MUTANTS_SO := $(BUILD)/crypto-mutants/libsdv-crypto-mutants.so
# The netlist is for programs: it is not linted.
VERILATE_mutants := -O3 -Wno-lint -Wno-UNOPTFLAT --x-assign unique \
                    --x-initial unique --vpi +define+SDV_FAULT=1 \
                    --output-split 20000
SLOW_crypto-mutants := -O0
$(MUTATE)/mutants.v: tests/mutate/mutants.py $(MUTATE_RTL) $(RTL_HEADERS)
	$(call say,YOSYS,$@)
	$(Q)YOSYS='$(YOSYS)' $(PYTHON) tests/mutate/mutants.py $(MUTANTS) $(@D) \
	  $(MUTATE_RTL)
$(eval $(call kernel,crypto-mutants,mutants,sdv_crypto_top,$(MUTATE)/mutants.v rtl/crypto/sdv_guard.sv,tests/rtl/crypto_unit.cc,-O1))

# Engines that share lanes, in the same two builds.
LANES_TOP = $(RTL) tests/rtl/sdv_lanes_top.sv
LANES_SO  := $(BUILD)/lanes-assert/libsdv-lanes-assert.so
LANES_BROKEN := $(BUILD)/lanes-sabotage/libsdv-lanes-sabotage.so
$(eval $(call kernel,lanes-assert,assert,sdv_lanes_top,$(LANES_TOP),tests/rtl/lanes_unit.cc,-O3))
$(eval $(call kernel,lanes-sabotage,sabotage,sdv_lanes_top,$(SABOTAGE_RTL) $(LANES_TOP),tests/rtl/lanes_unit.cc,-O3))

TEST_KERNELS := $(foreach name,slot-fast slot-assert slot-trace slot-sabotage \
                  bare-assert,$(BUILD)/$(name)/libsdv-$(name).so) \
                $(UNIT_SO) $(CRYPTO_SO) $(LANES_SO)

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(TEST_FLAGS) -c $< -o $@

$(BUILD)/tests/rtl/%: TEST_LINK = -Wl,-rpath,$(abspath $(BUILD))/unit
$(patsubst %.c,$(BUILD)/%,$(filter-out tests/rtl/test_crypto%,\
  $(filter tests/rtl/%,$(TEST_SRC)))): $(UNIT_SO)
$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call object,$(TEST_SUPPORT)) \
                  $(TEST_LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $(filter %.o,$^) $(filter %.so,$^) \
	  $(filter %.a,$^) $(TEST_LINK) -lcriterion -lz $(SIM_LIBS) \
	  $(HOST_LIBS) -o $@

$(BUILD)/bench: $(call object,$(BENCH_SRC)) $(TEST_LIBS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $^ $(SIM_LIBS) $(HOST_LIBS) -o $@

# What each of the targets that people call runs on.
.PHONY: demo-build test-build coverage-build sabotage-build bench-build
demo-build: $(BUILD)/sdvault $(BUILD)/slot-fast/libsdv-slot-fast.so
test-build: $(BUILD)/sdvault $(TEST_KERNELS) $(TEST_CHOSEN)
coverage-build: test-build $(BUILD)/slot-coverage/libsdv-slot-coverage.so
sabotage-build: test-build $(CRYPTO_BROKEN) $(LANES_BROKEN)
bench-build: $(BUILD)/bench $(BUILD)/sdvault \
             $(BUILD)/slot-fast/libsdv-slot-fast.so \
             $(BUILD)/slot-assert/libsdv-slot-assert.so

##@ Check
# Each step is a target of its own; `make check` runs them all and says at the
# end which failed.
CHECKS := check-gen check-format lint check-crossings check-gating \
          check-breaks check-warnings check-headers check-symbols check-core \
          check-install check-sanitize

.PHONY: check $(CHECKS)
check: ## Lint, format, warnings, generated files, crossings, gating, sanitizers
	@.ci/packages check
	+@tests/check/all.sh $(MAKE) $(CHECKS)

check-gen:
	$(Q)$(PYTHON) docs/spec/generate.py --check

# Versions of clang-format differ in small things; that of Debian 12 decides.
C_FILES = $(shell find host sim tests vectors -name '*.[ch]' -o -name '*.cc')
check-format:
	$(Q)if clang-format --version | grep -q 'version 14\.'; then \
	  clang-format --dry-run -Werror $(C_FILES); \
	else echo '  NOT CHECKED: it takes clang-format 14'; fi

.PHONY: format
format: ## Format the C and C++ sources in place
	$(Q)clang-format -i $(C_FILES)

define gating_line
$(Q)YOSYS='$(YOSYS)' $(PYTHON) tests/check/gating.py $(1) $(RTL)

endef

check-crossings:
	$(Q)YOSYS='$(YOSYS)' $(PYTHON) tests/check/crossings.py $(RTL)

# The modules whose control side has a clock of its own.
GATED_TOPS := sdv_card sdv_host
check-gating:
	$(foreach top,$(GATED_TOPS),$(call gating_line,$(top)))

# One is generated, and one is in no build.
UNBROKEN := %/sdv_aes_member.sv %/sdv_aes_template.sv
check-breaks:
	$(Q)tests/check/breaks.sh tests/sabotage.csv \
	  $(filter-out $(UNBROKEN),$(RTL_MODULES))

# The compilers treat warnings as errors in every build; this one is by clang.
OBJECTS := $(call object,$(HOST_SRC) $(CLI_SRC) $(SIM_SRC) $(TEST_SRC) \
             $(TEST_SUPPORT) $(BENCH_SRC))
.PHONY: objects
objects: $(OBJECTS)

# The C++ around Verilator; its own code is not ours to judge.
WRAPPER_FLAGS := -fsyntax-only -std=c++17 $(WARNINGS) -Ihost/include \
                 -Isim/include -Isim/src
verilator_include = $(shell $(VERILATOR) --getenv VERILATOR_ROOT)/include
wrapper_lines = $(foreach file,$(2),$(CXX) $(WRAPPER_FLAGS) \
  -isystem $(verilator_include) -isystem $(verilator_include)/vltstd \
  -isystem $(BUILD)/$(1)/obj $(file) &&)

check-warnings: objects $(BUILD)/slot-fast/obj/Vsdv_slot_top.mk \
                $(BUILD)/bare-assert/obj/Vsdv_bare_top.mk \
                $(BUILD)/crypto-assert/obj/Vsdv_crypto_top.mk
	+$(Q)$(MAKE) BUILD=$(BUILD)/clang CC=clang objects
	$(Q)$(call wrapper_lines,slot-fast,$(SLOT_CXX)) \
	  $(call wrapper_lines,bare-assert,$(BARE_CXX)) \
	  $(call wrapper_lines,crypto-assert,tests/rtl/crypto_unit.cc) :

check-headers:
	$(Q)CC='$(CC)' CXX='$(CXX)' tests/check/headers.sh host/include sim/include

check-symbols: $(BUILD)/$(SONAME)
	$(Q)tests/check/symbols.sh $< host/include/sdvault/*.h

check-core: $(BUILD)/libsdvault-core.a
	$(Q)CC='$(CC)' tests/check/core.sh $< $(BUILD)/core-test

check-install: all
	+$(Q)rm -rf $(BUILD)/stage && $(MAKE) install DESTDIR=$(abspath $(BUILD))/stage
	$(Q)CC='$(CC)' tests/check/install.sh $(abspath $(BUILD))/stage $(PREFIX)

# The C of the whole column, the model in the place of the RTL.
SANITIZERS  := -fsanitize=address,undefined -fno-sanitize-recover=all
MODEL_TESTS := $(filter $(BUILD)/tests/unit/% \
                 $(BUILD)/tests/e2e/test_scenario_%,$(TESTS))
.PHONY: model-tests
model-tests: $(MODEL_TESTS) $(BUILD)/sdvault
	@$(TEST_ENV) SDV_TEST_KERNEL=model tests/run.sh $(MODEL_TESTS)
check-sanitize:
	+$(Q)$(MAKE) BUILD=$(BUILD)/sanitize SANITIZE='$(SANITIZERS)' model-tests

# Those whose slots are of the build that the environment names.
SLOT_TESTS = $(filter $(foreach name,scenario_% lockstep% control,\
               $(BUILD)/tests/e2e/test_$(name)),$(TEST_CHOSEN))
# The Monte Carlo tests take longest and run what the known answers run.
CRYPTO_TESTS = $(filter-out %_monte_carlo,\
                 $(filter $(BUILD)/tests/rtl/test_crypto%,$(TEST_CHOSEN)))
.PHONY: coverage
coverage: ## Line, toggle and assertion coverage of the RTL by the tests
	@.ci/packages test
	+@$(MAKE) coverage-build
	@$(TEST_ENV) tests/coverage.sh $(BUILD)/coverage \
	  $(SLOT_TESTS)

.PHONY: sabotage
sabotage: ## Break the RTL in known places and see that the tests notice
	@.ci/packages test
	+@$(MAKE) sabotage-build
	@$(TEST_ENV) tests/sabotage.sh tests/sabotage.csv $(CRYPTO_TESTS) \
	  $(SLOT_TESTS)

.PHONY: mutate
mutate: ## Run the tests on mutants of the crypto blocks (MUTANTS=700)
	@.ci/packages mutate
	+@$(MAKE) $(MUTANTS_SO) $(CRYPTO_TESTS)
	@mkdir -p $(BUILD)/reports
	@JOBS=$(JOBS) YOSYS='$(YOSYS)' $(PYTHON) tests/mutate/mutate.py $(MUTATE) \
	  $(MUTANTS_SO) $(BUILD)/tests/rtl $(BUILD)/reports/mutate.json

.PHONY: formal
formal: ## Prove crossings and crypto; figures in BUILD/reports/formal.json
	@.ci/packages formal
	@mkdir -p $(BUILD)/reports
	@YOSYS='$(YOSYS)' $(PYTHON) tests/formal/prove.py tests/formal/proofs.csv \
	  tests/formal/cones.csv \
	  $(BUILD)/formal $(BUILD)/reports/formal.json

.PHONY: claims claims-build
claims-build: $(BUILD)/sdvault $(BUILD)/tests/e2e/test_claims \
              $(BUILD)/slot-assert/libsdv-slot-assert.so \
              $(BUILD)/slot-sabotage/libsdv-slot-sabotage.so
claims: ## The test of each requirement, without and with a break of the RTL
	@.ci/packages test
	+@$(MAKE) claims-build
	@$(TEST_ENV) $(PYTHON) tests/claims.py tests/claims.csv \
	  $(BUILD)/tests/e2e/test_claims

# One round is 36,000 random commands, a third of them secure.
ROUNDS ?= 50
SEED   ?= 1
.PHONY: soak
soak: ## Long random lockstep with the model (ROUNDS=50, SEED=1 the first)
	@.ci/packages test
	+@$(MAKE) test-build T=lockstep
	+@$(MAKE) test-build T=lockstep_secure
	@$(TEST_ENV) tests/soak.sh $(ROUNDS) $(SEED) \
	  $(BUILD)/tests/e2e/test_lockstep $(BUILD)/tests/e2e/test_lockstep_secure

.PHONY: bench
bench: ## Measure clocks and speed; figures in BUILD/reports/bench.json
	@.ci/packages test
	+@$(MAKE) bench-build
	@mkdir -p $(BUILD)/reports
	@$(TEST_ENV) $(BUILD)/bench $(BUILD)/reports/bench.json

-include $(patsubst %.o,%.d,$(OBJECTS))
