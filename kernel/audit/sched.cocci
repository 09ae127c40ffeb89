// SPDX-License-Identifier: GPL-2.0
// A scheduling field touched: nothing protects it, so the access must be marked.
// words: \bsched\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: sched|set_sched

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->sched

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->sched

@by_value@
struct i915_gem_context ctx;
@@
* ctx.sched

// Another name for it, of whatever type the compiler makes that.
@by_copy exists@
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
idexpression d;
expression E;
@@
 d = ctx
 ... when any
     when != d = E
* d->sched

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier entry !~ "offset|size", offset =~ "offsetof";
{struct i915_gem_context *, const struct i915_gem_context *} c;
expression E, X;
@@
(
* E->at->sched
|
* E.at->sched
|
* E->at[X]->sched
|
* E.at[X]->sched
|
* find(...)->sched
|
* entry(X, struct i915_gem_context, m)->sched
|
* entry(X, typeof(*c), m)->sched
|
* offset(struct i915_gem_context, sched)
)
