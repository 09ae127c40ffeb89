/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * State of the vmlife checks inside the driver's own structures.
 *
 * With the checks off both structures are empty, so that the layout of the driver's
 * structures does not change.
 */
#ifndef __I915_GEM_VMLIFE_TYPES_H__
#define __I915_GEM_VMLIFE_TYPES_H__

#include <linux/kconfig.h>
#include <linux/kcsan-checks.h>
#include <linux/list.h>
#include <linux/types.h>

struct i915_vmlife_vm;

/**
 * struct i915_vmlife_vm_ref - the shadow of an address space
 * @shadow: the variant's account of the vm, or NULL if memory ran out (then the vm is
 *	not checked, and is counted as such)
 */
struct i915_vmlife_vm_ref {
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)
	struct i915_vmlife_vm *shadow;
#endif
};

/**
 * struct i915_vmlife_ctx - a context's account of the reference that it owns
 * @link: entry in the list of numbered contexts
 * @shadow: shadow of the vm in ctx->vm, with a reference; kept
 *	after the vm is freed, until the context is freed or gets another vm
 * @state: bits of enum i915_vmlife_ctx_state
 * @id: number of this context in the messages, 0 before the first hook
 * @pid: of the task that created it; for a user's context a copy of ctx->pid, which
 *	the release puts before the context is freed
 * @took: where ctx->vm was stored with its reference, 0 before that
 * @alone: for KCSAN: the release has exclusive access to ctx->vm
 * @closed_at: when it was closed, the low bits of jiffies
 * @nr_stack: frames in @stack
 * @stack: the stack that stored ctx->vm and took its reference
 */
struct i915_vmlife_ctx {
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)
	struct list_head link;
	struct i915_vmlife_vm *shadow;
	unsigned long state;
	u32 id;
	pid_t pid;
	unsigned long took;
	struct kcsan_scoped_access alone;
	u32 closed_at;
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
#endif
};

/**
 * struct i915_vmlife_holder - what an object knows of the reference in its pointer @vm
 * @shadow: shadow of that vm, with a reference of its own, while the object is counted
 *	among those that hold one; or NULL
 */
struct i915_vmlife_holder {
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)
	struct i915_vmlife_vm *shadow;
#endif
};

#endif /* __I915_GEM_VMLIFE_TYPES_H__ */
