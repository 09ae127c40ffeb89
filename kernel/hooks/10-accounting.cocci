// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: account for the owners of a context's address space
// The basis of the rules: which context owns a reference on which vm.  It checks
// no rule by itself; vm-early-put, vm-double-put and vm-leak use it.
// files: gem/i915_gem_context.c gem/i915_gem_context.h
// files: gem/i915_gem_context_types.h gem/selftests/mock_context.c
// files: gt/intel_gtt.c gt/intel_gtt.h gt/intel_ggtt.c selftests/mock_gtt.c i915_pci.c
// files: gt/gen6_ppgtt.c gt/gen8_ppgtt.c i915_drv.h

@include_in_context_types@
@@
 #include "i915_sw_fence.h"
+#include "i915_gem_vmlife_types.h"

@include_in_gtt@
@@
 #include "i915_vma_types.h"
+#include "gem/i915_gem_vmlife.h"

@include_in_context@
@@
 #include "i915_gem_context_types.h"
+#include "i915_gem_vmlife.h"

@ctx_state@
@@
 struct i915_gem_context {
 ...
+
+	/** @vmlife: state of the lifetime checks for this context */
+	struct i915_vmlife_ctx vmlife;
 };

@vm_state@
@@
 struct i915_address_space {
 ...
+
+	/** @vmlife: state of the lifetime checks for this address space */
+	struct i915_vmlife_vm_ref vmlife;
 };

@vm_init@
identifier vm, class;
@@
 void i915_address_space_init(struct i915_address_space *vm, int class)
 {
 	<+...
 	kref_init(&vm->ref);
+	i915_vmlife_vm_init(i915_address_space_init, vm, class);
 	...+>
 }

@vm_get@
identifier vm;
@@
 i915_vm_get(struct i915_address_space *vm)
 {
 	kref_get(&vm->ref);
+	i915_vmlife_vm_get(i915_vm_get, vm);
 	...
 }

@vm_tryget@
identifier vm;
@@
 i915_vm_tryget(struct i915_address_space *vm)
 {
-	return kref_get_unless_zero(&vm->ref) ? vm : NULL;
+	return kref_get_unless_zero(&vm->ref) ?
+		i915_vmlife_vm_got(i915_vm_tryget, vm) : NULL;
 }

@vm_lookup@
identifier vm;
@@
 i915_gem_vm_lookup(...)
 {
 	...
-	if (vm)
+	if (vm) {
 		kref_get(&vm->ref);
+		i915_vmlife_vm_get(i915_gem_vm_lookup, vm);
+	}
 	...
 }

// Up to 5.15: by a handle, and of a context.
@vm_lookup_rcu@
identifier vm;
@@
 set_ppgtt(...)
 {
 	...
 	if (vm && !kref_get_unless_zero(&vm->ref))
 		vm = NULL;
 	rcu_read_unlock();
 	if (!vm)
 		return -ENOENT;
+	i915_vmlife_vm_get(set_ppgtt, vm);
 	...
 }

@vm_lookup_taken@
identifier vm;
@@
 i915_gem_vm_lookup(...)
 {
 	...
 	if (vm && !kref_get_unless_zero(&vm->ref))
 		vm = NULL;
 	rcu_read_unlock();
+	if (vm)
+		i915_vmlife_vm_get(i915_gem_vm_lookup, vm);
 	...
 }

@vm_put@
identifier vm;
@@
 void i915_vm_put(struct i915_address_space *vm)
 {
+	i915_vmlife_vm_put(i915_vm_put, vm);
 	kref_put(&vm->ref, i915_vm_release);
 }

@ctx_close@
identifier ctx;
declaration D;
statement S;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
 	... when any
 	D
+
+	i915_vmlife_ctx_close(context_close, ctx);
 	S
 	... when any
 }

// One without variables.
@ctx_close_plain depends on !ctx_close@
identifier ctx;
@@
 static void context_close(struct i915_gem_context *ctx)
 {
+	i915_vmlife_ctx_close(context_close, ctx);
+
 	mutex_lock(&ctx->engines_mutex);
 	...
 }

@vm_free@
identifier kref, vm;
@@
 void i915_vm_resv_release(struct kref *kref)
 {
 	...
+	i915_vmlife_vm_free(i915_vm_resv_release, vm);
 	kfree(vm);
 }

// Up to 5.15 a vm whose making fails is freed without a release.
@vm_not_made@
identifier f = {gen6_ppgtt_create, gen8_ppgtt_create};
struct i915_ppgtt *ppgtt;
@@
 f(...)
 {
 	<...
+	i915_vmlife_vm_free(f, &ppgtt->vm);
 	kfree(ppgtt);
 	...>
 }

@vm_not_made_gen6@
identifier f = gen6_ppgtt_create;
struct gen6_ppgtt *ppgtt;
@@
 f(...)
 {
 	<...
+	i915_vmlife_vm_free(f, &ppgtt->base.vm);
 	kfree(ppgtt);
 	...>
 }

// The global one is part of the device: it has an end, and no release.
@ggtt_free@
identifier f, ggtt;
@@
 void f(struct i915_ggtt *ggtt)
 {
 	<+...
 	i915_address_space_fini(&ggtt->vm);
+	i915_vmlife_vm_free(f, &ggtt->vm);
 	...+>
 }

// Before there was i915_vm_resv_get() nothing else keeps the memory of a vm that
// was put too early.
@vm_kfree@
identifier work, vm;
@@
 static void __i915_vm_release(struct work_struct *work)
 {
 	...
-	kfree(vm);
+	i915_vmlife_vm_kfree(__i915_vm_release, vm);
 }

@ctx_created@
idexpression struct i915_gem_context *ctx;
@@
 i915_gem_create_context(...)
 {
 	...
 	trace_i915_context_create(ctx);
+	i915_vmlife_ctx_created(i915_gem_create_context, ctx);
 	return ctx;
 	...
 }

@mock_ctx_created@
idexpression struct i915_gem_context *ctx;
@@
 mock_context(...)
 {
 	<...
+	i915_vmlife_ctx_created(mock_context, ctx);
+
 	return ctx;
 	...>
 }

@load@
identifier f = {i915_gem_context_module_init, i915_global_gem_context_init};
@@
 f(void)
 {
 	...
+	i915_vmlife_load();
 	return 0;
 }

@unload@
identifier f = {i915_gem_context_module_exit, i915_global_gem_context_exit};
@@
 void f(void)
 {
+	i915_vmlife_unload();
 	...
 }

// 5.10 leaves its globals alone when it goes after selftests that need no device.
@unload_no_device@
@@
 i915_exit(void)
 {
 	<...
-	if (!i915_pci_driver.driver.owner)
+	if (!i915_pci_driver.driver.owner) {
+		i915_vmlife_unload();
 		return;
+	}
 	...>
 }
