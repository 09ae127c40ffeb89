# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The HTML report in a real browser. VMLIFE_SHOTS=folder leaves pictures there.

html-src := $(sort $(wildcard tests/html/*.c))

.PHONY: check-html
check-html: $(BUILD)/vmlife $(plain)/check-html
	$(Q)tests/unit/run "" $(BUILD)/vmlife $(plain)/check-html
$(plain)/check-html: $(html-src:%.c=$(plain)/%.o) $(plain)/tests/unit/vmlife.o
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(unit-libs)

## picture             take the README's picture of the page again
.PHONY: picture
picture: $(BUILD)/vmlife
	$(Q)tests/html/picture $(BUILD)/vmlife analyzer/html-report.png
