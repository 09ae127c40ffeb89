// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check that ctx->engines is accessed under its mutex or RCU
// engines-unlocked: ctx->engines is written under engines_mutex and read under
// it or RCU.  There is no hook where creation writes, before the context is
// published, nor in busy_add(), whose rcu_dereference() checks already.  On 5.10
// cloning is part of creation.
// files: gem/i915_gem_context.c gem/i915_gem_context.h
// words: for_each_gem_engine\(.*rcu_dereference\(\w+->engines\)

@engines_write exists@
identifier f != clone_engines;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_engines_write(f, ctx);
 	engines_idle_release(ctx, rcu_replace_pointer(ctx->engines, ...));
 	...+>
 }

@engines_replace exists@
identifier f;
idexpression struct i915_gem_context *ctx;
expression E;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_engines_write(f, ctx);
 	E = rcu_replace_pointer(ctx->engines, ...);
 	...+>
 }

@engines_read_await@
identifier ctx, e;
@@
 __context_engines_await(const struct i915_gem_context *ctx)
 {
 	<...
+		i915_vmlife_engines_read(__context_engines_await, ctx);
 		e = rcu_dereference(ctx->engines);
 	...>
 }

@cloning@
@@
 clone_sseu(...)
 {
 	...
 }

@engines_read_static depends on !cloning@
identifier ctx;
@@
 __context_engines_static(const struct i915_gem_context *ctx)
 {
+	i915_vmlife_engines_read(__context_engines_static, ctx);
 	return ...;
 }

@engines_read_locked@
identifier ctx;
@@
 i915_gem_context_engines(struct i915_gem_context *ctx)
 {
+	i915_vmlife_engines_read(i915_gem_context_engines, ctx);
 	return ...;
 }

@engines_read_rcu@
identifier ctx, idx, e;
@@
 i915_gem_context_get_engine(struct i915_gem_context *ctx, unsigned int idx)
 {
 	...
 		struct i915_gem_engines *e = rcu_dereference(ctx->engines);
+
+		i915_vmlife_engines_read(i915_gem_context_get_engine, ctx);
 	...
 }

// By a fork of the driver.
@engines_walked exists@
identifier f != busy_add;
idexpression struct i915_gem_context *ctx;
iterator name for_each_gem_engine;
expression ce, it;
statement S;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_engines_read(f, ctx);
 	for_each_gem_engine(ce, rcu_dereference(ctx->engines), it) S
 	...+>
 }
