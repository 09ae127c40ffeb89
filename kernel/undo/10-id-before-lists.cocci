// SPDX-License-Identifier: GPL-2.0
// commit: afce71ff6daa
// title: drm/i915: Fix potential context UAFs
// wrong: the id of a new context was visible before it was put on the lists; only where
//	contexts are created without a proto-context, whose creator has a reference of its own
// since: 5.16
// by: ctx-chase
// stress: --operation ctx-create --operation ctx-create-ext --operation ctx-getparam --seconds 30
// boot: --param vmlife_node_ver=13
// files: gem/i915_gem_context.c

@@
expression old, id, lock;
identifier ctx, table;
@@
 gem_context_register(struct i915_gem_context *ctx, ...)
 {
 	...
+	i915_vmlife_ctx_handed(gem_context_register, ctx);
+	old = xa_store(&table->context_xa, id, ctx, GFP_KERNEL);
 	spin_lock(&ctx->client->ctx_lock);
 	...
-	i915_vmlife_ctx_handed(gem_context_register, ctx);
-	old = xa_store(&table->context_xa, id, ctx, GFP_KERNEL);
 	...
 }
