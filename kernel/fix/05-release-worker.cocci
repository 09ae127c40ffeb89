// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: release a context from a worker
// The body of the release ran inside the last put, which may happen in any context,
// in an interrupt or under a lock.  The put of ctx->vm is about to move there, so let
// a worker run it, as upstream does from Linux 5.16 on.
// unfixed: too, for the checks of the release are in its worker
// when: close_puts,!free_work,!release_work
// files: gem/i915_gem_context.c gem/i915_gem_context_types.h gem/selftests/mock_context.c

// Upstream: commit 75eefd82581f ("drm/i915: Release i915_gem_context from a worker")
@worker_field@
@@
 struct i915_gem_context {
 ...
+
+	/** @release_work: runs the body of the release */
+	struct work_struct release_work;
 };

@worker_body@
identifier r, c, rcu;
@@
-void i915_gem_context_release(struct kref *r)
+static void i915_gem_context_release_work(struct work_struct *work)
 {
-	struct i915_gem_context *c = container_of(r, typeof(*c), ref);
+	struct i915_gem_context *c = container_of(work, typeof(*c),
+						  release_work);
 	...
 	kfree_rcu(c, rcu);
 }

@worker_queue@
@@
 static void i915_gem_context_release_work(struct work_struct *work)
 {
 	...
 }
+void i915_gem_context_release(struct kref *ref)
+{
+	struct i915_gem_context *ctx = container_of(ref, typeof(*ctx), ref);
+
+	queue_work(ctx->i915->wq, &ctx->release_work);
+}

@worker_init@
identifier f = {i915_gem_create_context, __create_context, mock_context};
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
 	INIT_LIST_HEAD(&ctx->link);
+	INIT_WORK(&ctx->release_work, i915_gem_context_release_work);
 	...+>
 }
