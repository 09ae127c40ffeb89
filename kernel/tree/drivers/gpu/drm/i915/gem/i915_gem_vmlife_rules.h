/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The rules of the vm lifetime contract, as VMLIFE_RULE(id, name).
 *
 * The name stands in the messages, in i915.vmlife_inject and in the reports of
 * whoever reads the log; it never changes.
 */
#ifdef VMLIFE_RULE

/*
 * A context owns one reference on ctx->vm from the store of the pointer until
 * its own release.
 */
VMLIFE_RULE(vm_early_put, "vm-early-put")

/*
 * ctx->vm does not change once the context is created.  Up to 5.15 it may, under
 * ctx->mutex.
 */
VMLIFE_RULE(vm_republish, "vm-republish")

/*
 * The body of the release runs in process context with none of the driver's
 * locks held; only the final put may come from anywhere.
 */
VMLIFE_RULE(release_atomic, "release-atomic")

/* The release gives the reference in ctx->vm back ... */
VMLIFE_RULE(vm_leak, "vm-leak")

/* ... and gives it back once. */
VMLIFE_RULE(vm_double_put, "vm-double-put")

#if I915_VMLIFE_TREE < 5016
/*
 * kref_get_unless_zero() on ctx->vm is not retried without progress: a count of
 * zero stays.  Later trees have no such loop.
 */
VMLIFE_RULE(vm_get_livelock, "vm-get-livelock")
#endif

/*
 * Who reaches a context without owning a reference takes one with
 * kref_get_unless_zero() before reading more of it.
 */
VMLIFE_RULE(ctx_chase, "ctx-chase")

/* ctx->engines is written under engines_mutex, and read under it or RCU. */
VMLIFE_RULE(engines_unlocked, "engines-unlocked")

/* The locks of a context nest one way only. */
VMLIFE_RULE(lock_order, "lock-order")

/*
 * Scheduling fields are read without protection, so reads and writes of them
 * are marked.
 */
VMLIFE_RULE(sched_racy_read, "sched-racy-read")

#endif /* VMLIFE_RULE */
