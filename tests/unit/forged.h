/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "records.h"

struct json_object;

/* A boot of which all is known: its first lines, and the last. */
void put_start(struct out *o);
void put_end(struct out *o);
/* What the kernel prints of memory that i915 could not have, behind the task's line. */
void put_failed_stack(struct out *o);

/* What a report says of the boot and of its findings: without times, places and counts of what was read. The caller
 * frees. */
char *what_is_said(struct json_object *r);
/* Set: also what tasks are called, and what the kernel says of one by its name. */
extern bool names_are_said;

/* The reports of tests/unit/fixtures/kinds. */
enum { FIXTURES_MAX = 128, LINES_MAX = 64 };

extern struct fixture {
        const char *name;
        char *lines[LINES_MAX];
        size_t n;
} fixtures[FIXTURES_MAX];
extern size_t n_fixtures;

int read_fixtures(void **state);

/* Records with strings of a user's around the report, or in them plain names of the same length. */
typedef void (*put_with_t)(struct out *o, const struct fixture *x, bool forged);

/* What is said of a boot with these, and the report behind them. The caller frees. */
char *said_of(enum log_form form, const struct fixture *x, put_with_t put, bool forged);
/* Fails where that differs. */
void says_the_same_of(enum log_form form, const struct fixture *x, put_with_t put);
