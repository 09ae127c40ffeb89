// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The engines of the render node: mock engines that execute batches, in a work item,
 * and that the driver can reset.
 */
#include <linux/file.h>

#include "gem/i915_gem_context.h"
#include "gt/intel_breadcrumbs.h"
#include "gt/intel_context.h"
#include "gt/intel_engine_pm.h"
#include "gt/intel_engine_user.h"
#include "gt/intel_gpu_commands.h"
#include "gt/intel_gt.h"
#include "gt/intel_reset.h"
#include "gt/intel_ring.h"
#include "gt/shmem_utils.h"

#include "i915_drv.h"
#include "i915_request.h"
#include "i915_scheduler.h"
#include "i915_vma.h"
#include "i915_vmlife_node_internal.h"
#include "i915_vmlife_node_tree.h"

static const struct {
	int id;
	u8 class, instance;
} engines_wanted[] = {
	{ RCS0, RENDER_CLASS, 0 },
	{ BCS0, COPY_ENGINE_CLASS, 0 },
	{ VCS0, VIDEO_DECODE_CLASS, 0 },
	{ VCS1, VIDEO_DECODE_CLASS, 1 },
	{ VECS0, VIDEO_ENHANCEMENT_CLASS, 0 },
};

static struct vmlife_node_engine engines[I915_NUM_ENGINES];
static struct workqueue_struct *executor;
static struct intel_context_ops node_cops;

static unsigned int heartbeat_ms = CONFIG_DRM_I915_HEARTBEAT_INTERVAL;
module_param_named(vmlife_node_heartbeat, heartbeat_ms, uint, 0400);
MODULE_PARM_DESC(vmlife_node_heartbeat,
		 "Milliseconds between two looks whether an engine of the render node hangs");

static struct vmlife_node_engine *node_engine(struct intel_engine_cs *engine)
{
	return &engines[engine->id];
}

/* The number that says how far a timeline is, as hardware would write it. */
static void write_seqno(struct i915_request *rq, u32 seqno)
{
	WRITE_ONCE(*(u32 *)READ_ONCE(rq->hwsp_seqno), seqno);
}

static int priority(const struct i915_request *rq)
{
	return READ_ONCE(rq->sched.attr.priority);
}

/* Does an earlier request of its context wait, too? */
static bool waits_for_own(struct vmlife_node_engine *ne, const struct i915_request *rq)
{
	struct i915_request *earlier;

	list_for_each_entry(earlier, &ne->mock->hw_queue, mock.link)
		if (earlier == rq || earlier->context == rq->context)
			return earlier != rq;
	return false;
}

/* The most urgent request, of equals the first, or NULL.  @ne->mock->hw_lock is held. */
static struct i915_request *most_urgent(struct vmlife_node_engine *ne)
{
	struct i915_request *rq, *best = NULL;

	list_for_each_entry(rq, &ne->mock->hw_queue, mock.link)
		if (!best || (priority(rq) > priority(best) && !waits_for_own(ne, rq)))
			best = rq;
	return best;
}

bool vmlife_node_is_preempted(struct vmlife_node_engine *ne, const struct i915_request *rq)
{
	bool preempted;

	spin_lock_irq(&ne->mock->hw_lock);
	preempted = most_urgent(ne) != rq;
	spin_unlock_irq(&ne->mock->hw_lock);
	return preempted;
}

/*
 * Shown where execlists show what runs, too: error captures look there for the request that
 * hangs.  @ne->mock->hw_lock is held.
 */
static void set_running(struct vmlife_node_engine *ne, struct i915_request *rq)
{
	WRITE_ONCE(ne->running, rq);
	WRITE_ONCE(ne->mock->base.execlists.inflight[0], rq);
}

/* The next request to execute, with a reference, or NULL. */
static struct i915_request *start_next(struct vmlife_node_engine *ne)
{
	struct i915_request *rq = NULL;

