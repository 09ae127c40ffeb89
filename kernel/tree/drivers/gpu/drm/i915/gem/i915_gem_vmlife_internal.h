/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of vmlife share: the account (i915_gem_vmlife.c), what is held
 * (_locks.c), the reports (_report.c), which device they are of (_device.c), what is
 * said at load and unload (_load.c), the injected faults (_fault.c) and debugfs
 * (_debugfs.c).
 */
#ifndef __I915_GEM_VMLIFE_INTERNAL_H__
#define __I915_GEM_VMLIFE_INTERNAL_H__

#include <linux/atomic.h>
#include <linux/irqflags.h>
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
 * Nothing of the driver is taken under them, and nothing printed. Not known to
 * lockdep, for telling it would be the dearest part of all checks, many times what is
 * done under them.
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
 * @device: whose vm it is, or NULL where memory was short
 * @owners: contexts that own a reference, see vmlife_owners(); in the upper half,
 *	how often that changed
 * @leaked: references of contexts that were freed and still owned one
 * @missing: references that were put once too often, and told of
 * @dead: the vm's reference count was zero
 * @broken: the first rule that broke on this vm and left a count wrong; what
 *	follows from it is reported under the same rule
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
	const struct vmlife_device *device;
	atomic64_t owners;
	atomic_t leaked;
	atomic_t missing;
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

/* Contexts that own a reference on a vm, of what @owners says. */
static inline u32 vmlife_owners(u64 owners)
{
	return lower_32_bits(owners);
}

/* One more, or less. Ordered: after the take of the reference, before its put. */
static inline void vmlife_own(struct i915_vmlife_vm *shadow)
{
	atomic64_add_return((1ULL << 32) + 1, &shadow->owners);
}

static inline void vmlife_disown(struct i915_vmlife_vm *shadow)
{
	atomic64_add_return((1ULL << 32) - 1, &shadow->owners);
}

/**
 * struct vmlife_device - a device, as the records name it
 * @link: place in the list of those that were seen
 * @i915: the device while it is there; only ever compared with
 * @name: its keys in a record
 */
struct vmlife_device {
	struct list_head link;
	const struct drm_i915_private *i915;
	char name[64];
};

/**
 * vmlife_device_add - a device has come, or came back
 * @i915: the device
 */
void vmlife_device_add(struct drm_i915_private *i915);

/**
 * vmlife_device_of - what is known of a device
 * @i915: the device; not looked at, so it may be gone
 *
 * The lock of the list of contexts must be held.
 *
 * Return: the device, or NULL.
 */
const struct vmlife_device *vmlife_device_of(const struct drm_i915_private *i915);

/**
 * vmlife_devices_forget - at unload, when no record can follow
 */
void vmlife_devices_forget(void);

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

/**
 * vmlife_lockdep - is lockdep there, and awake?
 *
 * Any driver's report turns it off, for good.  That it was found so is kept, for
 * vmlife_lockdep_off().
 */
bool vmlife_lockdep(void);

/**
 * vmlife_lockdep_off - since when it is known to be off
 *
 * Return: of the clock that printk() uses, in ns; 0 if it is awake or not built in.
 */
u64 vmlife_lockdep_off(void);

/*
 * What this task surely holds, and surely does not.  Once lockdep is off it says yes
 * to all; another CPU may switch it off at any time, so that is looked at last.
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
 * Return: the count, 0 when the vm is gone; never reads freed memory.
 */
unsigned int vmlife_vm_ref(struct i915_vmlife_vm *shadow);

/* Number of an address space in the messages, 0 without one. */
static inline u32 vmlife_vm_id(const struct i915_vmlife_vm *shadow)
{
	return shadow ? shadow->id : 0;
}

/**
 * vmlife_alone - nobody else may look at ctx->vm from here on, until vmlife_not_alone()
 * @ctx: the context, in its release
 *
 * Rule vm-early-put, for KCSAN.
 */
void vmlife_alone(struct i915_gem_context *ctx);

/**
 * vmlife_not_alone - the end of that
 * @ctx: the context, whose memory is about to go
 */
void vmlife_not_alone(struct i915_gem_context *ctx);

/**
 * vmlife_locks_load - tell lockdep the order of a context's locks
 */
void vmlife_locks_load(void);

/**
 * vmlife_locks_init - make a context's locks known to lockdep
 * @ctx: the context, at the end of its creation
 */
void vmlife_locks_init(struct i915_gem_context *ctx);

