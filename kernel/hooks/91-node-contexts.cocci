// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915: a render node on the mock device, for contexts
// What 90-node does, for 5.10: the driver's operations have another name, the module no
// table of what it initializes, and only calls on contexts are offered
// (i915_vmlife_node_contexts.c).
// when: tree=5.10
// files: i915_pci.c i915_drv.c selftests/mock_gem_device.c

@include_in_pci@
@@
 #include "i915_selftest.h"
+#include "i915_vmlife_node.h"

@create@
@@
 i915_init(void)
 {
 	...
 	i915_perf_sysctl_register();
+	i915_vmlife_node_create();
 	return 0;
 }

@destroy@
@@
 i915_exit(void)
 {
 	...
+	i915_vmlife_node_destroy();
 	i915_perf_sysctl_unregister();
 	...
 }

// The driver's operations are static: they are handed over.
@include_in_driver@
@@
 #include "i915_trace.h"
+#include "i915_vmlife_node.h"

@use@
@@
+#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_NODE)
+const struct drm_driver *const i915_vmlife_node_driver = &driver;
+#endif
+
 static int i915_driver_open(struct drm_device *dev, struct drm_file *file)
 { ... }

@include_in_mock_device@
@@
 #include "mock_gem_device.h"
+#include "i915_vmlife_node.h"

// Minors are allotted when the device is allocated.
@features@
identifier driver;
@@
 struct drm_driver driver = {
 	.driver_features =
-	DRIVER_GEM
+	DRIVER_GEM | I915_VMLIFE_NODE_FEATURES
 	,
 };
