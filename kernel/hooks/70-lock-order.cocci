// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: let lockdep know the order of a context's locks
// lock-order: the locks of a context nest one way only.  Lockdep does the
// watching; the hook at the end of creation gives it one class a lock, mock and
// real contexts together, and the legal order.
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
