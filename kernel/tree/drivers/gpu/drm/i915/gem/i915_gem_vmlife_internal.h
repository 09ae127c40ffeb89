/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Shared by the files of vmlife: the account (i915_gem_vmlife.c), the locks
 * (_locks.c), the reports (_report.c), the switches of the rules (_switch.c), the
 * leaks (_leak.c), the devices (_device.c), the lines at load and unload (_load.c), the
 * injected faults (_fault.c) and debugfs (_debugfs.c).
 */
#ifndef __I915_GEM_VMLIFE_INTERNAL_H__
#define __I915_GEM_VMLIFE_INTERNAL_H__

#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "gt/intel_gtt.h"

#include "i915_gem_context_types.h"
#include "i915_gem_vmlife.h"

/* Reads and writes ctx->vm without RCU checks; in older trees it is __rcu. */
#if !I915_VMLIFE_HAS_CTX_VM_RCU
#define ctx_vm(ctx) ((ctx)->vm)
#define ctx_store_vm(ctx, new) ((ctx)->vm = (new))
#else
#define ctx_vm(ctx) rcu_dereference_protected((ctx)->vm, 1)
#define ctx_store_vm(ctx, new) \
	((ctx)->vm = (struct i915_address_space __force __rcu *)(new))
#endif

/**
 * enum i915_vmlife_ctx_state - bits of struct i915_vmlife_ctx.state
 * @CTX_OWNS: the context owns the reference in ctx->vm
 * @CTX_CREATED: creation is complete
 * @CTX_RELEASING: the body of the release has begun
 * @CTX_HANDED: its creator gave its only reference to the table of ids, and nobody has
 *	looked it up there or closed it since
 * @CTX_FAULT: a fault put the reference early, the release must not put again
 * @CTX_LEFT: its device is gone; what it owned was reported as a leak
 * @CTX_ALONE: KCSAN watches for accesses to ctx->vm during the release
 */
enum i915_vmlife_ctx_state {
	CTX_OWNS,
	CTX_CREATED,
	CTX_RELEASING,
	CTX_HANDED,
	CTX_FAULT,
	CTX_LEFT,
	CTX_ALONE,
};

/*
 * The account's own locks, taken with interrupts off: the list's, and inside of it a
 * shadow's. No lock of the driver is taken under them, and nothing is printed. They are
 * hidden from lockdep, as raw_spinlock_t is not: with spinlocks that lockdep tracks, and
 * with a question to it at each check, all checks together cost 16.6 % of a context's
 * instructions, without these 4 % (tests/kernel/bench-kernel on 6.1).
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

/* The number of places that are recorded per vm. */
#define VMLIFE_TAKES (CONFIG_DRM_I915_DEBUG_VMLIFE_STACK ? 16 : 0)

/**
 * struct i915_vmlife_take - a place that took references on an address space
 * @ip: address in the driver, 0 if this entry is free
 * @times: number of references taken
 * @nr_stack: frames in @stack
 * @stack: the stack of the first time
 *
 * A put does not say which reference it drops, so the leaked reference cannot be
 * identified: the report lists all places that took one.
 */
struct i915_vmlife_take {
	unsigned long ip;
	u32 times;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
};

/**
 * struct i915_vmlife_vm - the shadow of an address space, dead or alive
 * @ref: one for the vm's memory, one for each context that points to the vm
 * @memory: the vm's memory, to be freed with the shadow, or NULL (from 5.16 on
 *	always)
 * @lock: protects @dead and @takes; taken from any context
 * @vm: the address space; its memory is valid while @lock is held and @dead is
 *	false
 * @id: number of this vm in the messages
 * @device: the device of the vm, or NULL if memory ran out
 * @i915: the same, NULL when it is gone; only compared, never dereferenced
 * @owners: contexts and others that own a reference, and the number of changes; see
 *	vmlife_owners()
 * @leaked: references of contexts that were freed while they owned one
 * @since: when the last owner left, the low bits of jiffies
 * @missing: references that were put once too often, and reported
 * @dead: the vm's reference count was zero
 * @broken: the first rule that broke on this vm and left a count wrong; later
 *	reports use the same rule
 * @said: its device is gone, and it was reported as a leak
 * @all: entry in the list of existing vms
 * @takes: places that took references, first the creator of the vm
 * @elsewhere: number of references taken at places that did not fit in @takes
 * @rcu: up to 5.15, for freeing, because a context may drop it while others read
 * @handed: up to 5.15, references of contexts that have another vm now, which the
 *	code that replaced it must put
 * @handed_link: entry in the list of vms with such references
 * @nr_stack: frames in @stack
 * @stack: the stack that took the first of them
 */
