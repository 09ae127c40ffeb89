// SPDX-License-Identifier: GPL-2.0
// A context that was found through RCU, or a list that owns no reference, and is
// used: until kref_get_unless_zero() only its count may be read.
// words: (->|\.)gem_context\b|\b(HANDED_CALLS)\(|struct i915_gem_context, |contexts?[._](list|xa|idr)|ctx_list|lut_list|i915_lut_handle|i915_gem_context .*kref_get_unless|for_each.*(ctx|context)|\b(xa|xas|idr|radix_tree|rhashtable)_(load|find|next|get_next|lookup)
// hooks: sched

// An execbuf holds a reference on its context.
@owned@
struct i915_execbuffer *eb;
position p;
@@
 eb->gem_context@p

// Other semantic patches of this folder list these fields.
@theirs@
identifier m = {vm, engines, sched};
expression E;
position p;
@@
 E->gem_context@p->m

// The expressions whose value is a context that was found.
@source@
identifier deref =~ "^(rcu_dereference|rcu_access_pointer|READ_ONCE|rcu_pointer_handoff|smp_load_acquire|xchg|fetch_and_zero)";
// The entry of whatever contains a context: a list, a tree, a work.
identifier entry !~ "offset|size";
identifier from =~ "^(from_|timer_container_of)";
// Whatever reads the table of ids; what fills, empties or locks it is no find.
identifier load !~ "^(_*xa_(init|destroy|empty|alloc|store|erase|insert|reserve|release|lock|unlock|cmpxchg|is_)|idr_(init|destroy|alloc|remove|is_)|mutex_|spin_|lockdep_|INIT_|XA_)";
// Functions of the driver that return what they found so.
identifier hand = {HANDED_CALLS};
identifier m != {ref, rcu, release_work, free_work};
struct i915_lut_handle *L;
{struct i915_gem_context *, const struct i915_gem_context *} C;
expression E, S;
position q != {owned.p, theirs.p};
position p;
@@
\(
 \( deref(<+... E->gem_context ...+>, ...)
\| E->gem_context@q
\| hand(...)
\| load(..., &E->context_xa, ...)
\| load(..., &E->context_idr, ...)
\| L->ctx
\| entry(..., struct i915_gem_context, m)
| entry(..., typeof(*C), m)
\| from(C, ...)
\)
\& S@p \)

// From the place where it is found, every path until it is taken, or until the
// name is assigned again.
@found disable drop_cast exists@
idexpression c;
type T, T2;
identifier m;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier fn, store = {RCU_INIT_POINTER, rcu_assign_pointer};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|RCU_INIT_POINTER$|list_safe_reset_next$|GEM_BUG_ON$|GEM_WARN_ON$|IS_ERR|ERR_|likely$|unlikely$)";
expression S, E1, E2, E3;
position source.p;
@@
(
 c = S@p
|
 c = (T)S@p
|
 c = S@p ?: E3
|
 c = E2 ? S@p : E3
|
 c = E2 ? E3 : S@p
)
 ... when any
     when != get(&c->ref)
     when != c = E1
(
 get(&c->ref)
|
* c->m
|
* (*c).m
|
* ((T2)c)->m
|
* call(..., c, ...)
|
* E1->m(..., c, ...)
|
* E1.m(..., c, ...)
|
* E1[E2](..., c, ...)
|
* (*E1)(..., c, ...)
|
* fn(..., &c, ...)
|
* store(E1, c)
|
* E1 ? c : E2
|
* E1 ? E2 : c
|
* (T2)c
|
* E1 = c
)

// Found and used in one expression.
@within@
idexpression c;
identifier m != ref;
expression S, E1;
position source.p;
@@
(
* (<+... c = S@p ...+>) && (<+... c->m ...+>)
|
* (<+... c = S@p ...+>) ? (<+... c->m ...+>) : E1
|
* (<+... c = S@p ...+>), (<+... c->m ...+>)
|
* (c = S@p)->m
|
* E1 = c = S@p
)

// The table of ids handed to another function, with what it finds there.
@table@
expression S;
position source.p;
@@
* S@p;

@handed exists@
idexpression c;
type T;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
expression S, E1, E2, E3;
position source.p;
@@
(
 c = S@p
|
 c = (T)S@p
|
 c = S@p ?: E3
|
 c = E2 ? S@p : E3
|
 c = E2 ? E3 : S@p
)
 ... when any
     when != get(&c->ref)
     when != c = E1
* return c;

// Found in a table that is not known as one of contexts.
@looked_up exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
identifier find =~ "^(xa_(load|find)|xas_(load|find|next)|idr_(find|get_next)|radix_tree_(lookup|next)|rhashtable_lookup)";
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|RCU_INIT_POINTER$|GEM_BUG_ON$|GEM_WARN_ON$|IS_ERR|ERR_|likely$|unlikely$)";
type T;
identifier m;
expression E1;
@@
(
 c = find(...)
|
 c = (T)find(...)
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
|
* E1 = c
)

