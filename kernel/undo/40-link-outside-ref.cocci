// SPDX-License-Identifier: GPL-2.0
// commit: d119888b09bd
// title: drm/i915/gem: Really move i915_gem_context.link under ref protection
// wrong: a closed context left the list of contexts though it was still in use, and what
//	walks the list under a reference lost its place
// since: 5.16
// by: ctx-chase
// files: gem/i915_gem_context.c

@@
@@
 i915_gem_context_release_work(...)
 {
 	...
-	spin_lock(&ctx->i915->gem.contexts.lock);
-	list_del(&ctx->link);
-	spin_unlock(&ctx->i915->gem.contexts.lock);
 	...
 }

@@
identifier ctx;
@@
 context_close(struct i915_gem_context *ctx)
 {
 	...
+	spin_lock(&ctx->i915->gem.contexts.lock);
+	list_del(&ctx->link);
+	spin_unlock(&ctx->i915->gem.contexts.lock);
+
 	i915_gem_context_put(ctx);
 }
