// SPDX-License-Identifier: GPL-2.0
// Accesses that break the contract, one form a function, for the test of annotate --audit: each
// must be open, as the access that the name begins with. Nothing compiles this.

#define macro__vm(c) ((c)->vm)
#define macro__find(ce) rcu_dereference((ce)->gem_context)
#define selected(c, f) ((c)->f)

DEFINE_FREE(macro__freed, struct i915_address_space *, if (_T) i915_vm_put(_T))
DEFINE_CLASS(macro__class, struct i915_gem_context *,
	     i915_gem_context_put(_T),
	     i915_gem_context_lookup(file, id), struct drm_i915_file_private *file, u32 id)

struct bag {
	struct i915_gem_context *c;
};

static void *macro__selected(struct i915_gem_context *ctx)
{
	return selected(ctx, vm);
}

static void engines__engassign(struct i915_gem_context *ctx, struct i915_gem_engines *e)
{
	rcu_assign_pointer(ctx->engines, e);
}

static void engines__engine_unrcu(struct i915_gem_context *ctx)
{
	struct i915_gem_engines *e = unrcu_pointer(ctx->engines);

	pr_info("%u\n", e->num_engines);
}

static void rcu__container(struct list_head *pos)
{
	struct i915_gem_context *ctx = container_of(pos, struct i915_gem_context, link);

	ctx->user_flags = 0;
}

static int rcu__ternary(struct intel_context *ce)
{
	return rcu_access_pointer(ce->gem_context) ? rcu_dereference(ce->gem_context)->remap_slice : 0;
}

static void rcu__rculist(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;

	list_for_each_entry_rcu(ctx, &i915->gem.contexts.list, link)
		ctx->user_flags |= 1;
}

static void rcu__ctxput(struct intel_context *ce)
{
	i915_gem_context_put(rcu_dereference(ce->gem_context));
}

static void rcu__lut(struct i915_lut_handle *lut)
{
	pr_info("%p\n", lut->ctx->vm);
}

static void rcu__guard(struct intel_context *ce)
{
	struct i915_gem_context *ctx;

	guard(rcu)();
	ctx = rcu_dereference(ce->gem_context);
	ctx->remap_slice = 1;
}

static void rcu__comma(struct intel_context *ce)
{
	struct i915_gem_context *ctx;
	int n;

	if ((ctx = rcu_dereference(ce->gem_context)) && ctx->remap_slice)
		n = 1;
}

static void rcu__while(struct intel_context *ce)
{
	struct i915_gem_context *ctx;

	while ((ctx = READ_ONCE(ce->gem_context)))
		ctx->remap_slice = 0;
}

static void rcu__slot(struct intel_context *ce)
{
	struct i915_gem_context __rcu *const *slot = &ce->gem_context;

	(*slot)->remap_slice = 0;
}

static void rcu__gnu(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context) ?: NULL;

	ctx->remap_slice = 0;
}

static void rcu__typeof(struct intel_context *ce)
{
	typeof(ce->gem_context) ctx = rcu_dereference(ce->gem_context);

	ctx->remap_slice = 0;
}

static void rcu__check(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference_check(ce->gem_context, true);

	memset(&ctx->hang_timestamp, 0, 8);
}

static void rcu__cast(struct intel_context *ce)
{
	struct i915_gem_context *ctx = (struct i915_gem_context *)ce->gem_context;

	ctx->remap_slice = 0;
}

static void rcu__idr(struct drm_i915_file_private *f)
{
	struct i915_gem_context *ctx = idr_get_next(&f->context_idr, &id);

	ctx->remap_slice = 0;
}

static void rcu__xafind(struct drm_i915_file_private *f)
{
	struct i915_gem_context *ctx = xa_find_after(&f->context_xa, &i, ULONG_MAX, XA_PRESENT);

	ctx->remap_slice = 0;
}

static void rcu__callback(struct drm_i915_file_private *f)
{
	idr_for_each(&f->context_idr, each, NULL);
}

static void rcu__xas(struct drm_i915_file_private *f)
{
	XA_STATE(xas, &f->context_xa, 0);
	struct i915_gem_context *ctx;

	xas_for_each(&xas, ctx, ULONG_MAX)
		ctx->remap_slice = 0;
}

