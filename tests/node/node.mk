# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The programs that run in the guest, on i915's render node.  analyzer/build.mk includes this.

node-stress := $(BUILD)/node/stress
node-sources := $(wildcard tests/node/stress/*.c)

$(node-stress): $(node-sources) $(wildcard tests/node/stress/*.h) tests/node/node.mk
	$(say) LINK $@
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -std=c17 -Wall -Wextra -Werror -static -pthread \
		$$(pkg-config --cflags libdrm) -o $@ $(node-sources)

node-seed := $(BUILD)/node/seed

$(node-seed): tests/node/seed/seed.c tests/node/node.mk
	$(say) LINK $@
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -std=c17 -Wall -Wextra -Werror -static \
		$$(pkg-config --cflags libdrm) -o $@ $<

# IGT's tests on 6.1's render node, from a checkout that the caller gives (SOURCE=DIR, TESTS=names);
# minutes and more, not part of check.
.PHONY: igt
igt: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/node/igt/check --tree $(TREE) --profile $(PROFILE) --source "$(SOURCE)" $(TESTS)
