// SPDX-License-Identifier: GPL-2.0
// ctx->vm overwritten: the pointer that is lost owned a reference, and the new one must own
// its own. A hook of a read does not cover it.
// words: \bvm = |\bvm\+\+|(WRITE_ONCE|[rR][cC][uU]_\w+|xchg\w*|fetch_and_zero|swap|smp_store_\w+|mem\w+|&[^&]*->vm\b)
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: vm_(stored|retry|replaced)

@by_type@
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero|xchg)";
expression E;
@@
(
* ctx->vm = E
|
* ctx->vm++
|
* write(..., ctx->vm, ...)
|
* &ctx->vm
)

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier write =~ "^(WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER|rcu_replace_pointer|swap|smp_store_|fetch_and_zero|xchg)";
identifier entry !~ "offset|size";
expression E, E1, X;
@@
(
* E->at->vm = E1
|
* E.at->vm = E1
|
* E->at[X]->vm = E1
|
* find(...)->vm = E1
|
* entry(X, struct i915_gem_context, m)->vm = E1
|
* write(..., E->at->vm, ...)
|
* &E->at->vm
)
