/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The rules of the vm lifetime contract, as VMLIFE_RULE(id, name), and the faults
 * that break one in another way than the fault of the rule's own name, as
 * VMLIFE_FAULT(id, name, rule).
 *
 * The name stands in the messages, in i915.vmlife_inject and in the reports of
 * whoever reads the log; it never changes.
 *
 * Each comes with why it holds in this driver, and what a report of it means.
 */
#ifdef VMLIFE_RULE

/*
 * A context owns one reference on ctx->vm from the store of the pointer until
 * its own release.
 *
 * Holds because creation stores a pointer together with a reference, a close
 * leaves both alone, and the release, which puts it, runs when nobody holds the
 * context any more: so who holds the context may use ctx->vm without asking.  The
 * count of a vm is then never below the contexts that own a reference on it.
 *
 * A report: that reference was given back while the context lives; or a put left
 * fewer references than owners, or came to the vm's end with an owner. Readers
 * follow a pointer to freed memory, or try for ever to get a reference on it. In the
 * first record, by= is who put it, or the first to read after somebody did. A put too
 * many shows at that put if nobody else holds the vm, or else at the put of the last
 * who did.
 */
VMLIFE_RULE(vm_early_put, "vm-early-put")

/*
 * ctx->vm does not change once the context is created.  Up to 5.15 it may, under
 * ctx->mutex.
 *
 * Holds because from 5.16 on I915_CONTEXT_PARAM_VM is taken in by the proto-context,
 * before there is a context; up to 5.15 set_ppgtt() swaps it under the mutex, and
 * readers go through RCU and look again.
 *
 * A report: readers, who take no lock, see one vm or the other, and the reference
 * that the context owned was on the one before.
 */
VMLIFE_RULE(vm_republish, "vm-republish")

/*
 * The body of the release runs in process context with none of the driver's
 * locks held; only the final put may come from anywhere.
 *
 * Holds because the put queues the body as work.
 *
 * A report: what the body puts or frees may sleep and takes these locks. On a day
 * when it has to, that is a deadlock, or sleeping in a hard interrupt.
 */
VMLIFE_RULE(release_atomic, "release-atomic")

/*
 * The release gives the reference in ctx->vm back ...
 *
 * Holds because the release, and creation that failed, are the only ends of a
 * context, and each puts it; up to 5.15 who replaces ctx->vm puts the one before.
 * What files, engines and requests hold of a vm ends with their device.
 *
 * A report: the vm, its page tables and what is bound in it stay for good. The
 * stack that took the reference follows. With ctx_id=0, at unload, the holder is no
 * context: then all places that took references on this vm follow, and how often each
 * did.
 */
VMLIFE_RULE(vm_leak, "vm-leak")

/*
 * ... and gives it back once.
 *
 * Holds because a context ends once.
 *
 * A report: the second put took a reference of somebody else, who now has a vm that
 * may go at any time. That victim's report comes later, if at all.
 */
VMLIFE_RULE(vm_double_put, "vm-double-put")

#if I915_VMLIFE_TREE < 5016
/*
 * kref_get_unless_zero() on ctx->vm is not retried without progress: a count of
 * zero stays.  Later trees have no such loop.
 *
 * Holds because the context owns a reference, so a count of zero means that ctx->vm
 * was replaced meanwhile, and the next try finds another.
 *
 * A report: the loop would have run for ever, on a CPU that does nothing else. It
 * was ended, and its caller told that there is no vm.
 */
VMLIFE_RULE(vm_get_livelock, "vm-get-livelock")
#endif

/*
 * Who reaches a context without owning a reference takes one with
 * kref_get_unless_zero() before reading more of it.
 *
 * Holds because a context's memory is freed after a grace period of RCU, or after
 * it left the list under the list's lock: until then its count can be looked at,
 * and nothing else is sure.
 *
 * A report: a plain get of a context that was found, which brings one back to life
 * that is being released; or a look at one that nothing kept from being freed. What
 * a context that was found is used for besides, "annotate --audit" lists.
 */
VMLIFE_RULE(ctx_chase, "ctx-chase")

/*
 * ctx->engines is written under engines_mutex, and read under it or RCU.
 *
 * Holds because a set of engines is replaced as a whole and freed after RCU.
 *
 * A report: who read it may walk a set that is being freed. Where lockdep is not
 * there, or was turned off, all that can be asked is whether anybody holds the mutex:
 * a record then says weak=1, and an access beside somebody else's lock is not seen.
 */
VMLIFE_RULE(engines_unlocked, "engines-unlocked")

/*
 * The locks of a context nest one way only.
 *
 * Holds because close takes lut_mutex inside of ctx->mutex and nobody the other way
 * round, and the file's proto_context_lock is taken outside of all; engines_mutex
 * nests with neither (up to 5.15 creation takes it inside of ctx->mutex).
 *
 * A report, which is lockdep's: two tasks that take them in either order wait for
 * each other for ever. A record of our own: engines_mutex was taken inside of
 * another one.
 */
VMLIFE_RULE(lock_order, "lock-order")

/*
 * Scheduling fields are read without protection, so reads and writes of them
 * are marked.
 *
 * Holds because each is one word, and a value that is a moment old only makes a
 * request run a moment earlier or later than it was to.
 *
 * A report, which is KCSAN's: an access that is not marked. The compiler may read
 * such twice, or tear it.
 */
VMLIFE_RULE(sched_racy_read, "sched-racy-read")

#endif /* VMLIFE_RULE */

#ifdef VMLIFE_FAULT

/* Two contexts own one vm, and a third puts it once too often. */
VMLIFE_FAULT(vm_stray_put, "vm-stray-put", vm_early_put)

#endif /* VMLIFE_FAULT */
