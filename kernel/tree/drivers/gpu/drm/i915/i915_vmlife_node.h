/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A render node on the mock device, for programs on a machine without a GPU.
 *
 * With CONFIG_DRM_I915_DEBUG_VMLIFE_NODE off, the edits that use this header leave
 * no trace in the object code.
 */
#ifndef __I915_VMLIFE_NODE_H__
#define __I915_VMLIFE_NODE_H__

#include <linux/kconfig.h>

struct drm_driver;

#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE_NODE)

/** I915_VMLIFE_NODE_FEATURES - what the mock driver needs besides its own features */
#define I915_VMLIFE_NODE_FEATURES DRIVER_RENDER

/**
 * i915_vmlife_node_create() - register the render node, if i915.vmlife_node asks for it
 *
 * A failure is reported in the log and does not fail the load of the driver.
 */
void i915_vmlife_node_create(void);

/** i915_vmlife_node_destroy() - unregister the node; no file of it is open any more */
void i915_vmlife_node_destroy(void);

/* The real driver's operations, which are static there. */
extern const struct drm_driver *const i915_vmlife_node_driver;

/*
 * The mock engine frees its engine where it means the ring, when there is no memory for
 * a timeline, and leaves the error in place of the timeline, which the end of the context
 * puts.  An interrupted or killed process gets there.  The value is the error.
 */
#define i915_vmlife_node_alloc_failed(ce) ({		\
	const int err_ = PTR_ERR((ce)->timeline);	\
							\
	mock_ring_free((ce)->ring);			\
	(ce)->ring = NULL;				\
	(ce)->timeline = NULL;				\
	err_;						\
})

#else

#define I915_VMLIFE_NODE_FEATURES 0
#define i915_vmlife_node_create() do { } while (0)
#define i915_vmlife_node_destroy() do { } while (0)
#define i915_vmlife_node_alloc_failed(ce) (kfree((ce)->engine), PTR_ERR((ce)->timeline))

#endif

#endif /* __I915_VMLIFE_NODE_H__ */
