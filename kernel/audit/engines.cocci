// SPDX-License-Identifier: GPL-2.0
// ctx->engines read or written: needs engines_mutex, or RCU to read.
// words: \bengines\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: engines_

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->engines

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->engines

@by_value@
struct i915_gem_context ctx;
@@
* ctx.engines

// Another name for it, of whatever type the compiler makes that.
@by_copy exists@
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
idexpression d;
expression E;
@@
 d = ctx
 ... when any
     when != d = E
* d->engines

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier entry !~ "offset|size", offset =~ "offsetof";
{struct i915_gem_context *, const struct i915_gem_context *} c;
expression E, X;
@@
(
* E->at->engines
|
* E.at->engines
|
* E->at[X]->engines
|
* E.at[X]->engines
|
* find(...)->engines
|
* entry(X, struct i915_gem_context, m)->engines
|
* entry(X, typeof(*c), m)->engines
|
* offset(struct i915_gem_context, engines)
)
