/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Functions of the driver that the vmlife selftests need and that differ between trees,
 * by the features of the tree.
 */
#ifndef __I915_GEM_VMLIFE_TREE_H__
#define __I915_GEM_VMLIFE_TREE_H__

#include <linux/xarray.h>

#include "gem/i915_gem_vmlife_sites.h"
#include "i915_drv.h"
#include "selftests/mock_gem_device.h"
#include "selftests/mock_gtt.h"

#include "mock_context.h"

#if __has_include("i915_file_private.h")
#include "i915_file_private.h"
#endif

static inline void vmlife_open_file(struct drm_i915_file_private *priv)
{
#if I915_VMLIFE_HAS_PROTO_CONTEXT
	mutex_init(&priv->proto_context_lock);
	__i915_vmlife_file_open(&priv->proto_context_lock);
	xa_init_flags(&priv->proto_context_xa, XA_FLAGS_ALLOC);
#endif
	xa_init_flags(&priv->context_xa, XA_FLAGS_ALLOC1);
	xa_init_flags(&priv->vm_xa, XA_FLAGS_ALLOC1);
}

static inline void vmlife_close_file(struct drm_i915_file_private *priv)
{
	xa_destroy(&priv->vm_xa);
	xa_destroy(&priv->context_xa);
#if I915_VMLIFE_HAS_PROTO_CONTEXT
	xa_destroy(&priv->proto_context_xa);
	mutex_destroy(&priv->proto_context_lock);
#endif
}

/* Make a handle for a vm, with the caller's reference, which is put if that fails. */
static inline int vmlife_make_handle(struct drm_i915_file_private *priv,
				     struct i915_address_space *vm, u32 *id)
{
	int err;

	__i915_vmlife_handle(vm, true);
	err = xa_alloc(&priv->vm_xa, id, vm, xa_limit_32b, GFP_KERNEL);
	if (err) {
		__i915_vmlife_handle(vm, false);
		i915_vm_put(vm);
	}

	return err;
}

/* Wait for the pending work of closed contexts. */
static inline void vmlife_drain(struct drm_i915_private *i915)
{
	i915_gem_drain_workqueue(i915);
#if I915_VMLIFE_HAS_FREE_WORK
	/* The body of the release runs on the system's workqueue there. */
	flush_work(&i915->gem.contexts.free_work);
	i915_gem_drain_workqueue(i915);
#endif
}

static inline struct i915_address_space *
vmlife_get_vm(struct i915_gem_context *ctx)
{
#if I915_VMLIFE_HAS_CTX_VM_RCU
	return i915_gem_context_get_vm_rcu(ctx);
#else
	return i915_gem_context_get_eb_vm(ctx);
#endif
}

/* By handle; NULL if it does not exist. */
static inline struct i915_gem_context *
vmlife_lookup(struct drm_i915_file_private *priv, u32 id)
{
	struct i915_gem_context *ctx = i915_gem_context_lookup(priv, id);

	return IS_ERR(ctx) ? NULL : ctx;
}

#if I915_VMLIFE_HAS_KERNEL_CONTEXT_VM

/* The driver's own create makes contexts with a vm. */
static inline void vmlife_give_ppgtt(struct drm_i915_private *i915) { }

/* A context that owns its vm alone, by the driver's own create. */
static inline struct i915_gem_context *
vmlife_create(struct drm_i915_private *i915)
{
	struct i915_gem_context *ctx;
	struct i915_ppgtt *ppgtt;

	ppgtt = mock_ppgtt(i915, "vmlife");
	if (!ppgtt)
		return ERR_PTR(-ENOMEM);

	ctx = kernel_context(i915, &ppgtt->vm);
	i915_vm_put(&ppgtt->vm);
	return ctx;
}

/* A context on the vm that a file has by this handle. */
static inline struct i915_gem_context *
vmlife_create_on(struct drm_i915_private *i915, struct drm_file *file, u32 vm_id)
{
	struct drm_i915_file_private *priv = file->driver_priv;

	return kernel_context(i915, xa_load(&priv->vm_xa, vm_id));
}

#else

/* Page tables are memory like any other: the mock device can have them. */
static inline void vmlife_give_ppgtt(struct drm_i915_private *i915)
{
	struct intel_device_info *info = mkwrite_device_info(i915);

	info->ppgtt_type = INTEL_PPGTT_FULL;
	info->ppgtt_size = 48;
	info->page_sizes = I915_GTT_PAGE_SIZE_4K;
}

static inline struct i915_gem_context *
vmlife_create(struct drm_i915_private *i915)
{
	return kernel_context(i915);
}

/* The handle that a context gets for a moment, to have another vm. */
#define VMLIFE_PARAM_CTX 2

static inline struct i915_gem_context *
vmlife_create_on(struct drm_i915_private *i915, struct drm_file *file, u32 vm_id)
{
	struct drm_i915_file_private *priv = file->driver_priv;
	struct drm_i915_gem_context_param args = {
		.ctx_id = VMLIFE_PARAM_CTX,
		.param = I915_CONTEXT_PARAM_VM,
		.value = vm_id,
	};
	struct i915_gem_context *ctx = kernel_context(i915);
	int err;

	if (IS_ERR(ctx))
		return ctx;

	err = xa_err(xa_store(&priv->context_xa, VMLIFE_PARAM_CTX, ctx, GFP_KERNEL));
	if (!err)
		err = i915_gem_context_setparam_ioctl(&i915->drm, &args, file);
	xa_erase(&priv->context_xa, VMLIFE_PARAM_CTX);
	if (!err)
		return ctx;

	kernel_context_close(ctx);
	return ERR_PTR(err);
}

#endif

#endif /* __I915_GEM_VMLIFE_TREE_H__ */
