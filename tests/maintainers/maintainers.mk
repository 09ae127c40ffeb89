# SPDX-License-Identifier: LGPL-2.1-or-later
#
# MAINTAINERS_N files of each tree that kernel/build has fetched; a second of CPU time for three.
MAINTAINERS_N ?= 80

.PHONY: check-maintainers
check-maintainers: $(BUILD)/vmlife
	$(Q)tests/maintainers/check-maintainers $(BUILD)/vmlife $(MAINTAINERS_N) $(wildcard $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vmlife/source/*/*/.)
