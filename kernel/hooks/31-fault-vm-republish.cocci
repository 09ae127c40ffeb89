// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that stores ctx->vm after creation
// vm-republish, if injected.
// files: gem/i915_gem_context.c

@fault_late_store@
identifier ctx;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	...
 	kill_context(ctx);
+
+	if (i915_vmlife_inject(vm_republish))
+		vmlife_fault_vm_republish(ctx);
 	...
 }
