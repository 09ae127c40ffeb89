// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: let lockdep know the order of a context's locks
// lock-order: the locks of a context nest one way only.  Lockdep checks
// it; the hook at the end of creation gives each lock one class, for mock and real
// contexts together, and the one here does so for the file's lock, which is taken
// outside of them.  Lockdep learns the legal order when the driver is loaded.
// when: proto_context
// files: gem/i915_gem_context.c

@file_open@
identifier file_priv;
@@
 i915_gem_context_open(...)
 {
 	...
 	mutex_init(&file_priv->proto_context_lock);
+	i915_vmlife_file_open(i915_gem_context_open,
+			      &file_priv->proto_context_lock);
 	...
 }
