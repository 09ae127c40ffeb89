/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * vmlife: the lifetime contract of a context's address space, checked.
 *
 * The hooks below are called from the driver's own code.  Each gets the name of
 * the calling function (its site).  While the rules hold, a hook only counts the
 * pass and compares.  With CONFIG_DRM_I915_DEBUG_VMLIFE off, hooks leave no
 * trace in the object code.
 */
#ifndef __I915_GEM_VMLIFE_H__
#define __I915_GEM_VMLIFE_H__

#include <linux/build_bug.h>
#include <linux/jump_label.h>
#include <linux/percpu.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

#include "i915_gem_vmlife_sites.h"
#include "i915_gem_vmlife_types.h"

struct drm_i915_private;
struct i915_address_space;
struct i915_gem_context;
struct mutex;

/** I915_VMLIFE_VERSION - version of the checks, in the load line and in modinfo */
#define I915_VMLIFE_VERSION "1.1"

/**
 * enum i915_vmlife_rule - the rules of the contract, see i915_gem_vmlife_rules.h
 * @VMLIFE_NO_RULE: no rule
 * @VMLIFE_NR_RULES: number of rules, including @VMLIFE_NO_RULE
 */
enum i915_vmlife_rule {
	VMLIFE_NO_RULE,
#define VMLIFE_RULE(id, ...) VMLIFE_##id,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_RULE
	VMLIFE_NR_RULES
};

/**
 * enum i915_vmlife_fault - faults that can be injected: first one per rule, by its number
 * @VMLIFE_LAST_RULE_FAULT: the last of these
 * @VMLIFE_NR_FAULTS: number of faults, including none
 */
enum i915_vmlife_fault {
	VMLIFE_LAST_RULE_FAULT = VMLIFE_NR_RULES - 1,
#define VMLIFE_FAULT(id, ...) VMLIFE_##id,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_FAULT
	VMLIFE_NR_FAULTS
};

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)

/* All places of hooks, generated from the table that annotate checks. */
enum i915_vmlife_site {
#define VMLIFE_SITE(hook, at) VMLIFE_AT_##hook##_##at,
#include "i915_gem_vmlife_sites.h"
#undef VMLIFE_SITE
	VMLIFE_NR_SITES
};

DECLARE_TRACEPOINT(i915_vmlife_get);
DECLARE_TRACEPOINT(i915_vmlife_put);

DECLARE_PER_CPU(unsigned long [VMLIFE_NR_SITES], i915_vmlife_passes);

/* On while hooks are asked to wait (i915.vmlife_delay). */
DECLARE_STATIC_KEY_FALSE(i915_vmlife_delays);

/**
 * __i915_vmlife_delay - wait for a while, if the hook is one of those that do
 * @site: one of enum i915_vmlife_site
 *
 * Sleeps where that is allowed, and spins elsewhere.
 */
void __i915_vmlife_delay(int site);

#define VMLIFE_PASS(hook, at) do {						\
	this_cpu_inc(i915_vmlife_passes[VMLIFE_AT_##hook##_##at]);		\
	if (static_branch_unlikely(&i915_vmlife_delays))			\
		__i915_vmlife_delay(VMLIFE_AT_##hook##_##at);			\
} while (0)

#define VMLIFE_TOOK(vm) do {				\
	if (CONFIG_DRM_I915_DEBUG_VMLIFE_STACK ||	\
	    tracepoint_enabled(i915_vmlife_get))	\
		__i915_vmlife_vm_get(vm);		\
} while (0)

/**
 * i915_vmlife_vm_init - give an address space its account
 * @at: name of the calling function
 * @vm: the address space, with its reference count set up
 * @class: VM_CLASS_GGTT and so on; the global one cannot leak
 *
 * Never fails: if memory runs out, the vm is not checked, and the unload line
 * counts it.
 */
#define i915_vmlife_vm_init(at, vm, class) do {		\
	VMLIFE_PASS(vm_init, at);			\
	__i915_vmlife_vm_init(vm, class);		\
} while (0)

