// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mock selftests of the vm lifetime contract, one a rule, named vmlife_<rule>.
 *
 * Each drives the driver's own create, use, close and release, without
 * hardware.  They pass with and without a fault: what counts is the report in
 * the log, and that there is none while no fault was asked for.
 */

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "i915_selftest.h"
#include "selftests/mock_gem_device.h"
#include "selftests/mock_gtt.h"

#include "mock_context.h"

static unsigned int vmlife_rounds = 200;
module_param(vmlife_rounds, uint, 0600);
MODULE_PARM_DESC(vmlife_rounds,
		 "How many contexts each vmlife selftest makes, uses and closes (default: 200)");

/* Reads that must have happened before, and again after, a close. */
#define READS_BEFORE 8
#define READS_AFTER 32

/* Rounds between two waits for the driver's workqueue, to bound memory. */
#define ROUNDS_A_DRAIN 32

/**
 * struct reader - a second task that uses contexts while the first closes them
 * @task: the task, bound to a CPU of its own
 * @ctx: context to read, with a reference for the reader; it takes both
 * @reads: reads of ctx->vm so far
 * @closed: the first task has closed the context
 * @done: the reader has put its reference
 */
struct reader {
	struct task_struct *task;
	struct i915_gem_context *ctx;
	atomic_long_t reads;
	bool closed;
	struct completion done;
};

static void read_vm(struct reader *reader, struct i915_gem_context *ctx)
{
	i915_vm_put(i915_gem_context_get_eb_vm(ctx));
	atomic_long_inc(&reader->reads);
}

static void read_until_closed(struct reader *reader,
			      struct i915_gem_context *ctx)
{
	int i;

	while (!READ_ONCE(reader->closed)) {
		read_vm(reader, ctx);
		cond_resched();
	}

	for (i = 0; i < READS_AFTER; i++)
		read_vm(reader, ctx);
}

static int reader_thread(void *data)
{
	struct reader *reader = data;

	while (!kthread_should_stop()) {
		struct i915_gem_context *ctx = xchg(&reader->ctx, NULL);

		if (!ctx) {
			cond_resched();
			continue;
		}

		read_until_closed(reader, ctx);
		i915_gem_context_put(ctx);
		complete(&reader->done);
	}

	return 0;
}

/* The caller keeps to one CPU and the reader to another, where there are two. */
static int reader_start(struct reader *reader)
{
	unsigned int here = cpumask_first(cpu_online_mask);
	unsigned int there = cpumask_next(here, cpu_online_mask);

	memset(reader, 0, sizeof(*reader));
	init_completion(&reader->done);

	reader->task = kthread_create(reader_thread, reader, "vmlife-reader");
	if (IS_ERR(reader->task))
		return PTR_ERR(reader->task);

	if (there < nr_cpu_ids) {
		kthread_bind(reader->task, there);
		set_cpus_allowed_ptr(current, cpumask_of(here));
	} else {
		pr_warn("i915 vmlife: one CPU only, races are unlikely to show\n");
	}

	get_task_struct(reader->task);
	wake_up_process(reader->task);
	return 0;
}

