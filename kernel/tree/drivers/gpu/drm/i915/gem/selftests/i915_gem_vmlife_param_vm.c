// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife selftests for trees up to 5.15, where I915_CONTEXT_PARAM_VM can replace
 * ctx->vm while other tasks take a reference on it without a lock.
 *
 * Part of i915_gem_vmlife.c.
 */

static void drop_vm_handle(struct race *race, u32 vm_id)
{
	struct drm_i915_gem_vm_control args = { .vm_id = vm_id };

	i915_gem_vm_destroy_ioctl(&race->i915->drm, &args, &race->client->file);
}

/* get_ppgtt(), and through it context_get_vm_rcu(). */
static void use_param_vm(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_VM,
	};

	if (!i915_gem_context_getparam_ioctl(&race->i915->drm, &args,
					     &race->client->file))
		drop_vm_handle(race, args.value);
}

static void use_gtt_size(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_GTT_SIZE,
	};

	i915_gem_context_getparam_ioctl(&race->i915->drm, &args,
					&race->client->file);
}

/*
 * Back to the default engines, which are created again: intel_context_set_gem() takes
 * a reference on ctx->vm for each.
 */
static void reset_engines(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_ENGINES,
	};

	i915_gem_context_set_user_engines(ctx);
	i915_gem_context_setparam_ioctl(&race->i915->drm, &args,
					&race->client->file);
}

static void use_replaced_vm(struct race *race, struct i915_gem_context *ctx)
{
	use_vm(race, ctx);
	use_param_vm(race, ctx);
	use_gtt_size(race, ctx);
}

/* Another vm for the context, by its handle in this file; not each time, for speed. */
static void poke_param_vm(struct race *race, struct i915_gem_context *ctx)
{
	struct drm_i915_gem_context_param args = {
		.ctx_id = CLIENT_CTX,
		.param = I915_CONTEXT_PARAM_VM,
	};
	struct i915_ppgtt *ppgtt;
	u32 id;

	if (atomic_long_read(&race->uses) % 4)
		return;

	ppgtt = mock_ppgtt(race->i915, "vmlife");
	if (!ppgtt)
		return;

	if (vmlife_make_handle(&race->client->priv, &ppgtt->vm, &id))
		return;

	args.value = id;
	i915_gem_context_setparam_ioctl(&race->i915->drm, &args,
					&race->client->file);
	drop_vm_handle(race, id);
}

static int vmlife_vm_republish(void *i915)
{
	struct race race = {
		.name = __func__,
		.use = use_replaced_vm,
		.poke = poke_param_vm,
		.owns = true,
		.i915 = i915,
	};

	return clean_then_faulty(&race, race_rounds);
}

/* New engines only in some rounds: each needs many allocations. */
static void use_late(struct race *race, struct i915_gem_context *ctx)
{
	use_param_vm(race, ctx);
	if (atomic_long_read(&race->uses) % 8 == 0)
		reset_engines(race, ctx);
}

/*
 * The reader looked the context up before it was closed, and gets its vm after that:
 * while the close put the vm, this was the endless loop.
 */
static int vmlife_vm_get_livelock(void *i915)
{
	struct race race = {
		.name = __func__,
		.use = use_late,
		.owns = true,
		.late = true,
		.i915 = i915,
	};

	return clean_then_faulty(&race, race_rounds);
}
