// SPDX-License-Identifier: GPL-2.0
// commit: e0e6b416b25e
// title: drm/i915/active: Fix misuse of non-idle barriers as fence trackers
// wrong: a barrier that could not be taken off its list was used as a tracker all the same
// since: 6.1
// by: nobody; perf must be opened and closed meanwhile, which the node does not offer
// files: i915_active.c

@@
identifier ref, active;
@@
 replace_barrier(struct i915_active *ref, struct i915_active_fence *active)
 {
 	...
-	return __active_del_barrier(ref, node_from_active(active));
+	__active_del_barrier(ref, node_from_active(active));
+	return true;
 }
