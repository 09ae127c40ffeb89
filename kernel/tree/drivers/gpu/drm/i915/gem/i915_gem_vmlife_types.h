/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * State that the vmlife checks keep inside the driver's own structures.
 *
 * Both structures are empty with the checks off, so that the driver's layout
 * is the one it has without them.
 */
#ifndef __I915_GEM_VMLIFE_TYPES_H__
#define __I915_GEM_VMLIFE_TYPES_H__

#include <linux/kconfig.h>
#include <linux/kcsan-checks.h>
#include <linux/list.h>
#include <linux/types.h>

struct i915_vmlife_vm;

/**
 * struct i915_vmlife_vm_ref - what an address space knows of its shadow
 * @shadow: the variant's own account of the vm, or NULL where memory was short
 *	(the vm goes unchecked then, and is counted as such)
 */
struct i915_vmlife_vm_ref {
#if IS_ENABLED(CONFIG_DRM_I915_DEBUG_VMLIFE)
	struct i915_vmlife_vm *shadow;
#endif
};

/**
 * struct i915_vmlife_ctx - what a context knows of the reference it owns
 * @link: place in the list of contexts that were given an id
 * @shadow: shadow of the vm in ctx->vm, with a reference of its own; stays
 *	after the vm is gone, until the context is freed or has another vm
 * @state: bits of enum i915_vmlife_ctx_state
 * @id: number of this context in the messages, 0 before the first hook
 * @pid: of the task that made it; of a user's context what ctx->pid says, which
 *	the release puts before the context is freed
 * @took: where ctx->vm was stored with its reference, 0 before that
 * @alone: to KCSAN, that the release has ctx->vm for itself
 * @nr_stack: frames in @stack
 * @stack: who stored ctx->vm and took its reference
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
	u32 nr_stack;
	unsigned long stack[CONFIG_DRM_I915_DEBUG_VMLIFE_STACK];
#endif
};

#endif /* __I915_GEM_VMLIFE_TYPES_H__ */