/**
 * i915_vmlife_vm_get - a reference on an address space was taken
 * @at: name of the calling function
 * @vm: the address space
 *
 * Rule vm-leak, for which the caller is recorded; and the tracepoint
 * i915_vmlife_get.  i915_vmlife_vm_init() handles the first reference, which is
 * the creator's.
 */
#define i915_vmlife_vm_get(at, vm) do {			\
	VMLIFE_PASS(vm_get, at);			\
	VMLIFE_TOOK(vm);				\
} while (0)

/**
 * i915_vmlife_vm_got - the same, in an expression whose value is the address space
 * @at: name of the calling function
 * @vm: the address space
 *
 * Return: @vm.
 */
#define i915_vmlife_vm_got(at, vm) ({			\
	struct i915_address_space *got_ = (vm);		\
							\
	VMLIFE_PASS(vm_got, at);			\
	VMLIFE_TOOK(got_);				\
	got_;						\
})

/**
 * i915_vmlife_vm_put - a reference on an address space is about to be put
 * @at: name of the calling function
 * @vm: the address space
 *
 * Rule vm-early-put: after the put, the count is not below the number of those that
 * own a reference; and the tracepoint i915_vmlife_put.
 */
#define i915_vmlife_vm_put(at, vm) do {			\
	VMLIFE_PASS(vm_put, at);			\
	__i915_vmlife_vm_put(vm);			\
} while (0)

/**
 * i915_vmlife_vm_zero - the last reference on an address space was put
 * @at: name of the calling function
 * @vm: the address space, reference count at zero, memory still valid
 *
 * Rule vm-early-put: no context may own a reference now.  This detects an early
 * put in any place, unless another reference hides it.
 */
#define i915_vmlife_vm_zero(at, vm) do {		\
	VMLIFE_PASS(vm_zero, at);			\
	__i915_vmlife_vm_zero(vm);			\
} while (0)

/**
 * i915_vmlife_vm_free - the memory of an address space is about to be freed
 * @at: name of the calling function
 * @vm: the address space
 *
 * For the global one, whose memory belongs to the device: its use ends.
 */
#define i915_vmlife_vm_free(at, vm) do {		\
	VMLIFE_PASS(vm_free, at);			\
	__i915_vmlife_vm_free(vm);			\
} while (0)

/**
 * i915_vmlife_vm_kfree - free the memory of an address space
 * @at: name of the calling function
 * @vm: the address space
 *
 * Replaces kfree(vm) up to 5.15, where a vm has no other reference count for its
 * memory: if a context still points to it, the end of the context frees it.
 */
#define i915_vmlife_vm_kfree(at, vm) do {		\
	VMLIFE_PASS(vm_kfree, at);			\
	__i915_vmlife_vm_kfree(vm);			\
} while (0)

/**
 * i915_vmlife_vm_retry - about to try kref_get_unless_zero() on ctx->vm
 * @at: name of the calling function
 * @ctx: the context, on which the caller must hold a reference
 * @tries: number of tries so far, 0 before the first
 *
 * Rule vm-get-livelock: a count of zero stays zero, so another try helps only if
 * ctx->vm was replaced, which does not happen endlessly.
 *
 * Return: whether the caller must give up.
 */
#define i915_vmlife_vm_retry(at, ctx, tries) ({		\
	VMLIFE_PASS(vm_retry, at);			\
	__i915_vmlife_vm_retry(ctx, tries);		\
})

/**
 * i915_vmlife_gave_up - did i915_vmlife_vm_retry() make the get fail?
 * @vm: what the get returned
 */
#define i915_vmlife_gave_up(vm) unlikely(!(vm))

/**
 * i915_vmlife_vm_stored - ctx->vm was written
 * @at: name of the calling function
 * @ctx: the context
 *
 * During creation the context gets its reference here, and the stack is
 * recorded.  Later a store breaks rule vm-republish; up to 5.15 only without
 * ctx->mutex, and with it the caller owns the reference on the previous vm.
 */
