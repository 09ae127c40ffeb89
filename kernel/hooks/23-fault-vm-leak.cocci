// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: faults that leak an address space
// vm-leak, on request: what a context handed over (up to 5.15), and a reference
// that is not a context's, the file's own. That of the release is left out by the
// fault vm-early-put's code.
// files: gem/i915_gem_context.c

@fault_handed_leak@
identifier old, data;
@@
 static void set_ppgtt_barrier(void *data)
 {
 	...
+	if (i915_vmlife_inject(vm_leak))
+		return;
 	i915_vmlife_vm_handed(set_ppgtt_barrier, old);
 	...
 }

@fault_file_leak@
identifier vm;
@@
 i915_gem_vm_destroy_ioctl(...)
 {
 	...
+	if (i915_vmlife_inject(vm_leak))
+		return 0;
 	i915_vm_put(vm);
 	...
 }
