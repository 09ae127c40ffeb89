// SPDX-License-Identifier: GPL-2.0
// ctx->vm read or written: the vm that is read may be freed, and the pointer that
// is overwritten owned a reference.
// words: \bvm\b
// words: gem_context
// hooks: vm_

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->vm

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->vm

@by_name@
expression E;
@@
* E->gem_context->vm
