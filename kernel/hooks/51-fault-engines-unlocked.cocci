// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that looks at ctx->engines with no lock
// engines-unlocked, if injected.
// files: gem/i915_gem_context.c

@fault_bare_access@
identifier ctx;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	...
 	mutex_unlock(&ctx->engines_mutex);
+
+	if (i915_vmlife_inject(engines_unlocked))
+		vmlife_fault_engines_unlocked(ctx);
 	...
 }
