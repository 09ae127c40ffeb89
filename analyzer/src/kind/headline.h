/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"

/* Most kinds of report are recognized by their first line and end in a stack dump. Such a kind is a table of these. */
struct headline {
        const char *says; /* pattern with '*' for the whole line, without the subsystem's prefix ("rcu: ") */
        const char *detector, *kind;
        const char *title; /* '@' stands for the blamed function */
        enum severity severity;
        enum {
                OWES_STACK,      /* a report without a stack trace is marked corrupted */
                OWES_DEEP_STACK, /* the same; to blame is what it was begun for, as in stalls: it went too deep */
                OWES_NOTHING,    /* the line is the report; a stack may follow */
        } owes;
        const char *const *machinery; /* the kind's own, see is_machinery(); NULL is none */
};

/* For struct kind. */
#define HEADLINES(table) .headlines = (table), .n_headlines = sizeof(table) / sizeof((table)[0])

/* The line without the prefix of the part of the kernel that printed it. */
struct slice headline_text(struct slice line);
/* The first that matches the line, or NULL. */
const struct headline *headline_of(const struct headline *table, size_t n, struct slice line);
/* The same for a line that headline_text() returned. */
const struct headline *headline_find(const struct headline *table, size_t n, struct slice text);
/* The same over a report's first lines: the first that matches one. ret_line may be NULL. */
enum { HEADLINE_WITHIN = 40 };
const struct headline *headline_in(const struct headline *table, size_t n, const struct report *r, size_t *ret_line);

/* Fills everything that a headline and a dump contain: detector, kind, severity, message, stacks, tasks, the blamed
 * function, title, corrupted marks. 0 or -ENOMEM. */
int headline_parse(const struct report *r, struct finding *f, const struct headline *h);
/* Its steps, for kinds that add more. */
int headline_begin(const struct report *r, struct finding *f, const struct headline *h);
int headline_rest(const struct report *r, struct finding *f, const struct headline *h); /* all that follows the first */
int headline_end(const struct report *r, struct finding *f, const struct headline *h, const char *blamed);
/* The stack as it counts for who is to blame: where the unwinder failed, what it found lying there is all that there
 * is, and the mark says so. */
struct stack headline_stack(const struct finding *f, const struct stack *s);

/* The words with NUM and ADDR for what differs from boot to boot. In the arena; NULL when out of memory. */
char *without_numbers(struct arena *a, struct slice s);

/* Marks what is missing or damaged, depending on how the report ended and whether it requires a stack. */
int headline_damage(const struct report *r, struct finding *f, bool owes_stack);
