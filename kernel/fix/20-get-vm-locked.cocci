// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: take ctx->vm under the lock that it changes under
// i915_gem_context_get_vm_rcu() took a plain reference on the vm that it found in
// ctx->vm under RCU.  RCU keeps the memory, not the address space:
// I915_CONTEXT_PARAM_VM may have replaced it meanwhile and put the last reference.
// Its callers, all selftests, may sleep, so it can take ctx->mutex.
// when: get_vm_plain,vm_replaced
// files: gem/i915_gem_context.h

@locked@
identifier ctx, v;
expression E;
@@
 i915_gem_context_get_vm_rcu(struct i915_gem_context *ctx)
 {
 	struct i915_address_space *v;
-	rcu_read_lock();
-	v = rcu_dereference(ctx->vm);
+	mutex_lock(&ctx->mutex);
+	v = i915_gem_context_vm(ctx);
 	if (!v)
 		v = E;
 	v = i915_vm_get(v);
-	rcu_read_unlock();
+	mutex_unlock(&ctx->mutex);
 	return v;
 }
