/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "line/record.h"
#include "report/member.h"

/* The data of a report: the structures of finding.def. Strings are NUL-terminated, are in the finding's arena and hold
 * the bytes of the log: writers convert them to valid UTF-8. NULL means "not printed". */

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
enum relevance { RELEVANCE_UNRELATED, RELEVANCE_RELATED, RELEVANCE_LIKELY, RELEVANCE_CERTAIN };
enum injected { INJECTED_UNKNOWN = -1, INJECTED_NO, INJECTED_YES };
/* Is it among the known issues? STATUS_NONE where nobody gave any. */
enum known_status { STATUS_NONE, STATUS_NEW, STATUS_KNOWN };

/* Their words in reports. */
const char *severity_name(enum severity s);
const char *relevance_name(enum relevance r);
const char *known_status_name(enum known_status s);

#define SIGNATURE_CHARS (3 + 32) /* "v2:" and 128 bits in hex */
#define ID_CHARS 32

#define MEMBER(form, ...) DECLARE_##form(__VA_ARGS__)
#include "report/finding.def"

struct finding *finding_free(struct finding *f);

/* Append one zeroed item and return it, NULL when out of memory. */
struct access *finding_add_access(struct finding *f);
struct stack *finding_add_stack(struct finding *f, const char *what);
struct lock *finding_add_lock(struct finding *f, const char *role);
struct task *finding_add_task(struct finding *f);
struct step *finding_add_step(struct finding *f);
struct frame *stack_add_frame(struct finding *f, struct stack *s);
/* 0 or -ENOMEM. The string is used as it is: a literal or in the arena. */
int finding_add_function(struct finding *f, struct slice function);
int finding_add_field(struct finding *f, struct slice key, struct slice value);
int finding_corrupt(struct finding *f, const char *reason);
int finding_add_alt_title(struct finding *f, const char *title);
/* The value of a key, NULL if there is none. */
const char *finding_field(const struct finding *f, const char *key);
/* Are they of two devices of one machine? Only records of ours name theirs; the same bug on two is two findings. */
bool finding_on_other_device(const struct finding *a, const struct finding *b);
