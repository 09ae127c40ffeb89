// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the lifetime contract of a context's address space, checked.
 *
 * A context's own put of ctx->vm cannot be told from anybody else's by looking
 * at the reference count.  So the variant keeps an account beside it:
 *
 *  - each address space has a shadow that outlives it and counts the contexts
 *    that own a reference on it;
 *  - each context has a bit that says that it owns one, set at the store of
 *    ctx->vm, cleared just before the put.
 *
 * While the contract holds, the count of a vm is never below its owners.  The
 * shadow's lock freezes the end of the vm, so that a report reads the vm's
 * count while its memory is sure to be there.
 *
 * Under lockdep each of its locks and each question to it costs hundreds of
 * instructions, more than all else here, so the good path asks what is cheap
 * first and locks only where it must.
 *
 * Each check is a noinline function vmlife_check_<rule>(), and each lockdep map
 * is named vmlife_<rule>: KCSAN's and lockdep's reports carry these names, and
 * by them the log's reader knows which rule broke.
 */

#include <linux/kcsan-checks.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"
#include "i915_gem_vmlife_trace.h"

DEFINE_PER_CPU(unsigned long [VMLIFE_NR_SITES], i915_vmlife_passes);

LIST_HEAD(vmlife_contexts);
arch_spinlock_t vmlife_contexts_lock = __ARCH_SPIN_LOCK_UNLOCKED;

static atomic_t last_ctx_id;
static atomic_t last_vm_id;

static void shadow_free(struct kref *ref)
{
	struct i915_vmlife_vm *shadow =
		container_of(ref, struct i915_vmlife_vm, ref);

	kfree(shadow->memory);
#if I915_VMLIFE_TREE < 5016
	kfree_rcu(shadow, rcu);
#else
	kfree(shadow);
#endif
}

void vmlife_shadow_put(struct i915_vmlife_vm *shadow)
{
	if (shadow)
		kref_put(&shadow->ref, shadow_free);
}

unsigned int vmlife_vm_ref(struct i915_vmlife_vm *shadow)
{
	unsigned int count = 0;
	unsigned long flags;

	if (!shadow)
		return 0;

	flags = vmlife_lock(&shadow->lock);
	if (!shadow->dead)
		count = kref_read(&shadow->vm->ref);
	vmlife_unlock(&shadow->lock, flags);

	return count;
}

/* What broke first on this vm: all that follows is reported as that. */
static enum i915_vmlife_rule root_rule(struct i915_vmlife_vm *shadow,
				       enum i915_vmlife_rule rule)
{
	return READ_ONCE(shadow->broken) ?: rule;
}

/*
 * Rule vm-early-put, at a read: from creation to its release the context owns
 * its reference, so the vm cannot be dead either.
 *
 * A count of zero on the context means that the reader holds no reference: then
 * the read is the mistake, not the put.
 */
static noinline void vmlife_check_vm_early_put(struct i915_gem_context *ctx,
					       unsigned long ip)
{
	struct i915_vmlife_vm *shadow;
	unsigned long state;

	shadow_lock();
	shadow = READ_ONCE(ctx->vmlife.shadow);
	state = READ_ONCE(ctx->vmlife.state);

	if (!shadow || !(state & BIT(CTX_CREATED)))
		goto out;

	if (likely((state & BIT(CTX_OWNS)) && !READ_ONCE(shadow->dead)))
		goto out;

	smp_rmb(); /* state before count, as the release writes them */
	if (shadow != READ_ONCE(ctx->vmlife.shadow))
		goto out; /* replaced first, then put */

	if (!kref_read(&ctx->ref))
		vmlife_report(VMLIFE_ctx_chase, ctx, ip);
	else
		vmlife_report(root_rule(shadow, VMLIFE_vm_early_put), ctx, ip);
out:
	shadow_unlock();
}

/*
 * Rule vm-republish, at a read, for KCSAN: a write to ctx->vm by anybody while
 * a reader stands here is reported as a race with this function.
 */
static noinline void vmlife_check_vm_republish(struct i915_gem_context *ctx)
{
#if I915_VMLIFE_TREE >= 5016
	ASSERT_EXCLUSIVE_WRITER(ctx->vm);
#endif
}