static void rcu__manual(struct drm_i915_private *i915)
{
	struct list_head *pos;

	list_for_each(pos, &i915->gem.contexts.list)
		list_entry(pos, struct i915_gem_context, link)->remap_slice = 0;
}

static void rcu__dowhile(struct intel_context *ce)
{
	struct i915_gem_context *ctx;

	do {
		ctx = rcu_dereference(ce->gem_context);
	} while (ctx->remap_slice);
}

static void rcu__continue(struct drm_i915_private *i915, struct i915_gem_context *ctx)
{
	list_for_each_entry_continue_rcu(ctx, &i915->gem.contexts.list, link)
		pr_info("%s\n", ctx->name);
}

static void rcu__for(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;

	for (ctx = list_first_entry(&i915->gem.contexts.list, struct i915_gem_context, link);
	     &ctx->link != &i915->gem.contexts.list;
	     ctx = list_next_entry(ctx, link))
		ctx->remap_slice = 1;
}

static void rcu__xchg(struct intel_context *ce)
{
	xchg(&ce->gem_context, NULL)->remap_slice = 0;
}

static void rcu__addr(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	use(&ctx);
}

static void rcu__first(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;

	ctx = list_first_or_null_rcu(&i915->gem.contexts.list, struct i915_gem_context, link);
	if (ctx)
		ctx->remap_slice = 0;
}

static void rcu__next(struct drm_i915_private *i915, struct list_head *pos)
{
	struct i915_gem_context *ctx;

	ctx = list_next_or_null_rcu(&i915->gem.contexts.list, pos, struct i915_gem_context, link);
	if (ctx)
		ctx->remap_slice = 0;
}

static void rcu__hashed(struct hlist_node *node)
{
	struct i915_gem_context *ctx = hlist_entry_safe(node, struct i915_gem_context, node);

	ctx->remap_slice = 0;
}

static void rcu__lockless(struct llist_node *node)
{
	llist_entry(node, struct i915_gem_context, node)->remap_slice = 0;
}

static void rcu__initial(struct intel_context *ce)
{
	struct bag bag = { .c = rcu_dereference(ce->gem_context) };

	bag.c->remap_slice = 0;
}

static void rcu__tree(struct rb_node *node)
{
	struct i915_gem_context *ctx = rb_entry(node, struct i915_gem_context, node);

	ctx->remap_slice = 0;
}

static void rcu__ordered(struct plist_head *head)
{
	plist_first_entry(head, struct i915_gem_context, node)->remap_slice = 0;
}

static void rcu__timer(struct timer_list *t)
{
	struct i915_gem_context *ctx = from_timer(ctx, t, timer);

	ctx->remap_slice = 0;
}

static void rcu__deref(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	(*ctx).remap_slice = 0;
}

static void rcu__if(struct intel_context *ce)
{
	if (rcu_dereference(ce->gem_context)->user_flags & 1)
		return;
}

static void rcu__store(struct intel_context *ce, struct intel_context *other)
{
	rcu_assign_pointer(other->gem_context, rcu_dereference(ce->gem_context));
}

static void ref__handed(struct callbacks *cb)
{
	cb->put = i915_gem_context_put;
}

static void ref__direct(struct i915_gem_context *ctx)
{
	i915_gem_context_release(&ctx->ref);
}

static struct i915_gem_context *rcu__handed(struct intel_context *ce)
{
	return rcu_dereference(ce->gem_context);
}

static struct i915_gem_context *rcu__handed_on(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu__handed(ce);

	return ctx;
}

static struct i915_gem_context *rcu__handed_in_walk(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;

	list_for_each_entry_rcu(ctx, &i915->gem.contexts.list, link)
		if (ctx)
			return ctx;
	return NULL;
}

static struct i915_gem_context *rcu__handed_after_walk(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;

	list_for_each_entry_rcu(ctx, &i915->gem.contexts.list, link) {
		if (!list_empty(&ctx->stale.engines))
			break;
	}
	return ctx;
}

static void rcu__caller(struct intel_context *ce)
{
	struct i915_gem_context *ctx;

	rcu_read_lock();
	ctx = rcu__handed_on(ce);
	ctx->remap_slice = 0;
	rcu_read_unlock();
}

static int rcu__caller_without_name(struct intel_context *ce)
{
	return rcu__handed(ce)->remap_slice;
}

static void rcu__caller_hands(struct drm_i915_private *i915)
{
	set_closed_name(rcu__handed_in_walk(i915));
}

