// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the lifetime contract of a context's address space, checked.
 *
 * The reference count does not distinguish a context's own put of ctx->vm from
 * other puts.  So the variant keeps an account:
 *
 *  - each address space has a shadow that outlives it and counts the contexts
 *    that own a reference on it;
 *  - each context has a bit that is set while it owns one, from the store of
 *    ctx->vm until just before the put;
 *  - the others that hold a reference for long are counted as well: the contexts of
 *    engines, proto-contexts, and the handles of files.  Otherwise their references
 *    would hide a put too many, and their own put would be reported later.
 *
 * While the contract holds, the count of a vm is never below the number of its
 * owners.  This is checked at each put, at each read of ctx->vm, and when the count
 * reaches zero.
 * The shadow's lock delays the end of the vm, so that a report reads the vm's count
 * while its memory is valid.
 *
 * A check that KCSAN reports is a separate function vmlife_check_<rule>(): the
 * report contains the name, which identifies the rule.  _locks.c checks which locks
 * are held, and their order.
 */

#include <linux/kcsan-checks.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"
#include "i915_gem_vmlife_trace.h"

/* Exported for kvmgt, which inlines the gets and puts of the vm. */
DEFINE_PER_CPU(unsigned long [VMLIFE_NR_SITES], i915_vmlife_passes);
EXPORT_PER_CPU_SYMBOL_GPL(i915_vmlife_passes);

LIST_HEAD(vmlife_contexts);
LIST_HEAD(vmlife_vms);
arch_spinlock_t vmlife_contexts_lock = __ARCH_SPIN_LOCK_UNLOCKED;

static atomic_t last_ctx_id;
static atomic_t last_vm_id;

