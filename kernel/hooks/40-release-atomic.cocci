// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check where the body of a context's release runs
// release-atomic: the body of the release runs in process context with none of
// the driver's locks held.  The final put may happen in any context.
// files: gem/i915_gem_context.c

@release_free@
identifier ctx;
@@
 static void i915_gem_context_free(struct i915_gem_context *ctx)
 {
 	...
+	i915_vmlife_release_begin(i915_gem_context_free, ctx);
 	GEM_BUG_ON(...);
 	...
+	i915_vmlife_release_end(i915_gem_context_free);
 }

@release@
identifier work, ctx;
@@
 static void i915_gem_context_release_work(struct work_struct *work)
 {
 	...
+	i915_vmlife_release_begin(i915_gem_context_release_work, ctx);
 	trace_i915_context_free(ctx);
 	...
+	i915_vmlife_release_end(i915_gem_context_release_work);
 }
