// SPDX-License-Identifier: GPL-2.0
// ctx->engines read or written: needs engines_mutex, or RCU to read.
// words: \bengines\b
// words: gem_context
// hooks: engines_

@by_type@
struct i915_gem_context *ctx;
@@
* ctx->engines

@by_const_type@
const struct i915_gem_context *ctx;
@@
* ctx->engines

@by_name@
expression E;
@@
* E->gem_context->engines
