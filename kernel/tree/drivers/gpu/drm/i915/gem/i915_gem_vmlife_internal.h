/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of vmlife share: the account (i915_gem_vmlife.c), what is held
 * (_locks.c), the reports (_report.c), the injected faults (_fault.c) and debugfs (_debugfs.c).
 */
#ifndef __I915_GEM_VMLIFE_INTERNAL_H__
#define __I915_GEM_VMLIFE_INTERNAL_H__

#include <linux/irqflags.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "gt/intel_gtt.h"

#include "i915_gem_vmlife.h"

/* ctx->vm read and written with no check of RCU; up to 5.15 it is __rcu. */
#if I915_VMLIFE_TREE >= 5016
#define ctx_vm(ctx) ((ctx)->vm)
#define ctx_store_vm(ctx, new) ((ctx)->vm = (new))
#else
#define ctx_vm(ctx) rcu_dereference_protected((ctx)->vm, 1)
#define ctx_store_vm(ctx, new) \
	((ctx)->vm = (struct i915_address_space __force __rcu *)(new))
#endif

/**
 * enum i915_vmlife_ctx_state - bits of struct i915_vmlife_ctx.state
 * @CTX_OWNS: ctx->vm holds a reference that is the context's own
 * @CTX_CREATED: creation is over
 * @CTX_RELEASING: the body of the release has begun
 * @CTX_FAULT: a fault put the reference early, the release must not put again
 */
enum i915_vmlife_ctx_state {
	CTX_OWNS,
	CTX_CREATED,
	CTX_RELEASING,
	CTX_FAULT,
};

/*
 * The account's own locks, interrupts off: the list's, and inside of it a shadow's.
 * Nothing of the driver is taken under them. Not known to lockdep, for telling it
 * would be the dearest part of all checks, many times what is done under them.
 */
static inline unsigned long vmlife_lock(arch_spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	arch_spin_lock(lock);
	return flags;
}

static inline void vmlife_unlock(arch_spinlock_t *lock, unsigned long flags)
{
	arch_spin_unlock(lock);
	local_irq_restore(flags);
}

/* Places that take references on one vm and are told apart. */
#define VMLIFE_TAKES (CONFIG_DRM_I915_DEBUG_VMLIFE_STACK ? 16 : 0)

/**
 * struct i915_vmlife_take - a place that took references on an address space
 * @ip: where in the driver, 0 if this one is free
 * @times: how often
 * @nr_stack: frames in @stack
 * @stack: how it came there the first time
 *
 * Who puts does not say whose reference that is, so a leak is not found among them:
 * those who took any are all that can be named.
 */
struct i915_vmlife_take {
	unsigned long ip;
	u32 times;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
};

/**
 * struct i915_vmlife_vm - what is known of an address space, dead or alive
 * @ref: one for the vm's memory, one for each context that points here
 * @memory: the vm's memory, to be freed with the shadow, or NULL (from 5.16 on
 *	always)
 * @lock: freezes @dead, and guards @takes; taken from any context
 * @vm: the address space; its memory is there as long as @lock is held and
 *	@dead is false
 * @id: number of this vm in the messages
 * @owners: contexts that own a reference
 * @leaked: references of contexts that were freed and still owned one
 * @dead: the vm's reference count was zero
 * @broken: the first rule that broke on this vm; what follows from it is
 *	reported under the same rule
 * @all: place in the list of those whose vm is there
 * @takes: who took references, the first of them who made the vm
 * @elsewhere: how many more were taken at more places than there is room for
 * @rcu: up to 5.15, when a context may let go of it while others look
 * @handed: up to 5.15, references of contexts that have another vm now, for
 *	who replaced it to give back
 * @handed_link: place in the list of those that have such
 * @nr_stack: frames in @stack
 * @stack: who took the first of them
 */
struct i915_vmlife_vm {
	struct kref ref;
	void *memory;
	arch_spinlock_t lock;
	struct i915_address_space *vm;
	u32 id;
	atomic_t owners;
	atomic_t leaked;
	bool dead;
	int broken;
	struct list_head all;
	struct i915_vmlife_take takes[VMLIFE_TAKES];
	u32 elsewhere;
#if I915_VMLIFE_TREE < 5016
	struct rcu_head rcu;
	int handed;
	struct list_head handed_link;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
#endif
};

/* All contexts that were given an id. */
extern struct list_head vmlife_contexts;
extern arch_spinlock_t vmlife_contexts_lock;

/* Shadows of all address spaces but the global one, under the same lock. */
extern struct list_head vmlife_vms;

#if I915_VMLIFE_TREE < 5016
/* All shadows with references that were handed over, under the same lock. */
extern struct list_head vmlife_handed;
#endif

/* The load line is out. */
extern bool vmlife_loaded;

/**
 * vmlife_shadow_put - put a reference on a shadow
 * @shadow: the shadow, or NULL
 */
void vmlife_shadow_put(struct i915_vmlife_vm *shadow);

/*
 * The memory of a vm can be kept without keeping the vm: from 5.16 on by its
 * resv reference, before by its shadow, which frees it.  A context keeps it
 * until it is freed itself, so that a machine on which the contract broke lives
 * on to write its log.  KASAN is there to see the use after free, so not with
 * KASAN.
 */
