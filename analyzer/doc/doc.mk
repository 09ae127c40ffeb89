# SPDX-License-Identifier: LGPL-2.1-or-later
#
# doc: the manual, completions and the journal's message catalog, made from the tables of the command and from
# analyzer/man. analyzer/build.mk includes this.

doc-dir := $(BUILD)/doc
doc-src := $(sort $(wildcard analyzer/doc/*.c))
doc-prose := $(wildcard analyzer/man/*) $(wildcard analyzer/schema/*.json)

.PHONY: doc
## doc                 manual, completions, message catalog: in build/doc
doc: $(doc-dir)/made

# What the analyzer's tables say and what explains them are in its objects.
$(BUILD)/vmlife-doc: $(doc-src:%.c=$(plain)/%.o) $(analyzer-lib:%.c=$(plain)/%.o)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(analyzer-libs)

$(doc-dir)/made: $(BUILD)/vmlife-doc analyzer/doc/make $(doc-prose)
	$(say) DOC $(doc-dir)
	$(Q)analyzer/doc/make $(BUILD)/vmlife-doc $(doc-dir)
	$(Q)touch $@

.PHONY: check-doc
check-doc: $(BUILD)/vmlife $(doc-dir)/made
	$(Q)tests/package/check-doc $(BUILD)/vmlife $(BUILD)/vmlife-doc $(doc-dir)
