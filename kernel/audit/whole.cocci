// SPDX-License-Identifier: GPL-2.0
// A context or an address space as a whole: copied, overwritten or freed, with the
// references and the count in it.
// words: = \*|\*\w+ = |\bk?v?z?free\w*\(|\bcall_rcu|\bmem(cpy|move|set|dup)|release_work|(->|\.)rcu\b
// words: struct (i915_gem_context|i915_address_space|i915_ppgtt|gen6_ppgtt) \*|(->|\.)(CONTEXT_FIELDS|VM_FIELDS)\b
// hooks: ctx_|vm_

@copied@
{struct i915_gem_context, struct i915_address_space} whole;
expression E;
@@
(
* E = whole
|
* whole = E
|
* swap(..., whole, ...)
)

// Also what begins with an address space.
@called@
{struct i915_gem_context *, struct i915_address_space *, struct i915_ppgtt *, struct gen6_ppgtt *} c;
identifier call =~ "^(k|kv|v)z?free|^kmem_cache_free|^call_rcu|^mem(cpy|move|set)$|^kmemdup";
@@
* call(..., c, ...)

@called_by_name@
identifier at = {CONTEXT_FIELDS, VM_FIELDS}, find = {CONTEXT_CALLS, VM_CALLS};
identifier call =~ "^(k|kv|v)z?free|^call_rcu$";
identifier entry !~ "offset|size", m;
expression E, X;
@@
(
* call(E->at, ...)
|
* call(find(...), ...)
|
* call(entry(X, struct i915_gem_context, m), ...)
|
* call(entry(X, struct i915_address_space, m), ...)
)

@worked@
struct i915_gem_context *ctx;
struct i915_address_space *vm;
@@
(
* ctx->rcu
|
* ctx->release_work
|
* vm->rcu
|
* vm->release_work
)
