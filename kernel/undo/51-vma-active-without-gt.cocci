// SPDX-License-Identifier: GPL-2.0
// commit: 0e45882ca829
// title: drm/i915/vma: Fix UAF on destroy against retire race
// wrong: a vma in use did not keep its GT awake, and was retired after it was destroyed with the vm
// since: 6.1
// by: nobody; the GT of the mock device is never parked
// files: i915_vma.c

@@
identifier ref, vma;
statement S;
@@
 static int __i915_vma_active(struct i915_active *ref)
 {
 	...
-	if (!i915_vma_is_ggtt(vma)) S
 	...
 }

@@
identifier ref, vma;
statement S;
@@
 static void __i915_vma_retire(struct i915_active *ref)
 {
 	...
-	if (!i915_vma_is_ggtt(vma)) S
 	...
 }
