/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/rules.h"

#include "base/macros.h"

const struct rule rules[] = {
        { "vm-early-put", "a context owns one reference on ctx->vm from the store of the pointer until its own release" },
        { "vm-get-livelock", "kref_get_unless_zero() on ctx->vm is not retried without progress" },
        { "ctx-chase", "who reaches a context without owning a reference takes one by kref_get_unless_zero() before reading more" },
        { "vm-republish", "after creation ctx->vm does not change (5.10: only under ctx->mutex)" },
        { "vm-leak", "the one reference in ctx->vm is given back" },
        { "vm-double-put", "the one reference in ctx->vm is given back only once" },
        { "release-atomic", "the body of the context's release runs in process context with no driver lock held" },
        { "engines-unlocked", "ctx->engines is written under engines_mutex and read under it or RCU" },
        { "lock-order", "the driver's context locks nest one way only" },
        { "sched-racy-read", "scheduling fields are read without protection on purpose, by marked accesses" },
};
const size_t n_rules = ARRAY_SIZE(rules);

const struct rule *rule_of(struct slice id) {
        for (size_t i = 0; i < n_rules; i++)
                if (slice_eq(id, slice_of(rules[i].id)))
                        return &rules[i];
        return NULL;
}

/* The first line that fits wins: the sure before the vague. Frames named vmlife_check_<rule> and locks named
 * vmlife_<rule> come before this table. */
const struct evidence evidence[] = {
        /* refcount_t has one word for many faults; where it was said tells them apart. */
        { "refcount", "add-on-zero", "i915_gem_context_get_eb_vm", "vm-early-put", RELEVANCE_LIKELY,
          "a reference on a live context's vm was taken after the vm's last one was given back" },
        { "refcount", "add-on-zero", "i915_vm_get", "vm-early-put", RELEVANCE_LIKELY,
          "a reference on a vm was taken after its last one was given back" },
        { "refcount", "add-on-zero", "i915_gem_context_get", "ctx-chase", RELEVANCE_LIKELY,
          "a reference on a context was taken after its last one was given back" },
        { "refcount", "underflow", "context_close", "vm-early-put", RELEVANCE_LIKELY,
          "the closing of a context gave back a reference on its vm that was not there" },
        { "refcount", "underflow", "i915_gem_context_release*", "vm-double-put", RELEVANCE_LIKELY,
          "the release of a context gave back a reference on its vm that was not there" },
        { "refcount", NULL, "i915_vm_*", NULL, RELEVANCE_LIKELY, "the count of a vm broke" },
        { "refcount", NULL, "i915_gem_context_*", NULL, RELEVANCE_LIKELY, "the count of a context or its vm broke" },

        /* Anything at all in the code that keeps contexts and vms. */
        { NULL, NULL, "i915_gem_context_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's context code" },
        { NULL, NULL, "__i915_gem_context_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's context code" },
        { NULL, NULL, "context_close", NULL, RELEVANCE_RELATED, "a stack passes through the driver's context code" },
        { NULL, NULL, "i915_vm_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "__i915_vm_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "i915_address_space_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "i915_ppgtt_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "gen8_ppgtt_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "gen6_ppgtt_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's address spaces" },
        { NULL, NULL, "intel_context_*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's engine contexts" },
        { NULL, NULL, "mock_context*", NULL, RELEVANCE_RELATED, "a stack passes through the driver's mock contexts" },
        { NULL, NULL, "*vmlife_*", NULL, RELEVANCE_RELATED, "a stack passes through the debug variant" },
};
const size_t n_evidence = ARRAY_SIZE(evidence);
