// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that puts ctx->vm twice in the release
// vm-double-put, if injected.
// files: gem/i915_gem_context.c

@fault_double_put@
identifier f = {i915_gem_context_release_work, i915_gem_context_free};
identifier v, ctx;
@@
 f(...)
 {
 	...
 	if (v) {
 		i915_vmlife_vm_drop(f, ctx);
 		i915_vm_put(v);
 	}
+	if (i915_vmlife_inject_double_put(ctx)) {
+		i915_vmlife_vm_drop(f, ctx);
+		i915_vm_put(v);
+	}
 	...
 }
