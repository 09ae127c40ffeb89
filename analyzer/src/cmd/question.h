/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/option.h"
#include "judge/coverage.h"

/* The options that decide the exit status: those of a struct question. */
extern const struct cmd_option question_options[];

#define QUESTION_AFTER                                                                                             \
        "Exit status, the first that applies: 2 the input could not be read in full or the call was wrong, 1 "     \
        "findings at or above --fail-on, 3 --require asked for proof and a boot is not proven clean, 0. Findings " \
        "that a process wrote to the kernel's log are shown and never count."

/* Can it be answered? Reports a question that contradicts itself. 0 or -EINVAL. */
int question_check(const struct question *q);
