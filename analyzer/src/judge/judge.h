/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "judge/focus.h"
#include "report/finding.h"

struct store;

/* One finding by itself: fills rule, relevance, why and follows. What a process wrote is never the kernel's
 * word: it gets no rule. The rules are i915's: with another focus (NULL is i915) there are none. 0 or -ENOMEM. */
int judge(struct finding *f, const struct focus *focus);

/* All findings of a scan, once they are there: gives those that follow from a broken rule that rule, says
 * whether the fault was asked for, folds what is the same then. 0 or -ENOMEM. */
int judge_all(struct store *s, const struct boots *boots);
