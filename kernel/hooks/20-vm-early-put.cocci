// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check that a context owns ctx->vm until its release
// vm-early-put: a context owns one reference on ctx->vm from the store of the
// pointer until its own release.  vm-double-put, vm-leak: the release puts it,
// once.  All three concern one reference and are in one file.
// files: gem/i915_gem_context.c gem/i915_gem_context.h
// files: gem/selftests/mock_context.c gem/i915_gem_execbuffer.c gt/intel_gtt.c

// Code that puts the vm that ctx->vm points to.
@vm_drop exists@
identifier f;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_vm_drop(f, ctx);
 	i915_vm_put(ctx->vm);
|
+	i915_vmlife_vm_drop(f, ctx);
 	i915_vm_close(ctx->vm);
)
 	...+>
 }

@vm_drop_in_release@
identifier f = {i915_gem_context_release_work, i915_gem_context_free};
identifier v;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	...
(
 	v = ctx->vm;
|
 	v = rcu_dereference_protected(ctx->vm, ...);
|
 	v = i915_gem_context_vm(ctx);
)
 	...
-	if (v)
+	if (v) {
+		i915_vmlife_vm_drop(f, ctx);
 		i915_vm_put(v);
+	}
 	...
 }

// Who replaces ctx->vm has its reference to give back, now or when the hardware is
// done with it.
@vm_handed_assign@
identifier vm;
@@
 static void __assign_ppgtt(...)
 {
 	...
 	vm = __set_ppgtt(...);
-	if (vm)
+	if (vm) {
+		i915_vmlife_vm_handed(__assign_ppgtt, vm);
 		i915_vm_close(vm);
+	}
 }

@vm_handed_set exists@
identifier ctx, vm, old;
@@
 set_ppgtt(...)
 {
 	...
 	old = __set_ppgtt(ctx, vm);
 	...
 	i915_vm_close(__set_ppgtt(ctx, old));
+	i915_vmlife_vm_handed(set_ppgtt, vm);
+	i915_vmlife_vm_handed(set_ppgtt, old);
 	i915_vm_close(old);
 	...
 }

@vm_handed_barrier@
identifier old, data;
@@
 static void set_ppgtt_barrier(void *data)
 {
 	struct i915_address_space *old = data;
 	...
+	i915_vmlife_vm_handed(set_ppgtt_barrier, old);
 	i915_vm_close(old);
 }

// As 5.10 was shipped.
@vm_drop_in_close@
identifier ctx, vm;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	...
 	vm = i915_gem_context_vm(ctx);
-	if (vm)
+	if (vm) {
+		i915_vmlife_vm_drop(context_close, ctx);
 		i915_vm_close(vm);
+	}
 	...
 }

@vm_zero@
identifier kref, vm;
statement S;
@@
 void i915_vm_release(struct kref *kref)
 {
 	struct i915_address_space *vm = ...;
+
+	i915_vmlife_vm_zero(i915_vm_release, vm);
 	S
 	...
 }

@ctx_free exists@
identifier f = {i915_gem_create_context, __create_context, mock_context, i915_gem_context_release_work, i915_gem_context_free};
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_ctx_free(f, ctx);
 	kfree(ctx);
|
+	i915_vmlife_ctx_free(f, ctx);
 	kfree_rcu(ctx, rcu);
)
 	...+>
 }

// The reads.  Not those of the release and of creation, which hold the context
// for themselves.
@vm_read_assign exists@
identifier f != {i915_gem_create_context, mock_context, i915_gem_context_release_work};
idexpression struct i915_gem_context *ctx;
expression E;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_vm_read(f, ctx);
 	E = ctx->vm;
 	...+>
 }

@vm_read_return exists@
identifier f;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_vm_read(f, ctx);
 	return !!ctx->vm;
|
+	i915_vmlife_vm_read(f, ctx);
 	return rcu_dereference_protected(ctx->vm, ...);
)
 	...+>
 }

// Up to 5.15 ctx->vm is under RCU.  Not context_get_vm_rcu(), whose callers are
// here and which has a hook of its own.
@vm_read_rcu exists@
identifier f != context_get_vm_rcu;
idexpression struct i915_gem_context *ctx;
identifier v;
statement S1, S2;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_vm_read(f, ctx);
 	v = rcu_dereference(ctx->vm);
|
+	i915_vmlife_vm_read(f, ctx);
 	if (rcu_access_pointer(ctx->vm)) S1 else S2
|
+	i915_vmlife_vm_read(f, ctx);
 	if (!rcu_access_pointer(ctx->vm)) S1
)
 	...+>
 }
