// SPDX-License-Identifier: GPL-2.0
// ctx->vm read or written: the vm that is read may be freed, and the pointer that
// is overwritten owned a reference.
// words: \bvm\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: vm_

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->vm

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->vm

@by_value@
struct i915_gem_context ctx;
@@
* ctx.vm

// Another name for it, of whatever type the compiler makes that.
@by_copy exists@
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
idexpression d;
expression E;
@@
 d = ctx
 ... when any
     when != d = E
* d->vm

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier entry !~ "offset|size", offset =~ "offsetof";
{struct i915_gem_context *, const struct i915_gem_context *} c;
expression E, X;
@@
(
* E->at->vm
|
* E.at->vm
|
* E->at[X]->vm
|
* E.at[X]->vm
|
* find(...)->vm
|
* entry(X, struct i915_gem_context, m)->vm
|
* entry(X, typeof(*c), m)->vm
|
* offset(struct i915_gem_context, vm)
)
