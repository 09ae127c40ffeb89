// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mock selftests of the vm lifetime contract, one per rule, named vmlife_<rule>.
 *
 * Each runs the driver's own create, use, close and release, without hardware.
 * They pass with and without a fault: the log must have the report of the injected
 * fault, and no report without one.
 */

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include <drm/drm_file.h>

#include "gem/i915_gem_ioctls.h"
#include "i915_selftest.h"

#include "i915_gem_vmlife_tree.h"

static unsigned int vmlife_rounds = 200;
module_param(vmlife_rounds, uint, 0600);
MODULE_PARM_DESC(vmlife_rounds,
		 "How many contexts each vmlife selftest makes, uses and closes (default: 200)");

/* Number of uses that must happen before, and again after, a close. */
#define USES_BEFORE 8
#define USES_AFTER 32

/* Writes beside these uses: a sampling detector must hit one of them. */
#define POKES_BEFORE 32

/* Rounds between two waits for the driver's workqueue, to bound memory. */
#define ROUNDS_A_DRAIN 32

/**
 * struct client - an open file of the driver, as far as needed here
 * @file: argument of the ioctls
 * @priv: its contexts by handle; the one of a round is at CLIENT_CTX
 */
struct client {
	struct drm_file file;
	struct drm_i915_file_private priv;
};

#define CLIENT_CTX 1

/**
 * struct race - two tasks on two CPUs and one context at a time
 * @name: of the selftest
 * @use: run repeatedly by the second task
 * @poke: run by the first task meanwhile, or NULL
 * @owns: the second task holds a reference of its own
 * @late: the handle stays valid until the second task is done, as if that task had
 *	looked it up before the close; needs @owns
 * @i915: the mock device
 * @client: open file that has the context of this round
 * @task: the second task, bound to a CPU of its own
 * @ctx: the context of this round, for the second task to take
 * @uses: number of calls of @use
 * @closed: the first task has closed the context
 * @done: the second task is done with this context
 */
struct race {
	const char *name;
	void (*use)(struct race *race, struct i915_gem_context *ctx);
	void (*poke)(struct race *race, struct i915_gem_context *ctx);
	bool owns;
	bool late;

	struct drm_i915_private *i915;
	struct client *client;
	struct task_struct *task;
	struct i915_gem_context *ctx;
	atomic_long_t uses;
	bool closed;
	struct completion done;
};

static void use_once(struct race *race, struct i915_gem_context *ctx)
{
	race->use(race, ctx);
	atomic_long_inc(&race->uses);
}

static void use_until_closed(struct race *race, struct i915_gem_context *ctx)
{
	int i;

	while (!READ_ONCE(race->closed)) {
		use_once(race, ctx);
		cond_resched();
	}

	for (i = 0; i < USES_AFTER; i++)
		use_once(race, ctx);
}

static int vmlife_user(void *data)
{
	struct race *race = data;

	while (!kthread_should_stop()) {
		struct i915_gem_context *ctx = xchg(&race->ctx, NULL);

		if (!ctx) {
			cond_resched();
			continue;
		}

		use_until_closed(race, ctx);
		if (race->owns)
			i915_gem_context_put(ctx);
		complete(&race->done);
	}

	return 0;
}

/* The caller is bound to one CPU and the user to another, if there are two. */
static int user_start(struct race *race)
{
	unsigned int here = cpumask_first(cpu_online_mask);
	unsigned int there = cpumask_next(here, cpu_online_mask);

	init_completion(&race->done);
	atomic_long_set(&race->uses, 0);

	race->task = kthread_create(vmlife_user, race, "vmlife-user");
	if (IS_ERR(race->task))
		return PTR_ERR(race->task);

	if (there < nr_cpu_ids) {
		kthread_bind(race->task, there);
		set_cpus_allowed_ptr(current, cpumask_of(here));
	} else {
		pr_warn("i915 vmlife: one CPU only, races are unlikely to show\n");
	}

	get_task_struct(race->task);
	wake_up_process(race->task);
	return 0;
}