static void vm__copy(struct i915_gem_context *ctx)
{
	struct i915_gem_context copy = *ctx;

	pr_info("%p\n", copy.vm);
}

static void *vm__once(struct i915_gem_context *ctx)
{
	return READ_ONCE(ctx->vm);
}

static void vm__assign(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	rcu_assign_pointer(ctx->vm, vm);
}

static void vm__once_stored(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	WRITE_ONCE(ctx->vm, vm);
}

static void vm__xchg(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	vm = xchg(&ctx->vm, vm);
	i915_vm_put(vm);
}

static void vm__init(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	RCU_INIT_POINTER(ctx->vm, vm);
}

static void *vm__bag(struct bag *bag)
{
	return bag->c->vm;
}

static void *vm__call(struct i915_request *rq)
{
	return i915_gem_context_get(request_ctx(rq))->vm;
}

static void *vm__contvm(struct kref *ref)
{
	return container_of(ref, struct i915_gem_context, ref)->vm;
}

static void *vm__cast(void *data)
{
	return ((struct i915_gem_context *)data)->vm;
}

static void vm__slot(struct i915_gem_context *ctx)
{
	struct i915_address_space **slot = &ctx->vm;

	i915_vm_put(*slot);
}

static size_t vm__offset(void)
{
	return offsetof(struct i915_gem_context, vm);
}

static void vm__arr(struct i915_gem_context *ctxs[4])
{
	ctxs[2]->vm = NULL;
}

static void vm__arr_of_test(struct live_test *live)
{
	i915_vm_put(live[0].ctx->vm);
}

static void vm__release(struct i915_gem_context *ctx, struct i915_address_space *vm)
{
	smp_store_release(&ctx->vm, vm);
}

static size_t vm__builtin_offset(void)
{
	return __builtin_offsetof(struct i915_gem_context, vm);
}

static void vm__offsetread(struct i915_gem_context *ctx)
{
	i915_vm_put(*(struct i915_address_space **)((char *)ctx + offsetof(struct i915_gem_context, vm)));
}

static void vm_ref__krefput(struct i915_address_space *vm)
{
	kref_put(&vm->ref, i915_vm_release);
}

static void vm_ref__krefput_ce(struct intel_context *ce)
{
	kref_put(&ce->vm->ref, i915_vm_release);
}

static void vm_ref__swap(struct intel_context *ce, struct intel_context *other)
{
	swap(ce->vm, other->vm);
}

static void vm_ref__rqce(struct i915_request *rq, struct i915_address_space *vm)
{
	rq->context->vm = vm;
}

static void vm_ref__ppgtt(struct i915_ppgtt *ppgtt)
{
	kref_put(&ppgtt->vm.ref, i915_vm_release);
}

static void vm_ref__vmarefget(struct i915_vma *vma)
{
	kref_get(&vma->vm->ref);
}

static void vm_ref__vmxa(struct drm_i915_file_private *f)
{
	struct i915_address_space *vm = xa_load(&f->vm_xa, 1);

	i915_vm_put(vm);
}

static void vm_ref__vmxa_changed(struct drm_i915_file_private *f, struct i915_address_space *vm)
{
	xa_cmpxchg(&f->vm_xa, 1, vm, NULL, GFP_KERNEL);
	__xa_erase(&f->vm_xa, 1);
}

static void vm_ref__vmxa_named(struct drm_i915_file_private *f)
{
	struct xarray *table = &f->vm_xa;

	i915_vm_put(xa_erase(table, 1));
}

static void vm_ref__cleaned(struct i915_address_space *vm)
{
	vm->cleanup(vm);
}

static void vm_ref__cleaned_by_name(struct intel_context *ce)
{
	ce->vm->cleanup(ce->vm);
}

static void vm_ref__lock(struct intel_context *ce)
{
	kref_put_lock(&ce->vm->ref, i915_vm_release, &ce->lock);
}

static void vm_ref__fnptr(struct kref *ref)
{
	void (*end)(struct kref *ref) = i915_vm_release;

	end(ref);
}

static int vm_ref__devm(struct device *dev, struct i915_address_space *vm)
{
	return devm_add_action_or_reset(dev, (void (*)(void *))i915_vm_put, vm);
}

