// SPDX-License-Identifier: GPL-2.0
// commit: 48da0f67c53e
// title: drm/i915: Fix vm use-after-free in vma destruction
// wrong: the vm was read after its mutex was dropped, when the close of the vm may free it
// since: 5.19
// by: nobody; the window is a few instructions wide, and KASAN alone would see it
// files: i915_vma.c

@@
identifier vma, gt;
@@
 i915_vma_destroy(struct i915_vma *vma)
 {
 	...
-	gt = vma->vm->gt;
 	mutex_unlock(&vma->vm->mutex);
+	gt = vma->vm->gt;
 	...
 }