// In a loop over a list or an array: of the device, of a client, of a file.
@walked exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
iterator walk;
identifier m;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier fn, store = {RCU_INIT_POINTER, rcu_assign_pointer};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|kref_get_unless_zero$|i915_gem_context_get_rcu$|rcu_|RCU_INIT_POINTER$|list_safe_reset_next$|GEM_BUG_ON$|GEM_WARN_ON$|IS_ERR|ERR_|likely$|unlikely$)";
expression E1;
@@
 walk(..., c, ...)
{
 ... when any
     when != get(&c->ref)
     when != c = E1
(
 get(&c->ref)
|
* c->m
|
* (*c).m
|
* call(..., c, ...)
|
* fn(..., &c, ...)
|
* store(E1, c)
|
* E1 = c
)
 ... when any
}

// Returned from within such a loop, or after it.
@handed_walk exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
iterator walk;
position p;
@@
 walk(..., c, ...)
{
 <+...
 return@p c;
 ...+>
}

@handed_in_walk exists@
idexpression c;
identifier f;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
position handed_walk.p;
@@
 f(...)
{
 ... when any
     when != get(&c->ref)
* return@p c;
 ... when any
}

@handed_after_walk exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
iterator walk;
statement S;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
expression E1;
@@
 walk(..., c, ...) S
 ... when any
     when != get(&c->ref)
     when != c = E1
* return c;

// Where kref_get_unless_zero() failed there is no reference.
@failed exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
identifier m;
identifier call !~ "^(i915_vmlife_|vmlife_fault_|rcu_|IS_ERR|ERR_|likely$|unlikely$)";
expression E1;
@@
 if (<+... !kref_get_unless_zero(&c->ref) ...+>) {
 ... when any
     when != c = E1
(
* c->m
|
* call(..., c, ...)
)
 ... when any
 }

// Used without a variable.
@direct@
identifier call !~ "^(i915_vmlife_|vmlife_fault_|rcu_|RCU_INIT_POINTER$|READ_ONCE$|GEM_BUG_ON$|GEM_WARN_ON$|IS_ERR|ERR_|likely$|unlikely$)";
identifier store = {RCU_INIT_POINTER, rcu_assign_pointer};
identifier m;
expression S, E, X;
position source.p, source.q;
@@
(
* S@p->m
|
* call(..., S@p, ...)
|
* store(E, S@p)
|
* E->m = S@p
|
* E.m = S@p
|
* *E = S@p
|
* E[X] = S@p
|
* &E->gem_context@q
)

@handed_unnamed@
expression S, E1, E2;
position source.p;
@@
(
* return S@p;
|
* return E1 ? S@p : E2;
|
* return E1 ? E2 : S@p;
)

// A function of the same file that gets it as an argument.
@callee exists@
identifier found.call, c;
identifier m != ref;
type T = {struct i915_gem_context *, const struct i915_gem_context *};
expression E1;
@@
 call(..., T c, ...)
{
 ... when any
     when != c = E1
* c->m
 ... when any
}

// As the first value of a structure's field, which is its further name.
@initial@
expression S;
identifier I, x, m;
position source.p;
@@
 struct I x = {
*	.m = S@p,
 };

// Whatever else is done with it than the rules above follow, or than what follows no pointer:
// in a block that is an expression, in a list of values, in arithmetic.
@followed@
identifier call, m;
type T;
expression S, E, X;
position source.p;
position q;
@@
(
 E = S@p@q
|
 E = (T)S@p@q
|
 E = S@p@q ?: X
|
 S@p@q = E
|
 S@p@q->m
|
 call(..., S@p@q, ...)
|
 call(..., (T)S@p@q, ...)
|
 S@p@q == E
|
 E == S@p@q
|
 S@p@q != E
|
 E != S@p@q
|
 !S@p@q
|
 &S@p@q
|
 *S@p@q
|
 S@p@q && E
|
 E && S@p@q
|
 S@p@q || E
|
 E || S@p@q
|
 S@p@q ? E : X
|
 S@p@q ?: X
|
 E ? S@p@q : X
|
 E ? X : S@p@q
)

@tested@
expression S;
statement B1, B2;
position source.p;
position q;
@@
(
 if (S@p@q) B1 else B2
|
 while (S@p@q) B1
)

@declared@
identifier x;
type T, T2;
expression S, X;
position source.p;
position q;
@@
(
 T x = S@p@q;
|
 T x = (T2)S@p@q;
|
 T x = S@p@q ?: X;
)

@told@
expression S;
position source.p;
position q;
@@
(
 return S@p@q;
|
 S@p@q;
)

@otherwise@
expression S;
position source.p != {followed.q, tested.q, declared.q, told.q};
@@
* S@p

// The same of what was found before, and stands in a variable.
@initial_later exists@
idexpression c;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier I, x, m;
expression S, E1;
position source.p;
@@
 c = S@p
 ... when any
     when != get(&c->ref)
     when != c = E1
* struct I x = { .m = c, };

@literal_later exists@
idexpression c;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
type T;
identifier m;
expression S, E1;
position source.p;
@@
 c = S@p
 ... when any
     when != get(&c->ref)
     when != c = E1
* (T){ .m = c, }

@element_later exists@
idexpression c;
identifier get = {kref_get_unless_zero, i915_gem_context_get_rcu};
identifier x;
initializer list before, after;
expression S, E1;
position source.p;
@@
 c = S@p
 ... when any
     when != get(&c->ref)
     when != c = E1
(
* struct i915_gem_context *x[] = { before, c, after };
|
* struct i915_gem_context *x[...] = { before, c, after };
)
