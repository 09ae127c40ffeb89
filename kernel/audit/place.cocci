// SPDX-License-Identifier: GPL-2.0
// Where others find a context: the lists of the device and of a client, and a file's table of
// ids. Who enters it must own a reference, and it must have left them when it is released.
// words: (->|\.)(link|client_link)\b|context_(xa|idr)\b|contexts[._]list|ctx_list\b
// words: gem_context|context_(xa|idr)|contexts[._]list|(->|\.)(CONTEXT_FIELDS)\b
// hooks: ctx_used|ctx_handed

@by_type@
struct i915_gem_context *ctx;
identifier link = {link, client_link};
@@
* ctx->link

@by_const_type@
const struct i915_gem_context *ctx;
identifier link = {link, client_link};
@@
* ctx->link

@by_name@
identifier at = {CONTEXT_FIELDS}, find = {CONTEXT_CALLS}, m;
identifier link = {link, client_link};
identifier entry !~ "offset|size";
expression E, X;
@@
(
* E->at->link
|
* E.at->link
|
* E->at[X]->link
|
* E.at[X]->link
|
* find(...)->link
|
* entry(X, struct i915_gem_context, m)->link
)

// The table of ids changed; what reads it is listed in rcu.
@table@
identifier change =~ "^_*xa_(init|destroy|alloc|store|erase|insert|reserve|release|cmpxchg)|^(xas_(store|init)|idr_(init|destroy|alloc|remove|replace))";
identifier of = {context_xa, context_idr};
expression E;
@@
* change(..., &E->of, ...)

// Another name for the table or a list, by which either may be changed.
@named@
identifier of = {context_xa, context_idr, ctx_list};
idexpression N;
expression E;
@@
(
* N = &E->of
|
* N = &E->gem.contexts.list
|
* N = &E->contexts.list
)

// The lists as wholes.
@list@
identifier change =~ "^(__)?(h?list_(add|del|move|splice|replace|cut|swap|rotate|bulk)|INIT_(H?)LIST_HEAD)";
expression E;
@@
(
* change(..., &E->gem.contexts.list, ...)
|
* change(..., &E->contexts.list, ...)
|
* change(..., &E->ctx_list, ...)
|
* change(..., E->gem.contexts.list.next, ...)
|
* change(..., E->gem.contexts.list.prev, ...)
)
