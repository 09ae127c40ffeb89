// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The render node of 5.10: on the mock device of the selftests as it is, with the
 * driver's own calls for contexts and address spaces and no others, for no engine
 * executes anything.  The whole node of later trees is i915_vmlife_node.c.
 */
#include <linux/module.h>
#include <linux/pci.h>

#include <drm/drm_drv.h>
#include <drm/drm_ioctl.h>

#include "selftests/mock_gem_device.h"

#include "i915_drv.h"
#include "i915_vmlife_node.h"

static bool vmlife_node;
module_param(vmlife_node, bool, 0400);
MODULE_PARM_DESC(vmlife_node, "Register a render node on a mock device, for tests without a GPU");

/* The numbers of the driver's calls that the node has. */
static const unsigned int calls[] = {
	DRM_I915_GEM_CONTEXT_CREATE,
	DRM_I915_GEM_CONTEXT_DESTROY,
	DRM_I915_GEM_CONTEXT_GETPARAM,
	DRM_I915_GEM_CONTEXT_SETPARAM,
	DRM_I915_GET_RESET_STATS,
	DRM_I915_GEM_VM_CREATE,
	DRM_I915_GEM_VM_DESTROY,
};

static struct drm_i915_private *node;
static struct drm_driver node_driver;
static struct drm_ioctl_desc node_ioctls[DRM_COMMAND_END - DRM_COMMAND_BASE];

static void set_model(struct drm_i915_private *i915)
{
	struct intel_device_info *info = mkwrite_device_info(i915);

	info->gen = 9;
	info->platform = INTEL_SKYLAKE;
	info->ppgtt_type = INTEL_PPGTT_FULL;
	info->ppgtt_size = 48;
	info->page_sizes = I915_GTT_PAGE_SIZE_4K;
	info->has_logical_ring_contexts = 1;
	i915->caps.has_logical_contexts = true;

	/* The mock's aperture is physical memory at 0, that nobody may write to. */
	i915->ggtt.mappable_end = 0;
	INIT_LIST_HEAD(&i915->ggtt.userfault_list);
}

static void set_driver(struct drm_i915_private *i915)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		node_ioctls[calls[i]] = i915_vmlife_node_driver->ioctls[calls[i]];
	node_driver = *i915_vmlife_node_driver;
	/* The mock device releases itself. */
	node_driver.release = i915->drm.driver->release;
	node_driver.driver_features &= ~(DRIVER_MODESET | DRIVER_ATOMIC);
	node_driver.lastclose = NULL;
	node_driver.ioctls = node_ioctls;
	node_driver.num_ioctls = ARRAY_SIZE(node_ioctls);
	i915->drm.driver = &node_driver;
}

void i915_vmlife_node_create(void)
{
	struct drm_i915_private *i915;
	int err;

	if (!vmlife_node)
		return;
	i915 = mock_gem_device();
	if (!i915) {
		pr_err("i915 vmlife: no render node: no mock device\n");
		return;
	}
	set_model(i915);
	set_driver(i915);

	err = device_add(i915->drm.dev);
	if (err) {
		mock_destroy_device(i915);
		goto err_none;
	}
	err = drm_dev_register(&i915->drm, 0);
	if (err) {
		device_del(i915->drm.dev);
		put_device(i915->drm.dev);
		goto err_none;
	}
	node = i915;
	pr_info("i915 vmlife: render node /dev/dri/renderD%d, contexts and address spaces only\n",
		i915->drm.render->index);
	return;

err_none:
	pr_err("i915 vmlife: no render node: error %d\n", err);
}

void i915_vmlife_node_destroy(void)
{
	struct device *dev;

	if (!node)
		return;

	dev = node->drm.dev;
	drm_dev_unplug(&node->drm);
	node = NULL;
	/* Releases what hangs on the device, the mock's own release among it. */
	device_del(dev);
	put_device(dev);
}
