// SPDX-License-Identifier: GPL-2.0
// A context or an address space that is used after the same function put it: that reference
// kept it, and nothing else need do so.
// words: gem_context_put|\bi915_vm_(put|close|resv_put)\b|context_close|i915_(gem_context|vm|vm_resv)_release
// words: gem_context|i915_address_space|\bvm\b
// hooks: none_of_that

// A fault is none of the driver's puts.
@fault@
identifier inject =~ "^i915_vmlife_inject";
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close};
position p;
@@
 if (<+... inject(...) ...+>) {
 <...
 put@p(...)
 ...>
 }

// What gives a reference back: also a function of the same file that does so with its argument.
@putter@
identifier f, c;
identifier get = {i915_gem_context_get, i915_vm_get, i915_vm_open, kref_get};
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close};
type T = {struct i915_gem_context *, struct i915_address_space *};
expression E1;
@@
 f(..., T c, ...)
{
 ... when any
     when != get(c)
     when != get(&c->ref)
     when != c = E1
 put(c)
 ... when any
}

@by_putter exists@
identifier putter.f;
type putter.T;
idexpression T c;
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1, E2;
@@
 f(..., c, ...)
 ... when any
     when != c = E1
     when != walk(..., c, ...) B
(
* c->m
|
* (*c).m
|
* call(..., c, ...)
|
* E2 = c
)

@variable disable drop_cast exists@
idexpression c;
type T, T2;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, i915_vm_resv_put, context_close, mock_context_close, kernel_context_close};
identifier release = {i915_gem_context_release, i915_vm_release, i915_vm_resv_release, __i915_vm_release};
identifier kput =~ "^kref_put";
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1, E2, E3;
position p != fault.p, q != fault.p;
@@
(
 put@p(c)
|
 put@p((T)c)
|
 kput(&c->ref, release, ...)
)
 ... when any
     when != c = E1
     when != walk(..., c, ...) B
(
* c->m
|
* (*c).m
|
* call@q(..., c, ...)
|
* E2->m(..., c, ...)
|
* E2.m(..., c, ...)
|
* E2[E3](..., c, ...)
|
* (*E2)(..., c, ...)
|
* E2 ? c : E3
|
* E2 ? E3 : c
|
* (T2)c
|
* E2 = c
)

// The same by a function that is given anything at all.
@putter_of_any@
identifier f, c;
identifier get = {i915_gem_context_get, i915_vm_get, i915_vm_open, kref_get};
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close};
expression E1;
@@
 f(..., void *c, ...)
{
 ... when any
     when != get(c)
     when != c = E1
 put(c)
 ... when any
}

@by_putter_of_any exists@
identifier putter_of_any.f;
{struct i915_gem_context *, struct i915_address_space *} c;
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1, E2;
@@
 f(..., c, ...)
 ... when any
     when != c = E1
     when != walk(..., c, ...) B
(
* c->m
|
* (*c).m
|
* call(..., c, ...)
|
* E2 = c
)

// In one expression.
@sequence@
expression c;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, i915_vm_resv_put, context_close, mock_context_close, kernel_context_close};
@@
* put(c), (<+... c ...+>)

// Put through a pointer to the variable.
@by_address exists@
idexpression c, pp;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1, E2;
@@
 pp = &c
 ... when any
     when != pp = E1
 put(*pp)
 ... when any
     when != c = E1
     when != *pp = E1
     when != walk(..., c, ...) B
(
* c->m
|
* call(..., c, ...)
|
* E2 = c
|
* (*pp)->m
|
* call(..., *pp, ...)
)

// What the context has a reference on, or contains: it goes with the context.
@of_what_goes exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
local idexpression d;
identifier kept = {name, pid, syncobj};
identifier put = {i915_gem_context_put, context_close, mock_context_close, kernel_context_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
expression E1, E2;
position p != fault.p;
@@
(
 d = c->kept
|
 d = &c->kept
)
 ... when any
     when != d = E1
 put@p(c)
 ... when any
     when != d = E1
(
* d->m
|
* call(..., d, ...)
|
* E2 = d
)

@returned_what_goes exists@
{struct i915_gem_context *, const struct i915_gem_context *} c;
local idexpression d;
identifier kept = {name, pid, syncobj};
identifier put = {i915_gem_context_put, context_close, mock_context_close, kernel_context_close};
expression E1;
position p != fault.p;
@@
(
 d = c->kept
|
 d = &c->kept
)
 ... when any
     when != d = E1
 put@p(c)
 ... when any
     when != d = E1
* return d;

@returned exists@
idexpression c;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, i915_vm_resv_put, context_close, mock_context_close, kernel_context_close};
iterator walk;
statement B;
expression E1;
position p != fault.p;
@@
 put@p(c)
 ... when any
     when != c = E1
     when != walk(..., c, ...) B
* return c;

// Another name for it, from before the put.
@alias exists@
idexpression c;
// No constant, such as NULL, which a variable had before.
local idexpression d;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, context_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1;
position p != fault.p;
@@
(
 d = c
|
 c = d
)
 ... when any
     when != c = E1
     when != d = E1
     when != walk(..., c, ...) B
 put@p(c)
 ... when any
     when != d = E1
     when != walk(..., d, ...) B
(
* d->m
|
* call(..., d, ...)
)

// A field: ce->vm, lut->ctx, and what contains the address space.
@member exists@
idexpression x;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, context_close, mock_context_close, kernel_context_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier at, m;
iterator walk;
statement B;
expression E1, E2;
position p != fault.p;
@@
 put@p(x->at)
 ... when any
     when != x = E1
     when != x->at = E1
     when != walk(..., x, ...) B
(
* x->at->m
|
* call(..., x->at, ...)
|
* E2 = x->at
)

@contained exists@
idexpression x;
identifier put = {i915_vm_put, i915_vm_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
iterator walk;
statement B;
expression E1;
position p != fault.p;
@@
 put@p(&x->vm)
 ... when any
     when != x = E1
     when != walk(..., x, ...) B
(
* x->m
|
* call(..., x, ...)
)

@element exists@
expression X;
idexpression n;
identifier put = {i915_gem_context_put, i915_vm_put, i915_vm_close, context_close, mock_context_close, kernel_context_close};
identifier call !~ "^(i915_vmlife_|vmlife_fault_|IS_ERR|ERR_|PTR_ERR|likely$|unlikely$)";
identifier m;
expression E1;
position p != fault.p;
@@
 put@p(X[n])
 ... when any
     when != X[n] = E1
     when != n = E1
     when != n++
     when != ++n
     when != n--
     when != --n
     when != n += E1
(
* X[n]->m
|
* call(..., X[n], ...)
)
