// SPDX-License-Identifier: GPL-2.0
// commit: bc73e5d33048
// title: drm/i915: Hold onto an explicit ref to i915_vma_work.pinned
// wrong: a vma that is bound by a work did not keep its object until the work was done
// since: 5.19
// by: nobody; the end of the work does not touch the object any more, which it did when the fix was made
// files: i915_vma.c

@@
identifier work, vma;
@@
 i915_vma_bind(...)
 {
 	<...
-	work->obj = i915_gem_object_get(vma->obj);
+	work->obj = vma->obj;
 	...>
 }

@@
identifier vw;
@@
 __vma_release(...)
 {
 	...
-	if (vw->obj)
-		i915_gem_object_put(vw->obj);
 	...
 }
