// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: references that are never put: reported when their device goes and at unload,
 * listed at any time.
 */

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"

/*
 * At the end each leak is reported separately, regardless of earlier reports, for each
 * kind: contexts, references that they handed over, references of other owners.
 */
#define SAID_AT_THE_END 32

/**
 * struct leaks - leaks of one kind
 * @found: the first of them
 * @nr: number of entries in @found
 * @total: leaks of all kinds so far
 * @i915: their device, NULL for all
 * @ip: address in the driver's function that ends
 */
struct leaks {
	struct vmlife_case *found;
	unsigned int nr;
	unsigned int total;
	const struct drm_i915_private *i915;
	unsigned long ip;
};

static void leaks_take(struct leaks *leaks, const struct i915_gem_context *ctx,
		       struct i915_vmlife_vm *shadow)
{
	const int n = vmlife_count(VMLIFE_vm_leak);
	struct vmlife_case more;

	leaks->total++;
	if (leaks->found && leaks->nr < SAID_AT_THE_END) {
		vmlife_case_take(&leaks->found[leaks->nr++], VMLIFE_vm_leak, n,
				 ctx, shadow, leaks->ip);
	} else {
		vmlife_case_take(&more, VMLIFE_vm_leak, n, ctx, shadow, leaks->ip);
		vmlife_case_suppress(&more);
	}
}

/* Outside of the lock: printing under it is not allowed. */
static void leaks_say(struct leaks *leaks)
{
	unsigned int i;

	for (i = 0; i < leaks->nr; i++)
		vmlife_case_say(&leaks->found[i]);
	leaks->nr = 0;
}

/* The device may be gone: its address is only compared. */
static bool is_of(const struct drm_i915_private *i915,
		  const struct drm_i915_private *device)
{
	return !device || i915 == device;
}

/* Contexts that still exist will never put their reference. */
static void take_contexts(struct leaks *leaks)
{
	struct i915_gem_context *ctx;

	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link)
		if (is_of(ctx->i915, leaks->i915) &&
		    !test_bit(CTX_LEFT, &ctx->vmlife.state) &&
		    test_bit(CTX_OWNS, &ctx->vmlife.state))
			leaks_take(leaks, ctx, ctx->vmlife.shadow);
}

/* References that they handed over will never be put either. */
static void take_handed(struct leaks *leaks)
{
#if I915_VMLIFE_HAS_VM_REPLACED
	struct i915_vmlife_vm *shadow;

	list_for_each_entry(shadow, &vmlife_handed, handed_link) {
		if (!is_of(shadow->i915, leaks->i915) || shadow->said)
			continue;
		shadow->said = true;
		leaks_take(leaks, NULL, shadow);
	}
#endif
}

/* Did a context hand a reference over, that the code which replaced the vm must put? */
static bool is_handed(const struct i915_vmlife_vm *shadow)
{
#if I915_VMLIFE_HAS_VM_REPLACED
	return shadow->handed;
#else
	return false;
#endif
}

/*
 * Are there references besides those that were, or are being, reported?  The engines
 * of a context that still exists hold its vm too, and after a broken rule the count
 * is wrong.
 */
static bool held_by_others(struct i915_vmlife_vm *shadow)
{
	if (vmlife_owners(atomic64_read(&shadow->owners)) ||
	    READ_ONCE(shadow->broken) || is_handed(shadow))
		return false;

	return vmlife_vm_ref(shadow) > atomic_read(&shadow->leaked);
}

static void take_vms(struct leaks *leaks)
{
	struct i915_vmlife_vm *shadow;

	list_for_each_entry(shadow, &vmlife_vms, all) {
		if (!is_of(shadow->i915, leaks->i915) || shadow->said ||
		    !held_by_others(shadow))
			continue;
		shadow->said = true;
		leaks_take(leaks, NULL, shadow);
	}
}

/* Reports what is left of a device, or of all; returns the number of leaks. */
static unsigned int report_leaks(const struct drm_i915_private *i915,
				 unsigned long ip)
{
	static void (* const take[])(struct leaks *leaks) = {
		take_contexts, take_handed, take_vms,
	};
	struct leaks leaks = { .i915 = i915, .ip = ip };
	unsigned long flags;
	unsigned int i;

	rcu_barrier(); /* engines that are about to be freed hold their vm */
	leaks.found = kvcalloc(SAID_AT_THE_END, sizeof(*leaks.found), GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(take); i++) {
		flags = vmlife_lock(&vmlife_contexts_lock);
		take[i](&leaks);
		vmlife_unlock(&vmlife_contexts_lock, flags);
		leaks_say(&leaks);
	}
	kvfree(leaks.found);
	return leaks.total;
}

