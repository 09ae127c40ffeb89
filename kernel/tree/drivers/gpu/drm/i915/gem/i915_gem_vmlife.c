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
 * While the contract holds, the count of a vm is never below its owners.  The
 * shadow's lock freezes owners and the end of the vm, so that a report reads
 * the vm's count while its memory is sure to be there.
 *
 * Each check is a noinline function vmlife_check_<rule>(), and each lockdep map
 * is named vmlife_<rule>: KCSAN's and lockdep's reports carry these names, and
 * by them the log's reader knows which rule broke.
 */

#include <linux/cpumask.h>
#include <linux/kallsyms.h>
#include <linux/kcsan-checks.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/utsname.h>
#include <linux/version.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife.h"

/*
 * From 5.16 on a vm's memory can be kept without keeping the vm.  A context
 * keeps it then until it is freed itself, so that a machine on which the
 * contract broke lives on to write its log.  KASAN is there to see the use
 * after free, so not with KASAN.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0) && !IS_ENABLED(CONFIG_KASAN)
#define keep_memory(vm) i915_vm_resv_get(vm)
#define let_memory_go(vm) i915_vm_resv_put(vm)
#else
#define keep_memory(vm) do { } while (0)
#define let_memory_go(vm) do { } while (0)
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

DEFINE_PER_CPU(unsigned long [VMLIFE_NR_SITES], i915_vmlife_passes);

static const char * const rule_names[VMLIFE_NR_RULES] = {
	[VMLIFE_NO_RULE] = "none",
#define X(id, name) [VMLIFE_##id] = name,
	I915_VMLIFE_RULES(X)
#undef X
};

static const char * const site_names[VMLIFE_NR_SITES] = {
#define VMLIFE_SITE(hook, func, rule, reach) #hook "@" #func,
#include "i915_gem_vmlife_sites.h"
#undef VMLIFE_SITE
};

static LIST_HEAD(contexts);
static DEFINE_RAW_SPINLOCK(contexts_lock); /* outside of a shadow's lock */

static atomic_t last_ctx_id;
static atomic_t last_vm_id;
static atomic_t broken[VMLIFE_NR_RULES];
static atomic_t suppressed;
static atomic_t unchecked;

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
int i915_vmlife_fault = VMLIFE_NO_RULE;
#endif

static int asked_fault(void)
{
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
	return READ_ONCE(i915_vmlife_fault);
#else
	return VMLIFE_NO_RULE;
#endif
}

static void shadow_free(struct kref *ref)
{
	kfree(container_of(ref, struct i915_vmlife_vm, ref));
}

static void shadow_put(struct i915_vmlife_vm *shadow)
{
	if (shadow)
		kref_put(&shadow->ref, shadow_free);
}

/* The vm's count, or 0 when the vm is gone; never reads freed memory. */
static unsigned int shadow_vm_ref(struct i915_vmlife_vm *shadow)
{
	unsigned int count = 0;
	unsigned long flags;

	if (!shadow)
		return 0;

	raw_spin_lock_irqsave(&shadow->lock, flags);
	if (!shadow->dead)
		count = kref_read(&shadow->vm->ref);
	raw_spin_unlock_irqrestore(&shadow->lock, flags);

	return count;
}

static void shadow_own(struct i915_vmlife_vm *shadow, int change)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&shadow->lock, flags);
	shadow->owners += change;
	raw_spin_unlock_irqrestore(&shadow->lock, flags);
}

/* "func+0x1/0x2": %pS would add a blank and the module. */
static void caller_name(char *buf, size_t size, unsigned long ip)
{
	snprintf(buf, size, "%pS", (void *)ip);
	buf[strcspn(buf, " ")] = '\0';
}

/*
 * Say the first few of each rule, then one in ten, a hundred, ...: the record's
 * own count tells how many there were.
 */
