// SPDX-License-Identifier: GPL-2.0
// A context that was found through RCU, or a list that owns no reference, and is
// used: until kref_get_unless_zero() only its count may be read.
// words: gem_context|contexts\.list|ctx_list|context_xa|lut_list|context_lookup_rcu|i915_lut_handle
// hooks: sched

// An execbuf holds a reference on its context.
@owned@
struct i915_execbuffer *eb;
position p;
@@
 eb->gem_context@p

// From the place where it is found, every path until it is taken, or until the
// name is assigned again.
@found exists@
idexpression c;
identifier m;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier deref =~ "^(rcu_dereference|rcu_access_pointer|READ_ONCE|rcu_pointer_handoff)";
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|IS_ERR|ERR_|likely$|unlikely$)";
struct i915_lut_handle *L;
expression E, E1, X;
position q != owned.p;
@@
(
 c = deref(<+... E->gem_context ...+>, ...)
|
 c = E->gem_context@q
|
 c = i915_request_gem_context(E)
|
 c = __i915_gem_context_lookup_rcu(...)
|
 c = xa_load(<+... E->context_xa ...+>, X)
|
 c = L->ctx
)
 ... when any
     when != get(&c->ref)
     when != c = E1
(
 get(&c->ref)
|
* c->m
|
* call(..., c, ...)
)

// The same in its declaration.
@declared exists@
identifier c, m;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier deref =~ "^(rcu_dereference|rcu_access_pointer|READ_ONCE|rcu_pointer_handoff)";
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|IS_ERR|ERR_|likely$|unlikely$)";
type T;
struct i915_lut_handle *L;
expression E, E1, X;
position q != owned.p;
@@
(
 T c = deref(<+... E->gem_context ...+>, ...);
|
 T c = E->gem_context@q;
|
 T c = i915_request_gem_context(E);
|
 T c = __i915_gem_context_lookup_rcu(...);
|
 T c = xa_load(<+... E->context_xa ...+>, X);
|
 T c = L->ctx;
)
 ... when any
     when != get(&c->ref)
     when != c = E1
(
 get(&c->ref)
|
* c->m
|
* call(..., c, ...)
)

// In a walk along a list: of the device, of a client.
@walked exists@
struct i915_gem_context *c;
iterator walk;
identifier m;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|IS_ERR|ERR_|likely$|unlikely$)";
expression E1;
statement S;
@@
 walk(c, ...)
{
 ... when any
     when != get(&c->ref)
     when != c = E1
(
 get(&c->ref)
|
* c->m
|
* call(..., c, ...)
)
 ... when any
}

// Without a variable. Some fields have a semantic patch of their own.
@direct@
identifier deref =~ "^(rcu_dereference|rcu_access_pointer|READ_ONCE|rcu_pointer_handoff)";
identifier m;
identifier other != {vm, engines, sched};
expression E;
position q != owned.p;
@@
(
* deref(<+... E->gem_context ...+>, ...)->m
|
* E->gem_context@q->other
|
* i915_request_gem_context(E)->m
)
