// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: do not wait forever for a dead ctx->vm
// vm-get-livelock: kref_get_unless_zero() on ctx->vm is not retried without
// progress.  context_get_vm_rcu() retries while the count is zero, and in a
// context that put its reference too early it stays zero.  The hook counts the
// tries, reports, and gives up; its callers then have to handle a failure.
// when: get_vm_loop
// files: gem/i915_gem_context.c

@count@
identifier ctx;
@@
 context_get_vm_rcu(struct i915_gem_context *ctx)
 {
+	unsigned int tries = 0;
+
 	GEM_BUG_ON(...);
 	...
 }

@retry@
identifier ctx, v;
@@
 context_get_vm_rcu(struct i915_gem_context *ctx)
 {
 	<...
 	v = rcu_dereference(ctx->vm);
+	if (i915_vmlife_vm_retry(context_get_vm_rcu, ctx, &tries))
+		return NULL;
 	...>
 }

@got@
identifier v;
@@
 context_get_vm_rcu(...)
 {
 	<...
 	if (v == rcu_access_pointer(...))
-		return rcu_pointer_handoff(v);
+		return i915_vmlife_vm_got(context_get_vm_rcu,
+					  rcu_pointer_handoff(v));
 	...>
 }

@set_gem_learns@
identifier ctx, ce, vm;
@@
 intel_context_set_gem(...)
 {
 	<...
 		vm = context_get_vm_rcu(ctx);
 		rcu_read_unlock();
-		i915_vm_put(ce->vm);
-		ce->vm = vm;
+		if (!i915_vmlife_gave_up(vm)) {
+			i915_vm_put(ce->vm);
+			ce->vm = vm;
+		}
 	...>
 }

@clone_learns@
identifier src, vm;
@@
 clone_vm(...)
 {
 	...
 	vm = context_get_vm_rcu(src);
 	rcu_read_unlock();
+	if (i915_vmlife_gave_up(vm))
+		return -ENOENT;
 	...
 }
