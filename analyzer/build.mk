# SPDX-License-Identifier: LGPL-2.1-or-later
#
# How the analyzer is built and tested. The top-level Makefile includes this; `make -f analyzer/build.mk` from
# the top level works alone.
#
#   build/vmlife      the command
#   build/libvmlife.so  the library: all of it but main and the commands
#   check-unit        unit tests, plain and under ASan and UBSan
#   check-valgrind    the same under valgrind
#   check-journals    journals searched and read entry by entry: the same reports
#   check-corpus      real logs with what they are, in $(CORPUS); skipped where it is not
#   bench             speed and memory against their targets (takes minutes and 3 GB of disk)

BUILD ?= build
VMLIFE_VERSION := 0.2.0
VMLIFE_ABI := $(shell sed -n 's/^\#define VMLIFE_ABI //p' analyzer/src/lib/vmlife.h)

analyzer-src := $(sort $(shell find analyzer/src -name '*.c'))
analyzer-lib := $(filter-out analyzer/src/main.c,$(analyzer-src))
analyzer-packages := libsystemd json-c libdw libpcre2-8 yaml-0.1
unit-src := $(sort $(wildcard tests/unit/test-*.c))

# V=1 shows the commands.
ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

CFLAGS ?= -O2 -g
analyzer-cflags := -std=gnu17 -D_GNU_SOURCE -DVMLIFE_VERSION='"$(VMLIFE_VERSION)"' -Ianalyzer/src \
	-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla \
	-Wformat -Werror=format-security -Werror -MMD -MP \
	-Itests/unit $(shell pkg-config --cflags $(analyzer-packages) libmd cmocka 2>/dev/null)
# As Debian hardens: dpkg-buildflags with hardening=+all.
# The same objects go into the command and into the library, which gives away only what its map names.
hardening-cflags := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIC -fvisibility=hidden
hardening-ldflags := -pie -Wl,-z,relro -Wl,-z,now
analyzer-libs := $(shell pkg-config --libs $(analyzer-packages) libmd 2>/dev/null) -lm -liberty
unit-libs := $(analyzer-libs) $(shell pkg-config --libs cmocka 2>/dev/null)

sanitize-flags := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

plain := $(BUILD)/analyzer
asan := $(BUILD)/analyzer-asan

.PHONY: check-unit check-unit-plain check-unit-asan check-valgrind check-journals clean-analyzer

$(BUILD)/vmlife: $(analyzer-src:%.c=$(plain)/%.o)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(analyzer-libs)

library := $(BUILD)/libvmlife.so
library-src := $(filter-out analyzer/src/cmd/%,$(analyzer-lib))
$(library): $(library).$(VMLIFE_ABI)
	$(Q)ln -sf $(<F) $@
$(library).$(VMLIFE_ABI): $(library-src:%.c=$(plain)/%.o) analyzer/src/lib/vmlife.map
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,$(@F) -Wl,--version-script=analyzer/src/lib/vmlife.map -Wl,-z,defs \
		-Wl,-z,relro -Wl,-z,now $(LDFLAGS) -o $@ $(filter %.o,$^) $(analyzer-libs)

$(plain)/%.o: %.c analyzer/build.mk
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(hardening-cflags) $(analyzer-cflags) $(CPPFLAGS) -c -o $@ $<

$(asan)/%.o: %.c analyzer/build.mk
	$(say) CC "$< (sanitized)"
	$(Q)mkdir -p $(@D) && $(CC) $(sanitize-flags) $(analyzer-cflags) $(CPPFLAGS) -c -o $@ $<

# Files that the assembler puts in.
$(plain)/analyzer/src/output/html/assets.o $(asan)/analyzer/src/output/html/assets.o: \
	analyzer/src/output/html/report.css analyzer/src/output/html/report.js
$(plain)/analyzer/src/kind/functions.o $(asan)/analyzer/src/kind/functions.o: \
	analyzer/src/kind/functions/functions.txt analyzer/src/kind/functions/areas.tsv
$(plain)/analyzer/src/kind/places.o $(asan)/analyzer/src/kind/places.o: analyzer/src/kind/functions/places.zst

$(asan)/vmlife: $(analyzer-src:%.c=$(asan)/%.o)
	$(say) LINK $@
	$(Q)$(CC) $(sanitize-flags) $(LDFLAGS) -o $@ $^ $(analyzer-libs)

