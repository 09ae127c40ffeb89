// SPDX-License-Identifier: GPL-2.0
// The reference count of a context touched: a get needs a reference already, a
// take needs RCU or the list's lock.
// words: kref_|gem_context_get_rcu
// hooks: ctx_

@by_type@
struct i915_gem_context *ctx;
@@
(
* kref_get(&ctx->ref)
|
* kref_get_unless_zero(&ctx->ref)
|
* kref_put(&ctx->ref, ...)
|
* kref_read(&ctx->ref)
|
* kref_init(&ctx->ref)
)
