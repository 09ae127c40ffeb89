// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check how a context is taken that was found without a reference
// ctx-chase: code that reaches a context through RCU, or a list that owns no
// reference, must take one with kref_get_unless_zero() before reading more.
//
// Accesses without a reference have no hook here: "annotate --audit" lists each,
// and audit/known.tsv has the reason why it is safe.
// files: gem/i915_gem_context.c gem/i915_gem_context.h gem/i915_gem_throttle.c
// files: gt/intel_reset.c gt/intel_context.c i915_gpu_error.c i915_perf.c
// files: pxp/intel_pxp.c i915_drv.h i915_debugfs.c
// words: kref_get_unless_zero\(&\w*(ctx|context)\w*->ref\)

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
