# SPDX-License-Identifier: LGPL-2.1-or-later
#
# fuzz: libFuzzer on every parser of untrusted bytes, FUZZ_SECONDS (600) a target; FUZZ_TARGETS chooses.
# check-fuzz: the same for five seconds a target. analyzer/build.mk includes this.
# fuzz-mutants: MUTANTS (5000) damaged journals and archives, to the command as it is built with sanitizers.

FUZZ_SECONDS ?= 600
# Name, program, seeds. The whole command tells kinds of files apart itself, so they differ by their seeds.
FUZZ_TARGETS ?= line=line:tests/fuzz/seeds/line assembler=assembler:tests/fuzz/seeds/assembler \
	parse=parse:tests/fuzz/seeds/parse text=scan:tests/unit/fixtures export=scan:tests/fuzz/seeds/export \
	results=scan:tests/fuzz/seeds/results kmsg=scan:tests/fuzz/seeds/kmsg packed=scan:tests/fuzz/seeds/packed \
	known=known:tests/fuzz/seeds/known saved=saved:tests/fuzz/seeds/saved \
	layout=layout:tests/fuzz/seeds/layout mime=mime:tests/fuzz/seeds/mime decode=decode:tests/fuzz/seeds/decode,tests/fuzz/seeds/layout \
	encoded=scan:tests/fuzz/seeds/decode

fuzz-dir := $(BUILD)/analyzer-fuzz
fuzz-src := $(wildcard tests/fuzz/fuzz-*.c)
fuzz-programs := $(fuzz-src:tests/fuzz/%.c=$(fuzz-dir)/%)
fuzz-cc := clang -g -O1 -fno-omit-frame-pointer
fuzz-sanitize := address,undefined

MUTANTS ?= 5000
.PHONY: fuzz check-fuzz fuzz-mutants
fuzz: $(fuzz-programs)
	$(Q)tests/fuzz/fuzz $(fuzz-dir) $(FUZZ_SECONDS) $(BUILD)/fuzz $(FUZZ_TARGETS)
check-fuzz: $(fuzz-programs)
	$(Q)tests/fuzz/fuzz $(fuzz-dir) 5 $(BUILD)/fuzz $(FUZZ_TARGETS)

fuzz-mutants: $(asan)/vmlife $(BUILD)/fuzz/mutate
	$(Q)tests/fuzz/mutants $^ $(BUILD)/fuzz/mutants $(MUTANTS)
$(BUILD)/fuzz/mutate: tests/fuzz/mutate.c
	$(Q)mkdir -p $(@D) && $(CC) $(analyzer-cflags) -o $@ $<

# gcc's warnings are the build's; clang's differ.
$(fuzz-dir)/%.o: %.c analyzer/build.mk tests/fuzz/fuzz.mk
	$(say) CC "$< (fuzzed)"
	$(Q)mkdir -p $(@D) && $(fuzz-cc) -fsanitize=fuzzer-no-link,$(fuzz-sanitize) -fno-sanitize-recover=all \
		$(filter-out -W%,$(analyzer-cflags)) $(CPPFLAGS) -c -o $@ $<
$(fuzz-dir)/%: $(fuzz-dir)/tests/fuzz/%.o $(analyzer-lib:%.c=$(fuzz-dir)/%.o)
	$(say) LINK $@
	$(Q)$(fuzz-cc) -fsanitize=fuzzer,$(fuzz-sanitize) $(LDFLAGS) -o $@ $^ $(analyzer-libs)