void __i915_vmlife_vm_read(struct i915_gem_context *ctx)
{
	if (IS_ENABLED(CONFIG_KCSAN))
		vmlife_check_vm_republish(ctx);
	vmlife_check_vm_early_put(ctx, _RET_IP_);
}

/* Without lockdep nobody can say what is held. */
static bool lockdep_knows(void)
{
#ifdef CONFIG_LOCKDEP
	return debug_locks;
#else
	return false;
#endif
}

/*
 * In an RCU section?  Where tasks count theirs that is a load; else lockdep is
 * asked, and without it nobody knows.
 */
static bool in_rcu_section(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RCU))
		return rcu_preempt_depth();

	return lockdep_knows() && rcu_read_lock_held();
}

static u32 vm_id(const struct i915_vmlife_vm *shadow)
{
	return shadow ? shadow->id : 0;
}

void __i915_vmlife_vm_get(struct i915_address_space *vm)
{
	trace_i915_vmlife_get(vm_id(vm->vmlife.shadow), kref_read(&vm->ref),
			      _RET_IP_);
}

void __i915_vmlife_vm_put(struct i915_address_space *vm)
{
	trace_i915_vmlife_put(vm_id(vm->vmlife.shadow), kref_read(&vm->ref),
			      _RET_IP_);
}

void __i915_vmlife_vm_init(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = kzalloc(sizeof(*shadow), GFP_KERNEL);

	vm->vmlife.shadow = shadow;
	if (!shadow) {
		vmlife_report_unchecked();
		return;
	}

	kref_init(&shadow->ref);
	shadow->lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
	shadow->vm = vm;
	shadow->id = atomic_inc_return(&last_vm_id);
}

/* Some context that owns a reference on @shadow, or NULL. Lock held. */
static struct i915_gem_context *find_owner(struct i915_vmlife_vm *shadow)
{
	struct i915_gem_context *ctx;

	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link)
		if (ctx->vmlife.shadow == shadow &&
		    test_bit(CTX_OWNS, &ctx->vmlife.state))
			return ctx;

	return NULL;
}

