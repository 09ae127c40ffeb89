// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915: report leaks when a device goes
// Rule vm-leak.  After an unbind or a removal the device's last reference runs these
// functions, as soon as no file of it is open: then its work is done, and no address space
// of it may be left.
// files: i915_driver.c i915_drv.c selftests/mock_gem_device.c

@device_gone@
expression i915;
@@
 i915_driver_late_release(...)
 {
 	<...
 	i915_workqueues_cleanup(i915);
+	i915_vmlife_device_gone(i915_driver_late_release, i915);
 	...>
 }

@mock_device_gone@
identifier i915;
@@
 mock_device_release(...)
 {
 	...
 	struct drm_i915_private *i915 = ...;
 	<...
 	intel_memory_regions_driver_release(i915);
+
+	i915_vmlife_device_gone(mock_device_release, i915);
 	...>
 }