struct i915_vmlife_vm {
	struct kref ref;
	void *memory;
	arch_spinlock_t lock;
	struct i915_address_space *vm;
	u32 id;
	const struct vmlife_device *device;
	const struct drm_i915_private *i915;
	atomic64_t owners;
	atomic_t leaked;
	u32 since;
	atomic_t missing;
	bool dead;
	int broken;
	bool said;
	struct list_head all;
	struct i915_vmlife_take takes[VMLIFE_TAKES];
	u32 elsewhere;
#if I915_VMLIFE_HAS_VM_REPLACED
	struct rcu_head rcu;
	int handed;
	struct list_head handed_link;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
#endif
};

/* @owners: contexts, other holders, and the number of changes, which may wrap. */
#define OWNERS_BITS	22
#define OWNERS_ONE	1ULL
#define OWNERS_HOLDER	(1ULL << OWNERS_BITS)
#define OWNERS_CHANGE	(1ULL << 2 * OWNERS_BITS)

/* The number of contexts that own a reference on a vm, from @owners. */
static inline u32 vmlife_owners(u64 owners)
{
	return owners & (OWNERS_HOLDER - 1);
}

/* The same, with the contexts of engines, proto-contexts and handles. */
static inline u32 vmlife_all_owners(u64 owners)
{
	return vmlife_owners(owners) + vmlife_owners(owners >> OWNERS_BITS);
}

/* One more, or less. Ordered: after the take of the reference, before its put. */
static inline void vmlife_own(struct i915_vmlife_vm *shadow, u64 owner)
{
	atomic64_add_return(OWNERS_CHANGE + owner, &shadow->owners);
}

static inline void vmlife_disown(struct i915_vmlife_vm *shadow, u64 owner)
{
	if (!vmlife_all_owners(atomic64_add_return(OWNERS_CHANGE - owner,
						   &shadow->owners)))
		WRITE_ONCE(shadow->since, (u32)jiffies);
}

/**
 * struct vmlife_device - a device, as the records name it
 * @link: entry in the list of seen devices
 * @i915: the device while it exists; only compared, never dereferenced
 * @name: its keys in a record
 */
struct vmlife_device {
	struct list_head link;
	const struct drm_i915_private *i915;
	char name[64];
};

/**
 * vmlife_device_add - a device was added, or added again
 * @i915: the device
 */
void vmlife_device_add(struct drm_i915_private *i915);

/**
 * vmlife_device_of - the record of a device
 * @i915: the device; not dereferenced, so it may be freed
 *
 * The lock of the list of contexts must be held.
 *
 * Return: the device, or NULL.
 */
const struct vmlife_device *vmlife_device_of(const struct drm_i915_private *i915);

/**
 * vmlife_devices_forget - free all records, at unload, when no report can follow
 */
void vmlife_devices_forget(void);

/* All contexts that were given an id. */
extern struct list_head vmlife_contexts;
extern arch_spinlock_t vmlife_contexts_lock;

/* Shadows of all address spaces but the global one, under the same lock. */
extern struct list_head vmlife_vms;

#if I915_VMLIFE_HAS_VM_REPLACED
/* All shadows with references that were handed over, under the same lock. */
extern struct list_head vmlife_handed;
#endif

/* The load line was printed. */
extern bool vmlife_loaded;

