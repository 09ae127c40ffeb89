# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-follow: what takes longer than a unit test of follow may; FOLLOW_ENTRIES=n for the memory test.
# analyzer/build.mk includes this.

.PHONY: check-follow
check-follow: export BENCH_DATA := tests/bench
check-follow: $(BUILD)/vmlife $(plain)/tests/bench/generate $(plain)/unit/test-follow
	$(Q)tests/follow/check-follow $^
