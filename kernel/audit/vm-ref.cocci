// SPDX-License-Identifier: GPL-2.0
// The reference count of an address space touched other than by i915_vm_get()
// and similar functions, a put of the vm that ctx->vm points to, or the start or end of a
// reference that another object holds for long.
// words: kref_|i915_vm_put|i915_vm_close|->vm = |vm_xa
// hooks: vm_|handle_

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

@of_holder@
struct intel_context *ce;
struct i915_gem_proto_context *pc;
@@
(
* i915_vm_put(ce->vm)
|
* i915_vm_put(pc->vm)
|
* ce->vm = ...
|
* pc->vm = ...
)

@of_handle@
expression file;
@@
(
* xa_alloc(&file->vm_xa, ...)
|
* xa_store(&file->vm_xa, ...)
|
* xa_erase(&file->vm_xa, ...)
)