static void user_stop(struct race *race)
{
	kthread_stop(race->task);
	put_task_struct(race->task);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static struct client *client_open(void)
{
	struct client *client = kzalloc(sizeof(*client), GFP_KERNEL);

	if (!client)
		return NULL;

	vmlife_open_file(&client->priv);
	client->file.driver_priv = &client->priv;
	return client;
}

static void client_close(struct client *client)
{
	vmlife_close_file(&client->priv);
	kfree(client);
}

/* A context that owns its vm alone, from the driver's own create, or the mock's. */
static struct i915_gem_context *
make_context(struct drm_i915_private *i915, bool mock)
{
	if (mock)
		return mock_context(i915, "vmlife") ?: ERR_PTR(-ENOMEM);

	return vmlife_create(i915);
}

static void wait_for_uses(struct race *race, struct i915_gem_context *ctx)
{
	long enough = atomic_long_read(&race->uses) + USES_BEFORE;
	int pokes = race->poke ? POKES_BEFORE : 0;

	while (atomic_long_read(&race->uses) < enough || pokes > 0) {
		if (race->poke)
			race->poke(race, ctx);
		pokes--;
		cond_resched();
	}
}

/*
 * The engines hold the vm until RCU has freed them.  After that the context's own
 * reference is the last one, and if it was put too early the reader finds a dead vm,
 * not one that is about to die.
 */
static void outlive_engines(struct race *race, struct i915_gem_context *ctx)
{
	vmlife_drain(race->i915);
	wait_for_uses(race, ctx);
}

/* As when a handle is closed: removed from the file first, then closed. */
static int close_while_used(struct race *race, unsigned int round)
{
	struct i915_gem_context *ctx;
	int err;

	ctx = make_context(race->i915, round & 1);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	err = xa_err(xa_store(&race->client->priv.context_xa, CLIENT_CTX, ctx,
			      GFP_KERNEL));
	if (err) {
		kernel_context_close(ctx);
		return err;
	}

	WRITE_ONCE(race->closed, false);
	xchg(&race->ctx, race->owns ? i915_gem_context_get(ctx) : ctx);
	wait_for_uses(race, ctx);

	if (!race->late)
		xa_erase(&race->client->priv.context_xa, CLIENT_CTX);
	kernel_context_close(ctx);
	if (round % ROUNDS_A_DRAIN == 0)
		outlive_engines(race, ctx);

	WRITE_ONCE(race->closed, true);
	wait_for_completion(&race->done);
	xa_erase(&race->client->priv.context_xa, CLIENT_CTX);
	return 0;
}

static int race_rounds(struct race *race, unsigned int rounds)
{
	unsigned int round;
	int err;

	err = user_start(race);
	if (err)
		return err;

	for (round = 0; round < rounds && !err; round++) {
		if (signal_pending(current))
			err = -EINTR;
		else
			err = close_while_used(race, round);
	}

	user_stop(race);
	return err;
}

/* The final put under a lock that the body of the release may take: legal. */
static int put_under_vm_mutex(struct drm_i915_private *i915, bool mock)
{
	struct i915_address_space *vm;
	struct i915_gem_context *ctx;

	ctx = make_context(i915, mock);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	vm = vmlife_get_vm(ctx);
	i915_gem_context_get(ctx);
	kernel_context_close(ctx);

	mutex_lock(&vm->mutex);
	i915_gem_context_put(ctx);
	mutex_unlock(&vm->mutex);

	i915_vm_put(vm);
	return 0;
}

/* ... and in atomic context. */
static int put_with_irqs_off(struct drm_i915_private *i915, bool mock)
{
	struct i915_gem_context *ctx;

	ctx = make_context(i915, mock);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	i915_gem_context_get(ctx);
	kernel_context_close(ctx);

	local_irq_disable();
	i915_gem_context_put(ctx);
	local_irq_enable();
	return 0;
}

/**
 * struct late_put - a reference for an interrupt to put
 * @work: run by the interrupt
 * @ctx: the context
 */
struct late_put {
	struct irq_work work;
	struct i915_gem_context *ctx;
};

static void put_in_irq(struct irq_work *work)
{
	i915_gem_context_put(container_of(work, struct late_put, work)->ctx);
}

/* ... and from a hard interrupt, as a fence's callback may. */
static int put_from_irq(struct drm_i915_private *i915, bool mock)
{
	struct late_put put;

	put.ctx = make_context(i915, mock);
	if (IS_ERR(put.ctx))
		return PTR_ERR(put.ctx);

	i915_gem_context_get(put.ctx);
	kernel_context_close(put.ctx);

	init_irq_work(&put.work, put_in_irq);
	irq_work_queue(&put.work);
	irq_work_sync(&put.work);
	return 0;
}

/*
 * The close leaves a reference with the engines, until RCU has freed them: wait
 * for that in some rounds, so that the test's put is the last one there, and that of
 * the engines in other rounds.
 */
static int final_put_rounds(struct race *race, unsigned int rounds)
{
	unsigned int round;
	int err = 0;

	for (round = 0; round < rounds && !err; round++) {
		err = put_under_vm_mutex(race->i915, round & 1);
		if (!err)
			err = put_with_irqs_off(race->i915, round & 1);
		if (!err)
			err = put_from_irq(race->i915, round & 1);
		if (round % ROUNDS_A_DRAIN == 0)
			vmlife_drain(race->i915);
		cond_resched();
	}

	return err;
}

static int pause_fault(void)
{
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
	return xchg(&i915_vmlife_fault, VMLIFE_NO_RULE);
#else
	return VMLIFE_NO_RULE;
#endif
}

static void resume_fault(int fault)
{
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
	WRITE_ONCE(i915_vmlife_fault, fault);
#endif
}

typedef int (*rounds_fn)(struct race *race, unsigned int rounds);

static int run_rounds(struct race *race, unsigned int rounds, rounds_fn fn)
{
	int err;

	err = fn(race, rounds);
	vmlife_drain(race->i915);
	pr_info("i915 vmlife: selftest token=%s name=%s rounds=%u reads=%ld inject=%s fault=%s err=%d\n",
		vmlife_token(), race->name, rounds, atomic_long_read(&race->uses),
		vmlife_fault_name(vmlife_fault_rule(vmlife_asked_fault())),
		vmlife_fault_name(vmlife_asked_fault()), err);
	return err;
}

/*
 * First without the fault, even if one is injected: then lockdep knows the legal order,
 * and the report that follows is that of the fault.
 */
static int clean_then_faulty(struct race *race, rounds_fn fn)
{
	int fault = pause_fault();
	unsigned int rounds = fault ? vmlife_rounds / 10 + 2 : vmlife_rounds;
	int err;

	race->client = client_open();
	if (!race->client)
		return -ENOMEM;

	err = run_rounds(race, rounds, fn);
	resume_fault(fault);
	if (fault && !err)
		err = run_rounds(race, vmlife_rounds, fn);

	client_close(race->client);
	return err;
}

static void use_vm(struct race *race, struct i915_gem_context *ctx)
{
	i915_vm_put(vmlife_get_vm(ctx));
}

/*
 * One task reads ctx->vm with its own reference on the context while another task
 * closes the context: the race of the original bug.
 */
#define RACE_ON_VM(i915_)			\
	struct race race = {			\
		.name = __func__,		\
		.use = use_vm,			\
		.owns = true,			\
		.i915 = i915_,			\
	}

static int vmlife_vm_early_put(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, race_rounds);
}

