/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/rules.h"

#include "base/macros.h"

const struct rule rules[] = {
        { "vm-early-put",
          "a context owns one reference on ctx->vm from the store of the pointer until its own release" },
        { "vm-get-livelock", "kref_get_unless_zero() on ctx->vm is not retried without progress" },
        { "ctx-chase", "code that reaches a context without a reference takes one with kref_get_unless_zero() before "
                       "it reads more" },
        { "vm-republish", "after creation ctx->vm does not change (5.10: only under ctx->mutex)" },
        { "vm-leak", "the one reference in ctx->vm is dropped" },
        { "vm-double-put", "the one reference in ctx->vm is dropped only once" },
        { "release-atomic", "the body of the context's release runs in process context with no driver lock held" },
        { "engines-unlocked", "ctx->engines is written under engines_mutex and read under it or RCU" },
        { "lock-order", "the driver's context locks nest one way only" },
        { "sched-racy-read", "scheduling fields are read without a lock on purpose, by marked accesses" },
};
const size_t n_rules = ARRAY_SIZE(rules);

const struct rule *rule_of(struct slice id) {
        for (size_t i = 0; i < n_rules; i++)
                if (slice_eq(id, slice_of(rules[i].id)))
                        return &rules[i];
        return NULL;
}

const char DRIVER[] = "(driver)";

/* Functions as they are named in 5.10 to 7.2. */
#define VM_TAKEN                                                                                                \
        "i915_gem_context_get_eb_vm i915_gem_context_get_vm_rcu context_get_vm_rcu i915_vm_get i915_vm_tryget " \
        "get_ppgtt read_vm"
#define VM_GIVEN "i915_vm_put i915_vm_close context_close"
#define VM_FREED                                                                                             \
        "i915_vm_release __i915_vm_release i915_vm_resv_release i915_address_space_fini gen8_ppgtt_cleanup " \
        "gen6_ppgtt_cleanup mock_cleanup ppgtt_release"
#define CTX_RELEASE \
        "i915_gem_context_release_work i915_gem_context_release i915_gem_context_free i915_gem_context_release_*"
#define CTX_LOCKS \
        "&ctx->mutex &ctx->engines_mutex &ctx->lut_mutex &*->proto_context_lock &vm->mutex vmlife_lock_order:*"
#define CONTEXT_CODE "i915_gem_context_* __i915_gem_context_* context_close mock_context* kernel_context*"
#define VM_CODE "i915_vm_* __i915_vm_* i915_address_space_* i915_ppgtt_* gen8_ppgtt_* gen6_ppgtt_* mock_ppgtt*"
#define OTHER_OBJECT                                                                                     \
        "i915_vma_* __i915_vma_* i915_gem_object_* __i915_gem_object_* i915_request_* __i915_request_* " \
        "intel_timeline_* i915_active_*"

/* What each report of an account that went wrong can be the end of. */
#define ACCOUNT "vm-early-put vm-double-put vm-get-livelock"

/* The first line that fits wins: the sure before the vague. Frames named vmlife_check_<rule> and locks named
 * vmlife_<rule> come before this table. */
