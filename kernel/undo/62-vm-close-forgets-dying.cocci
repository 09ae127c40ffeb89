// SPDX-License-Identifier: GPL-2.0
// commit: bc1922e5d349
// title: drm/i915: Fix a race between vma / object destruction and unbinding
// wrong: the close of a vm freed it under a vma whose object was dying
// since: 5.19
// by: lockdep
// delay: 100 ms before the close
// stress: --operation ctx-create --operation ctx-destroy --operation execbuf --operation bo-create --operation bo-close
// files: gt/intel_gtt.c

@@
identifier vma;
@@
 clear_vm_list(...)
 {
 	<...
-	i915_vm_resv_get(vma->vm);
-	vma->vm_ddestroy = true;
 	...>
 }

@@
identifier vm;
@@
 __i915_vm_release(...)
 {
 	...
+	schedule_timeout_uninterruptible(msecs_to_jiffies(100));
 	__i915_vm_close(vm);
 	...
 }
