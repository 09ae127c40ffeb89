/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * vmlife: the lifetime contract of a context's address space, checked.
 *
 * The hooks below stand in the driver's own code.  Each is called with the
 * name of the function that it stands in (its site) and does nothing on a
 * good path but count the pass and compare.  With CONFIG_DRM_I915_DEBUG_VMLIFE
 * off they vanish without a trace in the object code.
 */
#ifndef __I915_GEM_VMLIFE_H__
#define __I915_GEM_VMLIFE_H__

#include <linux/build_bug.h>
#include <linux/percpu.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

#include "i915_gem_vmlife_sites.h"
#include "i915_gem_vmlife_types.h"

struct i915_address_space;
struct i915_gem_context;
struct mutex;

/** I915_VMLIFE_VERSION - of the checks, in the load line and in modinfo */
#define I915_VMLIFE_VERSION "1.1"

/**
 * enum i915_vmlife_rule - the rules of the contract, see i915_gem_vmlife_rules.h
 * @VMLIFE_NO_RULE: none of them
 * @VMLIFE_NR_RULES: how many there are, with @VMLIFE_NO_RULE
 */
enum i915_vmlife_rule {
	VMLIFE_NO_RULE,
#define VMLIFE_RULE(id, ...) VMLIFE_##id,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_RULE
	VMLIFE_NR_RULES
};

/**
 * enum i915_vmlife_fault - what can be injected: first one a rule, by its number
 * @VMLIFE_LAST_RULE_FAULT: the last of these
 * @VMLIFE_NR_FAULTS: how many there are, with none
 */
enum i915_vmlife_fault {
	VMLIFE_LAST_RULE_FAULT = VMLIFE_NR_RULES - 1,
#define VMLIFE_FAULT(id, ...) VMLIFE_##id,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_FAULT
	VMLIFE_NR_FAULTS
};

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)

/* Every place a hook stands in, from the table that placed it. */
enum i915_vmlife_site {
#define VMLIFE_SITE(hook, at) VMLIFE_AT_##hook##_##at,
#include "i915_gem_vmlife_sites.h"
#undef VMLIFE_SITE
	VMLIFE_NR_SITES
};

DECLARE_TRACEPOINT(i915_vmlife_get);
DECLARE_TRACEPOINT(i915_vmlife_put);

DECLARE_PER_CPU(unsigned long [VMLIFE_NR_SITES], i915_vmlife_passes);

#define VMLIFE_PASS(hook, at) \
	this_cpu_inc(i915_vmlife_passes[VMLIFE_AT_##hook##_##at])

#define VMLIFE_TOOK(vm) do {				\
	if (CONFIG_DRM_I915_DEBUG_VMLIFE_STACK ||	\
	    tracepoint_enabled(i915_vmlife_get))	\
		__i915_vmlife_vm_get(vm);		\
} while (0)

/**
 * i915_vmlife_vm_init - give an address space its account
 * @at: name of the function the hook stands in
 * @vm: the address space, with its reference count set up
 * @class: VM_CLASS_GGTT and so on; the global one cannot leak
 *
 * Never fails: where memory is short the vm goes unchecked, which the unload
 * line counts.
 */
#define i915_vmlife_vm_init(at, vm, class) do {		\
	VMLIFE_PASS(vm_init, at);			\
	__i915_vmlife_vm_init(vm, class);		\
} while (0)

/**
 * i915_vmlife_vm_get - a reference on an address space was taken
 * @at: name of the function the hook stands in
 * @vm: the address space
 *
 * Rule vm-leak, for which who took it is kept; and the tracepoint i915_vmlife_get.
 * The first reference, which is the creator's, is i915_vmlife_vm_init()'s.
 */
#define i915_vmlife_vm_get(at, vm) do {			\
	VMLIFE_PASS(vm_get, at);			\
	VMLIFE_TOOK(vm);				\
} while (0)

/**
 * i915_vmlife_vm_got - the same, where a reference was taken on the way to a value
 * @at: name of the function the hook stands in
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
 * @at: name of the function the hook stands in
 * @vm: the address space
 *
 * Rule vm-early-put: the put leaves no fewer references than there are contexts
 * that own one. And the tracepoint i915_vmlife_put.
 */
#define i915_vmlife_vm_put(at, vm) do {			\
	VMLIFE_PASS(vm_put, at);			\
	__i915_vmlife_vm_put(vm);			\
} while (0)

/**
 * i915_vmlife_vm_zero - the last reference on an address space was put
 * @at: name of the function the hook stands in
 * @vm: the address space, reference count at zero, memory still there
 *
 * Rule vm-early-put: no context may own a reference now.  This sees an early
 * put wherever it was made, as long as nobody else's reference hides it.
 */
