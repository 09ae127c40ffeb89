// SPDX-License-Identifier: GPL-2.0
/*
 * Every header that kernel/locking/lockdep.c prints and a module can provoke. All but
 * the suspicious RCU uses and the assertions turn lockdep off: one a boot.
 */
#include <linux/delay.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "provoke.h"

static DEFINE_MUTEX(mutex_a);
static DEFINE_MUTEX(mutex_b);
static DEFINE_MUTEX(mutex_c);
/* Raw: a lock that may sleep under PREEMPT_RT is not for hard interrupts, which newer lockdeps say first. */
static DEFINE_RAW_SPINLOCK(lock_irq);
static DEFINE_RAW_SPINLOCK(lock_plain);
static DEFINE_RWLOCK(rwlock_irq);

/* possible circular locking dependency: a before b, then b before a. */
static noinline void provoke_circular(void)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_unlock(&mutex_b);
	mutex_unlock(&mutex_a);

	mutex_lock(&mutex_b);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	mutex_unlock(&mutex_b);
}

/* The same over three locks. */
static noinline void provoke_circular3(void)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_unlock(&mutex_b);
	mutex_unlock(&mutex_a);

	mutex_lock(&mutex_b);
	mutex_lock(&mutex_c);
	mutex_unlock(&mutex_c);
	mutex_unlock(&mutex_b);

	mutex_lock(&mutex_c);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	mutex_unlock(&mutex_c);
}

static void work_takes_a(struct work_struct *unused)
{
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
}

static DECLARE_WORK(work_a, work_takes_a);

/* The same over a workqueue that is waited for under a lock that its work takes. */
static noinline void provoke_circular_work(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("provoke", 0);

	if (!wq)
		return;
	queue_work(wq, &work_a);
	msleep(200);
	mutex_lock(&mutex_a);
	flush_workqueue(wq);
	mutex_unlock(&mutex_a);
}

/* possible recursive locking: two locks of one class, in no said order. */
static noinline void provoke_recursive(void)
{
	struct mutex *pair = kcalloc(2, sizeof(*pair), GFP_KERNEL);
	int i;

	if (!pair)
		return;
	for (i = 0; i < 2; i++)
		mutex_init(&pair[i]);
	mutex_lock(&pair[0]);
	mutex_lock(&pair[1]);
	mutex_unlock(&pair[1]);
	mutex_unlock(&pair[0]);
	kfree(pair);
}

static noinline void take_lock_irq(void)
{
	raw_spin_lock(&lock_irq);
	raw_spin_unlock(&lock_irq);
}

static noinline void read_rwlock_irq(void)
{
	read_lock(&rwlock_irq);
	read_unlock(&rwlock_irq);
}

/* inconsistent lock state: in a hard interrupt, then with interrupts on. */
static noinline void provoke_inconsistent_hardirq(void)
{
	provoke_in_hardirq(take_lock_irq);
	take_lock_irq();
}

/* The same found in the interrupt. */
static noinline void provoke_inconsistent_in_hardirq(void)
{
	take_lock_irq();
	provoke_in_hardirq(take_lock_irq);
}

static noinline void provoke_inconsistent_softirq(void)
{
	provoke_in_softirq(take_lock_irq);
	take_lock_irq();
}

/* possible irq lock inversion: irq -> plain exists, and plain loses its safety. */
static noinline void provoke_inversion(void)
{
	unsigned long flags;

	provoke_in_hardirq(take_lock_irq);
	raw_spin_lock_irqsave(&lock_irq, flags);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);
	raw_spin_unlock_irqrestore(&lock_irq, flags);

	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);
}

/* HARDIRQ-safe -> HARDIRQ-unsafe lock order. */
static noinline void provoke_irq_order(void)
{
	unsigned long flags;

	provoke_in_hardirq(take_lock_irq);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);

	raw_spin_lock_irqsave(&lock_irq, flags);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);
	raw_spin_unlock_irqrestore(&lock_irq, flags);
}

static noinline void provoke_softirq_order(void)
{
	provoke_in_softirq(take_lock_irq);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);

	raw_spin_lock_bh(&lock_irq);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);
	raw_spin_unlock_bh(&lock_irq);
}

/* HARDIRQ-READ-safe -> HARDIRQ-unsafe lock order. */
static noinline void provoke_read_order(void)
{
	unsigned long flags;

	provoke_in_hardirq(read_rwlock_irq);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);

	write_lock_irqsave(&rwlock_irq, flags);
	raw_spin_lock(&lock_plain);
	raw_spin_unlock(&lock_plain);
	write_unlock_irqrestore(&rwlock_irq, flags);
}

/* Nested lock was not taken. */
static noinline void provoke_nested(void)
{
	mutex_lock_nest_lock(&mutex_a, &mutex_b);
	mutex_unlock(&mutex_a);
}

/* bad unlock balance. */
static noinline void provoke_unlock(void)
{
	mutex_unlock(&mutex_a);
}

/* bad contention. */
static noinline void provoke_contention(void)
{
#ifdef CONFIG_LOCK_STAT
	mutex_lock(&mutex_b);
	lock_contended(&mutex_a.dep_map, _THIS_IP_);
	mutex_unlock(&mutex_b);
#endif
}

/* held lock freed: memory that holds a lock that is held. */
static noinline void provoke_held_freed(void)
{
	struct mutex *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return;
	mutex_init(m);
	mutex_lock(m);
	kfree(m);
}

/* The same, initialized again. */
static noinline void provoke_held_init(void)
{
	static struct mutex m;

	mutex_init(&m);
	mutex_lock(&m);
	mutex_init(&m);
}

