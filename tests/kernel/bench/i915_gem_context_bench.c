// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What a context goes through, a fixed number of times, with the cycles that each
 * part took: for a machine whose cycles are instructions (tests/kernel/bench-kernel
 * puts this file into a pristine driver and into an annotated one, and boots both
 * under QEMU's -icount).
 *
 * Nothing sleeps while cycles are counted, for an idle CPU's clock jumps ahead.
 */

#include <linux/timex.h>

#include <drm/drm_file.h>

#include "i915_file_private.h"
#include "i915_selftest.h"
#include "selftests/mock_gem_device.h"
#include "selftests/mock_gtt.h"

#include "mock_context.h"

#define BENCH_BATCHES 50
#define BENCH_BATCH 32
#define BENCH_USES 32

enum bench_part {
	BENCH_CREATE,
	BENCH_USE,
	BENCH_CLOSE,
	BENCH_RELEASE,
	BENCH_PARTS
};

struct bench {
	struct drm_i915_private *i915;
	struct drm_i915_file_private *file;
	struct i915_gem_context *ctx[BENCH_BATCH];
	u64 cycles[BENCH_PARTS];
};

static int bench_create(struct bench *b, int i)
{
	struct i915_ppgtt *ppgtt;
	cycles_t start;

	ppgtt = mock_ppgtt(b->i915, "bench");
	if (!ppgtt)
		return -ENOMEM;

	start = get_cycles();
	b->ctx[i] = kernel_context(b->i915, &ppgtt->vm);
	b->cycles[BENCH_CREATE] += get_cycles() - start;

	i915_vm_put(&ppgtt->vm);
	return PTR_ERR_OR_ZERO(b->ctx[i]);
}

/* What an ioctl does with a context before and after its own work. */
static void bench_use(struct bench *b, struct i915_gem_context *ctx)
{
	struct i915_gem_context *found;
	struct intel_context *ce;
	cycles_t start;
	int i;

	xa_store(&b->file->context_xa, 1, ctx, GFP_KERNEL);

	start = get_cycles();
	for (i = 0; i < BENCH_USES; i++) {
		found = i915_gem_context_lookup(b->file, 1);
		i915_vm_put(i915_gem_context_get_eb_vm(found));
		ce = i915_gem_context_get_engine(found, 0);
		if (!IS_ERR(ce))
			intel_context_put(ce);
		i915_gem_context_lock_engines(found);
		i915_gem_context_unlock_engines(found);
		i915_gem_context_put(found);
	}
	b->cycles[BENCH_USE] += get_cycles() - start;

	xa_erase(&b->file->context_xa, 1);
}

static void bench_close(struct bench *b, struct i915_gem_context *ctx)
{
	cycles_t start;

	i915_gem_context_get(ctx);

	start = get_cycles();
	kernel_context_close(ctx);
	b->cycles[BENCH_CLOSE] += get_cycles() - start;
}

/* The engines' references are gone by now, so this put is the final one. */
static void bench_release(struct bench *b, struct i915_gem_context *ctx)
{
	cycles_t start = get_cycles();

	i915_gem_context_put(ctx);
	flush_workqueue(b->i915->wq);
	b->cycles[BENCH_RELEASE] += get_cycles() - start;
}

static int bench_batch(struct bench *b)
{
	int err = 0;
	int n, i;

	for (n = 0; n < BENCH_BATCH && !err; n++)
		err = bench_create(b, n);
	if (err)
		n--;

	for (i = 0; i < n; i++)
		bench_use(b, b->ctx[i]);
	for (i = 0; i < n; i++)
		bench_close(b, b->ctx[i]);
	i915_gem_drain_workqueue(b->i915);
	for (i = 0; i < n; i++)
		bench_release(b, b->ctx[i]);

	return err;
}

static int context_bench(void *arg)
{
	struct bench *b;
	int err = 0;
	int i;

	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->i915 = arg;
	b->file = kzalloc(sizeof(*b->file), GFP_KERNEL);
	if (!b->file) {
		kfree(b);
		return -ENOMEM;
	}
	xa_init_flags(&b->file->context_xa, XA_FLAGS_ALLOC1);

	/* The first batch fills caches and lockdep's tables. */
	err = bench_batch(b);
	memset(b->cycles, 0, sizeof(b->cycles));
	for (i = 0; i < BENCH_BATCHES && !err; i++)
		err = bench_batch(b);
	i915_gem_drain_workqueue(b->i915);

	pr_info("i915 bench: rounds=%d uses=%d create=%llu use=%llu close=%llu release=%llu err=%d\n",
		BENCH_BATCHES * BENCH_BATCH, BENCH_USES,
		b->cycles[BENCH_CREATE], b->cycles[BENCH_USE],
		b->cycles[BENCH_CLOSE], b->cycles[BENCH_RELEASE], err);

	xa_destroy(&b->file->context_xa);
	kfree(b->file);
	kfree(b);
	return err;
}

int i915_gem_context_bench(void)
{
	static const struct i915_subtest tests[] = {
		SUBTEST(context_bench),
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