static bool worth_saying(int n)
{
	int step = 1;

	if (n <= 3)
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

/**
 * vmlife_report() - print one broken rule as one warning
 * @rule: the rule
 * @ctx: the context, whose memory must be there
 * @ip: address in the driver's function that broke the rule
 */
static noinline void vmlife_report(enum i915_vmlife_rule rule,
				   struct i915_gem_context *ctx,
				   unsigned long ip)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned int vm_ref, ctx_ref;
	char by[KSYM_SYMBOL_LEN];
	unsigned long flags;
	int n;

	n = atomic_inc_return(&broken[rule]);
	if (shadow && !READ_ONCE(shadow->broken))
		WRITE_ONCE(shadow->broken, rule);

	if (!worth_saying(n) || !report_begin(&flags)) {
		atomic_inc(&suppressed);
		return;
	}

	/* In this order, or a release in between looks like a broken rule. */
	vm_ref = shadow_vm_ref(shadow);
	smp_rmb();
	ctx_ref = kref_read(&ctx->ref);
	caller_name(by, sizeof(by), ip);

	WARN(1, "i915 vmlife: rule=%s ctx_id=%u vm_id=%u ctx=%p vm=%p ctx_ref=%u vm_ref=%u closed=%d injected=%d by=%s n=%d\n",
	     rule_names[rule], ctx->vmlife.id, shadow ? shadow->id : 0,
	     ctx, shadow ? shadow->vm : NULL, ctx_ref, vm_ref,
	     i915_gem_context_is_closed(ctx), asked_fault() == rule, by, n);
	report_end(flags);
}

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
 */
static noinline void vmlife_check_vm_early_put(struct i915_gem_context *ctx,
					       unsigned long ip)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long state = READ_ONCE(ctx->vmlife.state);

	if (!shadow || !(state & BIT(CTX_CREATED)))
		return;

	if (likely((state & BIT(CTX_OWNS)) && !READ_ONCE(shadow->dead)))
		return;

	smp_rmb(); /* state before count, as the release writes them */
	if (!kref_read(&ctx->ref))
		vmlife_report(VMLIFE_ctx_chase, ctx, ip);
	else
		vmlife_report(root_rule(shadow, VMLIFE_vm_early_put), ctx, ip);
}

/*
 * Rule vm-republish, at a read, for KCSAN: a write to ctx->vm by anybody while
 * a reader stands here is reported as a race with this function.
 */
static noinline void vmlife_check_vm_republish(struct i915_gem_context *ctx)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
	ASSERT_EXCLUSIVE_WRITER(ctx->vm);
#endif
}

void __i915_vmlife_vm_read(struct i915_gem_context *ctx)
{
	if (IS_ENABLED(CONFIG_KCSAN))
		vmlife_check_vm_republish(ctx);
	vmlife_check_vm_early_put(ctx, _RET_IP_);
}

void __i915_vmlife_vm_init(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow;

	shadow = kzalloc(sizeof(*shadow), GFP_KERNEL);
	vm->vmlife.shadow = shadow;
	if (!shadow) {
		atomic_inc(&unchecked);
		return;
	}

	kref_init(&shadow->ref);
	raw_spin_lock_init(&shadow->lock);
	shadow->vm = vm;
	shadow->id = atomic_inc_return(&last_vm_id);
}

/* Some context that owns a reference on @shadow, or NULL. Lock held. */
static struct i915_gem_context *find_owner(struct i915_vmlife_vm *shadow)
{
	struct i915_gem_context *ctx;

	lockdep_assert_held(&contexts_lock);
	list_for_each_entry(ctx, &contexts, vmlife.link)
		if (ctx->vmlife.shadow == shadow &&
		    test_bit(CTX_OWNS, &ctx->vmlife.state))
			return ctx;

	return NULL;
}

void __i915_vmlife_vm_zero(struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;
	struct i915_gem_context *ctx;
	unsigned long flags;
	int owners;

	if (!shadow)
		return;

	raw_spin_lock_irqsave(&shadow->lock, flags);
	WRITE_ONCE(shadow->dead, true);
	owners = shadow->owners;
	raw_spin_unlock_irqrestore(&shadow->lock, flags);

	if (likely(!owners))
		return;

	/* The list's lock keeps the owner's memory while it is reported. */
	raw_spin_lock_irqsave(&contexts_lock, flags);
	ctx = find_owner(shadow);
	if (ctx)
		vmlife_report(root_rule(shadow, VMLIFE_vm_early_put), ctx,
			      _RET_IP_);
	raw_spin_unlock_irqrestore(&contexts_lock, flags);
}

void __i915_vmlife_vm_free(struct i915_address_space *vm)
{
	shadow_put(vm->vmlife.shadow);
	vm->vmlife.shadow = NULL;
}

/* A context is listed, and gets its number, at the first hook that sees it. */
static void introduce(struct i915_gem_context *ctx)
{
	unsigned long flags;

	if (ctx->vmlife.id)
		return;

	ctx->vmlife.id = atomic_inc_return(&last_ctx_id);
	raw_spin_lock_irqsave(&contexts_lock, flags);
	list_add_tail(&ctx->vmlife.link, &contexts);
	raw_spin_unlock_irqrestore(&contexts_lock, flags);
}

