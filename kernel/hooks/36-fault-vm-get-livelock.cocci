// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that finds ctx->vm dead at each try
// vm-get-livelock, if injected.
// when: get_vm_loop
// files: gem/i915_gem_context.c

@fault_no_progress@
expression v;
@@
 context_get_vm_rcu(...)
 {
 	<...
-	if (!kref_get_unless_zero(&v->ref))
+	if (i915_vmlife_inject(vm_get_livelock) ||
+	    !kref_get_unless_zero(&v->ref))
 		continue;
 	...>
 }
