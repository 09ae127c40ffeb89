// SPDX-License-Identifier: GPL-2.0
/*
 * Objects whose life is tracked: ODEBUG's timers, works and RCU heads, kobjects,
 * references, notifiers.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/notifier.h>
#include <linux/percpu-refcount.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "provoke.h"

struct object {
	struct timer_list timer;
	struct work_struct work;
	struct rcu_head rcu;
	struct kref ref;
};

static void ignore_timer(struct timer_list *unused)
{
}

static void ignore_work(struct work_struct *unused)
{
}

static struct object *new_object(void)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (o) {
		timer_setup(&o->timer, ignore_timer, 0);
		INIT_WORK(&o->work, ignore_work);
	}
	return o;
}

/* ODEBUG: free active. */
static noinline void provoke_free_timer(void)
{
	struct object *o = new_object();

	if (!o)
		return;
	mod_timer(&o->timer, jiffies + 100 * HZ);
	kfree(o);
}

/* ODEBUG: init active. */
static noinline void provoke_init_timer(void)
{
	struct object *o = new_object();

	if (!o)
		return;
	mod_timer(&o->timer, jiffies + 100 * HZ);
	timer_setup(&o->timer, ignore_timer, 0);
}

/* ODEBUG: assert_init not available: a timer that nobody set up. */
static noinline void provoke_unknown_timer(void)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return;
	mod_timer(&o->timer, jiffies + HZ);
}

/* ODEBUG: object is on stack, but not annotated. */
static noinline void provoke_timer_on_stack(void)
{
	struct timer_list timer;

	timer_setup(&timer, ignore_timer, 0);
}

static void free_object(struct rcu_head *rcu)
{
}

/* ODEBUG: activate active: the same head twice. */
static noinline void provoke_call_rcu_twice(void)
{
	struct object *o = new_object();

	if (!o)
		return;
	call_rcu(&o->rcu, free_object);
	call_rcu(&o->rcu, free_object);
	rcu_barrier();
}

static void release_object(struct kref *ref)
{
}

/* refcount_t by way of kref. */
static noinline void provoke_kref_get(void)
{
	struct object *o = new_object();

	if (!o)
		return;
	kref_init(&o->ref);
	kref_put(&o->ref, release_object);
	kref_get(&o->ref);
}

static noinline void provoke_kref_put(void)
{
	struct object *o = new_object();

	if (!o)
		return;
	kref_init(&o->ref);
	kref_put(&o->ref, release_object);
	kref_put(&o->ref, release_object);
}

static void ignore_ref(struct percpu_ref *unused)
{
}

/* percpu ref <= 0 after switching to atomic. */
static noinline void provoke_percpu_ref(void)
{
	static struct percpu_ref ref;

	if (percpu_ref_init(&ref, ignore_ref, 0, GFP_KERNEL))
		return;
	percpu_ref_put(&ref);
	percpu_ref_put(&ref);
	percpu_ref_kill(&ref);
	rcu_barrier();
	msleep(100);
}

/* kobject is not initialized, yet kobject_get() is being called. */
static noinline void provoke_kobject_get(void)
{
	struct kobject *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (k)
		kobject_get(k);
}

/* tried to init an initialized object. */
static noinline void provoke_kobject_init(void)
{
	static const struct kobj_type type = { };
	struct kobject *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (!k)
		return;
	kobject_init(k, (struct kobj_type *)&type);
	kobject_init(k, (struct kobj_type *)&type);
}

static int ignore_event(struct notifier_block *nb, unsigned long event, void *data)
{
	return NOTIFY_DONE;
}

/* notifier callback already registered. */
static noinline void provoke_notifier_twice(void)
{
	static BLOCKING_NOTIFIER_HEAD(chain);
	static struct notifier_block block = { .notifier_call = ignore_event };

	blocking_notifier_chain_register(&chain, &block);
	blocking_notifier_chain_register(&chain, &block);
}

/* Device does not have a release() function. */
static noinline void provoke_device_release(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return;
	device_initialize(dev);
	dev_set_name(dev, "provoke0");
	put_device(dev);
	msleep(100);
}

const struct provocation provoke_objects[] = {
	{ "free_timer", provoke_free_timer },
	{ "init_timer", provoke_init_timer },
	{ "unknown_timer", provoke_unknown_timer },
	{ "timer_on_stack", provoke_timer_on_stack },
	{ "call_rcu_twice", provoke_call_rcu_twice },
	{ "kref_get", provoke_kref_get },
	{ "kref_put", provoke_kref_put },
	{ "percpu_ref", provoke_percpu_ref },
	{ "kobject_get", provoke_kobject_get },
	{ "kobject_init", provoke_kobject_init },
	{ "notifier_twice", provoke_notifier_twice },
	{ "device_release", provoke_device_release },
	{ }
};
