// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: faults that leak an address space
// vm-leak, if injected: a reference that a context handed over (up to 5.15), and
// the file's own reference.  The code of the fault vm-early-put omits the put of
// the release.
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
