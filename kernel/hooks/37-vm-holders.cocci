// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: count all long-lived references on an address space
// vm-early-put: the context of an engine, a proto-context and a handle of a file each
// hold one reference, as a user's context owns one on ctx->vm. Counted as well, they
// cannot hide a put too many, for which their own put would be reported later.
// files: gt/intel_context_types.h gt/intel_context.c gt/intel_engine_cs.c
// files: gt/intel_migrate.c gt/selftest_tlb.c gem/i915_gem_context.c
// files: gem/i915_gem_execbuffer.c gvt/scheduler.c pxp/intel_pxp_gsccs.c
// files: gem/i915_gem_context_types.h gem/selftests/mock_context.c
// words: \b(ce|pc|\w*context\w*)->vm = |i915_vm_put\((ce|pc|\w*context\w*)->vm\)

@include_in_engine_context_types@
@@
 #include "intel_sseu.h"
+#include "gem/i915_gem_vmlife_types.h"

@engine_context_state@
@@
 struct intel_context {
 ...
+
+	/** @vmlife: the reference on @vm, for the lifetime checks */
+	struct i915_vmlife_holder vmlife;
 };

@proto_context_state@
@@
 struct i915_gem_proto_context {
 ...
+
+	/** @vmlife: the reference on @vm, for the lifetime checks */
+	struct i915_vmlife_holder vmlife;
 };

@vm_unheld exists@
identifier f;
idexpression struct intel_context *ce;
idexpression struct i915_gem_proto_context *pc;
@@
 f(...)
 {
 	<+...
(
+	i915_vmlife_vm_unheld(f, ce);
 	i915_vm_put(ce->vm);
|
+	i915_vmlife_vm_unheld(f, pc);
 	i915_vm_put(pc->vm);
)
 	...+>
 }

@vm_held exists@
identifier f;
idexpression struct intel_context *ce;
idexpression struct i915_gem_proto_context *pc;
expression E;
@@
 f(...)
 {
 	<+...
(
 	ce->vm = E;
+	i915_vmlife_vm_held(f, ce);
|
 	pc->vm = E;
+	i915_vmlife_vm_held(f, pc);
)
 	...+>
 }

// A handle owns the reference that its maker has.
@handle_made exists@
identifier f;
expression file, id, vm, limit, gfp, err;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_handle_made(f, vm);
 	err = xa_alloc(&file->vm_xa, id, vm, limit, gfp);
+	i915_vmlife_handle_tried(err, vm);
 	...+>
 }

@handle_gone exists@
identifier f;
expression file, id, vm;
@@
 f(...)
 {
 	<+...
-	vm = xa_erase(&file->vm_xa, id);
+	vm = i915_vmlife_handle_gone(f, xa_erase(&file->vm_xa, id));
 	...+>
 }

@handles_gone exists@
identifier f;
iterator name xa_for_each;
expression file, index, vm;
statement S;
@@
 f(...)
 {
 	<+...
 	xa_for_each(&file->vm_xa, index, vm)
+	{
+		vm = i915_vmlife_handle_gone(f, vm);
 		S
+	}
 	...+>
 }
