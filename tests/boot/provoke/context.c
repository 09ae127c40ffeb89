// SPDX-License-Identifier: GPL-2.0
/*
 * Code in a context that it must not run in, spinlocks that their own debugging
 * checks, and contexts left as they must not be left.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "provoke.h"

static DEFINE_SPINLOCK(lock);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(kept);
static DEFINE_PER_CPU(int, counter);

/* sleeping function called from invalid context: each reason that it can have. */
static noinline void provoke_sleep_in_spinlock(void)
{
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static noinline void provoke_sleep_irqs_off(void)
{
	local_irq_disable();
	might_sleep();
	local_irq_enable();
}

static noinline void allocate(void)
{
	kfree(kmalloc(64, GFP_KERNEL));
}

static noinline void provoke_sleep_in_hardirq(void)
{
	provoke_in_hardirq(allocate);
}

static noinline void provoke_sleep_in_softirq(void)
{
	provoke_in_softirq(allocate);
}

/* scheduling while atomic. */
static noinline void provoke_schedule_atomic(void)
{
	preempt_disable();
	schedule();
	/* The scheduler has put the count right. */
}

/* Per-CPU data of a task that may move. */
static noinline void provoke_processor_id(void)
{
	pr_info("on cpu %d\n", smp_processor_id());
}

static noinline void provoke_this_cpu(void)
{
	__this_cpu_inc(counter);
}

/* assuming atomic context. */
static noinline void provoke_cant_sleep(void)
{
	cant_sleep();
}

/* workqueue leaked ...: a work that ends otherwise than it began. */
static noinline void keep_lock(void)
{
	mutex_lock(&kept);
}

static noinline void keep_atomic(void)
{
	preempt_disable();
}

static noinline void provoke_work_keeps_lock(void)
{
	provoke_in_work(keep_lock);
}

static noinline void provoke_work_keeps_atomic(void)
{
	provoke_in_work(keep_atomic);
}

/* The same of a timer. */
static noinline void provoke_timer_keeps_atomic(void)
{
	provoke_in_softirq(keep_atomic);
}

/* CONFIG_DEBUG_SPINLOCK's checks, where lockdep does not look. */
static int releaser(void *unused)
{
	msleep(300);
	lockdep_off();
	preempt_disable();
	spin_unlock(&lock);
	lockdep_on();
	return 0;
}

static noinline void provoke_spin_recursion(void)
{
	struct task_struct *task = kthread_create(releaser, NULL, "releaser");

	if (IS_ERR(task))
		return;
	kthread_bind(task, raw_smp_processor_id() ? 0 : 1);
	wake_up_process(task);
	lockdep_off();
	spin_lock(&lock);
	spin_lock(&lock);
	preempt_enable();
	spin_unlock(&lock);
	lockdep_on();
}

static noinline void provoke_spin_unlocked(void)
{
	lockdep_off();
	preempt_disable();
	spin_unlock(&lock);
	lockdep_on();
}

static noinline void provoke_spin_magic(void)
{
	spinlock_t *none = kzalloc(sizeof(*none), GFP_KERNEL);

	if (!none)
		return;
	lockdep_off();
	spin_lock(none);
	spin_unlock(none);
	lockdep_on();
	kfree(none);
}

static void take_lock(void)
{
	lockdep_off();
	spin_lock(&lock);
	preempt_enable();
	lockdep_on();
}

static noinline void provoke_spin_owner(void)
{
	provoke_in_task(take_lock);
	lockdep_off();
	preempt_disable();
	spin_unlock(&lock);
	lockdep_on();
}

static noinline void provoke_rwlock_unlocked(void)
{
	lockdep_off();
	preempt_disable();
	write_unlock(&rwlock);
	lockdep_on();
}

const struct provocation provoke_context[] = {
	{ "sleep_in_spinlock", provoke_sleep_in_spinlock },
	{ "sleep_irqs_off", provoke_sleep_irqs_off },
	{ "sleep_in_hardirq", provoke_sleep_in_hardirq },
	{ "sleep_in_softirq", provoke_sleep_in_softirq },
	{ "schedule_atomic", provoke_schedule_atomic },
	{ "processor_id", provoke_processor_id },
	{ "this_cpu", provoke_this_cpu },
	{ "cant_sleep", provoke_cant_sleep },
	{ "work_keeps_lock", provoke_work_keeps_lock },
	{ "work_keeps_atomic", provoke_work_keeps_atomic },
	{ "timer_keeps_atomic", provoke_timer_keeps_atomic },
	{ "spin_recursion", provoke_spin_recursion },
	{ "spin_unlocked", provoke_spin_unlocked },
	{ "spin_magic", provoke_spin_magic },
	{ "spin_owner", provoke_spin_owner },
	{ "rwlock_unlocked", provoke_rwlock_unlocked },
	{ }
};
