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
 * While the contract holds, the count of a vm is never below its owners.  That is
 * looked at where it shows: at each put of anybody's, at each read of ctx->vm, and
 * where the count gets to zero.
 * The shadow's lock freezes the end of the vm, so that a report reads the vm's
 * count while its memory is sure to be there.
 *
 * A check whose breach KCSAN reports is a function vmlife_check_<rule>() of its
 * own: the report carries the name, and by it the log's reader knows which rule
 * broke.  What is held, and in which order, is checked in _locks.c.
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

/* Exported is what kvmgt needs, which inlines the gets and puts of the vm. */
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

/* KCSAN names who accessed what; without it a call less at each read. */
#ifdef CONFIG_KCSAN
#define vmlife_named noinline
#else
#define vmlife_named inline
#endif

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
 *
 * In the release nobody else looks at ctx->vm any more, with a hook or without, from
 * the beginning of its body until it frees the context: KCSAN reports who does as a
 * race, with this function at its beginning, and then with what the body does.
 */
static vmlife_named void vmlife_check_vm_early_put(struct i915_gem_context *ctx,
					       bool release, unsigned long ip)
{
	struct i915_vmlife_vm *shadow;
	unsigned long state;

	if (release) {
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
 * Rule vm-republish, at a read: a write to ctx->vm by anybody while a reader stands
 * here is reported by KCSAN as a race with this function; one that was made before,
 * past all hooks, shows in that the account is of another vm.  Up to 5.15 the two
 * may change under a reader's eyes.
 */
static vmlife_named void vmlife_check_vm_republish(struct i915_gem_context *ctx,
					       unsigned long ip)
{
#if I915_VMLIFE_TREE >= 5016
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;

	ASSERT_EXCLUSIVE_WRITER(ctx->vm);
	/* A racing store is what the line above reports. */
	if (unlikely(shadow && data_race(ctx->vm) != shadow->vm))
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
	if (IS_ENABLED(CONFIG_KCSAN))
		kcsan_end_scoped_access(&ctx->vmlife.alone);
}

/*
 * From @ip on, the driver's function; what is above it is ours, as many frames as
 * the compiler left.  Returns how many were kept.
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

/* Walking the stack is dear, so it is done once for each place. */
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
 * How many references there are too few for one of them to be put, or none.
 *
 * Who puts holds one that is no context's: a context counts as an owner only after
 * it took its own, and no more before it puts that.  So the count is above the owners
 * at any moment, and one that is looked at while no owner came or went tells.  What is
 * missing already was told of, with the one who put that.
 */
static int put_too_many(struct i915_vmlife_vm *shadow, struct kref *ref)
{
	u64 before = atomic64_read_acquire(&shadow->owners);
	int lack;

	if (!vmlife_owners(before))
		return 0;

	/* What leaked is nobody's to put; it leaves the owners first. */
	lack = vmlife_owners(before) + atomic_read(&shadow->leaked) + 1 -
	       atomic_read(&shadow->missing) - kref_read(ref);
	if (likely(lack <= 0))
		return 0;

	smp_rmb(); /* the count before the owners, as in vmlife_disown() */
	return atomic64_read(&shadow->owners) == before ? lack : 0;
}

/* Rule vm-early-put, at a put: the owners' references are theirs alone. */
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
	shadow->id = atomic_inc_return(&last_vm_id);
	INIT_LIST_HEAD(&shadow->all);
	keep_take(shadow, _RET_IP_);

	/* The first vm of a device. */
	if (class == VM_CLASS_GGTT)
		vmlife_device_add(vm->i915);

	flags = vmlife_lock(&vmlife_contexts_lock);
	shadow->device = vmlife_device_of(vm->i915);
	/* The global one goes with its device, however many references are out. */
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

	if (likely(!vmlife_owners(atomic64_read(&shadow->owners))))
		return;

	/* Else the put that was one too many is known, and was told of. */
	if (!atomic_read(&shadow->missing))
		vmlife_report_vm(root_rule(shadow, VMLIFE_vm_early_put), shadow,
				 _RET_IP_);
}

/* From here on the shadow is all that is left of the vm. */
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
		list_add_tail(&shadow->handed_link, &vmlife_handed);
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
		list_del(&shadow->handed_link);
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

/* Who stored ctx->vm.  Who shows it meanwhile sees none or all of it. */
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
		vmlife_own(shadow);
	}
	ctx->vmlife.took = ip;
	/* Counted first: who finds it (in an RCU section) finds it owned. */
	smp_store_release(&ctx->vmlife.shadow, shadow);
	/* Where memory was short for the shadow, nothing is known any more. */
	assign_bit(CTX_OWNS, &ctx->vmlife.state, shadow);
	if (owned)
		vmlife_disown(old);
	disconnect(old);
	trace_i915_vmlife_publish(ctx->vmlife.id, vmlife_vm_id(shadow),
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

	vmlife_disown(shadow);
	if (unlikely((state & BIT(CTX_CREATED)) && !(state & BIT(CTX_RELEASING))))
		vmlife_report(VMLIFE_vm_early_put, ctx, _RET_IP_);
}

void __i915_vmlife_ctx_close(struct i915_gem_context *ctx)
{
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

	if (test_bit(CTX_RELEASING, &ctx->vmlife.state))
		vmlife_not_alone(ctx);

	if (shadow && test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state)) {
		vmlife_disown(shadow);
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
