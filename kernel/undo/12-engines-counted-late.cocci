// SPDX-License-Identifier: GPL-2.0
// commit: 84edf5377634
// title: drm/i915: Fix bug in user proto-context creation that leaked contexts
// wrong: the number of engines was stored after they were made, so that an error in between
//	freed none of them, and each held the vm
// since: 5.16
// by: vm-leak
// files: gem/i915_gem_context.c

@@
identifier e, num_engines;
@@
 user_engines(..., unsigned int num_engines, ...)
 {
 	...
-	e->num_engines = num_engines;
 	...
+	e->num_engines = num_engines;
 	return e;
 	...
 }
