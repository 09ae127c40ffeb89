/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of vmlife share: the account (i915_gem_vmlife.c), its reports
 * (_report.c), the injected faults (_fault.c) and debugfs (_debugfs.c).
 */
#ifndef __I915_GEM_VMLIFE_INTERNAL_H__
#define __I915_GEM_VMLIFE_INTERNAL_H__

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "gt/intel_gtt.h"

#include "i915_gem_vmlife.h"
#include "i915_gem_vmlife_sites.h"

/*
 * From 5.16 on a vm's memory can be kept without keeping the vm.  A context
 * keeps it then until it is freed itself, so that a machine on which the
 * contract broke lives on to write its log.  KASAN is there to see the use
 * after free, so not with KASAN.
 */
#if I915_VMLIFE_TREE >= 5016 && !IS_ENABLED(CONFIG_KASAN)
static inline void keep_memory(struct i915_address_space *vm)
{
	i915_vm_resv_get(vm);
}

static inline void let_memory_go(struct i915_address_space *vm)
{
	i915_vm_resv_put(vm);
}
#else
static inline void keep_memory(struct i915_address_space *vm) { }
static inline void let_memory_go(struct i915_address_space *vm) { }
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

/**
 * struct i915_vmlife_vm - what is known of an address space, dead or alive
 * @ref: one for the vm's memory, one for each context that points here
 * @lock: freezes @owners and @dead; a leaf, taken from any context
 * @vm: the address space; its memory is there as long as @lock is held and
 *	@dead is false
 * @id: number of this vm in the messages
 * @owners: contexts that own a reference
 * @dead: the vm's reference count was zero
 * @broken: the first rule that broke on this vm; what follows from it is
 *	reported under the same rule
 */
struct i915_vmlife_vm {
	struct kref ref;
	raw_spinlock_t lock;
	struct i915_address_space *vm;
	u32 id;
	int owners;
	bool dead;
	int broken;
};

/* All contexts that were given an id; the lock is taken outside of a shadow's. */
extern struct list_head vmlife_contexts;
extern raw_spinlock_t vmlife_contexts_lock;

/* The load line is out. */
extern bool vmlife_loaded;

/**
 * vmlife_vm_ref - the reference count of an address space, dead or alive
 * @shadow: its shadow, or NULL
 *
 * Return: the count, 0 when the vm is gone; never reads freed memory.
 */
unsigned int vmlife_vm_ref(struct i915_vmlife_vm *shadow);

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