#if !I915_VMLIFE_HAS_VM_REPLACED
static int vmlife_vm_republish(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, race_rounds);
}
#else
#include "i915_gem_vmlife_param_vm.c"
#endif

/* The reference of a file on a vm, from its creation to I915_GEM_VM_DESTROY. */
static int destroy_vm(struct race *race)
{
	struct drm_i915_gem_vm_control args = { };
	struct i915_ppgtt *ppgtt;
	int err;

	ppgtt = mock_ppgtt(race->i915, "vmlife-file");
	if (!ppgtt)
		return -ENOMEM;

	err = vmlife_make_handle(&race->client->priv, &ppgtt->vm, &args.vm_id);
	if (err)
		return err;

	return i915_gem_vm_destroy_ioctl(&race->i915->drm, &args,
					 &race->client->file);
}

static int leak_rounds(struct race *race, unsigned int rounds)
{
	return destroy_vm(race) ?: race_rounds(race, rounds);
}

static int vmlife_vm_leak(void *i915)
{
	RACE_ON_VM(i915);

#if I915_VMLIFE_HAS_VM_REPLACED
	race.poke = poke_param_vm;
#endif
	return clean_then_faulty(&race, leak_rounds);
}

static int vmlife_vm_double_put(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, race_rounds);
}

/*
 * Two contexts on the vm of a file's handle, with engines that hold it too, or closed
 * and without.
 */
static int share(struct race *race, u32 vm_id, bool close,
		 struct i915_gem_context *ctx[2])
{
	int i, err = 0;

	for (i = 0; i < 2 && !err; i++) {
		ctx[i] = vmlife_create_on(race->i915, &race->client->file, vm_id);
		if (IS_ERR(ctx[i])) {
			err = PTR_ERR(ctx[i]);
			ctx[i] = NULL;
		} else if (close) {
			i915_gem_context_get(ctx[i]);
			kernel_context_close(ctx[i]);
		}
	}

	return err;
}

static int destroy_handle(struct race *race, u32 vm_id)
{
	struct drm_i915_gem_vm_control args = { .vm_id = vm_id };

	return i915_gem_vm_destroy_ioctl(&race->i915->drm, &args,
					 &race->client->file);
}

