// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: mark the lockless accesses to scheduling fields
// sched-racy-read: scheduling fields are read without a lock, on purpose: an old
// and a new priority are equally valid, as long as the value is one of them.  So
// both sides are marked, and KCSAN reports unmarked accesses.  Readers hold RCU or
// a reference, as ctx-chase requires.
// files: gem/i915_gem_context.c gem/i915_gem_execbuffer.c i915_request.c
// files: i915_gpu_error.c gt/uc/intel_guc_submission.c

@sched_write@
identifier ctx, args;
expression E;
@@
 static int set_priority(struct i915_gem_context *ctx,
			 const struct drm_i915_gem_context_param *args)
 {
 	...
-	ctx->sched.priority = E;
+	i915_vmlife_set_sched(set_priority, ctx->sched.priority, E);
 	...
 }

@sched_read_priority exists@
identifier f != __create_context;
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
@@
 f(...)
 {
 	<+...
(
 	i915_vmlife_set_sched(f, ctx->sched.priority, ...)
|
-	ctx->sched.priority
+	i915_vmlife_sched(f, ctx, sched.priority)
)
 	...+>
 }

@sched_read_all exists@
identifier f != i915_gem_create_context;
{struct i915_gem_context *, const struct i915_gem_context *} ctx;
expression E;
@@
 f(...)
 {
 	<+...
 	E =
-	ctx->sched
+	i915_vmlife_sched(f, ctx, sched)
 	;
 	...+>
 }

@sched_read_eb@
identifier f, attr, eb;
@@
 f(...)
 {
 	<+...
 	attr =
-	eb->gem_context->sched
+	i915_vmlife_sched(f, eb->gem_context, sched)
 	;
 	...+>
 }
