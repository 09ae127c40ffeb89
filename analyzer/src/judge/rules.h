/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "report/finding.h"

/* The rules of the lifetime contract of ctx->vm, and the evidence for them in reports of the kernel's own detectors.
 * Both are tables to read and extend. */
struct rule {
        const char *id;
        const char *contract; /* in one sentence */
};

extern const struct rule rules[];
extern const size_t n_rules;

const struct rule *rule_of(struct slice id);

/* Evidence: what in a report of some detector says which rule broke. All that a line names must be there;
 * where several patterns are named, divided by blanks, one of them. */
struct evidence {
        const char *detector; /* patterns; NULL: any */
        const char *kind;     /* patterns; NULL: any */
        const char *stack;    /* patterns for the stack's name that the frame must be in; NULL: any */
        const char *frame; /* patterns for a function in the blamed part of a stack (see driver_frames.h); DRIVER: any
                            * of the driver's; NULL: no frame is asked for */
        const char *locks; /* patterns: two different locks that take part match; NULL: none are asked for */
        const char *rule;  /* NULL: says only that the vm's lifetime is touched */
        /* Rules from which such a report follows, divided by blanks: where the same boot broke one of them
         * before, this report gets that rule, at least likely. A rule in brackets, "[vm-republish]", must have
         * been broken by a function, or at an address, that this report names too. NULL: it speaks for itself. */
        const char *follows;
        enum relevance relevance;
        const char *why;
};

extern const char DRIVER[];
extern const struct evidence evidence[];
extern const size_t n_evidence;