static noinline void keep_mutex(void)
{
	mutex_lock(&mutex_a);
}

/* "still has locks held": a task that exits with one. */
static noinline void provoke_held_exit(void)
{
	provoke_in_task(keep_mutex);
	msleep(200);
}

/* lock held when returning to user space. */
static noinline void provoke_held_return(void)
{
	keep_mutex();
}

/* suspicious RCU usage, in the words of three of its checks. */
static noinline void provoke_rcu_dereference(void)
{
	static int __rcu *pointer;

	if (rcu_dereference(pointer))
		pr_info("not empty\n");
}

static noinline void provoke_rcu_sleep(void)
{
	rcu_read_lock();
	might_sleep();
	rcu_read_unlock();
}

static noinline void provoke_rcu_wait(void)
{
	rcu_read_lock();
	RCU_LOCKDEP_WARN(lock_is_held(&rcu_lock_map),
			 "Illegal wait for readers in RCU read-side critical section");
	rcu_read_unlock();
}

/* Invalid wait context: something that sleeps under a spinlock. */
static noinline void provoke_wait_context(void)
{
	static struct lock_class_key key;
	static struct lockdep_map map;

	lockdep_init_map_wait(&map, "provoke_sleeper", &key, 0, LD_WAIT_SLEEP);
	raw_spin_lock(&lock_plain);
	lock_map_acquire(&map);
	lock_map_release(&map);
	raw_spin_unlock(&lock_plain);
}

/* A mutex there: might_sleep() speaks first. */
static noinline void provoke_mutex_in_spinlock(void)
{
	raw_spin_lock(&lock_plain);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	raw_spin_unlock(&lock_plain);
}

/* trying to register non-static key: a lock that nobody initialized. */
static noinline void provoke_non_static_key(void)
{
	spinlock_t *lock = kzalloc(sizeof(*lock), GFP_KERNEL);

	if (!lock)
		return;
	spin_lock(lock);
	spin_unlock(lock);
	kfree(lock);
}

/* "key has not been registered", and the DEBUG_LOCKS_WARN_ON after it. */
static noinline void provoke_key_not_registered(void)
{
	struct lock_class_key *key = kzalloc(sizeof(*key), GFP_KERNEL);
	static struct lockdep_map map;

	if (!key)
		return;
	lockdep_init_map(&map, "provoke", key, 0);
	kfree(key);
}

/* looking up invalid subclass. */
static noinline void provoke_subclass(void)
{
	mutex_lock_nested(&mutex_a, MAX_LOCKDEP_SUBCLASSES);
	mutex_unlock(&mutex_a);
}

/* DEBUG_LOCKS_WARN_ON(): a mutex that is none. */
static noinline void provoke_locks_warn(void)
{
	struct mutex *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return;
	mutex_lock(m);
	mutex_unlock(m);
	kfree(m);
}

/* MAX_LOCK_DEPTH too low. */
static noinline void provoke_lock_depth(void)
{
	static struct lock_class_key key;
	static struct lockdep_map map;
	int i;

	lockdep_init_map(&map, "provoke_deep", &key, 0);
	preempt_disable();
	for (i = 0; i < MAX_LOCK_DEPTH + 1; i++)
		lock_acquire(&map, i % MAX_LOCKDEP_SUBCLASSES, 0, 2, 0, NULL, _THIS_IP_);
	preempt_enable();
}

/* Assertions: plain warnings. */
static noinline void provoke_assert_held(void)
{
	lockdep_assert_held(&mutex_a);
}

static noinline void provoke_assert_not_held(void)
{
	mutex_lock(&mutex_a);
#ifdef lockdep_assert_not_held
	lockdep_assert_not_held(&mutex_a); /* from 5.13 on */
#endif
	mutex_unlock(&mutex_a);
}

static noinline void provoke_assert_irqs(void)
{
	lockdep_assert_irqs_disabled();
}

const struct provocation provoke_lockdep[] = {
	{ "circular", provoke_circular },
	{ "circular3", provoke_circular3 },
	{ "circular_work", provoke_circular_work },
	{ "recursive", provoke_recursive },
	{ "inconsistent_hardirq", provoke_inconsistent_hardirq },
	{ "inconsistent_in_hardirq", provoke_inconsistent_in_hardirq },
	{ "inconsistent_softirq", provoke_inconsistent_softirq },
	{ "inversion", provoke_inversion },
	{ "irq_order", provoke_irq_order },
	{ "softirq_order", provoke_softirq_order },
	{ "read_order", provoke_read_order },
	{ "nested", provoke_nested },
	{ "unlock", provoke_unlock },
	{ "contention", provoke_contention },
	{ "held_freed", provoke_held_freed },
	{ "held_init", provoke_held_init },
	{ "held_exit", provoke_held_exit },
	{ "held_return", provoke_held_return },
	{ "rcu_dereference", provoke_rcu_dereference },
	{ "rcu_sleep", provoke_rcu_sleep },
	{ "rcu_wait", provoke_rcu_wait },
	{ "wait_context", provoke_wait_context },
	{ "mutex_in_spinlock", provoke_mutex_in_spinlock },
	{ "non_static_key", provoke_non_static_key },
	{ "key_not_registered", provoke_key_not_registered },
	{ "subclass", provoke_subclass },
	{ "locks_warn", provoke_locks_warn },
	{ "lock_depth", provoke_lock_depth },
	{ "assert_held", provoke_assert_held },
	{ "assert_not_held", provoke_assert_not_held },
	{ "assert_irqs", provoke_assert_irqs },
	{ }
};
