// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: a fault that writes a priority unmarked
// sched-racy-read, if injected.
// files: gem/i915_gem_context.c

@fault_unmarked@
identifier ctx;
expression E;
@@
 set_priority(...)
 {
 	...
 	i915_vmlife_set_sched(set_priority, ctx->sched.priority, E);
+	if (i915_vmlife_inject(sched_racy_read))
+		vmlife_fault_sched_racy_read(ctx, E);
 	...
 }