static void own(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	struct i915_vmlife_vm *shadow = vm->vmlife.shadow;

	if (!shadow)
		return;

	kref_get(&shadow->ref);
	keep_memory(vm);
	ctx->vmlife.shadow = shadow;
	ctx->vmlife.nr_stack = stack_trace_save(ctx->vmlife.stack,
						I915_VMLIFE_STACK, 2);
	shadow_own(shadow, 1);
	set_bit(CTX_OWNS, &ctx->vmlife.state);
}

static noinline void late_store(struct i915_gem_context *ctx, unsigned long ip)
{
	vmlife_report(VMLIFE_vm_republish, ctx, ip);
}

void __i915_vmlife_vm_stored(struct i915_gem_context *ctx)
{
	introduce(ctx);

	if (unlikely(test_bit(CTX_CREATED, &ctx->vmlife.state)))
		late_store(ctx, _RET_IP_);
	else if (ctx->vm)
		own(ctx, ctx->vm);
}

/*
 * Rule lock-order.
 *
 * To lockdep each place with a mutex_init() is a class of its own, so what a
 * mock context does would say nothing of a real one.  One class a lock for all
 * contexts, and the legal order told once:
 *
 *	ctx->mutex		context_close(), around
 *	  ctx->lut_mutex	lut_close(); execbuf takes it alone and allocates
 *	    vm->mutex		... so that reclaim may take this inside
 *
 * engines_mutex nests with none of them.  proto_context_lock is the file's and
 * stays outside of all.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key ctx_mutex_key;
static struct lock_class_key lut_mutex_key;
static struct lock_class_key engines_mutex_key;

static void join_lock_classes(struct i915_gem_context *ctx)
{
	lockdep_set_class_and_name(&ctx->mutex, &ctx_mutex_key,
				   "vmlife_lock_order:ctx->mutex");
	lockdep_set_class_and_name(&ctx->lut_mutex, &lut_mutex_key,
				   "vmlife_lock_order:ctx->lut_mutex");
	lockdep_set_class_and_name(&ctx->engines_mutex, &engines_mutex_key,
				   "vmlife_lock_order:ctx->engines_mutex");
}

static void teach_lock_order(struct i915_gem_context *ctx)
{
	static atomic_t taught;

	if (!ctx->vm || atomic_read(&taught) || atomic_xchg(&taught, 1))
		return;

	mutex_lock(&ctx->mutex);
	mutex_lock(&ctx->lut_mutex);
	might_lock(&ctx->vm->mutex);
	mutex_unlock(&ctx->lut_mutex);
	mutex_unlock(&ctx->mutex);
}
#else
static void join_lock_classes(struct i915_gem_context *ctx) { }
static void teach_lock_order(struct i915_gem_context *ctx) { }
#endif

void __i915_vmlife_ctx_created(struct i915_gem_context *ctx)
{
	introduce(ctx);
	join_lock_classes(ctx);
	teach_lock_order(ctx);
	set_bit(CTX_CREATED, &ctx->vmlife.state);
}

void __i915_vmlife_vm_drop(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long state = READ_ONCE(ctx->vmlife.state);

	if (!shadow)
		return;

	if (unlikely(!test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state))) {
		vmlife_report(root_rule(shadow, VMLIFE_vm_double_put), ctx,
			      _RET_IP_);
		return;
	}

	shadow_own(shadow, -1);
	if (unlikely((state & BIT(CTX_CREATED)) && !(state & BIT(CTX_RELEASING))))
		vmlife_report(VMLIFE_vm_early_put, ctx, _RET_IP_);
}

void __i915_vmlife_ctx_free(struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = ctx->vmlife.shadow;
	unsigned long flags;

	if (shadow && test_and_clear_bit(CTX_OWNS, &ctx->vmlife.state)) {
		shadow_own(shadow, -1);
		vmlife_report(VMLIFE_vm_leak, ctx, _RET_IP_);
	}

	if (ctx->vmlife.id) {
		raw_spin_lock_irqsave(&contexts_lock, flags);
		list_del(&ctx->vmlife.link);
		raw_spin_unlock_irqrestore(&contexts_lock, flags);
	}

	if (shadow) {
		let_memory_go(shadow->vm);
		shadow_put(shadow);
	}
}

/*
 * Rule release-atomic.
 *
 * The body of the release may sleep and takes locks of the driver: its own
 * destructors do, and so may those of whatever it puts.  That is why the put,
 * which may come from a hard interrupt, only queues it.
 *
 * The map says to lockdep "the body runs", and might_lock() teaches it which
 * locks may be taken then.  A caller that holds one of them closes the circle,
 * in one run, without a deadlock.
 */
