/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the files of the render node share. */
#ifndef __I915_VMLIFE_NODE_INTERNAL_H__
#define __I915_VMLIFE_NODE_INTERNAL_H__

#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "gem/i915_gem_vmlife_sites.h"
#include "gt/mock_engine.h"

struct drm_i915_private;
struct i915_address_space;
struct i915_request;
struct i915_vma;

/**
 * struct vmlife_node_engine - what the node adds to a mock engine
 * @mock: the mock engine, with its queue of submitted requests
 * @release: the mock engine's own release
 * @work: executes the queue
 * @status_page: the engine's, where it is bound for error captures
 * @lock: held while the memory of a batch is accessed, and to change @running, outside
 *	of @mock->hw_lock; never taken in interrupts
 * @running: the request whose batch is executed; a reset takes it away.  The first of the
 *	engine's execlists, too
 * @stopped: a reset is at work, so no request is started
 */
struct vmlife_node_engine {
	struct mock_engine *mock;
	void (*release)(struct intel_engine_cs *engine);
	struct work_struct work;
	struct i915_vma *status_page;
	spinlock_t lock;
	struct i915_request *running;
	bool stopped;
};

/**
 * vmlife_node_engines_init() - replace the mock device's engine by one of each class
 *
 * Returns: 0 or a negative error code.  What was created is released with the device.
 */
int vmlife_node_engines_init(struct drm_i915_private *i915);

/** vmlife_node_engines_fini() - after the device is gone */
void vmlife_node_engines_fini(void);

/**
 * vmlife_node_debugfs() - add the files that IGT asks for
 *
 * They go with the device.
 */
void vmlife_node_debugfs(struct drm_i915_private *i915);

/**
 * vmlife_node_is_preempted() - does more urgent work wait than this request?
 * @engine: the engine that runs it
 * @rq: a request in the engine's queue
 *
 * Returns: whether another request, of another context, has a higher priority.
 */
bool vmlife_node_is_preempted(struct vmlife_node_engine *engine, const struct i915_request *rq);

/**
 * vmlife_node_run() - execute the batches of a request
 * @engine: the engine that runs it
 * @rq: a reference of the caller's keeps it
 *
 * Sleeps.  Returns when the batches end, when a reset took the request away, or when more
 * urgent work waits and a batch is at a place where hardware would preempt it.
 *
 * Returns: false in the last case, and the request is to be executed again later.
 */
bool vmlife_node_run(struct vmlife_node_engine *engine, struct i915_request *rq);

/**
 * vmlife_node_access() - read or write memory as the GPU does
 * @vm: the address space, whose page tables the caller keeps
 * @addr: address there, a multiple of 4
 * @values: what is written, or where the values read go
 * @count: number of dwords, all in one page
 * @write: direction
 *
 * Returns: whether there was such memory.
 */
bool vmlife_node_access(struct i915_address_space *vm, u64 addr, u32 *values,
			unsigned int count, bool write);

#endif /* __I915_VMLIFE_NODE_INTERNAL_H__ */