#define i915_vmlife_vm_stored(at, ctx) do {		\
	VMLIFE_PASS(vm_stored, at);			\
	__i915_vmlife_vm_stored(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_created - creation is complete, ctx->vm is final
 * @at: name of the calling function
 * @ctx: the context, not yet published
 */
#define i915_vmlife_ctx_created(at, ctx) do {		\
	VMLIFE_PASS(ctx_created, at);			\
	__i915_vmlife_ctx_created(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_read - ctx->vm is about to be read and used
 * @at: name of the calling function
 * @ctx: the context, on which the caller must hold a reference
 *
 * Rule vm-early-put: the context owns its reference and the vm is alive.
 * Rule vm-republish, for KCSAN: no concurrent write of ctx->vm.
 * Rule ctx-chase: the context's own count is not zero.
 */
#define i915_vmlife_vm_read(at, ctx) do {		\
	VMLIFE_PASS(vm_read, at);			\
	__i915_vmlife_vm_read(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_drop - the reference in ctx->vm is about to be put
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule vm-early-put: only the release, or failed creation, may put it.
 * Rule vm-double-put: and only once.
 */
#define i915_vmlife_vm_drop(at, ctx) do {		\
	VMLIFE_PASS(vm_drop, at);			\
	__i915_vmlife_vm_drop(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_handed - a reference that a context handed over is about to be put
 * @at: name of the calling function
 * @vm: the address space that ctx->vm pointed to before it was replaced
 *
 * Rule vm-leak, up to 5.15: code that replaces ctx->vm must put the context's
 * reference on the previous vm.
 */
#define i915_vmlife_vm_handed(at, vm) do {		\
	VMLIFE_PASS(vm_handed, at);			\
	__i915_vmlife_vm_handed(vm);			\
} while (0)

/**
 * i915_vmlife_vm_held - the pointer to an address space was stored in an object, which
 *	holds a reference on it from here on
 * @at: name of the function the hook stands in
 * @object: the context of an engine, or a proto-context
 *
 * Rule vm-early-put: until i915_vmlife_vm_unheld() a put must leave this reference.
 */
#define i915_vmlife_vm_held(at, object) do {		\
	VMLIFE_PASS(vm_held, at);			\
	__i915_vmlife_vm_held(&(object)->vmlife, (object)->vm);	\
} while (0)

/**
 * i915_vmlife_vm_unheld - the reference that an object holds is about to be put
 * @at: name of the function the hook stands in
 * @object: the context of an engine, or a proto-context
 */
#define i915_vmlife_vm_unheld(at, object) do {		\
	VMLIFE_PASS(vm_unheld, at);			\
	__i915_vmlife_vm_unheld(&(object)->vmlife);	\
} while (0)

/**
 * i915_vmlife_handle_made - a file is about to get a handle for an address space
 * @at: name of the function the hook stands in
 * @vm: the address space, with a reference for the handle
 *
 * Rule vm-early-put: until i915_vmlife_handle_gone() a put must leave this reference.
 * It counts before others see the handle, who may destroy it at once.
 */
#define i915_vmlife_handle_made(at, vm) do {		\
	VMLIFE_PASS(handle_made, at);			\
	__i915_vmlife_handle(vm, true);			\
} while (0)

/**
 * i915_vmlife_handle_tried - did the file get the handle?
 * @err: what the call returned that makes it
 * @vm: the address space
 */
#define i915_vmlife_handle_tried(err, vm) do {		\
	if ((err) < 0)					\
		__i915_vmlife_handle(vm, false);	\
} while (0)

/**
 * i915_vmlife_handle_gone - a file's handle was taken away, and its reference is about
 *	to be put
 * @at: name of the function the hook stands in
 * @vm: the address space, or NULL if there was no such handle
 *
 * Return: @vm.
 */
#define i915_vmlife_handle_gone(at, vm) ({		\
	struct i915_address_space *unheld_ = (vm);	\
							\
	VMLIFE_PASS(handle_gone, at);			\
	if (unheld_)					\
		__i915_vmlife_handle(unheld_, false);	\
	unheld_;					\
})

/**
 * i915_vmlife_ctx_close - a context is being closed
 * @at: name of the calling function
 * @ctx: the context
 *
 * Checks no rule; for the tracepoint i915_vmlife_close.
 */