static void vm_ref__table(struct i915_address_space *vm)
{
	static const struct { void (*get)(int); void (*put)(struct i915_address_space *); } ops[] = {
		{ .put = i915_vm_put },
	};

	ops[0].put(vm);
}

static void vm_ref__chosen(struct callbacks *cb, bool now)
{
	cb->end = now ? &i915_vm_put : NULL;
}

static void vm_ref__typeofvm(struct i915_gem_context *ctx)
{
	typeof(ctx->vm) vm = xchg(&ctx->vm, NULL);

	kref_put(&vm->ref, i915_vm_release);
}

static void vm_ref__rqce_once(struct i915_request *rq, struct i915_address_space *vm)
{
	WRITE_ONCE(rq->context->vm, vm);
}

static void vm_ref__engce(struct intel_engine_cs *engine)
{
	i915_vm_put(engine->kernel_context->vm);
}

static void whole__memcpy(struct i915_gem_context *dst, struct i915_gem_context *src)
{
	memcpy(dst, src, sizeof(*dst));
}

static void whole__callrcu(struct i915_gem_context *ctx)
{
	call_rcu(&ctx->rcu, freed);
}

static void whole__vmfree(struct i915_address_space *vm)
{
	kfree(vm);
}

static void whole__mightsleep(struct i915_gem_context *ctx)
{
	kvfree_rcu_mightsleep(ctx);
}

static void whole__swapwhole(struct i915_gem_context *a, struct i915_gem_context *b)
{
	swap(*a, *b);
}

static void whole__queued(struct i915_address_space *vm)
{
	queue_rcu_work(system_wq, &vm->rcu);
}

static void whole__queued_again(struct i915_gem_context *ctx)
{
	schedule_work(&ctx->release_work);
}

static void whole__cfree(struct callback_head *head)
{
	kfree(container_of(head, struct i915_gem_context, rcu));
}

static void sched__written(struct i915_gem_context *ctx)
{
	WRITE_ONCE(ctx->sched.priority, 3);
}

static void after_put__field(struct i915_gem_context *ctx)
{
	i915_gem_context_put(ctx);
	ctx->user_flags = 0;
}

static u64 after_put__vm(struct i915_address_space *vm)
{
	i915_vm_put(vm);
	return vm->total;
}

static void after_put__twice(struct i915_gem_context *ctx)
{
	i915_gem_context_put(ctx);
	i915_gem_context_put(ctx);
}

static void after_put__condition(struct intel_context *ce, struct i915_address_space *vm)
{
	i915_vm_put(vm);
	if (ce && i915_is_ggtt(vm))
		pr_info("global\n");
}

static struct i915_gem_context *after_put__returned(struct i915_gem_context *ctx)
{
	i915_gem_context_put(ctx);
	return ctx;
}

static void after_put__stored(struct bag *bag, struct i915_gem_context *ctx)
{
	context_close(ctx);
	bag->c = ctx;
}

static void after_put__alias(struct i915_gem_context *ctx)
{
	struct i915_gem_context *mine;

	mine = ctx;
	i915_gem_context_put(ctx);
	mine->remap_slice = 0;
}

static void after_put__alias_declared(struct i915_gem_context *ctx)
{
	struct i915_gem_context *mine = ctx;

	i915_gem_context_put(mine);
	put_pid(ctx->pid);
}

static int after_put__error_path(struct i915_gem_context *ctx, int err)
{
	if (err)
		goto out;
	i915_gem_context_put(ctx);
out:
	mutex_unlock(&ctx->mutex);
	return err;
}

static void after_put__loop(struct i915_gem_context *ctx, int n)
{
	while (n--)
		i915_gem_context_put(ctx);
}

static void after_put__count(struct i915_gem_context *ctx)
{
	kref_put(&ctx->ref, i915_gem_context_release);
	ctx->remap_slice = 0;
}

static void after_put__holder(struct intel_context *ce)
{
	i915_vm_put(ce->vm);
	pr_info("%llu\n", ce->vm->total);
}

static void after_put__contained(struct i915_ppgtt *ppgtt)
{
	i915_vm_put(&ppgtt->vm);
	free_pd(&ppgtt->vm, ppgtt->pd);
}

static void after_put__element(struct i915_gem_context *ctxs[4])
{
	int n = 2;

	i915_gem_context_put(ctxs[n]);
	ctxs[n]->remap_slice = 0;
}

