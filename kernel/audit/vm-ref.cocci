// SPDX-License-Identifier: GPL-2.0
// The reference count of an address space touched other than by i915_vm_get()
// and similar functions, a put of the vm that ctx->vm points to, or the start or end of a
// reference that another object holds for long.
// words: (->|\.)(resv_)?ref\b|offsetof\(|i915_vm_(resv_)?(put|release)|i915_vm_close|(->|\.)cleanup\(|->vm = |&[^&]*->vm\b[^-.]|(swap|WRITE_ONCE|[rR][cC][uU]_\w+|fetch_and_zero|xchg)\(.*->vm\b|vm_xa
// words: i915_address_space|\bvm\b|i915_vm_|vm_xa|(->|\.)(VM_FIELDS)\b
// hooks: vm_|handle_

@by_type@
struct i915_address_space *vm;
@@
(
* vm->ref
|
* vm->resv_ref
)

// Another name for it, of whatever type the compiler makes that.
@by_copy exists@
struct i915_address_space *vm;
idexpression d;
identifier ref = {ref, resv_ref};
expression E;
@@
 d = vm
 ... when any
     when != d = E
* d->ref

@by_copy_of_field exists@
identifier at = {VM_FIELDS}, find = {VM_CALLS}, ref = {ref, resv_ref};
idexpression d;
expression E, X;
@@
(
 d = X->at
|
 d = X.at
|
 d = find(...)
)
 ... when any
     when != d = E
* d->ref

@by_name@
identifier at = {VM_FIELDS}, find = {VM_CALLS}, ref = {ref, resv_ref}, m;
identifier entry !~ "offset|size", offset =~ "offsetof";
expression E, X;
@@
(
* E->at->ref
|
* E.at->ref
|
* E->at.ref
|
* E.at.ref
|
* E->at[X]->ref
|
* find(...)->ref
|
* entry(X, struct i915_address_space, m)->ref
|
* offset(struct i915_address_space, ref)
)

// Whoever calls the end of a count.
@ended@
identifier release = {i915_vm_release, i915_vm_resv_release, __i915_vm_release};
@@
* release(...)

// What an address space consists of taken from it, whatever its count is.
@cleaned@
struct i915_address_space *vm;
@@
* vm->cleanup(...)

@cleaned_by_name@
identifier at = {VM_FIELDS};
expression E;
@@
(
* E->at->cleanup(...)
|
* E->at.cleanup(...)
)

// A put or the end of a count handed on by name, to be called who knows when: anything but a call.
@called_here@
identifier end = {i915_vm_put, i915_vm_close, i915_vm_release, i915_vm_resv_release, __i915_vm_release};
position p;
@@
end@p(...)

@handed_on@
identifier end = {i915_vm_put, i915_vm_close, i915_vm_release, i915_vm_resv_release, __i915_vm_release};
position p != called_here.p;
@@
* end@p

@of_context@
struct i915_gem_context *ctx;
@@
(
* i915_vm_put(ctx->vm)
|
* i915_vm_close(ctx->vm)
)

@of_holder@
{struct intel_context *, struct i915_gem_proto_context *} H;
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero)";
@@
(
* i915_vm_put(H->vm)
|
* H->vm = ...
|
* &H->vm
|
* write(..., H->vm, ...)
)

@of_holder_by_name@
identifier at = {HOLDER_FIELDS}, find = {HOLDER_CALLS};
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero)";
expression E, X;
@@
(
* i915_vm_put(E->at->vm)
|
* i915_vm_put(E.at->vm)
|
* E->at->vm = ...
|
* E.at->vm = ...
|
* E->at[X]->vm = ...
|
* &E->at->vm
|
* write(..., E->at->vm, ...)
|
* find(...)->vm = ...
|
* i915_vm_put(find(...)->vm)
)

@of_handle@
expression file;
@@
* file->vm_xa
