// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/provoke: takes the name of a provocation and runs it; and the contexts that
 * they run in.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "provoke.h"

static const struct provocation *const groups[] = {
	provoke_lockdep, provoke_context, provoke_objects,
	provoke_memory, provoke_traps, provoke_hangs,
};

static void (*task_fn)(void);
static DECLARE_COMPLETION(task_done);

static void call_fn(void *fn)
{
	((void (*)(void))fn)();
}

void provoke_in_hardirq(void (*fn)(void))
{
	int other = get_cpu() ? 0 : 1;

	put_cpu();
	smp_call_function_single(other, call_fn, fn, 1);
}

static void timer_fn(struct timer_list *unused)
{
	task_fn();
	complete(&task_done);
}

static DEFINE_TIMER(timer, timer_fn);

void provoke_in_softirq(void (*fn)(void))
{
	task_fn = fn;
	reinit_completion(&task_done);
	mod_timer(&timer, jiffies + 1);
	wait_for_completion(&task_done);
}

static int thread_fn(void *fn)
{
	((void (*)(void))fn)();
	complete(&task_done);
	return 0;
}

void provoke_in_task(void (*fn)(void))
{
	reinit_completion(&task_done);
	if (!IS_ERR(kthread_run(thread_fn, fn, "provoke")))
		wait_for_completion(&task_done);
}

static void work_fn(struct work_struct *unused)
{
	task_fn();
}

static DECLARE_WORK(work, work_fn);

void provoke_in_work(void (*fn)(void))
{
	task_fn = fn;
	schedule_work(&work);
	flush_work(&work);
}

static ssize_t provoke_write(struct file *file, const char __user *from,
			     size_t count, loff_t *pos)
{
	const struct provocation *p;
	char name[40];
	size_t i;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, from, count))
		return -EFAULT;
	name[count] = '\0';
	strim(name);
	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		for (p = groups[i]; p->name; p++) {
			if (strcmp(p->name, name))
				continue;
			p->run();
			return count;
		}
	}
	return -ENOENT;
}

static const struct file_operations provoke_fops = {
	.owner = THIS_MODULE,
	.write = provoke_write,
};

static struct miscdevice provoke_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "provoke",
	.fops = &provoke_fops,
};

module_misc_device(provoke_device);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Provokes kernel reports, to test who reads them");
