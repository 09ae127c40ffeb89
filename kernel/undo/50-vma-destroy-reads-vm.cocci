// SPDX-License-Identifier: GPL-2.0
// commit: 48da0f67c53e
// title: drm/i915: Fix vm use-after-free in vma destruction
// wrong: the vm was read after its mutex was dropped, when the close of the vm may free it
// since: 5.19
// by: oops
// delay: 20 ms in the window
// stress: --operation reopen --operation bo-create --operation bo-close
// files: i915_vma.c

@@
identifier vma, gt;
@@
 i915_vma_destroy(struct i915_vma *vma)
 {
 	...
-	gt = vma->vm->gt;
 	mutex_unlock(&vma->vm->mutex);
+	schedule_timeout_uninterruptible(msecs_to_jiffies(20));
+	gt = vma->vm->gt;
 	...
 }