static void gives_back(struct i915_gem_context *ctx)
{
	i915_gem_context_put(ctx);
}

static void after_put__helper(struct i915_gem_context *ctx)
{
	gives_back(ctx);
	ctx->remap_slice = 0;
}

static void place__left(struct i915_gem_context *ctx)
{
	list_del(&ctx->link);
}

static void place__left_client(struct intel_context *ce)
{
	list_del_rcu(&ce->gem_context->client_link);
}

static void place__entered(struct drm_i915_private *i915, struct i915_gem_context *ctx)
{
	list_add(&ctx->link, &i915->gem.contexts.list);
}

static void place__spliced(struct drm_i915_private *i915, struct list_head *all)
{
	list_splice_init(&i915->gem.contexts.list, all);
}

static void place__erased(struct drm_i915_file_private *f)
{
	xa_erase(&f->context_xa, 1);
}

static void place__stored(struct drm_i915_file_private *f, struct i915_gem_context *ctx)
{
	ctx = xa_store(&f->context_xa, 1, ctx, GFP_KERNEL);
}

static void place__allocated(struct drm_i915_file_private *f, struct i915_gem_context *ctx)
{
	if (xa_alloc_cyclic(&f->context_xa, &id, ctx, xa_limit_32b, &next, GFP_KERNEL) < 0)
		return;
}

static void place__exchanged(struct drm_i915_file_private *f, struct i915_gem_context *ctx)
{
	xa_cmpxchg(&f->context_xa, 1, ctx, NULL, GFP_KERNEL);
}

static void place__removed(struct drm_i915_file_private *f)
{
	idr_remove(&f->context_idr, 1);
}

static void place__list_named(struct drm_i915_private *i915, struct list_head *all)
{
	struct list_head *contexts = &i915->gem.contexts.list;

	list_splice_init(contexts, all);
}

static void place__table_named(struct drm_i915_file_private *f)
{
	struct xarray *table;

	table = &f->context_xa;
	xa_erase(table, 1);
}

static void *rcu__untyped(struct intel_context *ce)
{
	void *p = rcu_dereference(ce->gem_context);

	return ((struct i915_gem_context *)p)->client;
}

static int rcu__number(struct intel_context *ce)
{
	unsigned long n = (unsigned long)rcu_dereference(ce->gem_context);
	struct i915_gem_context *ctx = (struct i915_gem_context *)n;

	return ctx->remap_slice;
}

static void *rcu__block(struct intel_context *ce)
{
	return ({ struct i915_gem_context *c = rcu_dereference(ce->gem_context); c->client; });
}

static int rcu__block_ends(struct intel_context *ce)
{
	struct i915_gem_context *ctx;

	ctx = ({ rcu_dereference(ce->gem_context); });
	return ctx->remap_slice;
}

static int rcu__in_order(struct intel_context *ce)
{
	struct bag bag = { rcu_dereference(ce->gem_context) };

	return bag.c->remap_slice;
}

static int rcu__literal(struct intel_context *ce)
{
	struct bag bag;

	bag = (struct bag){ .c = rcu_dereference(ce->gem_context) };
	return bag.c->remap_slice;
}

static int rcu__chained(struct intel_context *ce)
{
	struct i915_gem_context *ctx, *other;

	ctx = other = rcu_dereference(ce->gem_context);
	return ctx->remap_slice;
}

static int rcu__sequence(struct intel_context *ce)
{
	struct i915_gem_context *ctx;
	int slice;

	(void)(ctx = rcu_dereference(ce->gem_context), slice = ctx->remap_slice);
	return slice;
}

static int rcu__entry_typeof(struct list_head *pos)
{
	struct i915_gem_context *ctx = list_entry_rcu(pos, typeof(*ctx), link);

	return ctx->remap_slice;
}

static int rcu__other_table(struct idr *table, u32 id)
{
	struct i915_gem_context *ctx = idr_find(table, id);

	return ctx->remap_slice;
}

static void ref__entry(struct work_struct *w)
{
	kref_get(&container_of(w, struct i915_gem_context, release_work)->ref);
}

static void ref__typeof_ctx(struct i915_gem_context *ctx)
{
	typeof(ctx) same = ctx;

	kref_get(&same->ref);
}

static void vm__typeof_ctx(struct i915_gem_context *ctx)
{
	typeof(*ctx) *same = ctx;

	same->vm = NULL;
}

