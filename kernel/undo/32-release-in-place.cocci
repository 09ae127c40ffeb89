// SPDX-License-Identifier: GPL-2.0
// commit: 75eefd82581f
// title: drm/i915: Release i915_gem_context from a worker
// wrong: the last put released the context where it stood, at times in an interrupt
// since: 5.16
// by: release-atomic
// files: gem/i915_gem_context.c

@@
identifier ctx;
@@
 i915_gem_context_release(...)
 {
 	...
-	queue_work(ctx->i915->wq, &ctx->release_work);
+	i915_gem_context_release_work(&ctx->release_work);
 }
