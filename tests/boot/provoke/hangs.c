// SPDX-License-Identifier: GPL-2.0
/*
 * Hangs: RCU stalls, tasks and works that wait or spin too long. They end by
 * themselves, after the time that the detectors are set to by the boot's recipe.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "provoke.h"

enum { LONG_SECONDS = 15 };

static noinline void spin_long(void)
{
	unsigned long end = jiffies + LONG_SECONDS * HZ;

	while (time_before(jiffies, end))
		cpu_relax();
}

static void ignore(struct rcu_head *unused)
{
}

/* A grace period for others to wait for. */
static void want_grace_period(void)
{
	static struct rcu_head head;

	call_rcu(&head, ignore);
}

/* A reader that keeps its CPU. */
static noinline void provoke_rcu_stall(void)
{
	want_grace_period();
	rcu_read_lock();
	spin_long();
	rcu_read_unlock();
}

/* No way for the CPU to say that it is through. */
static noinline void provoke_rcu_stall_cpu(void)
{
	want_grace_period();
	preempt_disable();
	spin_long();
	preempt_enable();
}

static int reader(void *unused)
{
	rcu_read_lock();
	spin_long();
	rcu_read_unlock();
	return 0;
}

/* synchronize_rcu_expedited() has a warning of its own. */
static noinline void provoke_rcu_expedited(void)
{
	struct task_struct *task;

	task = kthread_run(reader, NULL, "reader");
	if (IS_ERR(task))
		return;
	msleep(100);
	synchronize_rcu_expedited();
}

static DEFINE_MUTEX(busy);

static int waiter(void *unused)
{
	mutex_lock(&busy);
	mutex_unlock(&busy);
	return 0;
}

/* A task that waits for a mutex that another keeps. */
static noinline void provoke_hung_mutex(void)
{
	mutex_lock(&busy);
	kthread_run(waiter, NULL, "waiter");
	msleep_interruptible(LONG_SECONDS * 1000);
	mutex_unlock(&busy);
}

static int forever(void *unused)
{
	static DECLARE_COMPLETION(never);

	wait_for_completion(&never);
	return 0;
}

static noinline void provoke_hung_completion(void)
{
	kthread_run(forever, NULL, "forever");
	msleep_interruptible(LONG_SECONDS * 1000);
}

static void spin_work(struct work_struct *unused)
{
	spin_long();
}

/* workqueue lockup: nothing else runs in this CPU's pool. */
static noinline void provoke_workqueue_lockup(void)
{
	static DECLARE_WORK(first, spin_work);
	static DECLARE_WORK(second, spin_work);

	int other = raw_smp_processor_id() ? 0 : 1;

	schedule_work_on(other, &first);
	schedule_work_on(other, &second);
	/* The watchdog's timer does not wake a CPU: keep this one awake. */
	spin_long();
}

const struct provocation provoke_hangs[] = {
	{ "rcu_stall", provoke_rcu_stall },
	{ "rcu_stall_cpu", provoke_rcu_stall_cpu },
	{ "rcu_expedited", provoke_rcu_expedited },
	{ "hung_mutex", provoke_hung_mutex },
	{ "hung_completion", provoke_hung_completion },
	{ "workqueue_lockup", provoke_workqueue_lockup },
	{ }
};