#define i915_vmlife_ctx_close(at, ctx) do {		\
	VMLIFE_PASS(ctx_close, at);			\
	__i915_vmlife_ctx_close(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_free - the memory of a context is about to be freed
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule vm-leak: the context no longer owns a reference.
 */
#define i915_vmlife_ctx_free(at, ctx) do {		\
	VMLIFE_PASS(ctx_free, at);			\
	__i915_vmlife_ctx_free(ctx);			\
} while (0)

/**
 * i915_vmlife_release_begin - the body of a context's release begins
 * @at: name of the calling function
 * @ctx: the context, reference count at zero
 *
 * Rule release-atomic: the caller may sleep and holds none of the driver's locks.  A
 * lockdep map is held until i915_vmlife_release_end(), so that calling the
 * body in an interrupt, or waiting for it under a lock that it takes, is an
 * inconsistent state or a circular dependency to lockdep.
 * Rule vm-early-put, for KCSAN: no other access to ctx->vm until
 * i915_vmlife_ctx_free().
 */
#define i915_vmlife_release_begin(at, ctx) do {		\
	VMLIFE_PASS(release_begin, at);			\
	__i915_vmlife_release_begin(ctx);		\
} while (0)

/**
 * i915_vmlife_release_end - the body of a context's release ends
 * @at: name of the calling function
 */
#define i915_vmlife_release_end(at) do {		\
	VMLIFE_PASS(release_end, at);			\
	__i915_vmlife_release_end();			\
} while (0)

/**
 * i915_vmlife_engines_write - ctx->engines is about to be replaced
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule engines-unlocked: the caller holds engines_mutex.
 */
#define i915_vmlife_engines_write(at, ctx) do {		\
	VMLIFE_PASS(engines_write, at);			\
	__i915_vmlife_engines(ctx, false);		\
} while (0)

/**
 * i915_vmlife_engines_read - ctx->engines is read
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule engines-unlocked: the caller holds engines_mutex, or is in an RCU
 * read-side section.
 */
#define i915_vmlife_engines_read(at, ctx) do {		\
	VMLIFE_PASS(engines_read, at);			\
	__i915_vmlife_engines(ctx, true);		\
} while (0)

/**
 * i915_vmlife_ctx_take - kref_get_unless_zero() is about to take a context that
 *	was found without a reference
 * @at: name of the calling function
 * @ctx: the context that was found, or NULL
 *
 * Rule ctx-chase: RCU or the list's lock keeps the context's memory meanwhile.
 */
#define i915_vmlife_ctx_take(at, ctx) do {		\
	VMLIFE_PASS(ctx_take, at);			\
	__i915_vmlife_ctx_take(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_get - a plain kref_get() is about to take a context
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule ctx-chase: the caller already has a reference, or an object that owns
 * one.  In an RCU read-side critical section the context was found, not owned.
 */
#define i915_vmlife_ctx_get(at, ctx) do {		\
	VMLIFE_PASS(ctx_get, at);			\
	__i915_vmlife_ctx_get(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_handed - a context is about to get visible in a table of ids
 * @at: name of the calling function
 * @ctx: the context
 *
 * Another task can destroy it from then on.  A caller that has no reference besides the
 * one that the table now owns must not use the context any more.
 */
#define i915_vmlife_ctx_handed(at, ctx) do {		\
	VMLIFE_PASS(ctx_handed, at);			\
	__i915_vmlife_ctx_handed(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_used - a context is used by the code that creates it
 * @at: name of the calling function
 * @ctx: the context
 *
 * Rule ctx-chase: the task did not give its only reference away before.
 */
#define i915_vmlife_ctx_used(at, ctx) do {		\
	VMLIFE_PASS(ctx_used, at);			\
	__i915_vmlife_ctx_used(ctx);			\
} while (0)

/**
 * i915_vmlife_device_gone - a device is gone: no file, request or work of it is left
 * @at: name of the calling function
 * @i915: the device
 *
 * Rule vm-leak: so nothing may be left that owns or holds an address space of it.
 */
#define i915_vmlife_device_gone(at, i915) do {		\
	VMLIFE_PASS(device_gone, at);			\
	__i915_vmlife_device_gone(i915);		\
} while (0)

/**
 * i915_vmlife_sched - read a scheduling field of a context
 * @at: name of the calling function
 * @ctx: the context
 * @field: the field, or the whole of sched
 *
 * Rule sched-racy-read: the old and the new value are equally valid, so no lock
 * is needed; READ_ONCE() marks the access for the compiler and for KCSAN.
 * Rule ctx-chase: RCU or a reference keeps the context alive.
 *
 * Return: the field.
 */
#define i915_vmlife_sched(at, ctx, field) ({		\
	VMLIFE_PASS(sched, at);				\
	__i915_vmlife_sched(ctx);			\
	READ_ONCE((ctx)->field);			\
})