	spin_lock(&ne->lock);
	spin_lock_irq(&ne->mock->hw_lock);
	if (!ne->stopped)
		rq = most_urgent(ne);
	if (rq) {
		set_running(ne, i915_request_get(rq));
		if (!i915_request_completed(rq))
			write_seqno(rq, lower_32_bits(rq->fence.seqno) - 1);
	}
	spin_unlock_irq(&ne->mock->hw_lock);
	spin_unlock(&ne->lock);
	return rq;
}

static void finish(struct vmlife_node_engine *ne, struct i915_request *rq)
{
	spin_lock(&ne->lock);
	spin_lock_irq(&ne->mock->hw_lock);
	if (ne->running == rq) {
		set_running(ne, NULL);
		list_del_init(&rq->mock.link);
		if (!i915_request_completed(rq)) {
			write_seqno(rq, lower_32_bits(rq->fence.seqno));
			i915_request_mark_complete(rq);
		}
		intel_engine_signal_breadcrumbs(&ne->mock->base);
	}
	spin_unlock_irq(&ne->mock->hw_lock);
	spin_unlock(&ne->lock);
	i915_request_put(rq);
}

/*
 * It stays in the queue, and begins anew once it is the most urgent again: a batch writes
 * nothing here but constants, which it may write twice.
 */
static void put_back(struct vmlife_node_engine *ne, struct i915_request *rq)
{
	spin_lock(&ne->lock);
	spin_lock_irq(&ne->mock->hw_lock);
	if (ne->running == rq)
		set_running(ne, NULL);
	spin_unlock_irq(&ne->mock->hw_lock);
	spin_unlock(&ne->lock);
	i915_request_put(rq);
}

static void execute(struct work_struct *work)
{
	struct vmlife_node_engine *ne = container_of(work, typeof(*ne), work);
	struct i915_request *rq;

	while ((rq = start_next(ne))) {
		bool done = true;

		/* What a closed or banned context has left ends with an error, as on hardware. */
		if (intel_context_is_schedulable(rq->context))
			done = vmlife_node_run(ne, rq);
		else
			i915_request_set_error_once(rq, -EIO);
		if (done)
			finish(ne, rq);
		else
			put_back(ne, rq);
		cond_resched();
	}
}

static void node_submit_request(struct i915_request *rq)
{
	struct vmlife_node_engine *ne = node_engine(rq->engine);
	unsigned long flags;

	i915_request_submit(rq);
	spin_lock_irqsave(&ne->mock->hw_lock, flags);
	list_add_tail(&rq->mock.link, &ne->mock->hw_queue);
	spin_unlock_irqrestore(&ne->mock->hw_lock, flags);
	queue_work(executor, &ne->work);
}

static void node_set_default_submission(struct intel_engine_cs *engine)
{
	engine->submit_request = node_submit_request;
}

static int node_emit_bb_start(struct i915_request *rq, u64 offset, u32 length,
			      unsigned int flags)
{
	u32 *cs = intel_ring_begin(rq, 4);

	if (IS_ERR(cs))
		return PTR_ERR(cs);
	*cs++ = MI_BATCH_BUFFER_START_GEN8;
	*cs++ = lower_32_bits(offset);
	*cs++ = upper_32_bits(offset);
	*cs++ = MI_NOOP;
	intel_ring_advance(rq, cs);
	return 0;
}

/* --- resets ------------------------------------------------------------------ */

static void node_reset_prepare(struct intel_engine_cs *engine)
{
	struct vmlife_node_engine *ne = node_engine(engine);
	unsigned long flags;

	spin_lock_irqsave(&ne->mock->hw_lock, flags);
	ne->stopped = true;
	spin_unlock_irqrestore(&ne->mock->hw_lock, flags);
}

/* Take the request that is executed away, with a reference, or NULL. */
static struct i915_request *take_running(struct vmlife_node_engine *ne)
{
	struct i915_request *rq;
	unsigned long flags;

