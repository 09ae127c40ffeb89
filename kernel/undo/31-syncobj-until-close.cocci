// SPDX-License-Identifier: GPL-2.0
// commit: c238980efd3b
// title: drm/i915: Release ctx->syncobj on final put, not on ctx close
// wrong: the close put the timeline of a context that an execbuffer was still using
// since: 5.16
// by: oops
// stress: --operation ctx-create-ext --operation execbuf --operation bo-create --operation ctx-destroy
// files: gem/i915_gem_context.c

@@
identifier ctx;
@@
 i915_gem_context_release_work(...)
 {
 	...
-	if (ctx->syncobj)
-		drm_syncobj_put(ctx->syncobj);
 	...
 }

@@
identifier ctx;
@@
 context_close(struct i915_gem_context *ctx)
 {
 	...
+	if (ctx->syncobj)
+		drm_syncobj_put(ctx->syncobj);
 	ctx->file_priv = ERR_PTR(-EBADF);
 	...
 }