/**
 * vmlife_shadow_put - put a reference on a shadow
 * @shadow: the shadow, or NULL
 */
void vmlife_shadow_put(struct i915_vmlife_vm *shadow);

/*
 * The memory of a vm can be kept without keeping the vm: from 5.16 on by its
 * resv reference, before by its shadow, which frees it.  A context keeps it
 * until it is freed itself, so that a machine continues to run and write its log
 * after a broken rule.  Not with KASAN, which is to report the use after free.
 */
static inline void keep_memory(struct i915_vmlife_vm *shadow)
{
	if (IS_ENABLED(CONFIG_KASAN))
		return;

#if I915_VMLIFE_HAS_VM_RESV
	i915_vm_resv_get(shadow->vm);
#else
	kref_get(&shadow->ref);
#endif
}

static inline void let_memory_go(struct i915_vmlife_vm *shadow)
{
	if (IS_ENABLED(CONFIG_KASAN))
		return;

#if I915_VMLIFE_HAS_VM_RESV
	i915_vm_resv_put(shadow->vm);
#else
	vmlife_shadow_put(shadow);
#endif
}

/*
 * Up to 5.15 a context can move from one vm to another while it is used, and its
 * account moves with it: readers of the shadow hold the RCU read lock.
 */
static inline void shadow_lock(void)
{
	if (I915_VMLIFE_HAS_VM_REPLACED)
		rcu_read_lock();
}

static inline void shadow_unlock(void)
{
	if (I915_VMLIFE_HAS_VM_REPLACED)
		rcu_read_unlock();
}

/**
 * vmlife_lockdep - test whether lockdep is built in and active
 *
 * A report of any driver turns it off until reboot.  The time when it was found off
 * is kept for vmlife_lockdep_off().
 */
bool vmlife_lockdep(void);

/**
 * vmlife_lockdep_off - the time since when lockdep is known to be off
 *
 * Return: ns of the clock that printk() uses; 0 if it is active or not built in.
 */
u64 vmlife_lockdep_off(void);

/*
 * Locks that this task certainly holds, and certainly does not hold.  Once lockdep is
 * off it answers yes to both; another CPU may turn it off at any time, so that is
 * tested last.
 */
#ifdef CONFIG_LOCKDEP
#define vmlife_holds(lock) (lockdep_is_held(lock) && vmlife_lockdep())
#define vmlife_lacks(lock) (!lockdep_is_held(lock) && vmlife_lockdep())
#else
#define vmlife_holds(lock) ((void)(lock), false)
#define vmlife_lacks(lock) ((void)(lock), false)
#endif

/**
 * vmlife_vm_ref - the reference count of an address space, dead or alive
 * @shadow: its shadow, or NULL
 *
 * Return: the count, 0 if the vm was freed; never reads freed memory.
 */
unsigned int vmlife_vm_ref(struct i915_vmlife_vm *shadow);

/* Number of an address space in the messages, 0 without one. */
static inline u32 vmlife_vm_id(const struct i915_vmlife_vm *shadow)
{
	return shadow ? shadow->id : 0;
}

/**
 * vmlife_alone - no other access to ctx->vm from here until vmlife_not_alone()
 * @ctx: the context, in its release
 *
 * Rule vm-early-put, for KCSAN.
 */
void vmlife_alone(struct i915_gem_context *ctx);

/**
 * vmlife_not_alone - end of the region that vmlife_alone() began
 * @ctx: the context, whose memory is about to be freed
 */
void vmlife_not_alone(struct i915_gem_context *ctx);

/**
 * vmlife_locks_load - teach lockdep the order of a context's locks, once, if the rule is on
 */
void vmlife_locks_load(void);

/**
 * vmlife_locks_init - register a context's locks with lockdep
 * @ctx: the context, at the end of its creation
 */
void vmlife_locks_init(struct i915_gem_context *ctx);

/**
 * vmlife_rule_on - test whether broken rules of this kind are reported
 * @rule: the rule
 *
 * If not, nothing of it is counted, printed or traced, and no other detector is made to
 * report it.
 */
