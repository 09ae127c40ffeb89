// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check how a context is taken that was found without a reference
// ctx-chase: who reaches a context through RCU, or a list that owns no
// reference, takes one by kref_get_unless_zero() before reading more.
//
// Some read on without a reference, and are right to do so: busy_add() reads the
// engines, themselves under RCU; i915_request_add(), guc_context_init(),
// record_request(), the timeline's name and ctx_needs_runalone() read one field
// each, which stays until the final kfree_rcu() (see sched-racy-read).
// files: gem/i915_gem_context.c gem/i915_gem_context.h gem/i915_gem_throttle.c
// files: gt/intel_reset.c gt/intel_context.c i915_gpu_error.c i915_perf.c
// files: pxp/intel_pxp.c i915_drv.h i915_debugfs.c

// A plain get of what was found under RCU.  A proper reference is held around
// it: a get of what is dead would end in a put on memory of somebody else, and
// report more than was asked for.
@fault_plain_get@
identifier file_priv, id;
idexpression struct i915_gem_context *ctx;
@@
 __context_lookup(struct drm_i915_file_private *file_priv, u32 id)
 {
 	...
 	ctx = xa_load(...);
+	if (i915_vmlife_inject(ctx_chase) && ctx &&
+	    kref_get_unless_zero(&ctx->ref)) {
+		i915_gem_context_get(ctx);
+		i915_gem_context_put(ctx);
+		rcu_read_unlock();
+		return ctx;
+	}
+
 	...
 }

@fault_plain_get_lookup@
identifier file_priv, id;
idexpression struct i915_gem_context *ctx;
@@
 i915_gem_context_lookup(struct drm_i915_file_private *file_priv, u32 id)
 {
 	...
 	ctx = __i915_gem_context_lookup_rcu(...);
+	if (i915_vmlife_inject(ctx_chase) && vmlife_fault_ctx_chase(ctx)) {
+		rcu_read_unlock();
+		return ctx;
+	}
+
 	...
 }

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