const struct evidence evidence[] = {
        /* refcount_t has one word for many faults; where it was said tells them apart. */
        { "refcount", "add-on-zero", NULL, VM_TAKEN, NULL, "vm-early-put", ACCOUNT, RELEVANCE_LIKELY,
          "a reference on a vm was taken after the last one was dropped" },
        { "refcount", "add-on-zero", NULL, "i915_gem_context_get", NULL, "ctx-chase", NULL, RELEVANCE_LIKELY,
          "a reference on a context was taken after the last one was dropped" },
        { "refcount", "underflow", NULL, VM_GIVEN, NULL, "vm-early-put", ACCOUNT, RELEVANCE_LIKELY,
          "a reference on a vm was dropped that was not held" },
        { "refcount", "underflow", NULL, CTX_RELEASE, NULL, "vm-double-put", ACCOUNT, RELEVANCE_LIKELY,
          "the release of a context dropped a reference on its vm that was not held" },
        { "refcount", NULL, NULL, OTHER_OBJECT, NULL, NULL, NULL, RELEVANCE_RELATED,
          "the reference count of another object of the driver is wrong" },
        { "refcount", NULL, NULL, VM_CODE, NULL, NULL, ACCOUNT, RELEVANCE_LIKELY,
          "the reference count of a vm is wrong" },
        { "refcount", NULL, NULL, CONTEXT_CODE, NULL, NULL, ACCOUNT " ctx-chase", RELEVANCE_LIKELY,
          "the reference count of a context or of its vm is wrong" },
        /* Getters and putters are inlined, so the name may be the caller's. */
        { "refcount", NULL, NULL, DRIVER, NULL, NULL, ACCOUNT " ctx-chase", RELEVANCE_RELATED,
          "a reference count in the driver is wrong" },

        /* Memory used after it was freed: who freed it says what it was. */
        { "kasan kfence slub", "*free*", "freed*", VM_FREED, NULL, "vm-early-put", ACCOUNT, RELEVANCE_LIKELY,
          "an address space was used after it was freed" },
        { "kasan kfence slub", "*free*", "freed work work-before", CTX_RELEASE, NULL, "ctx-chase", NULL,
          RELEVANCE_LIKELY, "a context was used after it was freed" },
        { "kasan kfence slub", "*free*", NULL, VM_TAKEN " " VM_GIVEN, NULL, "vm-early-put", ACCOUNT, RELEVANCE_LIKELY,
          "freed memory was used where a reference on a vm is taken or dropped" },
        { "kasan kfence slub", "*free*", NULL, CTX_RELEASE, NULL, "vm-double-put", ACCOUNT, RELEVANCE_LIKELY,
          "the release of a context used memory that was freed" },
        { "kasan kfence slub", NULL, NULL, DRIVER, NULL, NULL, ACCOUNT " ctx-chase", RELEVANCE_RELATED,
          "the driver used memory that it does not own" },

        /* Locks. */
        { "lockdep", "circular-locking", NULL, NULL, "vmlife_lock_order:*", "lock-order", NULL, RELEVANCE_CERTAIN,
          "two of the context's locks, as named by the variant, nest both ways" },
        { "lockdep", "circular-locking", NULL, NULL, CTX_LOCKS, "lock-order", NULL, RELEVANCE_LIKELY,
          "two of the context's locks nest both ways" },
        { "lockdep", "invalid-wait-context", NULL, CTX_RELEASE, NULL, "release-atomic", NULL, RELEVANCE_LIKELY,
          "the body of the release takes a lock that its caller's context forbids" },
        { "atomic-sleep", NULL, NULL, CTX_RELEASE, NULL, "release-atomic", NULL, RELEVANCE_LIKELY,
          "the body of the release sleeps where it must not" },

        /* Loops without end. */
        { "hung-task rcu-stall *-lockup", NULL, NULL, "context_get_vm_rcu i915_gem_context_get_vm_rcu", NULL,
          "vm-get-livelock", "vm-early-put", RELEVANCE_LIKELY,
          "a task is stuck where it takes a reference on ctx->vm" },

        /* Races. */
        { "kcsan", NULL, NULL, "set_priority", NULL, "sched-racy-read", NULL, RELEVANCE_LIKELY,
          "the setter of a scheduling field races with an unmarked access" },
        { "kcsan", "data-race", NULL, DRIVER, NULL, NULL, "[vm-republish] [sched-racy-read] [engines-unlocked]",
          RELEVANCE_RELATED, "the driver is involved in a race" },

        /* Anything at all in the driver: first the code that keeps contexts and vms, for its reason. */
        { NULL, NULL, NULL, CONTEXT_CODE, NULL, NULL, NULL, RELEVANCE_RELATED,
          "the driver's context code is involved" },
        { NULL, NULL, NULL, VM_CODE, NULL, NULL, NULL, RELEVANCE_RELATED,
          "the driver's address space code is involved" },
        { NULL, NULL, NULL, "*vmlife_*", NULL, NULL, NULL, RELEVANCE_RELATED,
          "the debug variant's own code is involved" },
        { NULL, NULL, NULL, DRIVER, NULL, NULL, NULL, RELEVANCE_RELATED, "the driver is involved" },
        { "i915 xe amdgpu iommu", NULL, NULL, NULL, NULL, NULL, NULL, RELEVANCE_RELATED,
          "it concerns the GPU or its driver" },
};
const size_t n_evidence = ARRAY_SIZE(evidence);
