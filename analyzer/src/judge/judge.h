/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "report/finding.h"

/* Fills rule, relevance, why and injected from the finding itself and from what its boot said so far.
 * 0 or -ENOMEM. */
int judge(struct finding *f, const struct boot *boot);

const char *relevance_name(enum relevance r);
const char *severity_name(enum severity s);
const char *origin_name(enum origin o);
