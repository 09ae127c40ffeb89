// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that puts ctx->vm when the context is closed
// vm-early-put, if injected: the driver as it was before the put moved from the
// close to the release, and a release that then puts nothing.
// files: gem/i915_gem_context.c

// 5.10 as shipped does so without injection. What the close took itself it may put.
@takes_in_close@
identifier vm;
position p;
@@
 context_close(...)
 {
 	<+...
(
 	i915_vm_get(vm);
|
 	vm = i915_vm_get(...);
)
 	... when != i915_vm_put(vm);
 	i915_vm_close@p(vm);
 	...+>
 }

@puts_in_close@
identifier vm;
position p != takes_in_close.p;
@@
 context_close(...)
 {
 	<+...
 	i915_vm_close@p(vm);
 	...+>
 }

@tells_in_close@
identifier vm;
@@
 context_close(...)
 {
 	<+...
 	__i915_vm_close(vm);
 	...+>
 }

@fault_early_put_vm depends on tells_in_close@
identifier ctx, vm;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	struct i915_address_space *vm;
 	...
+	if (i915_vmlife_inject_early_put(ctx)) {
+		i915_vmlife_vm_drop(context_close, ctx);
+		i915_vm_put(vm);
+	}
 	i915_gem_context_put(ctx);
 }

@fault_early_put depends on !puts_in_close && !tells_in_close@
identifier ctx;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	...
+	if (i915_vmlife_inject_early_put(ctx)) {
+		i915_vmlife_vm_drop(context_close, ctx);
+		i915_vm_put(ctx->vm);
+	}
 	i915_gem_context_put(ctx);
 }

@fault_no_put@
identifier f = {i915_gem_context_release_work, i915_gem_context_free};
identifier v;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	...
(
 	v = ctx->vm;
+	if (i915_vmlife_inject_no_put(ctx))
+		v = NULL;
|
 	v = rcu_dereference_protected(ctx->vm, ...);
+	if (i915_vmlife_inject_no_put(ctx))
+		v = NULL;
|
 	v = i915_gem_context_vm(ctx);
+	if (i915_vmlife_inject_no_put(ctx))
+		v = NULL;
)
 	...
 }