/* The handle is destroyed while the contexts, closed or not, own the vm. */
static int share_vm(struct race *race, bool close, bool drain)
{
	struct i915_gem_context *ctx[2] = { };
	struct i915_ppgtt *ppgtt;
	int i, err;
	u32 id;

	ppgtt = mock_ppgtt(race->i915, "vmlife-shared");
	if (!ppgtt)
		return -ENOMEM;

	err = vmlife_make_handle(&race->client->priv, &ppgtt->vm, &id);
	if (err)
		return err;

	err = share(race, id, close, ctx);
	if (!err && drain)
		vmlife_drain(race->i915);
	destroy_handle(race, id);
	if (!err)
		vmlife_undo_stray_put(&ppgtt->vm);

	for (i = 0; i < 2; i++) {
		if (!ctx[i])
			continue;
		if (close)
			i915_gem_context_put(ctx[i]);
		else
			kernel_context_close(ctx[i]);
	}
	return err;
}

static int share_rounds(struct race *race, unsigned int rounds)
{
	unsigned int round;
	int err = 0;

	for (round = 0; round < rounds && !err; round++) {
		err = share_vm(race, round % 2, round % ROUNDS_A_DRAIN < 2);
		cond_resched();
	}

	return err;
}

static int vmlife_vm_stray_put(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, share_rounds);
}

static int vmlife_lock_order(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, race_rounds);
}

static int vmlife_release_atomic(void *i915)
{
	RACE_ON_VM(i915);

	return clean_then_faulty(&race, final_put_rounds);
}

/* By handle and without a reference, as each ioctl begins. */
static void use_lookup(struct race *race, struct i915_gem_context *ctx)
{
	ctx = vmlife_lookup(&race->client->priv, CLIENT_CTX);
	if (ctx)
		i915_gem_context_put(ctx);
}

static void poke_throttle(struct race *race, struct i915_gem_context *ctx)
{
	i915_gem_throttle_ioctl(&race->i915->drm, NULL, &race->client->file);
}

static int vmlife_ctx_chase(void *i915)
{
	struct race race = {
		.name = __func__,
		.use = use_lookup,
		.poke = poke_throttle,
		.i915 = i915,
	};

	return clean_then_faulty(&race, race_rounds);
}

static void use_engine(struct race *race, struct i915_gem_context *ctx)
{
	struct intel_context *ce;

	ce = i915_gem_context_get_engine(ctx, 0);
	if (!IS_ERR(ce))
		intel_context_put(ce);
}

static void poke_engines(struct race *race, struct i915_gem_context *ctx)
{
	i915_gem_context_lock_engines(ctx);
	i915_gem_context_unlock_engines(ctx);
#if I915_VMLIFE_HAS_VM_REPLACED
	reset_engines(race, ctx);
#endif
}

static int vmlife_engines_unlocked(void *i915)
{
	struct race race = {
		.name = __func__,
		.use = use_engine,
		.poke = poke_engines,
		.owns = true,
		.i915 = i915,
	};

	return clean_then_faulty(&race, race_rounds);
}

static void use_priority(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_PRIORITY,
	};

	i915_gem_context_getparam_ioctl(&race->i915->drm, &args,
					&race->client->file);
}

static void poke_priority(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_PRIORITY,
		.value = atomic_long_read(&race->uses) & 1,
	};

	i915_gem_context_setparam_ioctl(&race->i915->drm, &args,
					&race->client->file);
}

static int vmlife_sched_racy_read(void *arg)
{
	struct drm_i915_private *i915 = arg;
	unsigned int caps = i915->caps.scheduler;
	struct race race = {
		.name = __func__,
		.use = use_priority,
		.poke = poke_priority,
		.i915 = i915,
	};
	int err;

	/* The mock engine has no scheduler; setting a priority needs none. */
	i915->caps.scheduler |= I915_SCHEDULER_CAP_PRIORITY;
	err = clean_then_faulty(&race, race_rounds);
	i915->caps.scheduler = caps;
	return err;
}

int i915_gem_vmlife_mock_selftests(void)
{
	static const struct i915_subtest tests[] = {
		SUBTEST(vmlife_vm_early_put),
		SUBTEST(vmlife_vm_stray_put),
		SUBTEST(vmlife_vm_republish),
		SUBTEST(vmlife_vm_leak),
		SUBTEST(vmlife_vm_double_put),
		SUBTEST(vmlife_ctx_chase),
		SUBTEST(vmlife_release_atomic),
		SUBTEST(vmlife_engines_unlocked),
		SUBTEST(vmlife_lock_order),
		SUBTEST(vmlife_sched_racy_read),
#if I915_VMLIFE_HAS_VM_REPLACED
		SUBTEST(vmlife_vm_get_livelock), /* until: 5.14 */
#endif
	};
	struct drm_i915_private *i915;
	int err;

	i915 = mock_gem_device();
	if (!i915)
		return -ENOMEM;

	vmlife_give_ppgtt(i915);
	err = i915_subtests(tests, i915);

	mock_destroy_device(i915);
	return err;
}