/**
 * struct vmlife_case - one broken rule, as it was when it broke
 * @rule: the rule
 * @n: which of its reports this is
 * @weak: what shows it is no proof
 * @ip: address in the driver's function that broke it
 * @took: where the reference was taken, 0 if that is not known
 * @ctx: the context, to be printed; or NULL
 * @vm: the address space, to be printed; or NULL
 * @ctx_id: number of the context, or 0
 * @vm_id: number of the address space, or 0
 * @ctx_ref: count of the context
 * @vm_ref: count of the address space, 0 when it is gone
 * @pid: of the task that made the context
 * @closed: the context is closed
 * @device: whose they are, or NULL
 * @name: of the context, as it is; a task chose it
 * @shadow: of @vm, with a reference, where who took references on it is to be told;
 *	or NULL
 * @nr_stack: frames in @stack
 * @stack: who took the one that the context owned
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
	bool closed;
	const struct vmlife_device *device;
	char name[sizeof_field(struct i915_gem_context, name)];
	struct i915_vmlife_vm *shadow;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
};

/**
 * vmlife_case_take - keep all that is to be said, while it is there
 * @found: to be filled
 * @rule: the rule
 * @n: which of its reports this is
 * @ctx: the context, whose memory must be there; or NULL
 * @shadow: of the address space, or NULL
 * @ip: address in the driver's function that broke the rule
 *
 * The lock of the list of contexts must be held.
 */
void vmlife_case_take(struct vmlife_case *found, enum i915_vmlife_rule rule, int n,
		      const struct i915_gem_context *ctx,
		      struct i915_vmlife_vm *shadow, unsigned long ip);

/**
 * vmlife_case_say - print it as one warning
 * @found: what vmlife_case_take() filled; of no more use then
 *
 * No lock of ours may be held: a console prints, and that may be this device.
 */
void vmlife_case_say(struct vmlife_case *found);

/**
 * vmlife_count - one more report of a rule, to be said
 * @rule: the rule
 *
 * Return: which one it is.
 */
int vmlife_count(enum i915_vmlife_rule rule);

/**
 * vmlife_count_silent - reports that there is no room to say
 * @rule: the rule
 * @nr: how many
 */
void vmlife_count_silent(enum i915_vmlife_rule rule, unsigned int nr);

/**
 * vmlife_report - report one broken rule
 * @rule: the rule
 * @ctx: the context, whose memory must be there
 * @ip: address in the driver's function that broke the rule
 *
 * May be called from any context. A flood is limited, of each place by itself, and what
 * is left out is counted.
 */
void vmlife_report(enum i915_vmlife_rule rule, const struct i915_gem_context *ctx,
		   unsigned long ip);

/**
 * vmlife_report_weak - the same, where what shows it is no proof
 * @rule: the rule
 * @ctx: the context, whose memory must be there
 * @ip: address in the driver's function that broke the rule
 */
void vmlife_report_weak(enum i915_vmlife_rule rule,
			const struct i915_gem_context *ctx, unsigned long ip);

/**
 * vmlife_report_vm - the same, of a vm, with some context that owns it if there is one
 * @rule: the rule
 * @shadow: the vm's
 * @ip: address in the driver's function that broke the rule
 */
void vmlife_report_vm(enum i915_vmlife_rule rule, struct i915_vmlife_vm *shadow,
		      unsigned long ip);

/**
 * vmlife_totals - what came of all reports
 * @reports: how many there were
 * @suppressed: how many of them were not said
 * @unchecked: address spaces that went unchecked
 */
void vmlife_totals(int *reports, int *suppressed, int *unchecked);

/* Room for what vmlife_say_lockdep() writes. */
#define VMLIFE_LOCKDEP_TEXT 64

/**
 * vmlife_say_lockdep - "lockdep=1", or "lockdep=0" and since when
 * @buf: VMLIFE_LOCKDEP_TEXT bytes
 *
 * Return: @buf.
 */
const char *vmlife_say_lockdep(char *buf);

/**
 * vmlife_token - the word that is in each of our lines, to tell it from a copy
 *
 * Return: 16 hex digits, another at each load.
 */
const char *vmlife_token(void);

/**
 * vmlife_copy_name - the name of a context, which may be set meanwhile
 * @name: as many bytes as ctx->name has
 * @ctx: the context
 */
void vmlife_copy_name(char *name, const struct i915_gem_context *ctx);

/**
 * vmlife_report_unchecked - count an address space that goes unchecked
 */
void vmlife_report_unchecked(void);

/**
 * vmlife_fault_name - name of a rule or a fault as it stands in the messages
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

#endif /* __I915_GEM_VMLIFE_INTERNAL_H__ */
