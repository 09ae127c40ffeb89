/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Provokes kernel reports, one function for each way in which the kernel words one,
 * for the logs in tests/logs. Write a function's name (without provoke_) to
 * /dev/provoke. Only for a guest that is thrown away.
 *
 * All are noinline, so that the report names them.
 */
#ifndef PROVOKE_H
#define PROVOKE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct provocation {
	const char *name;
	void (*run)(void);
};

/* Each file's own, ended by an entry without a name. */
extern const struct provocation provoke_lockdep[];
extern const struct provocation provoke_context[];
extern const struct provocation provoke_objects[];
extern const struct provocation provoke_memory[];
extern const struct provocation provoke_traps[];
extern const struct provocation provoke_hangs[];

/* Run @fn in a hard interrupt on another CPU, and wait for it. */
void provoke_in_hardirq(void (*fn)(void));
/* Run @fn in a softirq (a timer's), and wait for it. */
void provoke_in_softirq(void (*fn)(void));
/* Run @fn in a task of its own (a kernel thread), and wait for it. */
void provoke_in_task(void (*fn)(void));
/* Run @fn in a work of a workqueue, and wait for it. */
void provoke_in_work(void (*fn)(void));

#endif