	spin_lock(&ne->lock);
	spin_lock_irqsave(&ne->mock->hw_lock, flags);
	rq = ne->running;
	if (rq)
		i915_request_get(rq);
	set_running(ne, NULL);
	spin_unlock_irqrestore(&ne->mock->hw_lock, flags);
	spin_unlock(&ne->lock);
	return rq;
}

static void node_reset_rewind(struct intel_engine_cs *engine, bool stalled)
{
	struct i915_request *rq = take_running(node_engine(engine));
	unsigned long flags;

	if (!rq)
		return;
	spin_lock_irqsave(&engine->sched_engine->lock, flags);
	if (!i915_request_completed(rq))
		__i915_request_reset(rq, stalled);
	spin_unlock_irqrestore(&engine->sched_engine->lock, flags);
	i915_request_put(rq);
}

/* The device is wedged: whatever was submitted ends with an error. */
static void node_reset_cancel(struct intel_engine_cs *engine)
{
	struct vmlife_node_engine *ne = node_engine(engine);
	struct i915_request *rq = take_running(ne), *next;
	unsigned long flags;

	if (rq)
		i915_request_put(rq);
	spin_lock_irqsave(&engine->sched_engine->lock, flags);
	spin_lock(&ne->mock->hw_lock);
	list_for_each_entry_safe(rq, next, &ne->mock->hw_queue, mock.link)
		list_del_init(&rq->mock.link);
	spin_unlock(&ne->mock->hw_lock);
	list_for_each_entry(rq, &engine->sched_engine->requests, sched.link)
		i915_request_put(i915_request_mark_eio(rq));
	intel_engine_signal_breadcrumbs(engine);
	spin_unlock_irqrestore(&engine->sched_engine->lock, flags);
}

static void node_reset_finish(struct intel_engine_cs *engine)
{
	struct vmlife_node_engine *ne = node_engine(engine);
	unsigned long flags;

	spin_lock_irqsave(&ne->mock->hw_lock, flags);
	ne->stopped = false;
	spin_unlock_irqrestore(&ne->mock->hw_lock, flags);
	queue_work(executor, &ne->work);
}

static int node_resume(struct intel_engine_cs *engine)
{
	return 0;
}

static void node_cancel_request(struct intel_context *ce, struct i915_request *rq)
{
	intel_gt_handle_error(rq->engine->gt, rq->engine->mask, 0,
			      "request cancellation by %s", current->comm);
}

/* No queue is shared between engines: a balanced context gets one of them for good. */
static struct intel_context *
node_create_virtual(struct intel_engine_cs **siblings, unsigned int count,
		    unsigned long flags)
{
	static atomic_t next;

	return intel_context_create(siblings[(unsigned int)atomic_inc_return(&next) % count]);
}

/* Nor is one request submitted to several engines at once. */
static struct intel_context *
node_create_parallel(struct intel_engine_cs **engines, unsigned int num_siblings,
		     unsigned int width)
{
	return ERR_PTR(-ENODEV);
}

static void node_engine_release(struct intel_engine_cs *engine)
{
	struct vmlife_node_engine *ne = node_engine(engine);

	flush_work(&ne->work);
	if (ne->status_page)
		i915_vma_unpin(ne->status_page);
	if (engine->default_state)
		fput(engine->default_state);
	ne->release(engine);
}

/* --- creation ---------------------------------------------------------------- */

/*
 * The state that contexts begin with on hardware.  Nothing loads it here, but programs are told
 * by it that contexts are isolated from each other, which they are: Mesa's iris runs nowhere else.
 */
static int give_state(struct intel_engine_cs *engine)
{
	static char zeros[PAGE_SIZE];
	struct file *state = shmem_create_from_data(engine->name, zeros, sizeof(zeros));

	if (IS_ERR(state))
		return PTR_ERR(state);
	engine->default_state = state;
	return 0;
}

/* Error captures copy the page, and so have to find it bound, as on hardware. */
static int pin_status_page(struct intel_engine_cs *engine)
{
	struct i915_vma *vma = engine->status_page.vma;
	int err = i915_ggtt_pin(vma, NULL, 0, PIN_HIGH);

	if (!err)
		node_engine(engine)->status_page = vma;
	return err;
}

