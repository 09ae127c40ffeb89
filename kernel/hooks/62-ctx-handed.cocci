// SPDX-License-Identifier: GPL-2.0
// subject: drm/i915/gem: check that a context is not used after its id is known
// ctx-chase: what creates a context gives its reference to the table of ids, from where
// another task can drop it, so the creator must not use the context any more.  5.10 does,
// where the id is allocated with the context, and no fix of that has been backported to it.
// when: id_stored
// files: gem/i915_gem_context.c

@handed@
identifier f, table;
expression id, gfp;
idexpression struct i915_gem_context *ctx;
expression old;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_ctx_handed(f, ctx);
 	old = xa_store(&table->context_xa, id, ctx, gfp);
 	...+>
 }

@used@
identifier f, link = {link, client_link}, add = {list_add_tail, list_add_tail_rcu};
idexpression struct i915_gem_context *ctx;
expression list;
@@
 f(...)
 {
 	<+...
+	i915_vmlife_ctx_used(f, ctx);
 	add(&ctx->link, list);
 	...+>
 }
