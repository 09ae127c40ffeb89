// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: faults, to prove that the checks detect them.
 *
 * Each breaks exactly one rule in the driver's own code: damage to memory of other
 * owners that would follow is prevented.
 */

#include <linux/compiler.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"

int i915_vmlife_fault = VMLIFE_NO_RULE;

/* Often enough for a detector that samples one access in some hundred. */
#define FAULT_WRITES 256

static int find_fault(const char *name)
{
	int fault;

	for (fault = 0; fault < VMLIFE_NR_FAULTS; fault++)
		if (sysfs_streq(name, vmlife_fault_name(fault)))
			return fault;

	return -EINVAL;
}

static int set_inject(const char *val, const struct kernel_param *kp)
{
	int fault = find_fault(val);

	if (fault < 0) {
		pr_err("i915 vmlife: vmlife_inject: no rule or fault of this name\n");
		return fault;
	}

	WRITE_ONCE(i915_vmlife_fault, fault);
	/* A fault that is set while the module loads is printed in the load line. */
	if (vmlife_loaded)
		pr_info("i915 vmlife: inject token=%s inject=%s fault=%s\n",
			vmlife_token(),
			vmlife_fault_name(vmlife_fault_rule(fault)),
			vmlife_fault_name(fault));
	return 0;
}

static int get_inject(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", vmlife_fault_name(vmlife_asked_fault()));
}

static const struct kernel_param_ops inject_ops = {
	.set = set_inject,
	.get = get_inject,
};
/* Unsafe: taints the kernel, so that its reports are not mistaken for a user's. */
module_param_cb_unsafe(vmlife_inject, &inject_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_inject,
		 "Break this rule of the vm lifetime contract, to see it reported (default: none)");

/*
 * A vm with one reference too few is freed while other code still points to it; that
 * code then puts a reference of the next user of the memory: a second broken rule,
 * which was not injected.  So its memory is never freed.
 * (Except with KASAN, which is to report exactly that.)
 */
static void keep_for_good(struct i915_gem_context *ctx)
{
	if (ctx->vmlife.shadow)
		keep_memory(ctx->vmlife.shadow);
}

/**
 * i915_vmlife_inject_early_put - fault vm-early-put, in the close of a context
 * @ctx: the context that is being closed
 *
 * Return: true if the caller must put ctx->vm, as the driver did before the
 * put moved to the release. The release of this context then puts nothing.
 */
bool i915_vmlife_inject_early_put(struct i915_gem_context *ctx)
{
	if (!i915_vmlife_inject(vm_early_put) || !ctx_vm(ctx))
		return false;

	keep_for_good(ctx);
	set_bit(CTX_FAULT, &ctx->vmlife.state);
	return true;
}

/**
 * i915_vmlife_inject_double_put - fault vm-double-put, in the release
 * @ctx: the context that is being released
 *
 * Return: true if the caller must put ctx->vm once more.
 */
bool i915_vmlife_inject_double_put(struct i915_gem_context *ctx)
{
	if (!i915_vmlife_inject(vm_double_put) || !ctx_vm(ctx))
		return false;

	/*
	 * On 5.10 creation releases contexts too.  Not at the same time, or the
	 * reports of refcount_t about both would mix.
	 */
	if (!(current->flags & PF_WQ_WORKER))
		return false;

	keep_for_good(ctx);
	return true;
}

/**
 * i915_vmlife_inject_no_put - test whether the release must not put ctx->vm
 * @ctx: the context that is being released
 *
 * Return: true if a fault has put the reference before, or is to leak it.
 */
bool i915_vmlife_inject_no_put(struct i915_gem_context *ctx)
{
	return test_bit(CTX_FAULT, &ctx->vmlife.state) ||
		i915_vmlife_inject(vm_leak);
}

/**
 * i915_vmlife_inject_stray_put - fault vm-stray-put, when a file's handle is destroyed
 * @vm: the address space of the handle
 *
 * Only if contexts share it and only the file holds it besides: then the file's own
 * put, the second, leaves fewer references than there are owners.
 *
 * Return: true if the caller must put @vm once more.
 */
bool i915_vmlife_inject_stray_put(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	u64 owners;

	if (!i915_vmlife_inject(vm_stray_put) || !shadow)
		return false;

	owners = atomic64_read(&shadow->owners);
	if (vmlife_owners(owners) < 2 ||
	    kref_read(&vm->ref) != vmlife_all_owners(owners) + 1)
		return false;

	keep_memory(shadow);
	return true;
}

/**
 * vmlife_undo_stray_put - restore the reference that was put once too often
 * @vm: the address space, which a context still owns
 *
 * Return: true if there was one.
 */
bool vmlife_undo_stray_put(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	if (!shadow || !atomic_read(&shadow->missing))
		return false;

	kref_get(&vm->ref);
	atomic_dec(&shadow->missing);
	let_memory_go(shadow);
	return true;
}

/**
 * vmlife_fault_ctx_chase - fault ctx-chase: a plain get of a context that was found
 * @ctx: a context found under RCU, or NULL
 *
 * A proper reference is held around it: a get of a freed context would end in a put
 * on memory of another owner, and report more than the injected fault.
 *
 * Return: true if the caller has a reference now.
 */
bool vmlife_fault_ctx_chase(struct i915_gem_context *ctx)
{
	if (!ctx || !kref_get_unless_zero(&ctx->ref))
		return false;

	i915_gem_context_get(ctx);
	i915_gem_context_put(ctx);
	return true;
}

/**
 * vmlife_fault_vm_republish - fault vm-republish: a late store to ctx->vm
 * @ctx: a context that others may be reading
 *
 * Stores the current value: harmless to the driver, and as much of a race with
 * lockless readers as any other store.  The account is updated first: KCSAN reports
 * from the reader's side just after the store, and the two reports must not mix.
 */
noinline void vmlife_fault_vm_republish(struct i915_gem_context *ctx)
{
	struct i915_address_space *vm = ctx_vm(ctx);
	int i;

	__i915_vmlife_vm_stored(ctx);
	for (i = 0; i < FAULT_WRITES; i++) {
		OPTIMIZER_HIDE_VAR(vm); /* or the compiler omits the store */
		ctx_store_vm(ctx, vm);
		barrier();
	}
}

/**
 * vmlife_fault_engines_unlocked - fault engines-unlocked: a bare access
 * @ctx: a context
 */
noinline void vmlife_fault_engines_unlocked(struct i915_gem_context *ctx)
{
	i915_gem_context_engines(ctx);
}

/**
 * vmlife_fault_lock_order - fault lock-order: one pair the wrong way round
 * @ctx: a context, none of its locks held
 */
noinline void vmlife_fault_lock_order(struct i915_gem_context *ctx)
{
	mutex_lock(&ctx->lut_mutex);
	mutex_lock(&ctx->mutex);
	mutex_unlock(&ctx->mutex);
	mutex_unlock(&ctx->lut_mutex);
}

/**
 * vmlife_fault_sched_racy_read - fault sched-racy-read: an unmarked write
 * @ctx: a context
 * @priority: the new value
 *
 * KCSAN never sets a watchpoint at a marked read, so it must choose this side.
 */
noinline void vmlife_fault_sched_racy_read(struct i915_gem_context *ctx,
					   int priority)
{
	int i;

	for (i = 0; i < FAULT_WRITES; i++) {
		ctx->sched.priority = priority;
		barrier();
	}
}
