# SPDX-License-Identifier: LGPL-2.1-or-later
.PHONY: check-growth
check-growth: $(BUILD)/vmlife
	$(Q)tests/growth/check-growth $(BUILD)/vmlife
