# SPDX-License-Identifier: Apache-2.0
# libsdvault-sim and the Verilated kernels: one shared object for each build,
# which the library opens at run time.

SIM_FLAGS := -Ihost/include -Isim/include -Isim/src -D_GNU_SOURCE \
             -DSDV_KERNEL_DIR='"$(PREFIX)/lib/sdvault"'
SIM_LIBS  := -lcrypto -ldl -lm
SIM_SRC   := $(wildcard sim/src/*.c sim/model/*.c)

$(BUILD)/obj/sim/%.o: sim/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_FLAGS) $(SIM_FLAGS) -c $< -o $@

$(BUILD)/libsdvault-sim.a: $(call object,$(SIM_SRC))

.PHONY: sim
sim: $(BUILD)/libsdvault-sim.a

# What Verilator and the C++ compiler are told for each kind of build.
# The makefile that Verilator writes means -Os unless it is told otherwise,
# and that runs 1.5 times slower.
VERILATE_fast     := -O3 --x-assign fast --x-initial fast --noassert --output-split 1000000
VERILATE_assert   := -O3 --x-assign unique --x-initial unique --assert \
                     +define+SDV_ASSERT=1
VERILATE_trace    := $(VERILATE_assert) --trace-fst
VERILATE_coverage := $(VERILATE_assert) --coverage
VERILATE_sabotage := $(VERILATE_assert) +define+SDV_SABOTAGE=1
OPTIMIZE          := -O3
# One file of C++ lets the compiler put the parts of a clock into one function.
OPTIMIZE_fast     := $(OPTIMIZE) -DVL_INLINE_OPT=inline

SIM_RTL_ALL   := $(wildcard sim/rtl/*.sv)
SABOTAGE_RTL  := sim/rtl/sdv_sabotage_pkg.sv
SLOT_RTL      := $(filter-out $(SABOTAGE_RTL) sim/rtl/sdv_bare%,$(SIM_RTL_ALL))
BARE_RTL      := $(filter-out $(SABOTAGE_RTL) sim/rtl/sdv_slot%,$(SIM_RTL_ALL))
KERNEL_HEADERS := $(wildcard sim/src/*.h sim/include/sdvault/*.h \
                    host/include/sdvault/*.h)

# A failed assertion stops its slot, not the process: the header replaces what
# Verilator does by itself, so every file must see it first.
SLOT_CXX   := $(addprefix sim/src/,slot.cc slot_ops.cc shell.cc)
BARE_CXX   := sim/src/bare.cc sim/src/shell.cc
USER_FLAGS := -include $(CURDIR)/sim/src/verilated_user.h

# The fast kernel is compiled twice: for a short transfer that shows the
# compiler which branches are taken, and with what it learnt, which makes it
# some 5 to 10 % faster.  `make PGO=` leaves that out; g++ only.
PGO := $(if $(findstring g++,$(CXX)),1)
PGO_TOOL     = $(if $(PGO),$(BUILD)/sdvault)
PGO_TRAIN   := -fprofile-generate
PGO_APPLY   := -fprofile-use -fprofile-partial-training -Wno-missing-profile

# $(call compile,NAME,TOP,OPTIMIZATION,LINK FLAGS)
#
# SLOW_NAME is the optimization of what runs only once, if it is another one.
#
# gcc takes no precompiled header behind another -include, so those that
# Verilator makes from 5.030 on for a larger model are read as they are.
define compile
+$$(Q)$$(MAKE) $$(if $$(Q),-s) -C $$(@D)/obj -f V$(2).mk CXX=$(CXX) \
	  LINK='$(CXX) $(4)' OPT_FAST='$(3)' OPT_SLOW='$(or $(SLOW_$(1)),$(3))' OPT_GLOBAL='$(3)' \
	  VK_PCH_I_FAST= VK_PCH_I_SLOW= $$(if $$(Q),> $$(@D)/compile.log 2>&1 \
	    || { cat $$(@D)/compile.log; exit 1; })
endef

# $(call trained,NAME,TOP,OPTIMIZATION): the first of the two compilations.
define trained
$$(Q)rm -f $$(@D)/obj/*.gcda $$(@D)/obj/*.o $$(@D)/obj/*.a
	$(call compile,$(1),$(2),$(3) $(PGO_TRAIN),$(PGO_TRAIN))
	$$(call say,TRAIN,$(1))
	$$(Q)sim/train.sh $$(abspath $(PGO_TOOL)) $$(abspath $$(@D))
	$$(Q)rm -f $$(@D)/obj/*.o $$(@D)/obj/*.a $$@
endef

# $(call kernel,NAME,BUILD,TOP,RTL,C++,OPTIMIZATION,C++ FLAGS,TRAINED BY)
#
# Makes $(BUILD)/NAME/libsdv-NAME.so in two steps: Verilator writes C++ and a
# makefile into NAME/obj; that makefile compiles it with the wrapper and links.
define kernel
$(BUILD)/$(1)/obj/V$(3).mk: $(4) $(RTL_HEADERS) rtl/lint.vlt
	@mkdir -p $$(@D)
	$$(call say,VERILATE,$(1))
	$$(Q)$(VERILATOR) --cc --exe -Wno-fatal $(VERILATE_$(2)) \
	  --top-module $(3) --Mdir $$(@D) -o ../libsdv-$(1).so -Irtl \
	  -CFLAGS '-fPIC -fvisibility=hidden $(addprefix -I$(CURDIR)/,host/include \
	    sim/include sim/src) $(7)' \
	  -LDFLAGS '-shared -Wl,--no-undefined' \
	  rtl/lint.vlt $(4) $(addprefix $(CURDIR)/,$(5)) $$(if $$(Q),> $$(@D)/verilate.log)
	$$(Q)touch $$@

$(BUILD)/$(1)/libsdv-$(1).so: $(BUILD)/$(1)/obj/V$(3).mk $(5) $(KERNEL_HEADERS) \
                              $(if $(8),sim/train.sh | $(8))
	$$(call say,C++,$(1))
	$(if $(8),$(call trained,$(1),$(3),$(6)))
	$(call compile,$(1),$(3),$(6) $(if $(8),$(PGO_APPLY)))
	$$(Q)touch $$@
endef

SLOT = $(RTL) $(SLOT_RTL)
BARE = $(RTL) $(BARE_RTL)

$(eval $(call kernel,slot-fast,fast,sdv_slot_top,$(SLOT),$(SLOT_CXX),$(OPTIMIZE_fast),$(USER_FLAGS),$(PGO_TOOL)))
$(foreach build,assert trace coverage,$(eval $(call kernel,slot-$(build),$(build),sdv_slot_top,$(SLOT),$(SLOT_CXX),$(OPTIMIZE),$(USER_FLAGS))))
$(eval $(call kernel,slot-sabotage,sabotage,sdv_slot_top,$(SABOTAGE_RTL) $(SLOT),$(SLOT_CXX),$(OPTIMIZE),$(USER_FLAGS)))
$(eval $(call kernel,bare-assert,assert,sdv_bare_top,$(BARE),$(BARE_CXX),$(OPTIMIZE),$(USER_FLAGS)))

# Those that are installed; coverage and sabotage are for the tests.
KERNELS := $(foreach name,slot-fast slot-assert slot-trace bare-assert,\
             $(BUILD)/$(name)/libsdv-$(name).so)

.PHONY: kernels
kernels: $(KERNELS)

-include $(patsubst %.c,$(BUILD)/obj/%.d,$(SIM_SRC))
