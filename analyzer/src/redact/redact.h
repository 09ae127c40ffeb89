/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Replaces names of machines and people in text: host names, machine IDs, UUIDs, MAC and IP addresses, users and
 * tasks. Each gets a pseudonym that is computed with a key: equal names get equal pseudonyms, and without the key a
 * name cannot be recovered or guessed. Addresses and IDs are recognized by their form; names must be learned first.
 * Text by which reports are recognized is kept. */
struct redactor;

enum secret { SECRET_HOST, SECRET_USER, SECRET_TASK, SECRET_MACHINE };

/* A secret's name is replaced wherever it stands as a word; one that is also a word of the kernel's reports
 * (a task named "write") only where a task's name stands. */

/* key: any bytes, or NULL for a random one. 0, -ENOMEM, -errno without random bytes. */
int redactor_new(struct redactor **ret, const void *key, size_t n);
struct redactor *redactor_free(struct redactor *r);

/* A name of a machine, a person, a task. Kernel threads are nobody's. 0 or -ENOMEM. */
int redact_know(struct redactor *r, enum secret secret, struct slice name);
/* A word that must be kept: a function, a module, a lock. 0 or -ENOMEM. */
int redact_spare(struct redactor *r, struct slice word);
/* Learns the names that a line of a log shows by where they stand. 0 or -ENOMEM. */
int redact_learn(struct redactor *r, struct slice line);
/* The same of what people wrote, word by word: parameters, a configuration, a tree's address. There hosts stand in
 * addresses and before paths, which in a log may be anything. */
int redact_learn_written(struct redactor *r, struct slice text);

/* Appends the text without them. All must be learned by then. 0 or -ENOMEM. */
int redact_text(struct redactor *r, struct slice text, struct buffer *out);
/* The same for a string that is such a name and nothing else, known or not, whatever word it is. 0 or -ENOMEM. */
int redact_name(struct redactor *r, enum secret secret, struct slice name, struct buffer *out);
/* A machine's id of 32 hex digits, or another's that has the same form. */
void redact_id(const struct redactor *r, const char *id, char ret[static 33]);
