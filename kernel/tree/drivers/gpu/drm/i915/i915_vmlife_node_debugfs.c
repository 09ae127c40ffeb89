// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The files of the driver's debugfs without which IGT opens no device and looks for no
 * hang.  The parameters are the driver's own; of the other two the names and numbers
 * are, and what they do is what the node has: requests, resets, objects.  What else the
 * driver has there reads registers.
 */
#include <linux/bits.h>
#include <linux/debugfs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include <drm/drm_device.h>
#include <drm/drm_file.h>

#include "gem/i915_gem_shrinker.h"
#include "gt/intel_gt.h"
#include "gt/intel_gt_debugfs.h"
#include "gt/intel_gt_requests.h"
#include "gt/intel_reset.h"

#include "i915_debugfs_params.h"
#include "i915_drv.h"
#include "i915_vmlife_node_internal.h"

/* What a number written to i915_gem_drop_caches asks for, by its bits. */
#define DROP_UNBOUND		BIT(0)
#define DROP_BOUND		BIT(1)
#define DROP_RETIRE		BIT(2)
#define DROP_ACTIVE		BIT(3)
#define DROP_FREED		BIT(4)
#define DROP_SHRINK_ALL		BIT(5)
#define DROP_IDLE		BIT(6)
#define DROP_RESET_ACTIVE	BIT(7)
#define DROP_RCU		BIT(9)
#define DROP_ALL		GENMASK(9, 0)

/* How long requests have to end by themselves, before a reset ends them. */
#define IDLE_TIMEOUT		(HZ / 5)

static int drop_requests(struct intel_gt *gt, u64 what)
{
	if (what & DROP_RESET_ACTIVE && intel_gt_wait_for_idle(gt, IDLE_TIMEOUT) == -ETIME)
		intel_gt_set_wedged(gt);
	if (what & DROP_RETIRE)
		intel_gt_retire_requests(gt);
	if (what & (DROP_IDLE | DROP_ACTIVE)) {
		const int err = intel_gt_wait_for_idle(gt, MAX_SCHEDULE_TIMEOUT);

		if (err)
			return err;
	}
	if (what & DROP_RESET_ACTIVE && intel_gt_terminally_wedged(gt))
		intel_gt_handle_error(gt, ALL_ENGINES, 0, NULL);
	return 0;
}

static int drop_caches_get(void *data, u64 *what)
{
	*what = DROP_ALL;
	return 0;
}

static int drop_caches_set(void *data, u64 what)
{
	struct drm_i915_private *i915 = data;
	const int err = drop_requests(to_gt(i915), what);

	if (err)
		return err;
	if (what & (DROP_BOUND | DROP_UNBOUND | DROP_SHRINK_ALL))
		i915_gem_shrink_all(i915);
	if (what & DROP_RCU)
		rcu_barrier();
	if (what & DROP_FREED)
		i915_gem_drain_freed_objects(i915);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(drop_caches, drop_caches_get, drop_caches_set, "0x%08llx\n");

static int wedged_get(void *data, u64 *wedged)
{
	struct drm_i915_private *i915 = data;

	return intel_gt_debugfs_reset_show(to_gt(i915), wedged);
}

static int wedged_set(void *data, u64 engines)
{
	struct drm_i915_private *i915 = data;

	intel_gt_debugfs_reset_store(to_gt(i915), engines);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(wedged, wedged_get, wedged_set, "%llu\n");

void vmlife_node_debugfs(struct drm_i915_private *i915)
{
	struct dentry *root = i915->drm.primary->debugfs_root;

	i915_debugfs_params(i915);
	debugfs_create_file("i915_gem_drop_caches", 0600, root, i915, &drop_caches);
	debugfs_create_file("i915_wedged", 0600, root, i915, &wedged);
}