/**
 * i915_vmlife_file_open - the proto-context lock of a file was initialized
 * @at: name of the calling function
 * @lock: its proto_context_lock
 *
 * Rule lock-order: one class for all files, so that lockdep learns its order once.
 */
#define i915_vmlife_file_open(at, lock) do {		\
	VMLIFE_PASS(file_open, at);			\
	__i915_vmlife_file_open(lock);			\
} while (0)

/**
 * i915_vmlife_set_sched - write a scheduling field of a context
 * @at: name of the calling function
 * @field: the field
 * @value: what to write
 */
#define i915_vmlife_set_sched(at, field, value) do {	\
	VMLIFE_PASS(set_sched, at);			\
	WRITE_ONCE(field, value);			\
} while (0)

void __i915_vmlife_vm_init(struct i915_address_space *vm, int class);
void __i915_vmlife_vm_get(struct i915_address_space *vm);
void __i915_vmlife_vm_put(struct i915_address_space *vm);
void __i915_vmlife_vm_zero(struct i915_address_space *vm);
void __i915_vmlife_vm_free(struct i915_address_space *vm);
void __i915_vmlife_vm_kfree(struct i915_address_space *vm);
bool __i915_vmlife_vm_retry(struct i915_gem_context *ctx, unsigned int *tries);
void __i915_vmlife_vm_stored(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_created(struct i915_gem_context *ctx);
void __i915_vmlife_vm_read(struct i915_gem_context *ctx);
void __i915_vmlife_vm_drop(struct i915_gem_context *ctx);
void __i915_vmlife_vm_handed(struct i915_address_space *vm);
void __i915_vmlife_vm_held(struct i915_vmlife_holder *holder,
			   struct i915_address_space *vm);
void __i915_vmlife_vm_unheld(struct i915_vmlife_holder *holder);
void __i915_vmlife_handle(struct i915_address_space *vm, bool made);
void __i915_vmlife_ctx_close(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_free(struct i915_gem_context *ctx);
void __i915_vmlife_release_begin(struct i915_gem_context *ctx);
void __i915_vmlife_release_end(void);
void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu);
void __i915_vmlife_ctx_take(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_handed(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_used(struct i915_gem_context *ctx);
void __i915_vmlife_sched(const struct i915_gem_context *ctx);
void __i915_vmlife_device_gone(struct drm_i915_private *i915);
void __i915_vmlife_file_open(struct mutex *proto_context_lock);

/**
 * i915_vmlife_load - print the load line: the checks and their settings
 */
void i915_vmlife_load(void);

/**
 * i915_vmlife_unload - print the unload line: passes and reports
 */
void i915_vmlife_unload(void);

#else

/* Generates no code, but the compiler still checks the arguments. */
#define VMLIFE_NO_HOOK(at, object) do {			\
	BUILD_BUG_ON_INVALID(at);			\
	BUILD_BUG_ON_INVALID(object);			\
} while (0)

#define i915_vmlife_vm_init(at, vm, class) do {		\
	VMLIFE_NO_HOOK(at, vm);				\
	BUILD_BUG_ON_INVALID(class);			\
} while (0)
#define i915_vmlife_vm_get(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_vm_got(at, vm) (BUILD_BUG_ON_INVALID(at), (vm))
#define i915_vmlife_vm_put(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_vm_zero(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_vm_free(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_vm_kfree(at, vm) do {		\
	BUILD_BUG_ON_INVALID(at);			\
	kfree(vm);					\
} while (0)
#define i915_vmlife_vm_retry(at, ctx, tries) \
	(BUILD_BUG_ON_INVALID(at), BUILD_BUG_ON_INVALID(ctx), (void)(tries), false)