void __i915_vmlife_vm_zero(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	struct i915_gem_context *ctx;
	unsigned long flags;

	if (!shadow)
		return;

	flags = vmlife_lock(&shadow->lock);
	WRITE_ONCE(shadow->dead, true);
	vmlife_unlock(&shadow->lock, flags);

	if (likely(!atomic_read(&shadow->owners)))
		return;

	/* The list's lock keeps the owner's memory while it is reported. */
	flags = vmlife_lock(&vmlife_contexts_lock);
	ctx = find_owner(shadow);
	if (ctx)
		vmlife_report(root_rule(shadow, VMLIFE_vm_early_put), ctx,
			      _RET_IP_);
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

void __i915_vmlife_vm_free(struct i915_address_space *vm)
{
	vmlife_shadow_put(vm->vmlife.shadow);
	vm->vmlife.shadow = NULL;
}

void __i915_vmlife_vm_kfree(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	if (shadow && !IS_ENABLED(CONFIG_KASAN))
		shadow->memory = vm;
	else
		kfree(vm);
	vmlife_shadow_put(shadow);
}

#if I915_VMLIFE_TREE < 5016
/* More often than anybody can replace ctx->vm while one reader looks. */
#define MAX_TRIES 128

/*
 * Rule vm-get-livelock.  The reader's RCU section keeps the memory of what it
 * found, so the count can be looked at; that a count of zero ever rises again
 * nobody need wait for.
 */
static noinline void vmlife_check_vm_get_livelock(struct i915_gem_context *ctx,
						  unsigned long ip)
{
	vmlife_report(VMLIFE_vm_get_livelock, ctx, ip);
}

bool __i915_vmlife_vm_retry(struct i915_gem_context *ctx, unsigned int *tries)
{
	if (likely((*tries)++ < MAX_TRIES))
		return false;

	vmlife_check_vm_get_livelock(ctx, _RET_IP_);
	return true;
}
#endif

/* A context is listed, and gets its number, at the first hook that sees it. */
static void introduce(struct i915_gem_context *ctx)
{
	unsigned long flags;

	if (ctx->vmlife.id)
		return;

	ctx->vmlife.id = atomic_inc_return(&last_ctx_id);
	flags = vmlife_lock(&vmlife_contexts_lock);
	list_add_tail(&ctx->vmlife.link, &vmlife_contexts);
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

#if I915_VMLIFE_TREE < 5016
LIST_HEAD(vmlife_handed);

/* The context has another vm: the reference on this one is the caller's now. */
static void hand_over(struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow)
{
	unsigned long flags;

	flags = vmlife_lock(&vmlife_contexts_lock);
	if (!shadow->handed++) {
		kref_get(&shadow->ref);
		list_add_tail(&shadow->link, &vmlife_handed);
		shadow->nr_stack = ctx->vmlife.nr_stack;
		memcpy(shadow->stack, ctx->vmlife.stack, sizeof(shadow->stack));
	}
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

void __i915_vmlife_vm_handed(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	bool known, last = false;
	unsigned long flags;

	if (!shadow)
		return;

	flags = vmlife_lock(&vmlife_contexts_lock);
	known = shadow->handed > 0;
	if (known)
		last = !--shadow->handed;
	if (last)
		list_del(&shadow->link);
	vmlife_unlock(&vmlife_contexts_lock, flags);

	if (last)
		vmlife_shadow_put(shadow);
	if (unlikely(!known))
		vmlife_report_vm(VMLIFE_vm_double_put, shadow, _RET_IP_);
}
#else
/* From 5.16 on nobody replaces it. */
static void hand_over(struct i915_gem_context *ctx, struct i915_vmlife_vm *old) { }
#endif

/* What a context held of a shadow that it points to no more. */
static void disconnect(struct i915_vmlife_vm *shadow)
{
	if (!shadow)
		return;

	let_memory_go(shadow);
	vmlife_shadow_put(shadow);
}

static void own(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	struct i915_vmlife_vm *old = ctx->vmlife.shadow;

	if (!shadow || shadow == old)
		return;

	kref_get(&shadow->ref);
	keep_memory(shadow);
	if (test_bit(CTX_OWNS, &ctx->vmlife.state))
		hand_over(ctx, old);
	if (ARRAY_SIZE(ctx->vmlife.stack))
		ctx->vmlife.nr_stack = stack_trace_save(ctx->vmlife.stack,
							ARRAY_SIZE(ctx->vmlife.stack),
							2);
	atomic_inc(&shadow->owners);
	/* Counted first: who finds it (in an RCU section) finds it owned. */
	smp_store_release(&ctx->vmlife.shadow, shadow);
	if (test_and_set_bit(CTX_OWNS, &ctx->vmlife.state))
		atomic_dec(&old->owners);
	disconnect(old);
	trace_i915_vmlife_publish(ctx->vmlife.id, shadow->id,
				  kref_read(&ctx->ref));
}

/*
 * Rule vm-republish: creation stores ctx->vm, and nobody after it; up to 5.15
 * I915_CONTEXT_PARAM_VM may, under ctx->mutex.
 */
static bool may_store(struct i915_gem_context *ctx)
{
	if (!test_bit(CTX_CREATED, &ctx->vmlife.state))
		return true;

	if (I915_VMLIFE_TREE >= 5016)
		return false;

	return !lockdep_knows() || lockdep_is_held(&ctx->mutex);
}

static noinline void late_store(struct i915_gem_context *ctx, unsigned long ip)
{
	vmlife_report(VMLIFE_vm_republish, ctx, ip);
}

void __i915_vmlife_vm_stored(struct i915_gem_context *ctx)
{
	introduce(ctx);

	if (unlikely(!may_store(ctx)))
		late_store(ctx, _RET_IP_);
	else if (ctx_vm(ctx))
		own(ctx, ctx_vm(ctx));
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

void __i915_vmlife_ctx_created(struct i915_gem_context *ctx)
{
	introduce(ctx);
	join_lock_classes(ctx);
	teach_lock_order(ctx);
	set_bit(CTX_CREATED, &ctx->vmlife.state);
}

void __i915_vmlife_vm_drop(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long state = READ_ONCE(ctx->vmlife.state);

	if (!shadow)
		return;

	if (unlikely(!test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state))) {
		vmlife_report(root_rule(shadow, VMLIFE_vm_double_put), ctx,
			      _RET_IP_);
		return;
	}

	atomic_dec(&shadow->owners);
	if (unlikely((state & BIT(CTX_CREATED)) && !(state & BIT(CTX_RELEASING))))
		vmlife_report(VMLIFE_vm_early_put, ctx, _RET_IP_);
}

void __i915_vmlife_ctx_close(struct i915_gem_context *ctx)
{
	trace_i915_vmlife_close(ctx->vmlife.id, vm_id(ctx->vmlife.shadow),
				kref_read(&ctx->ref));
}

void __i915_vmlife_ctx_free(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long flags;

	if (shadow && test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state)) {
		atomic_dec(&shadow->owners);
		vmlife_report(VMLIFE_vm_leak, ctx, _RET_IP_);
	}

	if (ctx->vmlife.id) {
		flags = vmlife_lock(&vmlife_contexts_lock);
		list_del(&ctx->vmlife.link);
		vmlife_unlock(&vmlife_contexts_lock, flags);
	}

	disconnect(shadow);
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
#ifdef CONFIG_LOCKDEP
	struct i915_address_space *vm = owned_vm(ctx);

	if (!debug_locks)
		return false;

	return lockdep_is_held(&ctx->mutex) ||
		lockdep_is_held(&ctx->engines_mutex) ||
		lockdep_is_held(&ctx->lut_mutex) ||
		(vm && lockdep_is_held(&vm->mutex));
#else
	return false;
#endif
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
	trace_i915_vmlife_release(ctx->vmlife.id, vm_id(ctx->vmlife.shadow),
				  kref_read(&ctx->ref));
	vmlife_check_release_atomic(ctx, _RET_IP_);
}

void __i915_vmlife_release_end(void)
{
#ifdef CONFIG_LOCKDEP
	lock_map_release(&release_atomic_map);
#endif
}

/*
 * Mostly it is the last lock that was taken; lockdep_is_held() goes through all of
 * them with interrupts off.
 */
static bool holds_engines(const struct i915_gem_context *ctx)
{
#ifdef CONFIG_LOCKDEP
	const int depth = current->lockdep_depth;

	if (depth && current->held_locks[depth - 1].instance ==
	    &ctx->engines_mutex.dep_map)
		return true;
#endif
	return lockdep_is_held(&ctx->engines_mutex);
}

/* Rule engines-unlocked: the mutex, or for a read RCU. */
static noinline void
vmlife_check_engines_unlocked(const struct i915_gem_context *ctx, bool rcu,
			      unsigned long ip)
{
	if (rcu && in_rcu_section())
		return;

	if (!lockdep_knows() || holds_engines(ctx))
		return;

	vmlife_report(VMLIFE_engines_unlocked,
		      (struct i915_gem_context *)ctx, ip);
}

void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu)
{
	vmlife_check_engines_unlocked(ctx, rcu, _RET_IP_);
}

/*
 * Rule ctx-chase, at a take: the memory must stay until the count was looked
 * at, by RCU or by a lock that the release takes to leave the list.
 */
static noinline void vmlife_check_ctx_chase(struct i915_gem_context *ctx)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held() &&
			 !lockdep_is_held(&ctx->i915->gem.contexts.lock),
			 "vmlife: context taken with neither RCU nor the list's lock held");
}

void __i915_vmlife_ctx_take(struct i915_gem_context *ctx)
{
	if (ctx && !in_rcu_section())
		vmlife_check_ctx_chase(ctx);
}

/* ... and at a plain get: the caller must own what it gets another of. */
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) && !in_rcu_section()))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}

MODULE_INFO(vmlife, I915_VMLIFE_VERSION);

#if IS_ENABLED(CONFIG_DRM_I915_SELFTEST)
#include "selftests/i915_gem_vmlife.c"
#endif
