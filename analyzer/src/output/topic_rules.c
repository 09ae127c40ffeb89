/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/topic.h"

/* The same for each rule: one vm's or one context's life can be followed by the numbers in the record. */
#define WATCH                                                                                                       \
        "echo 1 > /sys/kernel/tracing/events/i915_vmlife/enable\n"                                                  \
        "cat /sys/kernel/tracing/trace_pipe\n"                                                                      \
        "cat /sys/kernel/debug/i915_vmlife/contexts   # each context: owns, closed, counts, callers that took its " \
        "reference\n"                                                                                               \
        "cat /sys/kernel/debug/i915_vmlife/sites      # how often each hook was passed"
#define VARIANT "CONFIG_DRM_I915_DEBUG_VMLIFE=y in a tree that kernel/annotate was run on"

static const struct topic items[] = {
        { "vm-early-put", "a context lost its reference on ctx->vm before its release",
          "From the store of ctx->vm until its own release a context owns one reference on the address space. Here "
          "that reference was dropped earlier: code that still reaches the context by RCU, a request or another list "
          "now reads a pointer to an object that nothing keeps alive. The memory may stay valid for a while because "
          "engines or other contexts hold references of their own, so ordinary kernels seldom notice.",
          "The final put was moved from the release to the close of the context, as in i915 before upstream commit "
          "8cf97637ff88; an error path puts the vm of a context that stays in use.",
          "The function after by= in the record, and its stack: the caller that put the vm. closed=1 with ctx_ref "
          "above 0 is the usual case. Later reports (refcount_t's addition on 0 or underflow, KASAN's use-after-free) "
          "belong to the same event and are listed below this finding. The put belongs in "
          "i915_gem_context_release_work().",
          VARIANT "; CONFIG_KASAN=y shows the use after free, refcount_t checks itself in every kernel.",
          "echo 'vm_id == 26' > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_get/filter   # the record's vm_id\n"
          "echo 'vm_id == 26' > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_put/filter\n" WATCH,
          "4da1eb0d440447a4abc634d8e3ed5762" },
        { "vm-get-livelock", "kref_get_unless_zero() on ctx->vm is retried without progress",
          "A loop that takes a reference on ctx->vm retries when the count is 0, because the pointer may have been "
          "replaced. If the context stays alive and its vm was freed, the loop never ends: the task spins in the "
          "kernel.",
          "The vm of a context is read after the context lost its reference early (vm-early-put). Only trees up to "
          "5.15 have such a loop (context_get_vm_rcu()).",
          "A vm-early-put before it is the cause. The stack of the stall or lockup shows the loop.",
          VARIANT " of 5.10; CONFIG_SOFTLOCKUP_DETECTOR=y and CONFIG_DETECT_HUNG_TASK=y name a task that spins.", WATCH,
          "178b8dac349342cc8a43a30e3915fd17" },
        { "ctx-chase", "a context was reached without a reference, and none was taken safely",
          "Code that finds a context through RCU, or in a list that owns no reference, must take one with "
          "kref_get_unless_zero() before reading more of it: its release may already run. Here neither RCU nor the "
          "list's lock was held, or a plain get was used, which revives a context that is being freed.",
          "A kref_get() or i915_gem_context_get() in a lookup under RCU; a lookup whose rcu_read_lock() is missing or "
          "ended before the take.",
          "The function after by=. ctx_ref=0 means that the context's count was 0 when it was taken. "
          "kernel/audit/known.tsv lists the places that look like this and are legal, with the reason.",
          VARIANT "; CONFIG_PROVE_RCU=y for suspicious RCU usage.", WATCH, "f975de321d57415b92c5f2903030f1ec" },
        { "vm-republish", "ctx->vm changed after the context was created",
          "From 5.16 on ctx->vm is written once, before the context is published, and therefore read without a lock. A "
          "later store races with all readers and leaks the reference on the old vm. On 5.10 it may change, under "
          "ctx->mutex.",
          "A parameter or an ioctl that replaces the address space of a registered context.",
          "The function that stores, after by=; a KCSAN report has both sides, the store and a reader, each with its "
          "stack.",
          VARIANT "; CONFIG_KCSAN=y with CONFIG_KCSAN_ASSUME_PLAIN_WRITES_ATOMIC=n (profile kcsan).",
          "echo 'ctx_id == 13' > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_publish/filter   # the record's "
          "ctx_id\n" WATCH,
          "e1612d642fca47398f67f53e79115ca5" },
        { "vm-leak", "the reference in ctx->vm was never dropped",
          "A context was freed, or the driver unloaded, while it still owned its reference: the address space, its "
          "page tables and all that is bound in it stay until reboot.",
          "An error path of creation that frees the context without the put; a release that returns early.",
          "The stack in the record is the one that took the reference. With ctx_id=0 (on unload) the holder is not a "
          "context but a file or an engine: then the record lists each place that took a reference on that vm, with a "
          "count. On unload the check runs after the driver's workqueue was drained, so engines that are about to be "
          "freed are not reported.",
          VARIANT "; CONFIG_DEBUG_KMEMLEAK=y finds memory that no pointer refers to.",
          "echo 'ctx_id == 13' > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_release/filter   # the record's "
          "ctx_id\n" WATCH,
          "83450ca854d54ac1842d262d0600a8d5" },
        { "vm-double-put", "a context dropped the reference in ctx->vm twice",
          "The second put drops a reference that an engine, a request or another context owns: the address space is "
          "freed while they use it.",
          "A put added in close or in an error path although the release still puts; a pointer that is not set to NULL "
          "after the put.",
          "The stack is that of the second put; the first was the context's own. A refcount_t underflow, a use after "
          "free, or a vm-early-put of another context may follow.",
          VARIANT "; CONFIG_KASAN=y.",
          "echo 'vm_id == 26' > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_put/filter   # the record's "
          "vm_id\n" WATCH,
          "210b64958b544681889d64373021cdf4" },
        { "release-atomic", "the body of the context's release ran where it must not",
          "The last put of a context may happen in any context, also in an interrupt or under a spinlock; the body of "
          "the release is therefore a work item, which takes mutexes. If the put calls it directly, or code waits for "
          "it under a lock that it takes, it sleeps in atomic context or deadlocks.",
          "i915_gem_context_release_work() called instead of queued; a flush of the driver's workqueue under vm->mutex "
          "or another lock of the release.",
          "The chains of lockdep: the map vmlife_release_atomic stands for the body of the release; the other lock was "
          "held while waiting for it.",
          VARIANT "; CONFIG_PROVE_LOCKING=y, CONFIG_DEBUG_ATOMIC_SLEEP=y.", WATCH, "a56ddab1a8754721918e6faaecae7445" },
        { "engines-unlocked", "ctx->engines was accessed without its protection",
          "ctx->engines is written under ctx->engines_mutex, and read under that or RCU. Without protection, a reader "
          "may use engines that were freed meanwhile.",
          "A loop over engines without i915_gem_context_lock_engines() or rcu_read_lock(); an access after the unlock.",
          "The function after by=, and the locks that lockdep lists as held at that moment.",
          VARIANT "; CONFIG_PROVE_RCU=y, CONFIG_PROVE_LOCKING=y.", WATCH, "e04c2629bf174482b75af31452ade757" },
        { "lock-order", "two of the context's locks were taken in both orders",
          "engines_mutex, ctx->mutex, lut_mutex, proto_context_lock and vm->mutex nest one way only. Two tasks that "
          "take two of them in opposite orders can wait for each other forever; lockdep reports it without a hang.",
          "A new call under one of the locks that takes another; a helper that locks, called with the lock held.",
          "The two stacks of the chain: each shows one order. The variant teaches lockdep the legal nestings at load, "
          "so the stack that lockdep calls existing may be i915_vmlife's own: then the other one is wrong.",
          VARIANT "; CONFIG_PROVE_LOCKING=y.", WATCH, "c460348d5a4a4641acbb1175f9affbee" },
        { "sched-racy-read", "a scheduling field is accessed without a mark",
          "Priority and other scheduling fields of a context are read without a lock, on purpose. Both sides must mark "
          "the access with READ_ONCE() and WRITE_ONCE(): otherwise the compiler may read twice, or tear the write.",
          "A plain write in a setter, or a new reader without READ_ONCE().",
          "The two accesses of the KCSAN report: change the one without (marked).",
          VARIANT "; CONFIG_KCSAN=y with CONFIG_KCSAN_ASSUME_PLAIN_WRITES_ATOMIC=n (profile kcsan).", WATCH,
          "99d187864e514a15a8e5bc4c4a79995b" },
};

const struct topics topics_rules = { "Rules", items, ARRAY_SIZE(items) };
