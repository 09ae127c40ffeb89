// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: hold the context that is being cloned
// create_clone() looked the source up under RCU and read its engines, its timeline
// and its vm after the RCU section, without a reference: another thread can
// destroy and free the source meanwhile.  Look it up with a reference, as all
// other callers do, and put that at the end.
// when: clone_unheld
// files: gem/i915_gem_context.c

@clone@
identifier src, dst, err, bit, fn, local, arg;
@@
 create_clone(...)
 {
 	...
-	rcu_read_lock();
-	src = __i915_gem_context_lookup_rcu(arg->fpriv, local.clone_id);
-	rcu_read_unlock();
+	src = i915_gem_context_lookup(arg->fpriv, local.clone_id);
 	if (!src)
 		return -ENOENT;
 	...
+	err = 0;
 	for (bit = 0; ...; bit++) {
 		...
 		err = fn[bit](dst, src);
 		if (err)
-			return err;
+			break;
 	}
-	return 0;
+	i915_gem_context_put(src);
+	return err;
 }