static void equip(struct intel_engine_cs *engine, u8 class, u8 instance)
{
	struct vmlife_node_engine *ne = node_engine(engine);

	ne->mock = container_of(engine, struct mock_engine, base);
	ne->release = engine->release;
	ne->status_page = NULL;
	ne->running = NULL;
	ne->stopped = false;
	spin_lock_init(&ne->lock);
	INIT_WORK(&ne->work, execute);

	engine->class = class;
	engine->instance = instance;
	engine->gt->engine_class[class][instance] = engine;
	/* No time is sliced here, but a priority that changes is looked at where it could be. */
	engine->flags |= I915_ENGINE_HAS_PREEMPTION | I915_ENGINE_HAS_TIMESLICES;
	engine->props.heartbeat_interval_ms = heartbeat_ms;
	engine->props.preempt_timeout_ms = CONFIG_DRM_I915_PREEMPT_TIMEOUT;
	vmlife_node_equip_engine(engine);
	engine->breadcrumbs->irq_engine = engine;
	engine->sched_engine->schedule = i915_schedule;

	engine->cops = &node_cops;
	engine->emit_bb_start = node_emit_bb_start;
	engine->set_default_submission = node_set_default_submission;
	engine->submit_request = node_submit_request;
	engine->resume = node_resume;
	engine->reset.prepare = node_reset_prepare;
	engine->reset.rewind = node_reset_rewind;
	engine->reset.cancel = node_reset_cancel;
	engine->reset.finish = node_reset_finish;
	engine->release = node_engine_release;
}

static int add_engines(struct drm_i915_private *i915)
{
	struct intel_gt *gt = to_gt(i915);
	int i, err;

	for (i = 0; i < ARRAY_SIZE(engines_wanted); i++) {
		const int id = engines_wanted[i].id;
		struct intel_engine_cs *engine = gt->engine[id];

		if (engine) {
			intel_engine_add_user(engine);
			continue;
		}
		engine = mock_engine(i915, "node", id);
		if (!engine)
			return -ENOMEM;
		err = mock_engine_init(engine);
		if (err) {
			gt->engine[id] = NULL;
			kfree(engine);
			return err;
		}
	}
	return 0;
}

int vmlife_node_engines_init(struct drm_i915_private *i915)
{
	struct intel_gt *gt = to_gt(i915);
	int i, err;

	executor = alloc_workqueue("i915-vmlife-node",
				   WQ_UNBOUND | WQ_MEM_RECLAIM | WQ_HIGHPRI, 0);
	if (!executor)
		return -ENOMEM;

	node_cops = *gt->engine[RCS0]->cops;
	node_cops.cancel_request = node_cancel_request;
	node_cops.create_virtual = node_create_virtual;
	node_cops.create_parallel = node_create_parallel;

	/* All of them are registered anew: programs see them in the order of classes. */
	i915->uabi_engines = RB_ROOT;
	memset(i915->engine_uabi_class_count, 0, sizeof(i915->engine_uabi_class_count));
	err = add_engines(i915);
	memset(gt->engine_class, 0, sizeof(gt->engine_class));

	gt->info.engine_mask = 0;
	gt->info.num_engines = 0;
	for (i = 0; i < ARRAY_SIZE(engines_wanted); i++) {
		struct intel_engine_cs *engine = gt->engine[engines_wanted[i].id];

		if (!engine)
			continue;
		equip(engine, engines_wanted[i].class, engines_wanted[i].instance);
		err = err ?: give_state(engine);
		err = err ?: pin_status_page(engine);
		gt->info.engine_mask |= engine->mask;
		gt->info.num_engines++;
	}
	vmlife_node_set_platform_engines(i915, gt->info.engine_mask);
	intel_engines_driver_register(i915);
	return err;
}

void vmlife_node_engines_fini(void)
{
	if (executor)
		destroy_workqueue(executor);
	executor = NULL;
}
