// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: what is printed.
 *
 * One record a broken rule, the message of a standard WARN, so that any reader
 * of logs sees a warning, and message and splat are one event.
 */

#include <linux/cpumask.h>
#include <linux/kallsyms.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/utsname.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"

static const char * const rule_names[VMLIFE_NR_RULES] = {
	[VMLIFE_NO_RULE] = "none",
#define VMLIFE_RULE(id, name) \
	[VMLIFE_##id] = name,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_RULE
};

static const char * const site_names[VMLIFE_NR_SITES] = {
#define VMLIFE_SITE(hook, at) \
	[VMLIFE_AT_##hook##_##at] = #hook "@" #at,
#include "i915_gem_vmlife_sites.h"
#undef VMLIFE_SITE
};

static atomic_t broken[VMLIFE_NR_RULES];
static atomic_t suppressed;
static atomic_t unchecked;

bool vmlife_loaded;

const char *vmlife_rule_name(int rule)
{
	return rule_names[rule];
}

const char *vmlife_site_name(int site)
{
	return site_names[site];
}

void vmlife_report_unchecked(void)
{
	atomic_inc(&unchecked);
}

/* "func+0x1/0x2": %pS would add a blank and the module. */
static void caller_name(char *buf, size_t size, unsigned long ip)
{
	snprintf(buf, size, "%pS", (void *)ip);
	buf[strcspn(buf, " ")] = '\0';
}

#define SAID_AT_ONCE 3

/*
 * At unload each leak is a case of its own, however many there were before, of each
 * kind: contexts, what they handed over, what others hold.
 */
#define SAID_AT_UNLOAD 32

static int left_to_say;

/*
 * Say the first few of each rule, then the tenth, the hundredth, ...: the record's
 * own count tells how many there were.
 */
static bool worth_saying(int n)
{
	int step = 1;

	if (left_to_say > 0) {
		left_to_say--;
		return true;
	}

	if (n <= SAID_AT_ONCE)
		return true;

	while (n / step >= 10)
		step *= 10;

	return n == step;
}

/*
 * One report at a time: two CPUs that break a rule together would print into
 * each other, and not every reader of the log can take that apart.  Printing
 * may come back here (a console on this very device), so not on this CPU.
 */
static arch_spinlock_t report_lock = __ARCH_SPIN_LOCK_UNLOCKED;
static int report_cpu = -1;

static bool report_begin(unsigned long *flags)
{
	local_irq_save(*flags);
	if (READ_ONCE(report_cpu) == smp_processor_id()) {
		local_irq_restore(*flags);
		return false;
	}

	arch_spin_lock(&report_lock);
	WRITE_ONCE(report_cpu, smp_processor_id());
	return true;
}

static void report_end(unsigned long flags)
{
	WRITE_ONCE(report_cpu, -1);
	arch_spin_unlock(&report_lock);
	local_irq_restore(flags);
}

/* A reference that is not a context's: whose it is, of these, only a person can tell. */
static void say_takes(struct i915_vmlife_vm *shadow)
{
	struct i915_vmlife_take *take = shadow->takes;
	struct i915_vmlife_take *end = take + ARRAY_SIZE(shadow->takes);

	for (; take < end && take->ip; take++) {
		pr_warn("i915 vmlife: references on vm_id=%u were taken %u times at:\n",
			shadow->id, take->times);
		stack_trace_print(take->stack, take->nr_stack, 1);
	}
	if (shadow->elsewhere)
		pr_warn("i915 vmlife: references on vm_id=%u were taken %u times elsewhere\n",
			shadow->id, shadow->elsewhere);
}

/* The reference that leaked: who took it is not in the backtrace. */
static void say_taken(struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow)
{
	if (ctx) {
		pr_warn("i915 vmlife: the reference of ctx_id=%u was taken at:\n",
			ctx->vmlife.id);
		stack_trace_print(ctx->vmlife.stack, ctx->vmlife.nr_stack, 1);
		return;
	}
#if I915_VMLIFE_TREE < 5016
	if (shadow->handed) {
		pr_warn("i915 vmlife: the reference on vm_id=%u was taken at:\n",
			shadow->id);
		stack_trace_print(shadow->stack, shadow->nr_stack, 1);
		return;
	}
#endif
	say_takes(shadow);
}

/* Does it leave a count wrong, so that others break on this vm because of it? */
static bool has_consequences(enum i915_vmlife_rule rule)
{
	switch (rule) {
	case VMLIFE_vm_leak:
	case VMLIFE_release_atomic:
	case VMLIFE_engines_unlocked:
		return false;
	default:
		return true;
	}
}

/*
 * @ctx or @shadow may be NULL. Inlined, for its caller's name is the one that the
 * warning begins with.
 */
static __always_inline void report(enum i915_vmlife_rule rule,
				   struct i915_gem_context *ctx,
				   struct i915_vmlife_vm *shadow,
				   unsigned long ip)
{
	unsigned int vm_ref, ctx_ref;
	char by[KSYM_SYMBOL_LEN];
	unsigned long flags;
	int n;

	n = atomic_inc_return(&broken[rule]);
	if (shadow && has_consequences(rule) && !READ_ONCE(shadow->broken))
		WRITE_ONCE(shadow->broken, rule);

	if (!worth_saying(n) || !report_begin(&flags)) {
		atomic_inc(&suppressed);
		return;
	}

	/* In this order, or a release in between looks like a broken rule. */
	vm_ref = vmlife_vm_ref(shadow);
	smp_rmb(); /* against the release, which puts the context first */
	ctx_ref = ctx ? kref_read(&ctx->ref) : 0;
	caller_name(by, sizeof(by), ip);

	WARN(1, "i915 vmlife: rule=%s ctx_id=%u vm_id=%u ctx=%p vm=%p ctx_ref=%u vm_ref=%u closed=%d injected=%d by=%s n=%d\n",
	     rule_names[rule], ctx ? ctx->vmlife.id : 0, shadow ? shadow->id : 0,
	     ctx, shadow ? shadow->vm : NULL, ctx_ref, vm_ref,
	     ctx && i915_gem_context_is_closed(ctx),
	     vmlife_asked_fault() == rule, by, n);
	if (rule == VMLIFE_vm_leak)
		say_taken(ctx, shadow);
	report_end(flags);
}

noinline void vmlife_report(enum i915_vmlife_rule rule,
			    struct i915_gem_context *ctx, unsigned long ip)
{
	shadow_lock();
	report(rule, ctx, READ_ONCE(ctx->vmlife.shadow), ip);
	shadow_unlock();
}

noinline void vmlife_report_vm(enum i915_vmlife_rule rule,
			       struct i915_vmlife_vm *shadow, unsigned long ip)
{
	report(rule, NULL, shadow, ip);
}

static void say_rules(char *buf, size_t size)
{
	size_t len = 0;
	int rule;

	for (rule = VMLIFE_NO_RULE + 1; rule < VMLIFE_NR_RULES; rule++)
		len += scnprintf(buf + len, size - len, "%s%s",
				 len ? "," : "", rule_names[rule]);
}

void i915_vmlife_load(void)
{
	char rules[256];

	say_rules(rules, sizeof(rules));
	pr_info("i915 vmlife: load version=%s tree=%s fix=%s rules=%s inject=%s lockdep=%d kcsan=%d\n",
		I915_VMLIFE_VERSION, init_utsname()->release,
		I915_VMLIFE_FIX, rules,
		rule_names[vmlife_asked_fault()],
		IS_ENABLED(CONFIG_PROVE_LOCKING), IS_ENABLED(CONFIG_KCSAN));
	vmlife_loaded = true;
	vmlife_debugfs_create();
}

/*
 * Is it held by more than what was, or is being, reported?  A context that is still
 * there has engines that hold its vm too, and where a rule broke the count is wrong.
 */
static bool held_by_others(struct i915_vmlife_vm *shadow)
{
	if (atomic_read(&shadow->owners) || READ_ONCE(shadow->broken))
		return false;
#if I915_VMLIFE_TREE < 5016
	if (shadow->handed)
		return false;
#endif
	return vmlife_vm_ref(shadow) > atomic_read(&shadow->leaked);
}

/*
 * Contexts that are still there when the driver goes will never give their
 * reference back, and nobody will what they handed over, or what anybody else holds.
 */
static void report_leaks(void)
{
	struct i915_vmlife_vm *shadow;
	struct i915_gem_context *ctx;
	unsigned long flags;

	flags = vmlife_lock(&vmlife_contexts_lock);
	left_to_say = SAID_AT_UNLOAD;
	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link)
		if (test_bit(CTX_OWNS, &ctx->vmlife.state))
			vmlife_report(VMLIFE_vm_leak, ctx, _RET_IP_);
#if I915_VMLIFE_TREE < 5016
	left_to_say = SAID_AT_UNLOAD;
	list_for_each_entry(shadow, &vmlife_handed, handed_link)
		vmlife_report_vm(VMLIFE_vm_leak, shadow, _RET_IP_);
#endif
	left_to_say = SAID_AT_UNLOAD;
	list_for_each_entry(shadow, &vmlife_vms, all)
		if (held_by_others(shadow))
			vmlife_report_vm(VMLIFE_vm_leak, shadow, _RET_IP_);
	left_to_say = 0;
	vmlife_unlock(&vmlife_contexts_lock, flags);
}

unsigned long vmlife_passes(int site)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(i915_vmlife_passes, cpu)[site]);

	return sum;
}

void i915_vmlife_unload(void)
{
	int site, rule, reports = 0;
	size_t len = 0;
	char *buf;

	vmlife_debugfs_remove();
	rcu_barrier(); /* engines that wait to be freed hold their vm */
	report_leaks();

	for (rule = 0; rule < VMLIFE_NR_RULES; rule++)
		reports += atomic_read(&broken[rule]);

	/* A message longer than printk's own buffer would be cut. */
	buf = kmalloc(1024, GFP_KERNEL);
	if (!buf)
		return;

	for (site = 0; site < VMLIFE_NR_SITES; site++) {
		len += scnprintf(buf + len, 1024 - len, "%s%s:%lu",
				 len ? "," : "", site_names[site],
				 vmlife_passes(site));
		if (len < 640 && site < VMLIFE_NR_SITES - 1)
			continue;
		pr_info("i915 vmlife: unload sites=%s reports=%d suppressed=%d unchecked=%d\n",
			buf, reports, atomic_read(&suppressed),
			atomic_read(&unchecked));
		len = 0;
	}
	kfree(buf);
}

