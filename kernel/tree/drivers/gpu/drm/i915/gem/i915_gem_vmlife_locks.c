// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the rules about what is held, and in which order it is taken.
 *
 * Lockdep knows, so without it most of this is silent.  Lock classes and maps are
 * named vmlife_<rule>: lockdep's own reports carry these names, and by them the
 * log's reader knows which rule broke.
 */

#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"
#include "i915_gem_vmlife_trace.h"

/*
 * In an RCU section?  Where tasks count theirs that is a load; else lockdep is
 * asked, and without it nobody knows.
 */
static bool in_rcu_section(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RCU))
		return rcu_preempt_depth();

#ifdef CONFIG_LOCKDEP
	return rcu_read_lock_held() && READ_ONCE(debug_locks);
#else
	return false;
#endif
}

/*
 * Rule lock-order.
 *
 * To lockdep each place with a mutex_init() is a class of its own, so what a
 * mock context does would say nothing of a real one.  One class a lock for all
 * contexts, and the legal order told once:
 *
 *	ctx->mutex		context_close(), around
 *	  ctx->lut_mutex	lut_close(); execbuf takes it alone and allocates
 *	    vm->mutex		... so that reclaim may take this inside; up to
 *				5.16 context_close() takes it under ctx->mutex
 *
 * engines_mutex nests with none of them.  proto_context_lock is the file's and
 * stays outside of all.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key ctx_mutex_key;
static struct lock_class_key lut_mutex_key;
static struct lock_class_key engines_mutex_key;

static void join_lock_classes(struct i915_gem_context *ctx)
{
	lockdep_set_class_and_name(&ctx->mutex, &ctx_mutex_key,
				   "vmlife_lock_order:ctx->mutex");
	lockdep_set_class_and_name(&ctx->lut_mutex, &lut_mutex_key,
				   "vmlife_lock_order:ctx->lut_mutex");
	lockdep_set_class_and_name(&ctx->engines_mutex, &engines_mutex_key,
				   "vmlife_lock_order:ctx->engines_mutex");
}

static void teach_lock_order(struct i915_gem_context *ctx)
{
	static atomic_t taught;

	struct i915_address_space *vm = ctx_vm(ctx);

	if (!vm || atomic_read(&taught) || atomic_xchg(&taught, 1))
		return;

	mutex_lock(&ctx->mutex);
	mutex_lock(&ctx->lut_mutex);
	might_lock(&vm->mutex);
	mutex_unlock(&ctx->lut_mutex);
	mutex_unlock(&ctx->mutex);
}
#else
static void join_lock_classes(struct i915_gem_context *ctx) { }
static void teach_lock_order(struct i915_gem_context *ctx) { }
#endif

void vmlife_locks_init(struct i915_gem_context *ctx)
{
	join_lock_classes(ctx);
	teach_lock_order(ctx);
}

/*
 * Rule release-atomic.
 *
 * The body of the release may sleep and takes locks of the driver: its own
 * destructors do, and so may those of whatever it puts.  That is why the put,
 * which may come from a hard interrupt, only queues it.
 *
 * The map says to lockdep "the body runs", and might_lock() teaches it which
 * locks may be taken then.  A caller that holds one of them closes the circle,
 * in one run, without a deadlock.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key release_atomic_key;
static struct lockdep_map release_atomic_map =
	STATIC_LOCKDEP_MAP_INIT("vmlife_release_atomic",
				&release_atomic_key);
#endif

/* Without PREEMPT_COUNT only interrupts tell. */
static bool cannot_sleep(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) ? !preemptible() : irqs_disabled();
}

/* What ctx->vm points to, if the context is sure to keep it. */
static struct i915_address_space *owned_vm(struct i915_gem_context *ctx)
{
	return test_bit(CTX_OWNS, &ctx->vmlife.state) ? ctx_vm(ctx) : NULL;
}

static bool holds_driver_lock(struct i915_gem_context *ctx)
{
	struct i915_address_space *vm = owned_vm(ctx);

	return vmlife_holds(&ctx->mutex) || vmlife_holds(&ctx->engines_mutex) ||
		vmlife_holds(&ctx->lut_mutex) || (vm && vmlife_holds(&vm->mutex));
}

/*
 * What the body may take, told once: lockdep keeps it, and each release tells
 * who waits for it with what held.
 */
static void teach_release_locks(struct i915_gem_context *ctx,
				struct i915_address_space *vm)
{
	static atomic_t taught;

	if (!vm || atomic_read(&taught) || atomic_xchg(&taught, 1))
		return;

	might_lock(&ctx->mutex);
	might_lock(&ctx->engines_mutex);
	might_lock(&ctx->lut_mutex);
	might_lock(&vm->mutex);
}

static noinline void vmlife_check_release_atomic(struct i915_gem_context *ctx,
						 unsigned long ip)
{
	struct i915_address_space *vm = owned_vm(ctx);

#ifdef CONFIG_LOCKDEP
	lock_map_acquire(&release_atomic_map);
#endif
	if (unlikely(cannot_sleep() || holds_driver_lock(ctx))) {
		vmlife_report(VMLIFE_release_atomic, ctx, ip);
		return;
	}

	might_sleep();
	teach_release_locks(ctx, vm);
}

void __i915_vmlife_release_begin(struct i915_gem_context *ctx)
{
	set_bit(CTX_RELEASING, &ctx->vmlife.state);
	trace_i915_vmlife_release(ctx->vmlife.id, vmlife_vm_id(ctx->vmlife.shadow),
				  kref_read(&ctx->ref));
	vmlife_check_release_atomic(ctx, _RET_IP_);
	vmlife_alone(ctx);
}

void __i915_vmlife_release_end(void)
{
#ifdef CONFIG_LOCKDEP
	lock_map_release(&release_atomic_map);
#endif
}

/* Rule engines-unlocked: the mutex, or for a read RCU. */
static noinline void
vmlife_check_engines_unlocked(const struct i915_gem_context *ctx,
			      unsigned long ip)
{
	vmlife_report(VMLIFE_engines_unlocked, (struct i915_gem_context *)ctx,
		      ip);
}

void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu)
{
	if (rcu && in_rcu_section())
		return;

	if (unlikely(vmlife_lacks(&ctx->engines_mutex)))
		vmlife_check_engines_unlocked(ctx, _RET_IP_);
}

/*
 * Rule ctx-chase, at a take: the memory must stay until the count was looked
 * at, by RCU or by a lock that the release takes to leave the list.
 */
static noinline void vmlife_check_ctx_chase(struct i915_gem_context *ctx)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held() &&
			 vmlife_lacks(&ctx->i915->gem.contexts.lock),
			 "vmlife: context taken with neither RCU nor the list's lock held");
}

void __i915_vmlife_ctx_take(struct i915_gem_context *ctx)
{
	if (ctx && !in_rcu_section())
		vmlife_check_ctx_chase(ctx);
}

/*
 * ... and at a plain get: the caller must own what it gets another of.  To PREEMPT_RT
 * each spinlock is an RCU section, and one who owns may hold one.
 */
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) &&
		   (IS_ENABLED(CONFIG_PREEMPT_RT) || !in_rcu_section())))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}

