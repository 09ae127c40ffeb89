// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: mark the lockless accesses to a context's priority
// I915_CONTEXT_PARAM_PRIORITY stores ctx->sched.priority while execbuf, the request
// code, GuC and the error capture read it, without a common lock.  That is intended:
// the old and the new value are equally valid, and a stale one only makes a request
// run slightly earlier or later.  But the accesses are plain, so the compiler may
// tear or repeat them, and KCSAN reports a data race.
//
// Use WRITE_ONCE() for the store and READ_ONCE() for the reads.
// files: gem/i915_gem_context.c gem/i915_gem_execbuffer.c i915_request.c
// files: i915_gpu_error.c gt/uc/intel_guc_submission.c

@write@
identifier ctx;
expression E;
@@
 set_priority(struct i915_gem_context *ctx, ...)
 {
 	...
-	ctx->sched.priority = E;
+	WRITE_ONCE(ctx->sched.priority, E);
 	...
 }

@read_priority exists@
identifier f != __create_context;
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
@@
 f(...)
 {
 	<+...
(
 	WRITE_ONCE(ctx->sched.priority, ...)
|
-	ctx->sched.priority
+	READ_ONCE(ctx->sched.priority)
)
 	...+>
 }

@read_all exists@
identifier f != i915_gem_create_context;
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
expression E;
@@
 f(...)
 {
 	<+...
 	E =
-	ctx->sched
+	READ_ONCE(ctx->sched)
 	;
 	...+>
 }

@read_eb@
identifier f, attr, eb;
@@
 f(...)
 {
 	<+...
 	attr =
-	eb->gem_context->sched
+	READ_ONCE(eb->gem_context->sched)
 	;
 	...+>
 }
