// SPDX-License-Identifier: GPL-2.0
// The reference count of a context touched: a get needs a reference already, a
// take needs RCU or the list's lock.
// words: (->|\.)ref\b|offsetof\(|gem_context_get_rcu|i915_gem_context_(put|release)\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: ctx_

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->ref

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->ref

// Another name for it, of whatever type the compiler makes that.
@by_copy exists@
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
idexpression d;
expression E;
@@
 d = ctx
 ... when any
     when != d = E
* d->ref

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier entry !~ "offset|size", offset =~ "offsetof";
expression E, X;
@@
(
* E->at->ref
|
* E.at->ref
|
* E->at[X]->ref
|
* E.at[X]->ref
|
* find(...)->ref
|
* entry(X, struct i915_gem_context, m)->ref
|
* offset(struct i915_gem_context, ref)
)

// Whoever calls the end of a count.
@ended@
@@
* i915_gem_context_release(...)

// A put or the end of a count handed on by name, to be called who knows when: anything but a call.
@called_here@
identifier end = {i915_gem_context_put, i915_gem_context_release};
position p;
@@
end@p(...)

@handed_on@
identifier end = {i915_gem_context_put, i915_gem_context_release};
position p != called_here.p;
@@
* end@p