bool vmlife_rule_on(enum i915_vmlife_rule rule);

/**
 * vmlife_rule_panics - test whether a report of this rule stops the machine
 * @rule: the rule
 */
bool vmlife_rule_panics(enum i915_vmlife_rule rule);

/* Buffer size for vmlife_say_switches(). */
#define VMLIFE_SWITCHES_TEXT 512

/**
 * vmlife_say_switches - format "off=RULES panic=RULES"
 * @buf: VMLIFE_SWITCHES_TEXT bytes
 *
 * Return: @buf.
 */
const char *vmlife_say_switches(char *buf);

/**
 * struct vmlife_case - one broken rule, with the state when it broke
 * @rule: the rule
 * @n: number of this report of the rule
 * @weak: the observation does not prove that the rule broke
 * @ip: address in the driver's function that broke it
 * @took: where the reference was taken, 0 if unknown
 * @ctx: the context, to be printed; or NULL
 * @vm: the address space, to be printed; or NULL
 * @ctx_id: number of the context, or 0
 * @vm_id: number of the address space, or 0
 * @ctx_ref: count of the context
 * @vm_ref: count of the address space, 0 if it was freed
 * @pid: of the task that created the context
 * @age: seconds since its last owner left, or the context was closed; only in a list
 * @closed: the context is closed
 * @device: their device, or NULL
 * @name: of the context, not escaped; a task chose it
 * @shadow: of @vm, with a reference, if the places that took references are to be
 *	printed; or NULL
 * @nr_stack: frames in @stack
 * @stack: the stack that took the reference that the context owned
 */
struct vmlife_case {
	enum i915_vmlife_rule rule;
	int n;
	bool weak;
	unsigned long ip;
	unsigned long took;
	const void *ctx;
	const void *vm;
	u32 ctx_id;
	u32 vm_id;
	unsigned int ctx_ref;
	unsigned int vm_ref;
	pid_t pid;
	unsigned int age;
	bool closed;
	const struct vmlife_device *device;
	char name[sizeof_field(struct i915_gem_context, name)];
	struct i915_vmlife_vm *shadow;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
};

/**
 * vmlife_case_take - record all data of a report while the objects exist
 * @found: filled here
 * @rule: the rule
 * @n: number of this report of the rule
 * @ctx: the context, whose memory must be valid; or NULL
 * @shadow: of the address space, or NULL
 * @ip: address in the driver's function that broke the rule
 *
 * The lock of the list of contexts must be held.
 */
void vmlife_case_take(struct vmlife_case *found, enum i915_vmlife_rule rule, int n,
		      const struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow, unsigned long ip);

/**
 * vmlife_case_say - print a case as one warning, and panic if its rule asks for that
 * @found: filled by vmlife_case_take(); consumed
 *
 * The caller must hold none of vmlife's locks: the console prints, and it may be on
 * this device.
 */
void vmlife_case_say(struct vmlife_case *found);

/**
 * vmlife_case_suppress - count a case that is not printed; the tracepoint gets it
 * @found: filled by vmlife_case_take(); consumed
 */
void vmlife_case_suppress(struct vmlife_case *found);

/**
 * vmlife_count - count a report of a rule
 * @rule: the rule
 *
 * Return: the number of the report.
 */
int vmlife_count(enum i915_vmlife_rule rule);

/**
 * vmlife_report - report one broken rule
 * @rule: the rule
 * @ctx: the context, whose memory must be valid
 * @ip: address in the driver's function that broke the rule
 *
 * May be called from any context. Reports are rate-limited per place, and suppressed
 * ones are counted.
 */
void vmlife_report(enum i915_vmlife_rule rule, const struct i915_gem_context *ctx,
		   unsigned long ip);

/**
 * vmlife_report_weak - the same, for an observation that is not proof
 * @rule: the rule
 * @ctx: the context, whose memory must be valid
 * @ip: address in the driver's function that broke the rule
 */
