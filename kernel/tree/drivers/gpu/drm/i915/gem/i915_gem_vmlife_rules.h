/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The rules of the vm lifetime contract, as VMLIFE_RULE(id, name), and additional
 * faults that break a rule in another way than the fault of the rule's name, as
 * VMLIFE_FAULT(id, name, rule).
 *
 * The name is used in messages, in i915.vmlife_inject and by tools that read the
 * log; it never changes.
 *
 * The comment of each rule explains why it holds in this driver, and what a report
 * means.
 */
#ifdef VMLIFE_RULE

/*
 * A context owns one reference on ctx->vm from the store of the pointer until
 * its own release.
 *
 * Holds because creation stores a pointer together with a reference, a close
 * changes neither, and the release, which puts it, runs after the last reference on
 * the context is gone: code that holds the context may use ctx->vm without a check.
 * Therefore the count of a vm is never below the number of its owners.
 *
 * A report: the reference was put while the context lives; or a put left fewer
 * references than owners, or freed the vm with an owner left. Readers follow a
 * pointer to freed memory, or retry for ever to get a reference on it. In the first
 * record, by= is the caller that put it, or the first reader after the put. A put
 * too many is reported at that put if there is no other reference on the vm, or else
 * at the put of the last one.
 */
VMLIFE_RULE(vm_early_put, "vm-early-put")

/*
 * ctx->vm does not change once the context is created.  Up to 5.15 it may, under
 * ctx->mutex.
 *
 * Holds because from 5.16 on the proto-context handles I915_CONTEXT_PARAM_VM, before
 * the context exists; up to 5.15 set_ppgtt() swaps it under the mutex, and readers
 * use RCU and check again.
 *
 * A report: readers, which take no lock, see either vm, and the reference that the
 * context owned was on the previous one.
 */
VMLIFE_RULE(vm_republish, "vm-republish")

/*
 * The body of the release runs in process context with none of the driver's
 * locks held; only the final put may happen in any context.
 *
 * Holds because the put queues the body as work.
 *
 * A report: the functions that the body calls may sleep and take these locks, which
 * can deadlock, or sleep in a hard interrupt.
 */
VMLIFE_RULE(release_atomic, "release-atomic")

/*
 * The release puts the reference in ctx->vm ...
 *
 * Holds because a context ends only in its release, or in failed creation, and both
 * put it; up to 5.15 code that replaces ctx->vm puts the previous vm. References of
 * files, engines and requests on a vm end with their device.
 *
 * A report: the vm, its page tables and the objects bound in it are never freed. The
 * stack that took the reference follows. With ctx_id=0, at unload, the holder is not
 * a context: then all places that took references on this vm follow, with a count.
 */
VMLIFE_RULE(vm_leak, "vm-leak")

/*
 * ... and puts it only once.
 *
 * Holds because a context ends once.
 *
 * A report: the second put dropped a reference of another owner, whose vm may now be
 * freed at any time. The report of that owner comes later, if at all.
 */
VMLIFE_RULE(vm_double_put, "vm-double-put")

#if I915_VMLIFE_HAS_GET_VM_LOOP
/*
 * kref_get_unless_zero() on ctx->vm is not retried without progress: a count of
 * zero stays zero.  Later trees have no such loop.
 *
 * Holds because the context owns a reference, so a count of zero means that ctx->vm
 * was replaced meanwhile, and the next try finds another vm.
 *
 * A report: the loop would have run for ever and blocked its CPU. The check ended it,
 * and its caller got no vm.
 */
VMLIFE_RULE(vm_get_livelock, "vm-get-livelock")
#endif

/*
 * Code that reaches a context without a reference must take one with
 * kref_get_unless_zero() before it reads more of it.
 *
 * Holds because a context's memory is freed after an RCU grace period, or after it
 * left the list under the list's lock: until then its count can be read, and no other
 * field is reliable.
 *
 * A report: a plain get of a context that was found, which revives a context that is
 * being released; or a read of one that nothing keeps from being freed. "annotate
 * --audit" lists other uses of contexts that were found.
 */
VMLIFE_RULE(ctx_chase, "ctx-chase")

/*
 * ctx->engines is written under engines_mutex, and read under it or RCU.
 *
 * Holds because a set of engines is replaced as a whole and freed after a grace period.
 *
 * A report: the reader may walk a set that is being freed. If lockdep is not built in
 * or off, the check can only test whether any task holds the mutex: the record then
 * has weak=1, and an access while another task holds the lock is missed.
 */
VMLIFE_RULE(engines_unlocked, "engines-unlocked")

/*
 * The locks of a context nest one way only.
 *
 * Holds because close takes lut_mutex inside of ctx->mutex and no code the other way
 * round, and the file's proto_context_lock is taken outside of all; engines_mutex
 * nests with neither (up to 5.15 creation takes it inside of ctx->mutex).
 *
 * lockdep reports it: two tasks that take them in opposite orders can wait for each
 * other for ever. A record of the variant: engines_mutex was taken inside of another
 * one.
 */
VMLIFE_RULE(lock_order, "lock-order")

/*
 * Scheduling fields are read without protection, so reads and writes of them
 * are marked.
 *
 * Holds because each is one word, and a stale value only makes a request run slightly
 * earlier or later.
 *
 * KCSAN reports it: an access that is not marked. The compiler may read it twice, or
 * tear it.
 */
VMLIFE_RULE(sched_racy_read, "sched-racy-read")

#endif /* VMLIFE_RULE */

#ifdef VMLIFE_FAULT

/* Two contexts own one vm, and a file's handle puts it once too often. */
VMLIFE_FAULT(vm_stray_put, "vm-stray-put", vm_early_put)

#endif /* VMLIFE_FAULT */