#define i915_vmlife_gave_up(vm) (BUILD_BUG_ON_INVALID(vm), false)
#define i915_vmlife_vm_stored(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_created(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_vm_read(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_vm_drop(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_vm_held(at, object) VMLIFE_NO_HOOK(at, object)
#define i915_vmlife_vm_unheld(at, object) VMLIFE_NO_HOOK(at, object)
#define i915_vmlife_handle_made(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_handle_tried(err, vm) VMLIFE_NO_HOOK(err, vm)
#define i915_vmlife_handle_gone(at, vm) (BUILD_BUG_ON_INVALID(at), (vm))
#define i915_vmlife_vm_handed(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_ctx_close(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_free(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_release_begin(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_release_end(at) BUILD_BUG_ON_INVALID(at)
#define i915_vmlife_engines_write(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_engines_read(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_take(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_get(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_handed(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_used(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_device_gone(at, i915) VMLIFE_NO_HOOK(at, i915)
#define i915_vmlife_sched(at, ctx, field) \
	(BUILD_BUG_ON_INVALID(at), (ctx)->field)
#define i915_vmlife_file_open(at, lock) VMLIFE_NO_HOOK(at, lock)
#define i915_vmlife_set_sched(at, field, value) do {	\
	BUILD_BUG_ON_INVALID(at);			\
	(field) = (value);				\
} while (0)

static inline void i915_vmlife_load(void) { }
static inline void i915_vmlife_unload(void) { }

#endif /* CONFIG_DRM_I915_DEBUG_VMLIFE */

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)

/*
 * Faults that are more than one put or one call of the driver's own code are
 * functions named vmlife_fault_<rule>(), so that reports of KCSAN and lockdep
 * show the cause.
 */
extern int i915_vmlife_fault;

/**
 * i915_vmlife_inject - test whether this fault is to be injected
 * @fault: identifier of the rule or the fault, as in i915_gem_vmlife_rules.h
 */
#define i915_vmlife_inject(fault) __i915_vmlife_inject(VMLIFE_##fault)

static inline bool __i915_vmlife_inject(int fault)
{
	return unlikely(READ_ONCE(i915_vmlife_fault) == fault);
}

bool i915_vmlife_inject_early_put(struct i915_gem_context *ctx);
bool i915_vmlife_inject_double_put(struct i915_gem_context *ctx);
bool i915_vmlife_inject_no_put(struct i915_gem_context *ctx);
bool i915_vmlife_inject_stray_put(struct i915_address_space *vm);
bool vmlife_fault_ctx_chase(struct i915_gem_context *ctx);
void vmlife_fault_vm_republish(struct i915_gem_context *ctx);
void vmlife_fault_engines_unlocked(struct i915_gem_context *ctx);
void vmlife_fault_lock_order(struct i915_gem_context *ctx);
void vmlife_fault_sched_racy_read(struct i915_gem_context *ctx, int priority);

#else

#define i915_vmlife_inject(fault) __i915_vmlife_inject(VMLIFE_##fault)

static inline bool __i915_vmlife_inject(int fault)
{
	return false;
}

static inline bool
i915_vmlife_inject_early_put(struct i915_gem_context *ctx)
{
	return false;
}

static inline bool
i915_vmlife_inject_double_put(struct i915_gem_context *ctx)
{
	return false;
}

static inline bool
i915_vmlife_inject_no_put(struct i915_gem_context *ctx)
{
	return false;
}

static inline bool
i915_vmlife_inject_stray_put(struct i915_address_space *vm)
{
	return false;
}

static inline bool
vmlife_fault_ctx_chase(struct i915_gem_context *ctx)
{
	return false;
}

static inline void
vmlife_fault_vm_republish(struct i915_gem_context *ctx) { }
static inline void
vmlife_fault_engines_unlocked(struct i915_gem_context *ctx) { }
static inline void
vmlife_fault_lock_order(struct i915_gem_context *ctx) { }
static inline void
vmlife_fault_sched_racy_read(struct i915_gem_context *ctx, int priority) { }

#endif /* CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT */

#endif /* __I915_GEM_VMLIFE_H__ */