static inline void keep_memory(struct i915_vmlife_vm *shadow)
{
	if (IS_ENABLED(CONFIG_KASAN))
		return;

#if I915_VMLIFE_TREE >= 5016
	i915_vm_resv_get(shadow->vm);
#else
	kref_get(&shadow->ref);
#endif
}

static inline void let_memory_go(struct i915_vmlife_vm *shadow)
{
	if (IS_ENABLED(CONFIG_KASAN))
		return;

#if I915_VMLIFE_TREE >= 5016
	i915_vm_resv_put(shadow->vm);
#else
	vmlife_shadow_put(shadow);
#endif
}

/*
 * Up to 5.15 a context can move from one vm to another while it is used, and its
 * account moves with it: who looks at the shadow then does so under RCU.
 */
static inline void shadow_lock(void)
{
	if (I915_VMLIFE_TREE < 5016)
		rcu_read_lock();
}

static inline void shadow_unlock(void)
{
	if (I915_VMLIFE_TREE < 5016)
		rcu_read_unlock();
}

/*
 * What this task surely holds, and surely does not: lockdep's list of its locks, as
 * long as lockdep keeps one.  lockdep_is_held() asks the same, but with interrupts
 * off and a hundred instructions, and once lockdep is off it says yes; another CPU
 * may switch it off at any time, so that is looked at last.
 */
#ifdef CONFIG_LOCKDEP
static inline bool vmlife_task_holds(const struct lockdep_map *map)
{
	int i;

	for (i = current->lockdep_depth; i > 0; i--)
		if (current->held_locks[i - 1].instance == map)
			return true;

	return false;
}

#define vmlife_holds(lock) \
	(vmlife_task_holds(&(lock)->dep_map) && READ_ONCE(debug_locks))
#define vmlife_lacks(lock) \
	(!vmlife_task_holds(&(lock)->dep_map) && READ_ONCE(debug_locks))
#else
#define vmlife_holds(lock) ((void)(lock), false)
#define vmlife_lacks(lock) ((void)(lock), false)
#endif

/**
 * vmlife_vm_ref - the reference count of an address space, dead or alive
 * @shadow: its shadow, or NULL
 *
 * Return: the count, 0 when the vm is gone; never reads freed memory.
 */
unsigned int vmlife_vm_ref(struct i915_vmlife_vm *shadow);

/* Number of an address space in the messages, 0 without one. */
static inline u32 vmlife_vm_id(const struct i915_vmlife_vm *shadow)
{
	return shadow ? shadow->id : 0;
}

/**
 * vmlife_alone - nobody else may look at ctx->vm from here on
 * @ctx: the context, in its release
 *
 * Rule vm-early-put, for KCSAN.
 */
void vmlife_alone(struct i915_gem_context *ctx);

/**
 * vmlife_locks_init - make a context's locks known to lockdep
 * @ctx: the context, at the end of its creation
 */
void vmlife_locks_init(struct i915_gem_context *ctx);

/**
 * vmlife_report - print one broken rule as one warning
 * @rule: the rule
 * @ctx: the context, whose memory must be there
 * @ip: address in the driver's function that broke the rule
 *
 * May be called from any context. A flood is limited and what was left out is
 * counted.
 */
void vmlife_report(enum i915_vmlife_rule rule, struct i915_gem_context *ctx,
		   unsigned long ip);

/**
 * vmlife_report_vm - the same, of a vm that no context points to any more
 * @rule: the rule
 * @shadow: the vm's
 * @ip: address in the driver's function that broke the rule
 */
void vmlife_report_vm(enum i915_vmlife_rule rule, struct i915_vmlife_vm *shadow,
		      unsigned long ip);

/**
 * vmlife_report_unchecked - count an address space that goes unchecked
 */
void vmlife_report_unchecked(void);

/**
 * vmlife_rule_name - name of a rule as it stands in the messages
 * @rule: the rule, or VMLIFE_NO_RULE
 *
 * Return: the name, "none" for VMLIFE_NO_RULE.
 */
const char *vmlife_rule_name(int rule);

/**
 * vmlife_site_name - name of a hook and the function it stands in
 * @site: one of enum i915_vmlife_site
 *
 * Return: "hook@function".
 */
const char *vmlife_site_name(int site);

/**
 * vmlife_passes - how often a hook was passed, on all CPUs
 * @site: one of enum i915_vmlife_site
 *
 * Return: the sum; CPUs may be counting meanwhile.
 */
unsigned long vmlife_passes(int site);

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
static inline int vmlife_asked_fault(void)
{
	return READ_ONCE(i915_vmlife_fault);
}
#else
static inline int vmlife_asked_fault(void)
{
	return VMLIFE_NO_RULE;
}
#endif

#if IS_ENABLED(CONFIG_DEBUG_FS)
void vmlife_debugfs_create(void);
void vmlife_debugfs_remove(void);
#else
static inline void vmlife_debugfs_create(void) { }
static inline void vmlife_debugfs_remove(void) { }
#endif

#endif /* __I915_GEM_VMLIFE_INTERNAL_H__ */
