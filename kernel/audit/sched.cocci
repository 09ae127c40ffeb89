// SPDX-License-Identifier: GPL-2.0
// A scheduling field touched: nothing protects it, so the access must be marked.
// words: \bsched\b
// words: gem_context
// hooks: sched|set_sched

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->sched

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->sched

@by_name@
expression E;
@@
* E->gem_context->sched
