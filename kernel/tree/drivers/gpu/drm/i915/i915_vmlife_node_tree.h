/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the render node finds in one tree and not in another, by features of the code:
 * features.cocci, and the types of the core that modules get their callbacks from.
 */
#ifndef __I915_VMLIFE_NODE_TREE_H__
#define __I915_VMLIFE_NODE_TREE_H__

#include <linux/device/class.h>
#include <linux/string.h>

#include <drm/drm_drv.h>

#include "gem/i915_gem_vmlife_sites.h"
#include "gt/intel_gt_mcr.h"
#include "gt/intel_gt_regs.h"
#include "gt/intel_gt_types.h"

#include "i915_drv.h"

#if I915_VMLIFE_HAS_DISPLAY_REMOVED
#include "display/intel_display_device.h"
#endif

/* What a class is asked about, const in some trees: by the type of its function. */
#define VMLIFE_NODE_UEVENT_IS_CONST						\
	__same_type(((struct class *)NULL)->dev_uevent,				\
		    int (*)(const struct device *, struct kobj_uevent_env *))

/** vmlife_node_uevent_device - struct device, or const struct device */
#define vmlife_node_uevent_device						\
	typeof(*__builtin_choose_expr(VMLIFE_NODE_UEVENT_IS_CONST,		\
				      (const struct device *)NULL,		\
				      (struct device *)NULL))

/*
 * Where the device does not hold what it is, but points to a constant that all mock
 * devices share, the node points to one of its own.
 */
#if !I915_VMLIFE_HAS_INFO_WRITABLE
extern struct intel_device_info vmlife_node_info;
#endif

/** vmlife_node_own_info() - what the node's device is, to be changed before it is used */
static inline struct intel_device_info *vmlife_node_own_info(struct drm_i915_private *i915)
{
#if I915_VMLIFE_HAS_INFO_WRITABLE
	return mkwrite_device_info(i915);
#else
	if (INTEL_INFO(i915) != &vmlife_node_info) {
		memcpy(&vmlife_node_info, INTEL_INFO(i915), sizeof(vmlife_node_info));
		i915->__info = &vmlife_node_info;
	}
	return &vmlife_node_info;
#endif
}

/** vmlife_node_set_platform_engines() - which engines the node's platform has */
static inline void vmlife_node_set_platform_engines(struct drm_i915_private *i915,
						    intel_engine_mask_t mask)
{
#if I915_VMLIFE_HAS_INFO_WRITABLE
	RUNTIME_INFO(i915)->platform_engine_mask = mask;
#else
	vmlife_node_own_info(i915)->platform_engine_mask = mask;
#endif
}

/**
 * vmlife_node_equip_gt() - what resets and error captures need of a GT
 * @gt: the node's, which knows its graphics version
 * @registers: memory in place of the registers
 */
static inline void vmlife_node_equip_gt(struct intel_gt *gt, void *registers)
{
#ifdef MTL_STEER_SEMAPHORE
	/* What hardware has there while nobody holds its own lock. */
	*(u32 *)(registers + i915_mmio_reg_offset(MTL_STEER_SEMAPHORE)) = 1;
#endif
#if I915_VMLIFE_HAS_MCR_LOCK
	intel_gt_mcr_init(gt);
#endif
#if I915_VMLIFE_HAS_WA_LIST_GT
	gt->wa_list.gt = gt;
#endif
}

/** vmlife_node_equip_engine() - what its reset needs of an engine: a list without workarounds */
static inline void vmlife_node_equip_engine(struct intel_engine_cs *engine)
{
#if I915_VMLIFE_HAS_WA_LIST_GT
	engine->wa_list.gt = engine->gt;
#endif
}

/** vmlife_node_clients_init() - the list of the device's clients, where it has one */
static inline void vmlife_node_clients_init(struct drm_i915_private *i915)
{
#if I915_VMLIFE_HAS_DRM_CLIENTS
	i915_drm_clients_init(&i915->clients, i915);
#endif
}

static inline void vmlife_node_clients_fini(struct drm_i915_private *i915)
{
#if I915_VMLIFE_HAS_DRM_CLIENTS
	i915_drm_clients_fini(&i915->clients);
#endif
}

/** vmlife_node_no_display() - the end of the last file changes no mode of a display */
static inline void vmlife_node_no_display(struct drm_driver *driver)
{
	driver->driver_features &= ~(DRIVER_MODESET | DRIVER_ATOMIC);
#if I915_VMLIFE_HAS_LASTCLOSE
	driver->lastclose = NULL;
#endif
}

/** vmlife_node_display_fini() - frees the display, which the mock's own release leaves alone */
static inline void vmlife_node_display_fini(struct drm_i915_private *i915)
{
#if I915_VMLIFE_HAS_DISPLAY_REMOVED
	intel_display_device_remove(i915->display);
	i915->display = NULL;
#endif
}

#endif /* __I915_VMLIFE_NODE_TREE_H__ */