static void vm__auto(struct i915_gem_context *ctx)
{
	__auto_type same = ctx;

	same->vm = NULL;
}

static void vm__entry_typeof(struct work_struct *w, struct i915_gem_context *t)
{
	container_of(w, typeof(*t), release_work)->vm = NULL;
}

static void engines__auto(struct i915_gem_context *ctx)
{
	__auto_type same = ctx;

	RCU_INIT_POINTER(same->engines, NULL);
}

static void sched__auto(struct i915_gem_context *ctx)
{
	__auto_type same = ctx;

	same->sched.priority = 0;
}

static void vm_ref__entry(struct work_struct *w)
{
	kref_get(&container_of(w, struct i915_address_space, release_work)->ref);
}

static void vm_ref__auto(struct i915_vma *vma)
{
	__auto_type same = vma->vm;

	refcount_dec(&same->ref.refcount);
}

static void whole__ppgtt(struct i915_ppgtt *ppgtt)
{
	kfree(ppgtt);
}

static int after_put__address(struct i915_gem_context *ctx)
{
	struct i915_gem_context **at = &ctx;

	i915_gem_context_put(*at);
	return ctx->remap_slice;
}

static int after_put__sequence(struct i915_gem_context *ctx)
{
	return i915_gem_context_put(ctx), ctx->remap_slice;
}

static int after_put__cast(struct i915_gem_context *ctx)
{
	i915_gem_context_put((struct i915_gem_context *)ctx);
	return ctx->remap_slice;
}

static const char *after_put__name(struct drm_i915_file_private *file, u32 id)
{
	struct i915_gem_context *ctx = i915_gem_context_lookup(file, id);
	const char *name = ctx->name;

	i915_gem_context_put(ctx);
	return name;
}

static struct pid *after_put__pid(struct drm_i915_file_private *file, u32 id)
{
	struct i915_gem_context *ctx = i915_gem_context_lookup(file, id);
	struct pid *pid = ctx->pid;

	i915_gem_context_put(ctx);
	return get_pid(pid);
}

static void gives_any_back(void *data)
{
	i915_gem_context_put(data);
}

static int after_put__helper_of_any(struct i915_gem_context *ctx)
{
	gives_any_back(ctx);
	return ctx->remap_slice;
}

static void vm_store__beside_a_read(struct i915_gem_context *ctx)
{
	i915_vmlife_vm_read(vm_store__beside_a_read, ctx);
	WRITE_ONCE(ctx->vm, NULL);
}

static void engines_store__beside_a_read(struct i915_gem_context *ctx)
{
	i915_vmlife_engines_read(engines_store__beside_a_read, ctx);
	rcu_assign_pointer(ctx->engines, NULL);
}

static void ref_change__beside_a_take(struct i915_gem_context *ctx)
{
	i915_vmlife_ctx_take(ref_change__beside_a_take, ctx);
	refcount_dec(&ctx->ref.refcount);
}

static int rcu__listed(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);
	struct bag bag = { .c = ctx };

	return bag.c->remap_slice;
}

static int rcu__element(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);
	struct i915_gem_context *all[] = { ctx };

	return all[0]->remap_slice;
}

static struct bag rcu__literal_later(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	return (struct bag){ .c = ctx };
}

static int rcu__by_table(struct intel_context *ce, struct ops *ops)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	return ops->look(ctx);
}

static int rcu__by_pointer(struct intel_context *ce, int (*look)(struct i915_gem_context *))
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	return (*look)(ctx);
}

static int rcu__either(struct intel_context *ce, bool yes)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	return look_at(yes ? ctx : NULL);
}

static int rcu__arithmetic(struct intel_context *ce)
{
	struct i915_gem_context *ctx = rcu_dereference(ce->gem_context);

	return *(u8 *)((char *)ctx + offsetof(struct i915_gem_context, remap_slice));
}

static void ref__offset(struct i915_gem_context *ctx)
{
	kref_get((void *)ctx + offsetof(struct i915_gem_context, ref));
}

static void vm_ref__offset(struct i915_address_space *vm)
{
	kref_get((void *)vm + offsetof(struct i915_address_space, ref));
}

static int after_put__by_table(struct i915_gem_context *ctx, struct ops *ops)
{
	i915_gem_context_put(ctx);
	return ops->look(ctx);
}
