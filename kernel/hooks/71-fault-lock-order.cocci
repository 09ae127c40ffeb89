// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that takes two locks of a context the wrong way round
// lock-order, if injected.
// files: gem/i915_gem_context.c

@fault_swapped@
identifier ctx;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	...
 	mutex_unlock(&ctx->mutex);
+
+	if (i915_vmlife_inject(lock_order))
+		vmlife_fault_lock_order(ctx);
 	...
 }
