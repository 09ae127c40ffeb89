// SPDX-License-Identifier: GPL-2.0
// commit: 1df1c79cbb7a
// title: drm/i915: Fix race in __i915_vma_remove_closed
// wrong: a closed vma was looked at before the lock was taken, so that two took it off the
//	list of closed ones
// since: 5.19
// by: nobody; the second removal finds an entry that points to itself, and changes nothing
// files: i915_vma.c

@@
identifier vma, gt;
@@
 i915_vma_reopen(struct i915_vma *vma)
 {
 	...
-	spin_lock_irq(&gt->closed_lock);
 	if (i915_vma_is_closed(vma))
+	{
+		spin_lock_irq(&gt->closed_lock);
 		__i915_vma_remove_closed(vma);
-	spin_unlock_irq(&gt->closed_lock);
+		spin_unlock_irq(&gt->closed_lock);
+	}
 }
