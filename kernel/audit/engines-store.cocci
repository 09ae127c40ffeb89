// SPDX-License-Identifier: GPL-2.0
// ctx->engines overwritten: needs engines_mutex. A hook of a read does not cover it.
// words: \bengines\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: engines_write

@by_type@
struct i915_gem_context *ctx;
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero|xchg)";
expression E;
@@
(
* ctx->engines = E
|
* write(..., ctx->engines, ...)
|
* &ctx->engines
)

@by_name@
identifier at = {CONTEXT_FIELDS};
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero|xchg)";
expression E, E1;
@@
(
* E->at->engines = E1
|
* write(..., E->at->engines, ...)
|
* &E->at->engines
)
