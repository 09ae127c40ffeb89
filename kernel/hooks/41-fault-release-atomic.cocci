// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that runs the release in the put
// release-atomic, if injected.
// files: gem/i915_gem_context.c

// The put calls the body directly, in whatever context it runs.
@fault_direct@
identifier ref, ctx;
@@
 void i915_gem_context_release(struct kref *ref)
 {
 	struct i915_gem_context *ctx = ...;
+
+	if (i915_vmlife_inject(release_atomic)) {
+		i915_gem_context_release_work(&ctx->release_work);
+		return;
+	}
 	...
 	queue_work(...);
 }

@fault_direct_free@
identifier ref, ctx, gc;
@@
 void i915_gem_context_release(struct kref *ref)
 {
 	struct i915_gem_context *ctx = ...;
 	struct i915_gem_contexts *gc = ...;
+
+	if (i915_vmlife_inject(release_atomic)) {
+		i915_gem_context_free(ctx);
+		return;
+	}
 	...
 }