static void shadow_free(struct kref *ref)
{
	struct i915_vmlife_vm *shadow =
		container_of(ref, struct i915_vmlife_vm, ref);

	kfree(shadow->memory);
#if I915_VMLIFE_HAS_VM_REPLACED
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

/* Only KCSAN needs the function's name; without it, avoid a call at each read. */
#ifdef CONFIG_KCSAN
#define vmlife_named noinline
#else
#define vmlife_named inline
#endif

/* The first rule that broke on this vm: later reports use the same rule. */
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
 * the read is the error, not the put.
 *
 * From the beginning of the release's body until it frees the context, no other code
 * accesses ctx->vm, with a hook or without: KCSAN reports such an access as a race
 * with this function, or with the body.
 */
static vmlife_named void vmlife_check_vm_early_put(struct i915_gem_context *ctx,
					       bool release, unsigned long ip)
{
	struct i915_vmlife_vm *shadow;
	unsigned long state;

	if (release) {
		if (!vmlife_rule_on(VMLIFE_vm_early_put))
			return;
		set_bit(CTX_ALONE, &ctx->vmlife.state);
		ASSERT_EXCLUSIVE_ACCESS(ctx->vm);
		kcsan_begin_scoped_access(&ctx->vm, sizeof(ctx->vm),
					  KCSAN_ACCESS_WRITE | KCSAN_ACCESS_ASSERT,
					  &ctx->vmlife.alone);
		return;
	}

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
 * Rule vm-republish, at a read: KCSAN reports a concurrent write to ctx->vm as a race
 * with this function; an earlier write without a hook is detected because the account
 * belongs to another vm.  Up to 5.15 both may change during the read.
 */
static vmlife_named void vmlife_check_vm_republish(struct i915_gem_context *ctx,
					       unsigned long ip)
{
#if !I915_VMLIFE_HAS_VM_REPLACED
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;

	if (!vmlife_rule_on(VMLIFE_vm_republish))
		return;

	ASSERT_EXCLUSIVE_WRITER(ctx->vm);
	/* A racing store is what the line above reports. */
	if (unlikely(shadow && data_race(ctx_vm(ctx)) != shadow->vm))
		vmlife_report(VMLIFE_vm_republish, ctx, ip);
#endif
}

void __i915_vmlife_vm_read(struct i915_gem_context *ctx)
{
	vmlife_check_vm_republish(ctx, _RET_IP_);
	vmlife_check_vm_early_put(ctx, false, _RET_IP_);
}

void vmlife_alone(struct i915_gem_context *ctx)
{
	if (IS_ENABLED(CONFIG_KCSAN))
		vmlife_check_vm_early_put(ctx, true, 0);
}

void vmlife_not_alone(struct i915_gem_context *ctx)
{
	if (test_and_clear_bit(CTX_ALONE, &ctx->vmlife.state))
		kcsan_end_scoped_access(&ctx->vmlife.alone);
}

/*
 * Stores the frames from @ip on, which is in the driver's function; those above it are
 * vmlife's own.  Returns the number of frames stored.
 */
static u32 keep_frames(unsigned long *frames, unsigned long ip)
{
	const unsigned int room = CONFIG_DRM_I915_DEBUG_VMLIFE_STACK;
	unsigned long entries[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK + 4];
	unsigned int nr, first;

	nr = stack_trace_save(entries, ARRAY_SIZE(entries), 0);
	for (first = 0; first < nr && entries[first] != ip; first++)
		;
	if (first == nr)
		first = 0;
	nr = min(nr - first, room);
	memcpy(frames, entries + first, nr * sizeof(*entries));

	return nr;
}

/* A stack walk is expensive, so it is done once per place. */
static void keep_take(struct i915_vmlife_vm *shadow, unsigned long ip)
{
	struct i915_vmlife_take *take = shadow->takes;
	struct i915_vmlife_take *end = take + ARRAY_SIZE(shadow->takes);
	unsigned long flags;

	if (take == end)
		return;

	flags = vmlife_lock(&shadow->lock);
	while (take < end && take->ip && take->ip != ip)
		take++;
	if (take == end) {
		shadow->elsewhere++;
	} else {
		if (!take->ip)
			take->nr_stack = keep_frames(take->stack, ip);
		take->ip = ip;
		take->times++;
	}
	vmlife_unlock(&shadow->lock, flags);
}

void __i915_vmlife_vm_get(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	trace_i915_vmlife_get(vmlife_vm_id(shadow), kref_read(&vm->ref), _RET_IP_);
	if (shadow)
		keep_take(shadow, _RET_IP_);
}
EXPORT_SYMBOL_GPL(__i915_vmlife_vm_get);

/*
 * Returns how many references are missing for a put to be legal, 0 if none.
 *
 * A legal put drops a reference that no context owns: a context counts as an owner
 * only after it took its reference, and no longer before it puts it.  So the count is
 * always above the number of owners, and a comparison is valid if no owner came or
 * went meanwhile.  References that were already missing were reported at their put.
 */
static int put_too_many(struct i915_vmlife_vm *shadow, struct kref *ref)
{
	u64 before = atomic64_read_acquire(&shadow->owners);
	int lack;

	if (!vmlife_all_owners(before))
		return 0;

	/* No code may put a leaked reference; it leaves the owners first. */
	lack = vmlife_all_owners(before) + atomic_read(&shadow->leaked) + 1 -
	       atomic_read(&shadow->missing) - kref_read(ref);
	if (likely(lack <= 0))
		return 0;

	smp_rmb(); /* the count before the owners, as in vmlife_disown() */
	return atomic64_read(&shadow->owners) == before ? lack : 0;
}

/* Rule vm-early-put, at a put: only the owners may put their references. */
void __i915_vmlife_vm_put(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	int lack;

	if (trace_i915_vmlife_put_enabled())
		trace_i915_vmlife_put(vmlife_vm_id(shadow), kref_read(&vm->ref),
				      _RET_IP_);
	if (!shadow)
		return;

	lack = put_too_many(shadow, &vm->ref);
	if (likely(!lack))
		return;

	atomic_add(lack, &shadow->missing);
	vmlife_report_vm(root_rule(shadow, VMLIFE_vm_early_put), shadow,
			 _RET_IP_);
}
EXPORT_SYMBOL_GPL(__i915_vmlife_vm_put);

void __i915_vmlife_vm_init(struct i915_address_space *vm, int class)
{
	struct i915_vmlife_vm *shadow = kzalloc(sizeof(*shadow), GFP_KERNEL);
	unsigned long flags;

	vm->vmlife.shadow = shadow;
	if (!shadow) {
		vmlife_report_unchecked();
		return;
	}

	kref_init(&shadow->ref);
	shadow->lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
	shadow->vm = vm;
	shadow->i915 = vm->i915;
	shadow->since = (u32)jiffies;
	shadow->id = atomic_inc_return(&last_vm_id);
	INIT_LIST_HEAD(&shadow->all);
	keep_take(shadow, _RET_IP_);

	/* The first vm of a device. */
	if (class == VM_CLASS_GGTT)
		vmlife_device_add(vm->i915);

	flags = vmlife_lock(&vmlife_contexts_lock);
	shadow->device = vmlife_device_of(vm->i915);
	/* The global one is freed with its device, regardless of its references. */
	if (class != VM_CLASS_GGTT)
		list_add_tail(&shadow->all, &vmlife_vms);
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

void __i915_vmlife_vm_zero(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	unsigned long flags;

	if (!shadow)
		return;

	flags = vmlife_lock(&shadow->lock);
	WRITE_ONCE(shadow->dead, true);
	vmlife_unlock(&shadow->lock, flags);

	if (likely(!vmlife_all_owners(atomic64_read(&shadow->owners))))
		return;

	/* Otherwise the extra put is known, and was reported. */
	if (!atomic_read(&shadow->missing))
		vmlife_report_vm(root_rule(shadow, VMLIFE_vm_early_put), shadow,
				 _RET_IP_);
}

/* From here on only the shadow of the vm remains. */
static void unlist(struct i915_vmlife_vm *shadow)
{
	unsigned long flags;

	if (!shadow)
		return;

	flags = vmlife_lock(&vmlife_contexts_lock);
	list_del_init(&shadow->all);
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

void __i915_vmlife_vm_free(struct i915_address_space *vm)
{
	unlist(vm->vmlife.shadow);
	vmlife_shadow_put(vm->vmlife.shadow);
	vm->vmlife.shadow = NULL;
}

void __i915_vmlife_vm_kfree(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	unlist(shadow);
	if (shadow && !IS_ENABLED(CONFIG_KASAN))
		shadow->memory = vm;
	else
		kfree(vm);
	vmlife_shadow_put(shadow);
}

#if I915_VMLIFE_HAS_GET_VM_LOOP
/* More tries than ctx->vm can be replaced during one read. */
#define MAX_TRIES 128

/*
 * Rule vm-get-livelock.  The reader's RCU section keeps the memory of the vm, so the
 * count can be read; a count of zero never rises again.
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
	/* Nobody would learn of it: then the loop stays the driver's own. */
	if (!vmlife_rule_on(VMLIFE_vm_get_livelock))
		return false;

	vmlife_check_vm_get_livelock(ctx, _RET_IP_);
	return true;
}
#endif

/* The first hook that sees a context adds it to the list and numbers it. */
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

#if I915_VMLIFE_HAS_VM_REPLACED
LIST_HEAD(vmlife_handed);

/* The context has another vm: the caller now owns the reference on this one. */
static void hand_over(struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow)
{
	unsigned long flags;

	flags = vmlife_lock(&vmlife_contexts_lock);
	if (!shadow->handed++) {
		kref_get(&shadow->ref);
		list_add_tail(&shadow->handed_link, &vmlife_handed);
		shadow->nr_stack = ctx->vmlife.nr_stack;
		memcpy(shadow->stack, ctx->vmlife.stack, sizeof(shadow->stack));
	}
	WRITE_ONCE(shadow->since, (u32)jiffies);
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
		list_del(&shadow->handed_link);
	vmlife_unlock(&vmlife_contexts_lock, flags);

	if (last)
		vmlife_shadow_put(shadow);
	if (unlikely(!known))
		vmlife_report_vm(VMLIFE_vm_double_put, shadow, _RET_IP_);
}
#else
/* It is never replaced. */
static void hand_over(struct i915_gem_context *ctx, struct i915_vmlife_vm *old) { }
#endif

/* Drops a context's reference on the shadow that it no longer points to. */
static void disconnect(struct i915_vmlife_vm *shadow)
{
	if (!shadow)
		return;

	let_memory_go(shadow);
	vmlife_shadow_put(shadow);
}

/* Records the stack that stored ctx->vm. Concurrent readers see all of it or nothing. */
static void keep_stack(struct i915_gem_context *ctx, unsigned long ip)
{
	u32 nr;

	if (!ARRAY_SIZE(ctx->vmlife.stack))
		return;

	WRITE_ONCE(ctx->vmlife.nr_stack, 0);
	nr = keep_frames(ctx->vmlife.stack, ip);
	smp_store_release(&ctx->vmlife.nr_stack, nr); /* after the frames */
}

static void own(struct i915_gem_context *ctx, struct i915_address_space *vm,
		unsigned long ip)
{
	const bool owned = test_bit(CTX_OWNS, &ctx->vmlife.state);
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	struct i915_vmlife_vm *old = ctx->vmlife.shadow;

	if (shadow == old)
		return;

	if (owned)
		hand_over(ctx, old);
	keep_stack(ctx, ip);
	if (shadow) {
		kref_get(&shadow->ref);
		keep_memory(shadow);
		vmlife_own(shadow, OWNERS_ONE);
	}
	ctx->vmlife.took = ip;
	/* Counted first: a reader that finds it (in an RCU section) finds it owned. */
	smp_store_release(&ctx->vmlife.shadow, shadow);
	/* If memory ran out for the shadow, nothing is known from here on. */
	assign_bit(CTX_OWNS, &ctx->vmlife.state, shadow);
	if (owned)
		vmlife_disown(old, OWNERS_ONE);
	disconnect(old);
	trace_i915_vmlife_publish(ctx->vmlife.id, vmlife_vm_id(shadow),
				  kref_read(&ctx->ref));
}

/*
 * Rule vm-republish: only creation stores ctx->vm; up to 5.15 also
 * I915_CONTEXT_PARAM_VM, under ctx->mutex.
 */
static bool may_store(struct i915_gem_context *ctx)
{
	if (!test_bit(CTX_CREATED, &ctx->vmlife.state))
		return true;

	if (!I915_VMLIFE_HAS_VM_REPLACED)
		return false;

	return !vmlife_lacks(&ctx->mutex);
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
		own(ctx, ctx_vm(ctx), _RET_IP_);
}

void __i915_vmlife_ctx_created(struct i915_gem_context *ctx)
{
	introduce(ctx);
	ctx->vmlife.pid = task_pid_nr(current);
	vmlife_locks_init(ctx);
	set_bit(CTX_CREATED, &ctx->vmlife.state);
}

void __i915_vmlife_vm_drop(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long state = READ_ONCE(ctx->vmlife.state);

	if (!shadow)
		return;

	if (unlikely(!test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state))) {
		atomic_inc(&shadow->missing);
		vmlife_report(root_rule(shadow, VMLIFE_vm_double_put), ctx,
			      _RET_IP_);
		return;
	}

	vmlife_disown(shadow, OWNERS_ONE);
	if (unlikely((state & BIT(CTX_CREATED)) && !(state & BIT(CTX_RELEASING))))
		vmlife_report(VMLIFE_vm_early_put, ctx, _RET_IP_);
}

/* What was not counted at the store is not at the put either. */
void __i915_vmlife_vm_unheld(struct i915_vmlife_holder *holder)
{
	struct i915_vmlife_vm *shadow = holder->shadow;

	if (!shadow)
		return;

	holder->shadow = NULL;
	vmlife_disown(shadow, OWNERS_HOLDER);
	vmlife_shadow_put(shadow);
}
EXPORT_SYMBOL_GPL(__i915_vmlife_vm_unheld);

void __i915_vmlife_vm_held(struct i915_vmlife_holder *holder,
			   struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm ? vm->vmlife.shadow : NULL;

	__i915_vmlife_vm_unheld(holder);
	if (!shadow)
		return;

	kref_get(&shadow->ref);
	vmlife_own(shadow, OWNERS_HOLDER);
	holder->shadow = shadow;
}
EXPORT_SYMBOL_GPL(__i915_vmlife_vm_held);

/* A file's table of handles has room for the pointer only, which is all it takes. */
void __i915_vmlife_handle(struct i915_address_space *vm, bool made)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	if (!shadow)
		return;

	if (made)
		vmlife_own(shadow, OWNERS_HOLDER);
	else
		vmlife_disown(shadow, OWNERS_HOLDER);
}

void __i915_vmlife_ctx_close(struct i915_gem_context *ctx)
{
	vmlife_found_again(ctx);
	WRITE_ONCE(ctx->vmlife.closed_at, (u32)jiffies);
	if (!trace_i915_vmlife_close_enabled())
		return;

	shadow_lock();
	trace_i915_vmlife_close(ctx->vmlife.id,
				vmlife_vm_id(READ_ONCE(ctx->vmlife.shadow)),
				kref_read(&ctx->ref));
	shadow_unlock();
}

void __i915_vmlife_ctx_free(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long flags;

	vmlife_not_alone(ctx);

	if (shadow && test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state)) {
		vmlife_disown(shadow, OWNERS_ONE);
		atomic_inc(&shadow->leaked);
		vmlife_report(VMLIFE_vm_leak, ctx, _RET_IP_);
	}

	if (ctx->vmlife.id) {
		flags = vmlife_lock(&vmlife_contexts_lock);
		list_del(&ctx->vmlife.link);
		vmlife_unlock(&vmlife_contexts_lock, flags);
	}

	disconnect(shadow);
}

MODULE_INFO(vmlife, I915_VMLIFE_VERSION);

#if IS_ENABLED(CONFIG_DRM_I915_SELFTEST)
#include "selftests/i915_gem_vmlife.c"
#endif
