/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* Writes a finding of the scan to this machine's journal: MESSAGE is its title, MESSAGE_ID what journalctl -x explains
 * (see output/topic.h), VMLIFE_* what machines want. Its priority is the finding's severity; what was injected, or
 * does not touch the driver, is a notice at most. 0 or -errno, which it says. */
int announce_finding(const struct scan *s, const struct finding *f);
