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
#include <linux/sched/clock.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"
#include "i915_gem_vmlife_trace.h"

static u64 lockdep_off_at;

/* Nobody calls when it goes off, so the first hook to find it so keeps the time. */
bool vmlife_lockdep(void)
{
#ifdef CONFIG_LOCKDEP
	if (likely(READ_ONCE(debug_locks)))
		return true;

	if (!READ_ONCE(lockdep_off_at))
		cmpxchg64(&lockdep_off_at, 0, local_clock());
#endif
	return false;
}

u64 vmlife_lockdep_off(void)
{
	vmlife_lockdep();
	return READ_ONCE(lockdep_off_at);
}

/*
 * In an RCU section, and not in one?  Where tasks count theirs that is a load; else
 * lockdep is asked, and without it nobody knows: neither is sure then.
 */
static bool in_rcu_section(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RCU))
		return rcu_preempt_depth();

	return IS_ENABLED(CONFIG_LOCKDEP) && rcu_read_lock_held() &&
		vmlife_lockdep();
}

static bool out_of_rcu_section(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RCU))
		return !rcu_preempt_depth();

	return IS_ENABLED(CONFIG_LOCKDEP) && !rcu_read_lock_held() &&
		vmlife_lockdep();
}

/*
 * Rule lock-order.
 *
 * To lockdep each place with a mutex_init() is a class of its own, so what a
 * mock context does would say nothing of a real one.  One class a lock for all
 * contexts, and the legal order told once:
 *
 *	proto_context_lock	the file's: creation is under it; from 5.16 on
 *	  ctx->mutex		context_close(), around
 *	    ctx->lut_mutex	lut_close(); execbuf takes it alone and allocates
 *	      vm->mutex		... so that reclaim may take this inside; up to
 *				5.16 context_close() takes it under ctx->mutex
 *	      engines_mutex	up to 5.15 creation takes it under ctx->mutex
 *
 * From 5.16 on engines_mutex nests with no other lock of a context: lockdep, told
 * that it is inside of them, reports who takes one of them under it, and the check at
 * each access to the engines who takes it under one of them.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key ctx_mutex_key;
static struct lock_class_key lut_mutex_key;
static struct lock_class_key engines_mutex_key;
static struct lock_class_key proto_context_key;

static void join_file_class(struct mutex *proto_context_lock)
{
	lockdep_set_class_and_name(proto_context_lock, &proto_context_key,
				   "vmlife_lock_order:proto_context_lock");
}

static void join_lock_classes(struct mutex *ctx_mutex, struct mutex *lut_mutex,
			      struct mutex *engines_mutex)
{
	lockdep_set_class_and_name(ctx_mutex, &ctx_mutex_key,
				   "vmlife_lock_order:ctx->mutex");
	lockdep_set_class_and_name(lut_mutex, &lut_mutex_key,
				   "vmlife_lock_order:ctx->lut_mutex");
	lockdep_set_class_and_name(engines_mutex, &engines_mutex_key,
				   "vmlife_lock_order:ctx->engines_mutex");
}

/* To lockdep any lock of a class is as good as the driver's own. */
void vmlife_locks_load(void)
{
	struct mutex proto, ctx, lut, engines;

	mutex_init(&proto);
	mutex_init(&ctx);
	mutex_init(&lut);
	mutex_init(&engines);
	join_file_class(&proto);
	join_lock_classes(&ctx, &lut, &engines);

	mutex_lock(&proto);
	mutex_lock(&ctx);
	mutex_lock(&lut);
	might_lock(&engines);
	mutex_unlock(&lut);
	mutex_unlock(&ctx);
	mutex_unlock(&proto);

	mutex_destroy(&engines);
	mutex_destroy(&lut);
	mutex_destroy(&ctx);
	mutex_destroy(&proto);
}

/* The class of this one is the driver's. */
static void teach_vm_order(struct i915_gem_context *ctx)
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
static void join_file_class(struct mutex *proto_context_lock) { }
static void join_lock_classes(struct mutex *ctx_mutex, struct mutex *lut_mutex,
			      struct mutex *engines_mutex)
{
}

void vmlife_locks_load(void)
{
}

static void teach_vm_order(struct i915_gem_context *ctx) { }
#endif

void __i915_vmlife_file_open(struct mutex *proto_context_lock)
{
	join_file_class(proto_context_lock);
}

void vmlife_locks_init(struct i915_gem_context *ctx)
{
	join_lock_classes(&ctx->mutex, &ctx->lut_mutex, &ctx->engines_mutex);
	teach_vm_order(ctx);
}

/*
 * Rule release-atomic.
 *
 * The body of the release may sleep, destroys the context's own locks and takes the
 * driver's list's.  That is why the put, which may come from a hard interrupt, only
 * queues it.
 *
 * The map says to lockdep "the body runs".  It learns from each release which locks
 * are taken then, all of them and no others, and that it runs with interrupts on: who
 * waits for it under one of these, or calls it in an interrupt, is reported in one
 * run, without a deadlock.
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

static noinline void vmlife_check_release_atomic(struct i915_gem_context *ctx,
						 unsigned long ip)
{
#ifdef CONFIG_LOCKDEP
	lock_map_acquire(&release_atomic_map);
#endif
	if (unlikely(cannot_sleep() || holds_driver_lock(ctx))) {
		vmlife_report(VMLIFE_release_atomic, ctx, ip);
		return;
	}

	might_sleep();
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

/*
 * Rule engines-unlocked: the mutex, or for a read RCU.  Where lockdep cannot tell who
 * holds the mutex, nobody must at least not be true.
 */
static noinline void
vmlife_check_engines_unlocked(const struct i915_gem_context *ctx, bool weak,
			      unsigned long ip)
{
	if (weak)
		vmlife_report_weak(VMLIFE_engines_unlocked, ctx, ip);
	else
		vmlife_report(VMLIFE_engines_unlocked, ctx, ip);
}

/* Rule lock-order: from 5.16 on engines_mutex nests with none of the others. */
static bool engines_nest(const struct i915_gem_context *ctx)
{
	return I915_VMLIFE_TREE >= 5016 &&
		(vmlife_holds(&ctx->mutex) || vmlife_holds(&ctx->lut_mutex));
}

void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu)
{
	if (rcu && in_rcu_section())
		return;

	if (likely(vmlife_lockdep())) {
		if (unlikely(vmlife_lacks(&ctx->engines_mutex)))
			vmlife_check_engines_unlocked(ctx, false, _RET_IP_);
		else if (unlikely(engines_nest(ctx)))
			vmlife_report(VMLIFE_lock_order, ctx, _RET_IP_);
		return;
	}

	if (rcu && !out_of_rcu_section())
		return;

	if (unlikely(!mutex_is_locked((struct mutex *)&ctx->engines_mutex)))
		vmlife_check_engines_unlocked(ctx, true, _RET_IP_);
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

/* ... and at a read of a scheduling field, which needs no more than the memory. */
void __i915_vmlife_sched(const struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) || !out_of_rcu_section()))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}