void vmlife_leaks_unload(unsigned long ip)
{
	if (vmlife_rule_on(VMLIFE_vm_leak))
		report_leaks(NULL, ip);
}

/*
 * Counts what a device leaves behind, and forgets it: the next device may be at the same
 * address.
 */
static void leave(const struct drm_i915_private *i915, unsigned int *contexts,
		  unsigned int *vms, const char **device)
{
	const struct vmlife_device *known;
	struct i915_vmlife_vm *shadow;
	struct i915_gem_context *ctx;
	unsigned long flags;

	*contexts = 0;
	*vms = 0;
	flags = vmlife_lock(&vmlife_contexts_lock);
	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link) {
		if (ctx->i915 != i915 ||
		    test_and_set_bit(CTX_LEFT, &ctx->vmlife.state))
			continue;
		++*contexts;
	}
	list_for_each_entry(shadow, &vmlife_vms, all) {
		if (shadow->i915 != i915)
			continue;
		shadow->i915 = NULL;
		++*vms;
	}
	known = vmlife_device_of(i915);
	*device = known ? known->name : "dev=unknown";
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

void __i915_vmlife_device_gone(struct drm_i915_private *i915)
{
	unsigned int contexts, vms, leaks;
	const char *device;

	if (!vmlife_loaded || !vmlife_rule_on(VMLIFE_vm_leak))
		return;

	leaks = report_leaks(i915, _RET_IP_);
	leave(i915, &contexts, &vms, &device);
	pr_info("i915 vmlife: gone token=%s contexts=%u vms=%u leaks=%u %s\n",
		vmlife_token(), contexts, vms, leaks, device);
}

/*
 * While the device is in use, a vm without an owner is no leak yet: a lookup or an execbuf
 * holds it for a moment.  Neither is a closed context, which lives until its last request
 * is retired.
 */
static unsigned int age_of(u32 since)
{
	return ((u32)jiffies - since) / HZ;
}

static bool is_left(const struct i915_gem_context *ctx)
{
	return test_bit(CTX_OWNS, &ctx->vmlife.state) &&
		i915_gem_context_is_closed(ctx) &&
		age_of(READ_ONCE(ctx->vmlife.closed_at)) >= VMLIFE_LEAK_AGE;
}

static bool vm_is_left(struct i915_vmlife_vm *shadow)
{
	if (atomic_read(&shadow->leaked))
		return true;

	return age_of(READ_ONCE(shadow->since)) >= VMLIFE_LEAK_AGE &&
		!vmlife_all_owners(atomic64_read(&shadow->owners)) &&
		(is_handed(shadow) || held_by_others(shadow));
}

/* One more, if there is room; returns the number, with it. */
static unsigned int list_one(struct vmlife_case *found, unsigned int room, unsigned int nr,
			     const struct i915_gem_context *ctx,
			     struct i915_vmlife_vm *shadow, u32 since)
{
	if (nr < room) {
		vmlife_case_take(&found[nr], VMLIFE_vm_leak, 0, ctx, shadow, 0);
		found[nr].age = age_of(since);
	}
	return nr + 1;
}

unsigned int vmlife_leaks_list(struct vmlife_case *found, unsigned int room)
{
	struct i915_vmlife_vm *shadow;
	struct i915_gem_context *ctx;
	unsigned long flags;
	unsigned int nr = 0;

	flags = vmlife_lock(&vmlife_contexts_lock);
	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link)
		if (is_left(ctx))
			nr = list_one(found, room, nr, ctx,
				      READ_ONCE(ctx->vmlife.shadow),
				      READ_ONCE(ctx->vmlife.closed_at));
	list_for_each_entry(shadow, &vmlife_vms, all)
		if (vm_is_left(shadow))
			nr = list_one(found, room, nr, NULL, shadow,
				      READ_ONCE(shadow->since));
	vmlife_unlock(&vmlife_contexts_lock, flags);

	return nr;
}