#define i915_vmlife_vm_zero(at, vm) do {		\
	VMLIFE_PASS(vm_zero, at);			\
	__i915_vmlife_vm_zero(vm);			\
} while (0)

/**
 * i915_vmlife_vm_free - the memory of an address space is about to go
 * @at: name of the function the hook stands in
 * @vm: the address space
 *
 * Of the global one, whose memory is the device's, its use.
 */
#define i915_vmlife_vm_free(at, vm) do {		\
	VMLIFE_PASS(vm_free, at);			\
	__i915_vmlife_vm_free(vm);			\
} while (0)

/**
 * i915_vmlife_vm_kfree - the memory of an address space goes
 * @at: name of the function the hook stands in
 * @vm: the address space
 *
 * Stands for kfree(vm) up to 5.15, where a vm has nothing else to keep its
 * memory: while a context still points to it, that one's end frees it.
 */
#define i915_vmlife_vm_kfree(at, vm) do {		\
	VMLIFE_PASS(vm_kfree, at);			\
	__i915_vmlife_vm_kfree(vm);			\
} while (0)

/**
 * i915_vmlife_vm_retry - about to try kref_get_unless_zero() on ctx->vm
 * @at: name of the function the hook stands in
 * @ctx: the context, on which the caller must hold a reference
 * @tries: how often so far, 0 before the first
 *
 * Rule vm-get-livelock: a count that is zero stays zero, so to try again makes
 * sense only if ctx->vm was replaced, which nobody does for ever.
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
 * @at: name of the function the hook stands in
 * @ctx: the context
 *
 * While the context is being created this is where it comes to own a
 * reference, and the stack is kept.  Later it breaks rule vm-republish; up to
 * 5.15 only without ctx->mutex, and with it the reference on what was there
 * before is the caller's.
 */
#define i915_vmlife_vm_stored(at, ctx) do {		\
	VMLIFE_PASS(vm_stored, at);			\
	__i915_vmlife_vm_stored(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_created - creation is over, ctx->vm is set for good
 * @at: name of the function the hook stands in
 * @ctx: the context, not yet handed to anybody
 */
#define i915_vmlife_ctx_created(at, ctx) do {		\
	VMLIFE_PASS(ctx_created, at);			\
	__i915_vmlife_ctx_created(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_read - ctx->vm is about to be read and used
 * @at: name of the function the hook stands in
 * @ctx: the context, on which the caller must hold a reference
 *
 * Rule vm-early-put: the context owns its reference and the vm is alive.
 * Rule vm-republish, for KCSAN: nobody writes ctx->vm meanwhile.
 * Rule ctx-chase: the context's own count is not zero.
 */
#define i915_vmlife_vm_read(at, ctx) do {		\
	VMLIFE_PASS(vm_read, at);			\
	__i915_vmlife_vm_read(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_drop - the reference in ctx->vm is about to be put
 * @at: name of the function the hook stands in
 * @ctx: the context
 *
 * Rule vm-early-put: only the release, or creation that failed, may do so.
 * Rule vm-double-put: and only once.
 */
#define i915_vmlife_vm_drop(at, ctx) do {		\
	VMLIFE_PASS(vm_drop, at);			\
	__i915_vmlife_vm_drop(ctx);			\
} while (0)

/**
 * i915_vmlife_vm_handed - a reference that a context handed over is about to be put
 * @at: name of the function the hook stands in
 * @vm: the address space that ctx->vm pointed to before it was replaced
 *
 * Rule vm-leak, up to 5.15: who replaces ctx->vm has to give back the context's
 * reference on what was there.
 */
#define i915_vmlife_vm_handed(at, vm) do {		\
	VMLIFE_PASS(vm_handed, at);			\
	__i915_vmlife_vm_handed(vm);			\
} while (0)

/**
 * i915_vmlife_ctx_close - a context is being closed
 * @at: name of the function the hook stands in
 * @ctx: the context
 *
 * No rule, for the tracepoint i915_vmlife_close.
 */
#define i915_vmlife_ctx_close(at, ctx) do {		\
	VMLIFE_PASS(ctx_close, at);			\
	__i915_vmlife_ctx_close(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_free - the memory of a context is about to go
 * @at: name of the function the hook stands in
 * @ctx: the context
 *
 * Rule vm-leak: the context owns no reference any more.
 */
#define i915_vmlife_ctx_free(at, ctx) do {		\
	VMLIFE_PASS(ctx_free, at);			\
	__i915_vmlife_ctx_free(ctx);			\
} while (0)

/**
 * i915_vmlife_release_begin - the body of a context's release begins
 * @at: name of the function the hook stands in
 * @ctx: the context, reference count at zero
 *
 * Rule release-atomic: may sleep here, none of the driver's locks held.  A
 * lockdep map is held until i915_vmlife_release_end(), so that calling the
 * body in an interrupt, or waiting for it under a lock that it takes, is an
 * inconsistent state or a circular dependency to lockdep.
 * Rule vm-early-put, for KCSAN: nobody else looks at ctx->vm until
 * i915_vmlife_ctx_free().
 */
#define i915_vmlife_release_begin(at, ctx) do {		\
	VMLIFE_PASS(release_begin, at);			\
	__i915_vmlife_release_begin(ctx);		\
} while (0)

