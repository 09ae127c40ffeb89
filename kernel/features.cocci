// SPDX-License-Identifier: GPL-2.0
// What the code of a tree is like: each rule that matches leaves feature_NAME in the
// output, and NAME is a feature of the tree (I915_VMLIFE_HAS_NAME in the driver). No tree
// is changed by it. A feature is asked of the code that differs, never of a version.
// files: gem/i915_gem_context.c gem/i915_gem_context.h gt/intel_gtt.h
// files: gem/selftests/mock_context.c selftests/mock_gem_device.c
// files: i915_pci.c i915_drv.h i915_driver.c
// files: gt/intel_gt_mcr.c gt/intel_workarounds.c

// i915_gem_context_get_vm_rcu() takes a plain reference on what it finds under RCU.
@get_vm_plain@
identifier v;
@@
 i915_gem_context_get_vm_rcu(...)
 {
 	<+...
-	v = i915_vm_get(v);
+	feature_get_vm_plain(v);
 	...+>
 }

// create_clone() uses its source without a reference.
@clone_unheld@
@@
 create_clone(...)
 {
 	<+...
-	__i915_gem_context_lookup_rcu(...)
+	feature_clone_unheld()
 	...+>
 }

// ctx->vm is read under RCU, and its type is __rcu.
@ctx_vm_rcu@
struct i915_gem_context *ctx;
@@
(
-	rcu_access_pointer(ctx->vm)
+	feature_ctx_vm_rcu(ctx->vm)
|
-	rcu_dereference(ctx->vm)
+	feature_ctx_vm_rcu(ctx->vm)
)

// ctx->vm can be replaced after creation.
@vm_replaced@
struct i915_gem_context *ctx;
@@
-	rcu_replace_pointer(ctx->vm, ...)
+	feature_vm_replaced(ctx->vm)

// The memory of a vm has a count of its own.
@vm_resv@
@@
 i915_vm_resv_get(...)
 {
+	feature_vm_resv();
 	...
 }

// The take of ctx->vm is tried again while it fails.
@get_vm_loop@
identifier f, v;
@@
 f(struct i915_gem_context *ctx)
 {
 	<+...
 	if (!kref_get_unless_zero(&v->ref))
-		continue;
+		feature_get_vm_loop();
 	...+>
 }

// The context of an engine, and a clone, use what context_get_vm_rcu() took, unasked.
@engine_takes_vm@
@@
 intel_context_set_gem(...)
 {
 	<+...
-	context_get_vm_rcu(...)
+	feature_engine_takes_vm()
 	...+>
 }

@clone_takes_vm@
@@
 clone_vm(...)
 {
 	<+...
-	context_get_vm_rcu(...)
+	feature_clone_takes_vm()
 	...+>
 }

// A context is made when it is first used, from a proto-context.
@proto_context@
expression E;
@@
-	mutex_init(&E->proto_context_lock);
+	feature_proto_context(E);

// The body of the release runs on a workqueue: one work a context ...
@release_work@
struct i915_gem_context *ctx;
@@
-	queue_work(..., &ctx->release_work)
+	feature_release_work()

// ... or one for all that were put.
@free_work@
expression E;
@@
(
-	schedule_work(&E->free_work)
+	feature_free_work(E)
|
-	queue_work(..., &E->free_work)
+	feature_free_work(E)
)

// The close of a context gives its reference on the vm back: the bug. Not one that the
// close took itself, to keep the vm alive while it is closed.
@close_takes@
identifier f = context_close;
expression E;
position p;
@@
 f(...)
 {
 	<+...
(
 	i915_vm_get(E);
|
 	E = i915_vm_get(...);
)
 	... when != i915_vm_put(E);
(
 	i915_vm_close@p(E);
|
 	i915_vm_put@p(E);
)
 	...+>
 }

@close_puts@
identifier f = context_close;
expression E;
position p != close_takes.p;
@@
 f(...)
 {
 	<+...
(
-	i915_vm_close@p(E);
+	feature_close_puts(E);
|
-	i915_vm_put@p(E);
+	feature_close_puts(E);
)
 	...+>
 }

// The lookup of a context takes the reference itself, and is no function of its own file.
@lookup_inline@
idexpression struct i915_gem_context *ctx;
@@
 i915_gem_context_lookup(...)
 {
 	<+...
-	kref_get_unless_zero(&ctx->ref)
+	feature_lookup_inline()
 	...+>
 }

// A new context is put on the lists after its id is known: the bug of afce71ff6daa.
@id_before_lists@
identifier f, link = {link, client_link}, add = {list_add_tail, list_add_tail_rcu};
expression table, id, gfp, list;
idexpression struct i915_gem_context *ctx;
@@
 f(...)
 {
 	<+...
 	xa_store(table, id, ctx, gfp)
 	...
-	add(&ctx->link, list)
+	feature_id_before_lists()
 	...+>
 }

// A new context is stored under an id that was reserved before, which gives the creator's
// reference to the table.
@id_stored@
idexpression struct i915_gem_context *ctx;
expression table, id, gfp;
@@
-	xa_store(&table->context_xa, id, ctx, gfp)
+	feature_id_stored(ctx)

// The close takes the context off the list of contexts, though others still hold it: the
// bug of d119888b09bd.
@close_leaves_list@
struct i915_gem_context *ctx;
@@
 context_close(...)
 {
 	<+...
-	list_del(&ctx->link);
+	feature_close_leaves_list();
 	...+>
 }

// Selftests make a context on a vm that exists.
@kernel_context_vm@
identifier i915, vm;
@@
 kernel_context(struct drm_i915_private *i915, struct i915_address_space *vm)
 {
+	feature_kernel_context_vm();
 	...
 }

// The driver goes without an end of its globals, after selftests without a device.
@unload_early@
expression E;
@@
 i915_exit(void)
 {
 	<+...
-	if (!E.driver.owner)
+	if (feature_unload_early())
 		return;
 	...+>
 }

// What a device is can be changed: it is not a constant that devices share.
@info_writable@
@@
 mkwrite_device_info(...)
 {
+	feature_info_writable();
 	...
 }

// The device has a list of its clients.
@drm_clients@
@@
-	i915_drm_clients_init(...)
+	feature_drm_clients()

// The driver is told when the last file of a device is closed.
@lastclose@
@@
 i915_driver_lastclose(...)
 {
+	feature_lastclose();
 	...
 }

// Registers that exist several times are read under a lock of the GT's own.
@mcr_lock@
expression E;
@@
 intel_gt_mcr_init(...)
 {
 	<+...
-	spin_lock_init(&E->mcr_lock);
+	feature_mcr_lock(E);
 	...+>
 }

// A list of workarounds knows its GT.
@wa_list_gt@
identifier wal;
expression E;
@@
 wa_init_start(struct i915_wa_list *wal, ...)
 {
 	<+...
-	wal->gt = E;
+	feature_wa_list_gt(E);
 	...+>
 }

// The display of a mock device is an object of its own, which goes with the device.
@display_removed@
expression E;
@@
 mock_destroy_device(...)
 {
 	<+...
-	intel_display_device_remove(E);
+	feature_display_removed(E);
 	...+>
 }
