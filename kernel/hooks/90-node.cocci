// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915: a render node on the mock device
// The driver with ordinary programs and without a GPU: the mock device of the selftests
// is registered with the driver's own operations (i915_vmlife_node.c).
// when: tree=6.1|6.12|7.2
// files: i915_pci.c i915_driver.c selftests/mock_gem_device.c gt/mock_engine.c

@include_in_pci@
@@
 #include "i915_pci.h"
+#include "i915_vmlife_node.h"

@create@
@@
 i915_pci_register_driver(void)
 {
+	i915_vmlife_node_create();
 	...
 }

@destroy@
@@
 i915_pci_unregister_driver(void)
 {
+	i915_vmlife_node_destroy();
 	...
 }

// The driver's operations are static: they are handed over.
@include_in_driver@
@@
 #include "i915_getparam.h"
+#include "i915_vmlife_node.h"

@use@
@@
+#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_NODE)
+const struct drm_driver *const i915_vmlife_node_driver = &i915_drm_driver;
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

@include_in_mock_engine@
@@
 #include "mock_engine.h"
+#include "i915_vmlife_node.h"

@alloc_failed@
identifier ce;
@@
 mock_context_alloc(struct intel_context *ce)
 {
 <...
-	kfree(ce->engine);
-	return PTR_ERR(ce->timeline);
+	return i915_vmlife_node_alloc_failed(ce);
 ...>
 }