/**
 * i915_vmlife_release_end - the body of a context's release ends
 * @at: name of the function the hook stands in
 */
#define i915_vmlife_release_end(at) do {		\
	VMLIFE_PASS(release_end, at);			\
	__i915_vmlife_release_end();			\
} while (0)

/**
 * i915_vmlife_engines_write - ctx->engines is about to be replaced
 * @at: name of the function the hook stands in
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
 * @at: name of the function the hook stands in
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
 * i915_vmlife_ctx_take - a context found without a reference is about to be
 *	taken by kref_get_unless_zero()
 * @at: name of the function the hook stands in
 * @ctx: what was found, or NULL
 *
 * Rule ctx-chase: RCU or the list's lock keeps the context's memory meanwhile.
 */
#define i915_vmlife_ctx_take(at, ctx) do {		\
	VMLIFE_PASS(ctx_take, at);			\
	__i915_vmlife_ctx_take(ctx);			\
} while (0)

/**
 * i915_vmlife_ctx_get - a context is about to be taken by a plain kref_get()
 * @at: name of the function the hook stands in
 * @ctx: the context
 *
 * Rule ctx-chase: the caller has a reference already, or something that owns
 * one.  In an RCU read-side section the context was found, not owned.
 */
#define i915_vmlife_ctx_get(at, ctx) do {		\
	VMLIFE_PASS(ctx_get, at);			\
	__i915_vmlife_ctx_get(ctx);			\
} while (0)

/**
 * i915_vmlife_sched - read a scheduling field of a context
 * @at: name of the function the hook stands in
 * @ctx: the context
 * @field: the field, or the whole of sched
 *
 * Rule sched-racy-read: an old or a new value is as good as the other, so no
 * lock; READ_ONCE() says so to the compiler and to KCSAN.
 * Rule ctx-chase: RCU or a reference keeps the context meanwhile.
 *
 * Return: the field.
 */
#define i915_vmlife_sched(at, ctx, field) ({		\
	VMLIFE_PASS(sched, at);				\
	__i915_vmlife_sched(ctx);			\
	READ_ONCE((ctx)->field);			\
})

/**
 * i915_vmlife_file_open - a file's lock of contexts to be was initialized
 * @at: name of the function the hook stands in
 * @lock: its proto_context_lock
 *
 * Rule lock-order: one class for all files, so that its order can be told once.
 */
#define i915_vmlife_file_open(at, lock) do {		\
	VMLIFE_PASS(file_open, at);			\
	__i915_vmlife_file_open(lock);			\
} while (0)

/**
 * i915_vmlife_set_sched - write a scheduling field of a context
 * @at: name of the function the hook stands in
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
void __i915_vmlife_ctx_close(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_free(struct i915_gem_context *ctx);
void __i915_vmlife_release_begin(struct i915_gem_context *ctx);
void __i915_vmlife_release_end(void);
void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu);
void __i915_vmlife_ctx_take(struct i915_gem_context *ctx);
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx);
void __i915_vmlife_sched(const struct i915_gem_context *ctx);
void __i915_vmlife_file_open(struct mutex *proto_context_lock);

/**
 * i915_vmlife_load - say in the log that the checks are there, and which
 */
void i915_vmlife_load(void);

/**
 * i915_vmlife_unload - say in the log what was passed and what was reported
 */
void i915_vmlife_unload(void);

#else

/* Compiles to nothing, and still says where an argument is wrong. */
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
#define i915_vmlife_vm_handed(at, vm) VMLIFE_NO_HOOK(at, vm)
#define i915_vmlife_ctx_close(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_free(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_release_begin(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_release_end(at) BUILD_BUG_ON_INVALID(at)
#define i915_vmlife_engines_write(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_engines_read(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_take(at, ctx) VMLIFE_NO_HOOK(at, ctx)
#define i915_vmlife_ctx_get(at, ctx) VMLIFE_NO_HOOK(at, ctx)
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
 * Faults that are more than a put or a call that the driver makes itself are
 * functions named vmlife_fault_<rule>(), so that reports of others (KCSAN,
 * lockdep) show whose doing it was.
 */
extern int i915_vmlife_fault;

/**
 * i915_vmlife_inject - was the driver asked for this fault?
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