void vmlife_report_weak(enum i915_vmlife_rule rule,
			const struct i915_gem_context *ctx, unsigned long ip);

/**
 * vmlife_report_vm - the same for a vm, with a context that owns it if there is one
 * @rule: the rule
 * @shadow: the vm's
 * @ip: address in the driver's function that broke the rule
 */
void vmlife_report_vm(enum i915_vmlife_rule rule, struct i915_vmlife_vm *shadow,
		      unsigned long ip);

/**
 * vmlife_totals - the totals of all reports
 * @reports: number of reports
 * @suppressed: number of reports that were not printed
 * @unchecked: number of address spaces that were not checked
 */
void vmlife_totals(int *reports, int *suppressed, int *unchecked);

/**
 * vmlife_leaks_unload - report all leaks, at unload
 * @ip: address in the driver's function that unloads
 */
void vmlife_leaks_unload(unsigned long ip);

/* Seconds without an owner, or since its close, after which something may be a leak. */
#define VMLIFE_LEAK_AGE 5

/**
 * vmlife_leaks_list - collect what looks like a leak, while the device is in use
 * @found: room for the first of them; the caller puts their shadows
 * @room: number of entries in @found
 *
 * That is: vms with a reference that a context leaked; vms that nobody who is counted owns,
 * and contexts that were closed, for VMLIFE_LEAK_AGE.
 *
 * Return: their number, which may exceed @room.
 */
unsigned int vmlife_leaks_list(struct vmlife_case *found, unsigned int room);

/* Buffer size for vmlife_say_lockdep(). */
#define VMLIFE_LOCKDEP_TEXT 64

/**
 * vmlife_say_lockdep - format "lockdep=1", or "lockdep=0" with the time
 * @buf: VMLIFE_LOCKDEP_TEXT bytes
 *
 * Return: @buf.
 */
const char *vmlife_say_lockdep(char *buf);

/**
 * vmlife_token - the token in each of vmlife's lines, which distinguishes them from copies
 *
 * Return: 16 hex digits, new at each load.
 */
const char *vmlife_token(void);

/**
 * vmlife_copy_name - copy the name of a context, which may change concurrently
 * @name: buffer of the size of ctx->name
 * @ctx: the context
 */
void vmlife_copy_name(char *name, const struct i915_gem_context *ctx);

/**
 * vmlife_report_unchecked - count an address space that is not checked
 */
void vmlife_report_unchecked(void);

/**
 * vmlife_fault_name - name of a rule or a fault in the messages
 * @fault: the rule, the fault, or VMLIFE_NO_RULE
 *
 * Return: the name, "none" for VMLIFE_NO_RULE.
 */
const char *vmlife_fault_name(int fault);

/**
 * vmlife_fault_rule - the rule that a fault breaks
 * @fault: the fault, or VMLIFE_NO_RULE
 */
enum i915_vmlife_rule vmlife_fault_rule(int fault);

/**
 * vmlife_site_name - name of a hook and of its calling function
 * @site: one of enum i915_vmlife_site
 *
 * Return: "hook@function".
 */
const char *vmlife_site_name(int site);

/**
 * vmlife_passes - number of passes of a hook, on all CPUs
 * @site: one of enum i915_vmlife_site
 *
 * Return: the sum; CPUs may count concurrently.
 */
unsigned long vmlife_passes(int site);

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT)
bool vmlife_undo_stray_put(struct i915_address_space *vm);

static inline int vmlife_asked_fault(void)
{
	return READ_ONCE(i915_vmlife_fault);
}
#else
static inline bool vmlife_undo_stray_put(struct i915_address_space *vm)
{
	return false;
}

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

/**
 * vmlife_found_again() - a context is looked up or closed: its creation is over
 * @ctx: the context, whose only reference its creator gave to the table of ids
 */
void vmlife_found_again(struct i915_gem_context *ctx);

#endif /* __I915_GEM_VMLIFE_INTERNAL_H__ */