static void reader_stop(struct reader *reader)
{
	kthread_stop(reader->task);
	put_task_struct(reader->task);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* A context that owns its vm alone: by the driver's own create, or mock's. */
static struct i915_gem_context *
make_context(struct drm_i915_private *i915, bool mock)
{
	struct i915_gem_context *ctx;
	struct i915_ppgtt *ppgtt;

	if (mock)
		return mock_context(i915, "vmlife") ?: ERR_PTR(-ENOMEM);

	ppgtt = mock_ppgtt(i915, "vmlife");
	if (!ppgtt)
		return ERR_PTR(-ENOMEM);

	ctx = kernel_context(i915, &ppgtt->vm);
	i915_vm_put(&ppgtt->vm);
	return ctx;
}

static int close_while_read(struct drm_i915_private *i915,
			    struct reader *reader, unsigned int round)
{
	struct i915_gem_context *ctx;
	long enough;

	ctx = make_context(i915, round & 1);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	enough = atomic_long_read(&reader->reads) + READS_BEFORE;
	WRITE_ONCE(reader->closed, false);
	xchg(&reader->ctx, i915_gem_context_get(ctx));
	while (atomic_long_read(&reader->reads) < enough)
		cond_resched();

	kernel_context_close(ctx);

	WRITE_ONCE(reader->closed, true);
	wait_for_completion(&reader->done);
	return 0;
}

/*
 * One task reads ctx->vm on a reference of its own while another closes the
 * context: the race of the original bug.
 */
static int race_rounds(struct drm_i915_private *i915, unsigned int rounds,
		       long *reads)
{
	struct reader reader;
	unsigned int round;
	int err;

	err = reader_start(&reader);
	if (err)
		return err;

	for (round = 0; round < rounds && !err; round++) {
		if (signal_pending(current))
			err = -EINTR;
		else
			err = close_while_read(i915, &reader, round);
		if (round % ROUNDS_A_DRAIN == 0)
			i915_gem_drain_workqueue(i915);
	}

	reader_stop(&reader);
	*reads = atomic_long_read(&reader.reads);
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

	vm = i915_gem_context_get_eb_vm(ctx);
	i915_gem_context_get(ctx);
	kernel_context_close(ctx);
	i915_gem_drain_workqueue(i915);

	mutex_lock(&vm->mutex);
	i915_gem_context_put(ctx);
	mutex_unlock(&vm->mutex);

	i915_vm_put(vm);
	return 0;
}

/* ... and from where nothing may sleep. */
static int put_with_irqs_off(struct drm_i915_private *i915, bool mock)
{
	struct i915_gem_context *ctx;

	ctx = make_context(i915, mock);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	i915_gem_context_get(ctx);
	kernel_context_close(ctx);
	i915_gem_drain_workqueue(i915);

	local_irq_disable();
	i915_gem_context_put(ctx);
	local_irq_enable();
	return 0;
}

static int final_put_rounds(struct drm_i915_private *i915, unsigned int rounds,
			    long *reads)
{
	unsigned int round;
	int err = 0;

	for (round = 0; round < rounds && !err; round++) {
		err = put_under_vm_mutex(i915, round & 1);
		if (!err)
			err = put_with_irqs_off(i915, round & 1);
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

typedef int (*rounds_fn)(struct drm_i915_private *i915, unsigned int rounds,
			 long *reads);

static int run_rounds(struct drm_i915_private *i915, const char *name,
		      unsigned int rounds, rounds_fn fn)
{
	long reads = 0;
	int err;

	err = fn(i915, rounds, &reads);
	i915_gem_drain_workqueue(i915);
	pr_info("i915 vmlife: selftest name=%s rounds=%u reads=%ld inject=%s err=%d\n",
		name, rounds, reads, rule_names[asked_fault()], err);
	return err;
}

/*
 * Clean first, even where a fault was asked for: lockdep knows the legal order
 * then, and the report that follows is the fault's.
 */
static int clean_then_faulty(struct drm_i915_private *i915, const char *name,
			     rounds_fn fn)
{
	int fault = pause_fault();
	unsigned int rounds = fault ? vmlife_rounds / 10 + 2 : vmlife_rounds;
	int err;

	err = run_rounds(i915, name, rounds, fn);
	resume_fault(fault);
	if (fault && !err)
		err = run_rounds(i915, name, vmlife_rounds, fn);

	return err;
}

static int vmlife_vm_early_put(void *i915)
{
	return clean_then_faulty(i915, __func__, race_rounds);
}

static int vmlife_vm_republish(void *i915)
{
	return clean_then_faulty(i915, __func__, race_rounds);
}

static int vmlife_vm_leak(void *i915)
{
	return clean_then_faulty(i915, __func__, race_rounds);
}

static int vmlife_vm_double_put(void *i915)
{
	return clean_then_faulty(i915, __func__, race_rounds);
}

static int vmlife_release_atomic(void *i915)
{
	return clean_then_faulty(i915, __func__, final_put_rounds);
}

int i915_gem_vmlife_mock_selftests(void)
{
	static const struct i915_subtest tests[] = {
		SUBTEST(vmlife_vm_early_put),
		SUBTEST(vmlife_vm_republish),
		SUBTEST(vmlife_vm_leak),
		SUBTEST(vmlife_vm_double_put),
		SUBTEST(vmlife_release_atomic),
	};
	struct drm_i915_private *i915;
	int err;

	i915 = mock_gem_device();
	if (!i915)
		return -ENOMEM;

	err = i915_subtests(tests, i915);

	mock_destroy_device(i915);
	return err;
}
