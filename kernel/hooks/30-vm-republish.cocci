// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check that ctx->vm does not change after creation
// vm-republish: after creation ctx->vm changes under ctx->mutex (5.10) or never
// (from 5.16 on).
// files: gem/i915_gem_context.c gem/selftests/mock_context.c

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
|
 	RCU_INIT_POINTER(ctx->vm, E);
+	i915_vmlife_vm_stored(f, ctx);
|
 	rcu_assign_pointer(ctx->vm, E);
+	i915_vmlife_vm_stored(f, ctx);
)
 	...+>
 }
