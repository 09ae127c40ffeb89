// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: let a context keep its address space until its release
// Closing a context put its reference on ctx->vm, while other code that holds the
// context continues to read the pointer: the vm can be freed at any moment, and
// context_get_vm_rcu() retries forever on a count that stays zero.
//
// The close still decrements the number of contexts that have the address space
// open, so that its pages can be unbound.  The release of the context puts the
// reference, as upstream does from Linux 5.16 on.
// when: close_puts
// files: gem/i915_gem_context.c

// Upstream: commit 8cf97637ff88 ("drm/i915: Keep gem ctx->vm alive until the final put")
@close_keeps@
identifier vm;
@@
 context_close(...)
 {
 	<...
-	i915_vm_close(vm);
+	__i915_vm_close(vm);
 	...>
 }

@release_puts@
identifier ctx;
@@
 static void i915_gem_context_free(struct i915_gem_context *ctx)
 {
+	struct i915_address_space *vm;
+
 	GEM_BUG_ON(...);
+
+	/* Nobody else knows the context any more. */
+	vm = rcu_dereference_protected(ctx->vm, 1);
+	if (vm)
+		i915_vm_put(vm);
 	...
 }

// The one that 05-release-worker made.
@release_work_puts@
identifier work, ctx;
@@
 static void i915_gem_context_release_work(struct work_struct *work)
 {
 	struct i915_gem_context *ctx = ...;
+	struct i915_address_space *vm;

 	trace_i915_context_free(ctx);
 	GEM_BUG_ON(...);
+
+	/* Nobody else knows the context any more. */
+	vm = rcu_dereference_protected(ctx->vm, 1);
+	if (vm)
+		i915_vm_put(vm);
 	...
 }
