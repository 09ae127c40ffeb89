// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the records.
 *
 * One per broken rule, the message of a standard WARN, so that any log reader sees a
 * warning, and message and splat are one event.  The data is collected first, under
 * the locks that protect it, and printed outside of them.
 */

#include <linux/ctype.h>
#include <linux/kallsyms.h>
#include <linux/stacktrace.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"
#include "i915_gem_vmlife_trace.h"

static const char * const fault_names[VMLIFE_NR_FAULTS] = {
	[VMLIFE_NO_RULE] = "none",
#define VMLIFE_RULE(id, name) \
	[VMLIFE_##id] = name,
#define VMLIFE_FAULT(id, name, rule) \
	[VMLIFE_##id] = name,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_RULE
#undef VMLIFE_FAULT
};

static const enum i915_vmlife_rule fault_rules[VMLIFE_NR_FAULTS] = {
#define VMLIFE_RULE(id, name) \
	[VMLIFE_##id] = VMLIFE_##id,
#define VMLIFE_FAULT(id, name, rule) \
	[VMLIFE_##id] = VMLIFE_##rule,
#include "i915_gem_vmlife_rules.h"
#undef VMLIFE_RULE
#undef VMLIFE_FAULT
};

static atomic_t broken[VMLIFE_NR_RULES];
static atomic_t suppressed;
static atomic_t unchecked;

const char *vmlife_fault_name(int fault)
{
	return fault_names[fault];
}

enum i915_vmlife_rule vmlife_fault_rule(int fault)
{
	return fault_rules[fault];
}

void vmlife_report_unchecked(void)
{
	atomic_inc(&unchecked);
}

void vmlife_totals(int *reports, int *not_said, int *not_checked)
{
	int rule;

	*reports = 0;
	for (rule = 0; rule < VMLIFE_NR_RULES; rule++)
		*reports += atomic_read(&broken[rule]);
	*not_said = atomic_read(&suppressed);
	*not_checked = atomic_read(&unchecked);
}

/* "func+0x1/0x2": %pS would add a blank and the module. */
static void caller_name(char *buf, size_t size, unsigned long ip)
{
	snprintf(buf, size, "%pS", (void *)ip);
	buf[strcspn(buf, " ")] = '\0';
}

/*
 * The name is set while the context is registered, and changed when it is closed, so it
 * is copied byte by byte.
 */
void vmlife_copy_name(char *name, const struct i915_gem_context *ctx)
{
	size_t i;

	for (i = 0; i < sizeof(ctx->name) - 1; i++)
		name[i] = READ_ONCE(ctx->name[i]);
	name[i] = '\0';
}

/* Users choose the names of tasks: they may contain line breaks, or keys of a record. */
static void escape_name(char *buf, const char *name)
{
	for (; *name; name++) {
		if (isascii(*name) && isgraph(*name) && *name != '\\')
			*buf++ = *name;
		else
			buf += sprintf(buf, "\\x%02x", (unsigned char)*name);
	}
	*buf = '\0';
}

/*
 * Places that broke rules, with a count each: one that breaks its rule constantly must
 * not hide another.
 */
static struct {
	unsigned long ip;
	atomic_t rule;
	atomic_t times;
} places[256];

/* How often the rule broke here, including now; in all places, if there are too many. */
static int count_place(enum i915_vmlife_rule rule, unsigned long ip, int everywhere)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		unsigned long was = READ_ONCE(places[i].ip);

		if (!was)
			was = cmpxchg(&places[i].ip, 0, ip) ?: ip;
		if (was != ip)
			continue;
		/* A place breaks one rule; further rules use the next entry. */
		if (atomic_cmpxchg(&places[i].rule, VMLIFE_NO_RULE, rule) == rule ||
		    atomic_read(&places[i].rule) == rule)
			return atomic_inc_return(&places[i].times);
	}

	return everywhere;
}

#define SAID_AT_ONCE 3

/*
 * The first few of each, then the tenth, the hundredth, ...: the record contains the
 * total count.
 */
static bool worth_saying(int n)
{
	int step = 1;

	if (n <= SAID_AT_ONCE)
		return true;

	while (n / step >= 10)
		step *= 10;

	return n == step;
}

int vmlife_count(enum i915_vmlife_rule rule)
{
	return atomic_inc_return(&broken[rule]);
}

/* Is report @n of this rule to be printed? One that stops the machine always is. */
static bool is_printed(enum i915_vmlife_rule rule, unsigned long ip, int n)
{
	return worth_saying(count_place(rule, ip, n)) || vmlife_rule_panics(rule);
}

/* A suppressed report is only counted, unless the tracepoint wants its data. */
static bool is_only_counted(bool printed)
{
	if (printed || trace_i915_vmlife_report_enabled())
		return false;

	atomic_inc(&suppressed);
	return true;
}

/*
 * One report at a time: two CPUs that break a rule together would print into
 * each other, and not every log reader can separate them.  Printing may recurse to
 * here (a console on this device), so not on this CPU.
 */
static DEFINE_RAW_SPINLOCK(report_lock);
static int report_cpu = -1;

/* Text of the report that is being printed; long names are too large for the stack. */
static char by[KSYM_SYMBOL_LEN];
static char took[KSYM_SYMBOL_LEN];
static char name[4 * sizeof_field(struct i915_gem_context, name)];

static bool report_begin(unsigned long *flags)
{
	local_irq_save(*flags);
	if (READ_ONCE(report_cpu) == smp_processor_id()) {
		local_irq_restore(*flags);
		return false;
	}

	raw_spin_lock(&report_lock);
	WRITE_ONCE(report_cpu, smp_processor_id());
	return true;
}

static void report_end(unsigned long flags)
{
	WRITE_ONCE(report_cpu, -1);
	raw_spin_unlock(&report_lock);
	local_irq_restore(flags);
}

/* A reference that no context owns: the checker cannot tell which of these leaked it. */
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

/* The reference that leaked: the backtrace does not show where it was taken. */
static void say_taken(struct vmlife_case *found)
{
	if (found->ctx)
		pr_warn("i915 vmlife: the reference of ctx_id=%u was taken at:\n",
			found->ctx_id);
	else if (found->nr_stack)
		pr_warn("i915 vmlife: the reference on vm_id=%u was taken at:\n",
			found->vm_id);
	else if (found->shadow)
		say_takes(found->shadow);
	stack_trace_print(found->stack, found->nr_stack, 1);
}

/* Does it leave a count wrong, so that other rules break on this vm because of it? */
static bool has_consequences(enum i915_vmlife_rule rule)
{
	return rule == VMLIFE_vm_early_put || rule == VMLIFE_vm_double_put;
}

static void note_broken(struct i915_vmlife_vm *shadow, enum i915_vmlife_rule rule)
{
	if (shadow && has_consequences(rule))
		cmpxchg(&shadow->broken, VMLIFE_NO_RULE, rule);
}

static void take_context(struct vmlife_case *found,
			 const struct i915_gem_context *ctx)
{
	u32 nr = smp_load_acquire(&ctx->vmlife.nr_stack); /* see keep_stack() */

	found->ctx = ctx;
	found->ctx_id = ctx->vmlife.id;
	found->ctx_ref = kref_read(&ctx->ref);
	found->pid = ctx->vmlife.pid;
	found->took = ctx->vmlife.took;
	found->closed = i915_gem_context_is_closed(ctx);
	vmlife_copy_name(found->name, ctx);
	if (!found->device)
		found->device = vmlife_device_of(ctx->i915);
	if (found->rule == VMLIFE_vm_leak) {
		found->nr_stack = nr;
		memcpy(found->stack, ctx->vmlife.stack, nr * sizeof(*found->stack));
	}
}

/* Without an owner in the account: known only if a single place took references. */
static void take_vm_alone(struct vmlife_case *found, struct i915_vmlife_vm *shadow)
{
#if I915_VMLIFE_HAS_VM_REPLACED
	if (shadow->handed) {
		found->nr_stack = shadow->nr_stack;
		memcpy(found->stack, shadow->stack, sizeof(shadow->stack));
		found->took = shadow->nr_stack ? shadow->stack[0] : 0;
		return;
	}
#endif
	if (ARRAY_SIZE(shadow->takes) > 1 && !shadow->takes[1].ip)
		found->took = shadow->takes[0].ip;
	if (found->rule == VMLIFE_vm_leak && kref_get_unless_zero(&shadow->ref))
		found->shadow = shadow;
}

void vmlife_case_take(struct vmlife_case *found, enum i915_vmlife_rule rule, int n,
		      const struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow, unsigned long ip)
{
	memset(found, 0, sizeof(*found));
	found->rule = rule;
	found->n = n;
	found->ip = ip;
	if (shadow) {
		/* Read the vm's count first, or a concurrent release looks like a broken rule. */
		found->vm_ref = vmlife_vm_ref(shadow);
		smp_rmb(); /* against the release, which puts the context first */
		found->vm = shadow->vm;
		found->vm_id = shadow->id;
		found->device = shadow->device;
	}
	if (ctx)
		take_context(found, ctx);
	else if (shadow)
		take_vm_alone(found, shadow);
}

static bool is_injected(const struct vmlife_case *found)
{
	return vmlife_fault_rule(vmlife_asked_fault()) == found->rule;
}

static void trace_report(const struct vmlife_case *found)
{
	trace_i915_vmlife_report(found, fault_names[found->rule],
				 is_injected(found));
}

void vmlife_case_suppress(struct vmlife_case *found)
{
	atomic_inc(&suppressed);
	trace_report(found);
	vmlife_shadow_put(found->shadow);
}

/* Inlined, so that the warning names the caller. */
static __always_inline void say(struct vmlife_case *found)
{
	unsigned long flags;

	trace_report(found);
	if (!report_begin(&flags)) {
		atomic_inc(&suppressed);
		vmlife_shadow_put(found->shadow);
		return;
	}

	caller_name(by, sizeof(by), found->ip);
	if (found->took)
		caller_name(took, sizeof(took), found->took);
	escape_name(name, found->name);

	WARN(1, "i915 vmlife: rule=%s token=%s ctx_id=%u vm_id=%u ctx=%p vm=%p ctx_ref=%u vm_ref=%u closed=%d injected=%d%s by=%s n=%d%s%s %s pid=%d name=%s\n",
	     fault_names[found->rule], vmlife_token(), found->ctx_id, found->vm_id,
	     found->ctx, found->vm, found->ctx_ref, found->vm_ref, found->closed,
	     is_injected(found), found->weak ? " weak=1" : "", by, found->n,
	     found->took ? " took=" : "", found->took ? took : "",
	     found->device ? found->device->name : "dev=unknown", found->pid,
	     name);
	if (found->rule == VMLIFE_vm_leak)
		say_taken(found);
	report_end(flags);
	vmlife_shadow_put(found->shadow);
	if (vmlife_rule_panics(found->rule))
		panic("i915 vmlife: vmlife_panic, rule=%s\n",
		      fault_names[found->rule]);
}

noinline void vmlife_case_say(struct vmlife_case *found)
{
	say(found);
}

static __always_inline void report(enum i915_vmlife_rule rule, bool weak,
				   const struct i915_gem_context *ctx,
				   unsigned long ip)
{
	struct i915_vmlife_vm *shadow;
	struct vmlife_case found;
	unsigned long flags;
	bool printed, done;
	int n;

	if (!vmlife_rule_on(rule))
		return;

	n = vmlife_count(rule);
	printed = is_printed(rule, ip, n);
	done = is_only_counted(printed);
	shadow_lock();
	shadow = READ_ONCE(ctx->vmlife.shadow);
	note_broken(shadow, rule);
	if (!done) {
		flags = vmlife_lock(&vmlife_contexts_lock);
		vmlife_case_take(&found, rule, n, ctx, shadow, ip);
		vmlife_unlock(&vmlife_contexts_lock, flags);
	}
	shadow_unlock();
	if (done)
		return;

	found.weak = weak;
	if (printed)
		say(&found);
	else
		vmlife_case_suppress(&found);
}

noinline void vmlife_report(enum i915_vmlife_rule rule,
			    const struct i915_gem_context *ctx, unsigned long ip)
{
	report(rule, false, ctx, ip);
}

noinline void vmlife_report_weak(enum i915_vmlife_rule rule,
				 const struct i915_gem_context *ctx,
				 unsigned long ip)
{
	report(rule, true, ctx, ip);
}

/* A context that owns a reference on @shadow, or NULL. Lock held. */
static struct i915_gem_context *find_owner(struct i915_vmlife_vm *shadow)
{
	struct i915_gem_context *ctx;

	list_for_each_entry(ctx, &vmlife_contexts, vmlife.link)
		if (READ_ONCE(ctx->vmlife.shadow) == shadow &&
		    test_bit(CTX_OWNS, &ctx->vmlife.state))
			return ctx;

	return NULL;
}

noinline void vmlife_report_vm(enum i915_vmlife_rule rule,
			       struct i915_vmlife_vm *shadow, unsigned long ip)
{
	struct vmlife_case found;
	unsigned long flags;
	bool printed;
	int n;

	if (!vmlife_rule_on(rule))
		return;

	n = vmlife_count(rule);
	printed = is_printed(rule, ip, n);
	note_broken(shadow, rule);
	if (is_only_counted(printed))
		return;

	/* The list's lock keeps the owner's memory valid. */
	flags = vmlife_lock(&vmlife_contexts_lock);
	vmlife_case_take(&found, rule, n, find_owner(shadow), shadow, ip);
	vmlife_unlock(&vmlife_contexts_lock, flags);

	if (printed)
		say(&found);
	else
		vmlife_case_suppress(&found);
}
