// SPDX-License-Identifier: GPL-2.0
// The reference count of a context changed by anything but kref_get(), kref_get_unless_zero()
// and kref_put(): no hook knows of it, even beside one.
// words: (->|\.)ref\b
// words: gem_context|(->|\.)(CONTEXT_FIELDS)\b
// hooks: none_of_that

@counted@
struct i915_gem_context *ctx;
identifier count = {kref_get, kref_get_unless_zero, kref_put, kref_read};
position p;
@@
 count(&ctx->ref@p, ...)

@by_type@
struct i915_gem_context *ctx;
position p != counted.p;
@@
* ctx->ref@p
