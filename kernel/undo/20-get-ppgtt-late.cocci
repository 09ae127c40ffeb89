// SPDX-License-Identifier: GPL-2.0
// commit: 99343c46d4e2
// title: drm/i915: Avoid potential vm use-after-free
// wrong: the handle that GETPARAM makes was visible before it had its reference
// since: 5.16
// by: vm-early-put
// stress: --operation vm-create --operation vm-destroy --operation ctx-create-bare --operation ctx-getparam --operation ctx-destroy
// files: gem/i915_gem_context.c

@@
identifier vm;
expression err;
@@
 get_ppgtt(...)
 {
 	...
-	i915_vm_get(vm);
 	... when any
 	err = xa_alloc(...);
 	... when any
 	if (err) {
-		i915_vm_put(vm);
 		return err;
 	}
+	i915_vm_get(vm);
 	... when any
 }
