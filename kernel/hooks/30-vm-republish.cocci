// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check that ctx->vm does not change after creation
// vm-republish: after creation ctx->vm changes under ctx->mutex (5.10) or never
// (from 5.16 on).
// files: gem/i915_gem_context.c gem/selftests/mock_context.c

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

@vm_stored exists@
identifier f;
idexpression struct i915_gem_context *ctx;
expression E;
@@
 f(...)
 {
 	<+...
(
 	ctx->vm = E;
+	i915_vmlife_vm_stored(f, ctx);
|
 	E = rcu_replace_pointer(ctx->vm, ...);
+	i915_vmlife_vm_stored(f, ctx);
)
 	...+>
 }