# A unit test is tests/unit/test-NAME.c, linked with all of the analyzer but main.c; other files there are shared.
unit-shared := $(filter-out $(unit-src),$(sort $(wildcard tests/unit/*.c)))
.SECONDARY:
$(plain)/unit/%: $(plain)/tests/unit/%.o $(unit-shared:%.c=$(plain)/%.o) $(analyzer-lib:%.c=$(plain)/%.o)
	$(say) LINK $@
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(unit-libs)
$(asan)/unit/%: $(asan)/tests/unit/%.o $(unit-shared:%.c=$(asan)/%.o) $(analyzer-lib:%.c=$(asan)/%.o)
	$(say) LINK $@
	$(Q)mkdir -p $(@D) && $(CC) $(sanitize-flags) $(LDFLAGS) -o $@ $^ $(unit-libs)

unit-names := $(notdir $(unit-src:%.c=%))

# Memory that runs out: within the test program for the analyzer's own calls, preloaded for the command's.
$(plain)/unit/test-hostile $(asan)/unit/test-hostile: LDFLAGS += \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup
$(plain)/fail.so: tests/unit/preload/fail.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -fPIC -shared -o $@ $<
check-unit-plain: $(plain)/fail.so
check-unit-plain: export VMLIFE_FAIL := $(plain)/fail.so
# Checkers make all of it slow: then less of what is done thousands of times.
check-unit-asan: export VMLIFE_SLOW := sanitizer
check-valgrind: export VMLIFE_SLOW := valgrind

# Each test program's closing line counts.
check-unit: check-unit-plain check-unit-asan
check-unit-plain: $(BUILD)/vmlife $(addprefix $(plain)/unit/,$(unit-names))
	$(Q)tests/unit/run "" $(BUILD)/vmlife $(addprefix $(plain)/unit/,$(unit-names))
check-unit-asan: $(asan)/vmlife $(addprefix $(asan)/unit/,$(unit-names))
	$(Q)tests/unit/run "" $(asan)/vmlife $(addprefix $(asan)/unit/,$(unit-names))
# Journals read in both ways: so many of them take half a minute.
check-journals: export VMLIFE_JOURNALS ?= 1000
check-journals: $(BUILD)/vmlife $(plain)/unit/test-journal-search
	$(Q)tests/unit/run "" $(BUILD)/vmlife $(plain)/unit/test-journal-search
# VALGRIND_EACH=1: each start of the command, not one of fifty that are alike (half an hour more).
check-valgrind: $(BUILD)/vmlife $(addprefix $(plain)/unit/,$(unit-names))
	$(Q)tests/unit/run "valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,possible" \
		$(BUILD)/vmlife $(addprefix $(plain)/unit/,$(unit-names))

include analyzer/doc/doc.mk
include analyzer/install.mk
include tests/bench/bench.mk
include tests/fuzz/fuzz.mk
include tests/follow/follow.mk
include tests/growth/growth.mk
include tests/html/html.mk
include tests/maintainers/maintainers.mk
include tests/node/node.mk

# Real logs with what they are, where they lie beside the checkout; not part of the project.
CORPUS ?= ../shared/corpus/syzkaller
.PHONY: check-corpus
check-corpus: $(BUILD)/vmlife $(plain)/check-corpus
	$(Q)if [ -d $(CORPUS) ]; then $(plain)/check-corpus $(BUILD)/vmlife $(CORPUS); \
	else echo "check-corpus: skipped, there is no $(CORPUS)"; echo "0 passed, 0 failed, 1 skipped"; fi
$(plain)/check-corpus: $(plain)/tests/corpus/check-corpus.o
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(hardening-ldflags) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs json-c)

# What several targets of tests use, built once before they run side by side.
.PHONY: check-programs
check-programs: $(BUILD)/vmlife $(asan)/vmlife $(plain)/fail.so $(plain)/check-corpus $(doc-dir)/made \
	$(plain)/check-html $(plain)/tests/bench/generate \
	$(addprefix $(plain)/unit/,$(unit-names)) $(addprefix $(asan)/unit/,$(unit-names))

clean-analyzer:
	$(Q)rm -rf $(plain) $(asan) $(fuzz-dir) $(BUILD)/vmlife

-include $(shell find $(plain) $(asan) $(fuzz-dir) -name '*.d' 2>/dev/null)
