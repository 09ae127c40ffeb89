// SPDX-License-Identifier: GPL-2.0
// commit: afce71ff6daa
// title: drm/i915: Fix potential context UAFs
// wrong: the caller's reference was taken after the id was visible
// since: 5.16
// by: ctx-chase
// files: gem/i915_gem_context.c

@@
identifier ctx;
@@
 finalize_create_context_locked(...)
 {
 	...
-	i915_gem_context_get(ctx);
 	...
-	return ctx;
+	return i915_gem_context_get(ctx);
 }
