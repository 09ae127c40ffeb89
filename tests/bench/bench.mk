# SPDX-License-Identifier: LGPL-2.1-or-later
#
# bench: measures the analyzer against its targets; tests/bench/bench says how and which parts can be chosen.
# analyzer/build.mk includes this.

bench-data ?= $(BUILD)/bench
bench-programs := $(addprefix $(plain)/tests/bench/,generate measure bare-loop)

.PHONY: bench
bench: $(BUILD)/vmlife $(bench-programs)
	$(Q)tests/bench/bench $(plain)/tests/bench $(BUILD)/vmlife $(bench-data) $(BUILD)/bench.json

$(plain)/tests/bench/generate $(plain)/tests/bench/measure $(plain)/tests/bench/bare-loop: %: %.o
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(analyzer-libs)
