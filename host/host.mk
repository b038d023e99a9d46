# SPDX-License-Identifier: Apache-2.0
# libsdvault (static, shared, freestanding core), its pkg-config file, the
# command line tool, and make install.

VERSION := 0.1.0
SONAME  := libsdvault.so.0

WARNINGS    := -Wall -Wextra -Wconversion -Werror
# The code that a sanitizer adds draws warnings of its own.
C_FLAGS      = -std=c11 $(if $(SANITIZE),-w,$(WARNINGS)) -fPIC -MMD -MP $(CFLAGS) $(SANITIZE)
HOST_FLAGS  := -Ihost/include
# Sealing and content take libcrypto, the authority's ledger SQLite.
HOST_LIBS   := -lcrypto -lsqlite3

HOST_SRC := $(wildcard host/src/*.c)
# What a driver on a small system needs: no allocation, no library but string.h.
CORE_SRC := $(wildcard $(foreach part,sdhci bus card error assd apdu license sealed,\
              host/src/$(part)*.c))
CLI_SRC  := $(wildcard host/cli/*.c)

object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

$(BUILD)/obj/host/src/%.o: host/src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_FLAGS) $(HOST_FLAGS) -c $< -o $@

$(BUILD)/obj/host/cli/%.o: host/cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_FLAGS) $(SIM_FLAGS) -c $< -o $@

$(BUILD)/obj/core/%.o: host/src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(filter-out -fsanitize%,$(C_FLAGS)) -ffreestanding \
	  $(HOST_FLAGS) -c $< -o $@

$(BUILD)/libsdvault.a: $(call object,$(HOST_SRC))
$(BUILD)/libsdvault-core.a: $(CORE_SRC:host/src/%.c=$(BUILD)/obj/core/%.o)
$(BUILD)/lib%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/$(SONAME): $(call object,$(HOST_SRC)) host/libsdvault.map
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(CFLAGS) $(SANITIZE) -Wl,-soname,$(SONAME) \
	  -Wl,--version-script=host/libsdvault.map -Wl,--no-undefined \
	  $(filter %.o,$^) $(HOST_LIBS) -o $@

$(BUILD)/libsdvault.so: $(BUILD)/$(SONAME)
	$(Q)ln -sf $(SONAME) $@

$(BUILD)/sdvault: $(call object,$(CLI_SRC)) $(BUILD)/libsdvault-sim.a \
                  $(BUILD)/libsdvault.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $^ $(SIM_LIBS) $(HOST_LIBS) -o $@

$(BUILD)/%.pc: host/%.pc.in $(BUILD)/flags
	$(call say,GEN,$@)
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< > $@

.PHONY: host
host: $(BUILD)/libsdvault.a $(BUILD)/libsdvault.so $(BUILD)/libsdvault-core.a \
      $(BUILD)/libsdvault.pc $(BUILD)/libsdvault-sim.pc

.PHONY: cli
cli: $(BUILD)/sdvault

##@ Build
INCLUDE_DIR = $(DESTDIR)$(PREFIX)/include/sdvault
LIB_DIR     = $(DESTDIR)$(PREFIX)/lib
MAN_DIR     = $(DESTDIR)$(PREFIX)/share/man

.PHONY: install
install: all ## Install under DESTDIR and PREFIX
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)install -d $(INCLUDE_DIR) $(LIB_DIR)/pkgconfig $(LIB_DIR)/sdvault
	$(Q)install -m 644 host/include/sdvault/*.h sim/include/sdvault/*.h \
	  $(INCLUDE_DIR)
	$(Q)install -m 644 $(BUILD)/libsdvault*.a $(LIB_DIR)
	$(Q)install -m 755 $(BUILD)/$(SONAME) $(LIB_DIR)
	$(Q)ln -sf $(SONAME) $(LIB_DIR)/libsdvault.so
	$(Q)install -m 644 $(BUILD)/*.pc $(LIB_DIR)/pkgconfig
	$(Q)install -m 755 $(KERNELS) $(LIB_DIR)/sdvault
	$(Q)install -D -m 755 $(BUILD)/sdvault $(DESTDIR)$(PREFIX)/bin/sdvault
	$(Q)for page in $(wildcard docs/man/*.[0-9]); do \
	  install -D -m 644 $$page \
	    $(MAN_DIR)/man$${page##*.}/$${page##*/} || exit 1; done

-include $(patsubst %.c,$(BUILD)/obj/%.d,$(HOST_SRC) $(CLI_SRC))
-include $(CORE_SRC:host/src/%.c=$(BUILD)/obj/core/%.d)
