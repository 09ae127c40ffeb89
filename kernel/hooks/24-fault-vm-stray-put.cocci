// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that puts a shared address space once too often
// vm-early-put, if injected, by code that owns nothing: a file's handle puts two
// references on an address space that two contexts own.
// files: gem/i915_gem_context.c

@fault_stray_put@
identifier vm;
@@
 i915_gem_vm_destroy_ioctl(...)
 {
 	...
+	if (i915_vmlife_inject_stray_put(vm))
+		i915_vm_put(vm);
 	i915_vm_put(vm);
 	return 0;
 }
