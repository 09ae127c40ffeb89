// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the rules about held locks and their order.
 *
 * Most of these checks need lockdep and do nothing without it.  Lock classes and maps
 * are named vmlife_<rule>: lockdep's reports contain these names, which identify the
 * rule.
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

/* Lockdep has no callback for this, so the first hook that finds it off keeps the time. */
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
 * Certainly in an RCU section, and certainly not in one?  If tasks count their RCU
 * sections, that is a load; otherwise lockdep is asked, and without it neither is
 * certain.
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
 * Lockdep creates a class for each place with a mutex_init(), so mock contexts would
 * prove nothing about real ones.  So each lock has one class for all contexts, and
 * lockdep learns the legal order once:
 *
 *	proto_context_lock	the file's: creation is under it; from 5.16 on
 *	  ctx->mutex		context_close(), around
 *	    ctx->lut_mutex	lut_close(); execbuf takes it alone and allocates
 *	      vm->mutex		... so that reclaim may take this inside; up to
 *				5.16 context_close() takes it under ctx->mutex
 *	      engines_mutex	up to 5.15 creation takes it under ctx->mutex
 *
 * From 5.16 on engines_mutex nests with no other lock of a context: lockdep learns
 * that it is inside of them and reports code that takes one of them under it; the
 * check at each access to the engines reports code that takes it under one of them.
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

/* For lockdep any lock of the class serves as well as the driver's own. */
void vmlife_locks_load(void)
{
	struct mutex proto, ctx, lut, engines;
	static atomic_t taught;

	if (!vmlife_rule_on(VMLIFE_lock_order) || atomic_xchg(&taught, 1))
		return;

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

/* This lock has the class of the driver. */
static void teach_vm_order(struct i915_gem_context *ctx)
{
	static atomic_t taught;

	struct i915_address_space *vm = ctx_vm(ctx);

	if (!vm || !vmlife_rule_on(VMLIFE_lock_order))
		return;
	if (atomic_read(&taught) || atomic_xchg(&taught, 1))
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
 * lock of the driver's list.  Therefore the put, which may happen in a hard interrupt,
 * only queues it.
 *
 * The map means "the body runs".  From each release lockdep learns which locks the
 * body takes, and that it runs with interrupts on: code that waits for it under one of
 * these locks, or calls it in an interrupt, is reported without a deadlock.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key release_atomic_key;
static struct lockdep_map release_atomic_map =
	STATIC_LOCKDEP_MAP_INIT("vmlife_release_atomic",
				&release_atomic_key);
#endif

/* Without PREEMPT_COUNT only the state of interrupts is known. */
static bool cannot_sleep(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) ? !preemptible() : irqs_disabled();
}

/* The vm that ctx->vm points to, if the context certainly keeps it. */
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
	if (!vmlife_rule_on(VMLIFE_release_atomic))
		return;

#ifdef CONFIG_LOCKDEP
	lock_map_acquire(&release_atomic_map);
#endif
	if (unlikely(cannot_sleep() || holds_driver_lock(ctx))) {
		vmlife_report(VMLIFE_release_atomic, ctx, ip);
		return;
	}

	might_sleep();
}

/*
 * Rule ctx-chase: what walks the list of contexts takes a reference on one of them, and
 * goes on from there.  So a context stays on the list until nobody has a reference.
 */
static noinline void vmlife_check_listed(struct i915_gem_context *ctx, unsigned long ip)
{
	if (unlikely(READ_ONCE(ctx->link.prev) == LIST_POISON2))
		vmlife_report(VMLIFE_ctx_chase, ctx, ip);
}

void __i915_vmlife_release_begin(struct i915_gem_context *ctx)
{
	set_bit(CTX_RELEASING, &ctx->vmlife.state);
	trace_i915_vmlife_release(ctx->vmlife.id, vmlife_vm_id(ctx->vmlife.shadow),
				  kref_read(&ctx->ref));
	vmlife_check_release_atomic(ctx, _RET_IP_);
	vmlife_check_listed(ctx, _RET_IP_);
	vmlife_alone(ctx);
}

void __i915_vmlife_release_end(void)
{
#ifdef CONFIG_LOCKDEP
	/* The rule may have been switched since the begin. */
	if (lock_is_held(&release_atomic_map))
		lock_map_release(&release_atomic_map);
#endif
}

/*
 * Rule engines-unlocked: the mutex, or for a read RCU.  If lockdep cannot tell the
 * owner of the mutex, at least some task must hold it.
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
	return I915_VMLIFE_HAS_PROTO_CONTEXT &&
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
 * Rule ctx-chase, at a take: RCU, or a lock that the release takes to leave the list,
 * must keep the memory until the count was read.
 */
static noinline void vmlife_check_ctx_chase(struct i915_gem_context *ctx)
{
	RCU_LOCKDEP_WARN(vmlife_rule_on(VMLIFE_ctx_chase) &&
			 !rcu_read_lock_held() &&
			 vmlife_lacks(&ctx->i915->gem.contexts.lock),
			 "vmlife: context taken with neither RCU nor the list's lock held");
}

/*
 * Rule ctx-chase, after the context got visible by its id: the table owns the reference
 * with which it was created, and any task can drop it.
 */
static bool gave_it_away(const struct i915_gem_context *ctx)
{
	return test_bit(CTX_HANDED, &ctx->vmlife.state) &&
		ctx->vmlife.pid == task_pid_nr(current);
}

void __i915_vmlife_ctx_handed(struct i915_gem_context *ctx)
{
	if (kref_read(&ctx->ref) == 1)
		set_bit(CTX_HANDED, &ctx->vmlife.state);
}

void __i915_vmlife_ctx_used(struct i915_gem_context *ctx)
{
	if (unlikely(gave_it_away(ctx)))
		vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}

/*
 * Somebody finds it by its id, or closes it.  From then on the task may hold other
 * references, such as those of the objects that it closes.
 */
void vmlife_found_again(struct i915_gem_context *ctx)
{
	if (test_bit(CTX_HANDED, &ctx->vmlife.state))
		clear_bit(CTX_HANDED, &ctx->vmlife.state);
}

void __i915_vmlife_ctx_take(struct i915_gem_context *ctx)
{
	if (!ctx)
		return;
	if (!in_rcu_section())
		vmlife_check_ctx_chase(ctx);
	vmlife_found_again(ctx);
}

/*
 * ... and at a plain get: the caller must already own a reference.  On PREEMPT_RT each
 * spinlock is an RCU section, and an owner may hold one.
 */
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) && !gave_it_away(ctx) &&
		   (IS_ENABLED(CONFIG_PREEMPT_RT) || !in_rcu_section())))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}

/* ... and at a read of a scheduling field, which only needs valid memory. */
void __i915_vmlife_sched(const struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) || !out_of_rcu_section()))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}
