// SPDX-License-Identifier: GPL-2.0
// commit: 8cf97637ff88
// title: drm/i915: Keep gem ctx->vm alive until the final put
// wrong: the close gave the reference on ctx->vm back, which others still read
// since: 5.16
// by: vm-early-put
// files: gem/i915_gem_context.c

@@
identifier ctx;
@@
 context_close(struct i915_gem_context *ctx)
 {
 	...
+	if (ctx->vm)
+		i915_vm_put(ctx->vm);
 	i915_gem_context_put(ctx);
 }

@@
identifier vm;
@@
 i915_gem_context_release_work(...)
 {
 	<...
-	vm = ctx->vm;
+	vm = NULL;
 	...>
 }
