// SPDX-License-Identifier: GPL-2.0
// The reference count of an address space touched other than by i915_vm_get()
// and similar functions, or a put of the vm that ctx->vm points to.
// words: kref_|i915_vm_put|i915_vm_close
// hooks: vm_|ce_

@by_type@
struct i915_address_space *vm;
@@
(
* kref_get(&vm->ref)
|
* kref_get_unless_zero(&vm->ref)
|
* kref_put(&vm->ref, ...)
|
* kref_read(&vm->ref)
|
* kref_init(&vm->ref)
)

@of_context@
struct i915_gem_context *ctx;
@@
(
* i915_vm_put(ctx->vm)
|
* i915_vm_close(ctx->vm)
)

@of_engine@
struct intel_context *ce;
@@
* i915_vm_put(ce->vm)