#ifdef CONFIG_LOCKDEP
static struct lock_class_key release_atomic_key;
static struct lockdep_map release_atomic_map =
	STATIC_LOCKDEP_MAP_INIT("vmlife_release_atomic",
				&release_atomic_key);
#endif

/* Without PREEMPT_COUNT only interrupts tell. */
static bool cannot_sleep(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) ? !preemptible() : irqs_disabled();
}

static bool holds_driver_lock(struct i915_gem_context *ctx)
{
#ifdef CONFIG_LOCKDEP
	if (!debug_locks)
		return false;

	return lockdep_is_held(&ctx->mutex) ||
		lockdep_is_held(&ctx->engines_mutex) ||
		lockdep_is_held(&ctx->lut_mutex) ||
		(ctx->vm && lockdep_is_held(&ctx->vm->mutex));
#else
	return false;
#endif
}

static noinline void vmlife_check_release_atomic(struct i915_gem_context *ctx,
						 unsigned long ip)
{
#ifdef CONFIG_LOCKDEP
	lock_map_acquire(&release_atomic_map);
#endif
	if (unlikely(cannot_sleep() || holds_driver_lock(ctx))) {
		vmlife_report(VMLIFE_release_atomic, ctx, ip);
		return;
	}

	might_sleep();
	might_lock(&ctx->mutex);
	might_lock(&ctx->engines_mutex);
	might_lock(&ctx->lut_mutex);
	if (ctx->vm)
		might_lock(&ctx->vm->mutex);
}

void __i915_vmlife_release_begin(struct i915_gem_context *ctx)
{
	set_bit(CTX_RELEASING, &ctx->vmlife.state);
	vmlife_check_release_atomic(ctx, _RET_IP_);
}

void __i915_vmlife_release_end(void)
{
#ifdef CONFIG_LOCKDEP
	lock_map_release(&release_atomic_map);
#endif
}

/* Without lockdep nobody can say what is held. */
static bool lockdep_knows(void)
{
#ifdef CONFIG_LOCKDEP
	return debug_locks;
#else
	return false;
#endif
}

/* Rule engines-unlocked: the mutex, or for a read RCU. */
static noinline void
vmlife_check_engines_unlocked(const struct i915_gem_context *ctx, bool rcu,
			      unsigned long ip)
{
	if (!lockdep_knows() || lockdep_is_held(&ctx->engines_mutex))
		return;

	if (rcu && rcu_read_lock_held())
		return;

	vmlife_report(VMLIFE_engines_unlocked,
		      (struct i915_gem_context *)ctx, ip);
}

void __i915_vmlife_engines(const struct i915_gem_context *ctx, bool rcu)
{
	vmlife_check_engines_unlocked(ctx, rcu, _RET_IP_);
}

/*
 * Rule ctx-chase, at a take: the memory must stay until the count was looked
 * at, by RCU or by a lock that the release takes to leave the list.
 */
static noinline void vmlife_check_ctx_chase(struct i915_gem_context *ctx)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held() &&
			 !lockdep_is_held(&ctx->i915->gem.contexts.lock),
			 "vmlife: context taken with neither RCU nor the list's lock held");
}

void __i915_vmlife_ctx_take(struct i915_gem_context *ctx)
{
	if (ctx)
		vmlife_check_ctx_chase(ctx);
}

/* ... and at a plain get: the caller must own what it gets another of. */
void __i915_vmlife_ctx_get(struct i915_gem_context *ctx)
{
	if (likely(kref_read(&ctx->ref) &&
		   !(lockdep_knows() && rcu_read_lock_held())))
		return;

	vmlife_report(VMLIFE_ctx_chase, ctx, _RET_IP_);
}

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
static int find_rule(const char *name)
{
	int rule;

	for (rule = 0; rule < VMLIFE_NR_RULES; rule++)
		if (sysfs_streq(name, rule_names[rule]))
			return rule;

	return -EINVAL;
}

static bool loaded;

static int set_inject(const char *val, const struct kernel_param *kp)
{
	int rule = find_rule(val);

	if (rule < 0) {
		pr_err("i915 vmlife: vmlife_inject: no rule of this name\n");
		return rule;
	}

	WRITE_ONCE(i915_vmlife_fault, rule);
	if (loaded)
		pr_info("i915 vmlife: inject=%s\n", rule_names[rule]);
	return 0;
}

