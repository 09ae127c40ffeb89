// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that takes a context by a plain get
// ctx-chase, if injected.
// files: gem/i915_gem_context.c i915_drv.h

// A plain get of a context that was found under RCU.  A proper reference is held
// around it: a get of a freed context would end in a put on memory of another
// owner, and report more than the injected fault.
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
(
 	ctx = __i915_gem_context_lookup_rcu(...);
+	if (i915_vmlife_inject(ctx_chase) && vmlife_fault_ctx_chase(ctx)) {
+		rcu_read_unlock();
+		return ctx;
+	}
+
|
 	ctx = xa_load(...);
+	if (i915_vmlife_inject(ctx_chase) && vmlife_fault_ctx_chase(ctx)) {
+		rcu_read_unlock();
+		return ctx;
+	}
+
)
 	...
 }
