// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: count the references of engines' contexts on an address space
// vm-early-put: the context of an engine owns one reference on ce->vm, as a user's
// context owns one on ctx->vm. Counted as owners as well, they cannot hide a put too
// many, for which their own put would be reported later.
// files: gt/intel_context_types.h gt/intel_context.c gt/intel_engine_cs.c
// files: gt/intel_migrate.c gt/selftest_tlb.c gem/i915_gem_context.c
// files: gem/i915_gem_execbuffer.c gvt/scheduler.c pxp/intel_pxp_gsccs.c

@include_in_engine_context_types@
@@
 #include "intel_sseu.h"
+#include "gem/i915_gem_vmlife_types.h"

@ce_state@
@@
 struct intel_context {
 ...
+
+	/** @vmlife: state of the lifetime checks for this context */
+	struct i915_vmlife_ce vmlife;
 };

@ce_drop exists@
identifier f;
idexpression struct intel_context *ce;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_ce_drop(f, ce);
 	i915_vm_put(ce->vm);
 	...+>
 }

@ce_stored exists@
identifier f;
idexpression struct intel_context *ce;
expression E;
@@
 f(...)
 {
 	<+...
 	ce->vm = E;
+	i915_vmlife_ce_stored(f, ce);
 	...+>
 }