static int get_inject(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", rule_names[asked_fault()]);
}

static const struct kernel_param_ops inject_ops = {
	.set = set_inject,
	.get = get_inject,
};
module_param_cb(vmlife_inject, &inject_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_inject,
		 "Break this rule of the vm lifetime contract, to see it reported (default: none)");

/*
 * A vm with one reference too few is freed under others that still point to
 * it, and what they put then is a reference of whoever got the memory next: a
 * second broken rule that nobody asked for.  So its memory stays for good.
 * (Not with KASAN, which is there to see just that.)
 */
static void keep_for_good(struct i915_gem_context *ctx)
{
	keep_memory(ctx->vm);
}

/**
 * i915_vmlife_inject_early_put - fault vm-early-put, in the close of a context
 * @ctx: the context that is being closed
 *
 * Return: whether the caller is to put ctx->vm, as the driver did before the
 * put moved to the release. The release of this context then puts nothing.
 */
bool i915_vmlife_inject_early_put(struct i915_gem_context *ctx)
{
	if (!i915_vmlife_inject(vm_early_put) || !ctx->vm)
		return false;

	keep_for_good(ctx);
	set_bit(CTX_FAULT, &ctx->vmlife.state);
	return true;
}

/**
 * i915_vmlife_inject_double_put - fault vm-double-put, in the release
 * @ctx: the context that is being released
 *
 * Return: whether the caller is to put ctx->vm once more.
 */
bool i915_vmlife_inject_double_put(struct i915_gem_context *ctx)
{
	if (!i915_vmlife_inject(vm_double_put) || !ctx->vm)
		return false;

	keep_for_good(ctx);
	return true;
}

/**
 * i915_vmlife_inject_no_put - must the release leave ctx->vm alone?
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
 * vmlife_fault_vm_republish - fault vm-republish: a late store to ctx->vm
 * @ctx: a context that others may be reading
 *
 * Stores what is there already: harmless to the driver, and as much of a race
 * to those who read without a lock as any other store.  The account is told
 * first: KCSAN reports from the reader's side just after the store, and the two
 * reports are not to mix.
 */
noinline void vmlife_fault_vm_republish(struct i915_gem_context *ctx)
{
	struct i915_address_space *vm = ctx->vm;

	__i915_vmlife_vm_stored(ctx);
	OPTIMIZER_HIDE_VAR(vm); /* or the store is left out */
	ctx->vm = vm;
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
 * @priority: what is being set
 *
 * Often enough for a detector that looks at one access in some hundred; KCSAN
 * never waits at a marked read, so it is this side that it must choose.
 */
noinline void vmlife_fault_sched_racy_read(struct i915_gem_context *ctx,
					   int priority)
{
	int i;

	for (i = 0; i < 256; i++) {
		ctx->sched.priority = priority;
		barrier();
	}
}
#endif /* CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT */

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
	pr_info("i915 vmlife: load version=%s tree=%s rules=%s inject=%s lockdep=%d kcsan=%d\n",
		I915_VMLIFE_VERSION, init_utsname()->release, rules,
		rule_names[asked_fault()],
		IS_ENABLED(CONFIG_PROVE_LOCKING), IS_ENABLED(CONFIG_KCSAN));
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
	loaded = true;
#endif
}

static unsigned long passes(int site)
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

	for (rule = 0; rule < VMLIFE_NR_RULES; rule++)
		reports += atomic_read(&broken[rule]);

	/* A message longer than printk's own buffer would be cut. */
	buf = kmalloc(1024, GFP_KERNEL);
	if (!buf)
		return;

	for (site = 0; site < VMLIFE_NR_SITES; site++) {
		len += scnprintf(buf + len, 1024 - len, "%s%s:%lu",
				 len ? "," : "", site_names[site], passes(site));
		if (len < 640 && site < VMLIFE_NR_SITES - 1)
			continue;
		pr_info("i915 vmlife: unload sites=%s reports=%d suppressed=%d unchecked=%d\n",
			buf, reports, atomic_read(&suppressed),
			atomic_read(&unchecked));
		len = 0;
	}
	kfree(buf);
}

MODULE_INFO(vmlife, I915_VMLIFE_VERSION);

#if IS_ENABLED(CONFIG_DRM_I915_SELFTEST)
#include "selftests/i915_gem_vmlife.c"
#endif
