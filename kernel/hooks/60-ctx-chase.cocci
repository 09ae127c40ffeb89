// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check how a context is taken that was found without a reference
// ctx-chase: who reaches a context through RCU, or a list that owns no
// reference, takes one by kref_get_unless_zero() before reading more.
//
// Who reads on without a reference has no hook here: "annotate --audit" lists each
// such access, and audit/known.tsv says what is to be thought of it.
// files: gem/i915_gem_context.c gem/i915_gem_context.h gem/i915_gem_throttle.c
// files: gt/intel_reset.c gt/intel_context.c i915_gpu_error.c i915_perf.c
// files: pxp/intel_pxp.c i915_drv.h i915_debugfs.c

@ctx_take exists@
identifier f;
idexpression struct i915_gem_context *ctx;
statement S;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_ctx_take(f, ctx);
 	if (ctx && !kref_get_unless_zero(&ctx->ref)) S
|
+	i915_vmlife_ctx_take(f, ctx);
 	if (!kref_get_unless_zero(&ctx->ref)) S
)
 	...+>
 }

@ctx_get@
identifier ctx;
@@
 i915_gem_context_get(struct i915_gem_context *ctx)
 {
+	i915_vmlife_ctx_get(i915_gem_context_get, ctx);
 	kref_get(&ctx->ref);
 	...
 }
