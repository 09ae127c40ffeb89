// SPDX-License-Identifier: GPL-2.0
// commit: afce71ff6daa
// title: drm/i915: Fix potential context UAFs
// wrong: the id of a new context was visible before it was put on the lists
// since: 5.16
// by: ctx-chase
// files: gem/i915_gem_context.c

@@
expression old, id, lock;
identifier ctx, table;
@@
 gem_context_register(struct i915_gem_context *ctx, ...)
 {
 	...
+	old = xa_store(&table->context_xa, id, ctx, GFP_KERNEL);
 	spin_lock(&ctx->client->ctx_lock);
 	...
-	old = xa_store(&table->context_xa, id, ctx, GFP_KERNEL);
 	...
 }
