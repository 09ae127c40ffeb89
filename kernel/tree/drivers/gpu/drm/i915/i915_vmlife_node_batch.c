// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The render node's interpreter of batches: what programs wait for, and nothing else.
 *
 * It knows the end of a batch, with a condition too, jumps, and writes of constants to
 * memory.  A batch that jumps to itself spins until its memory is changed, or until the
 * driver resets the engine.  It is preempted, if it has a place for that, by what has a
 * higher priority, such as the driver's heartbeat, or for good if its context was closed or
 * banned meanwhile; if not, the engine is reset after its time limit.  A no-op with an
 * identification number, which does nothing on hardware, takes so many milliseconds here.
 */
#include <linux/delay.h>
#include <linux/mm.h>

#include "gt/intel_context.h"
#include "gt/intel_gpu_commands.h"
#include "gt/intel_gtt.h"
#include "gt/intel_reset.h"
#include "gt/intel_ring.h"

#include "i915_request.h"
#include "i915_vmlife_node_internal.h"

/* Dwords between two jumps, at most: an unbound address reads as no-ops for ever. */
#define MAX_STRAIGHT (1u << 18)
/*
 * Jumps at full speed; who jumps more often is waiting for something.  It waits twice as long
 * after each of these, up to a limit, so that engines which spin leave the CPUs to programs.
 */
#define FREE_JUMPS 32
#define MIN_WAIT_US 20
#define MAX_WAIT_US 10000
/* Dwords read at once. */
#define WINDOW 64

#define NOOP_HAS_ID BIT(22)
#define START_IS_CALL BIT(22)
#define END_COMPARES BIT(21)
#define POST_SYNC_WRITE(flags) ((((flags) >> 14) & 3) == 1)
#define ADDRESS_BITS 48

/* What a command is, by the bits that name it. */
#define MI(op) ((u32)(op) << 23)
#define MI_MASK GENMASK(31, 23)
#define PIPE_CONTROL_NAME 0x7a000000u
#define PIPE_CONTROL_MASK GENMASK(31, 16)

/**
 * struct batch - a batch being executed
 * @engine: runs it
 * @rq: its request
 * @at: address of the next command
 * @back: where a called batch returns to, or 0
 * @straight: dwords since the last jump
 * @jumps: jumps so far
 * @preemptible: it passed a place where hardware may preempt it
 * @preempted: it was, by more urgent work
 * @limit: when the engine is reset, as the context may not go on; 0: not known yet
 * @base: address of @window, or ~0
 * @window: what was read last
 */
struct batch {
	struct vmlife_node_engine *engine;
	struct i915_request *rq;
	u64 at;
	u64 back;
	unsigned int straight;
	unsigned int jumps;
	bool preemptible;
	bool preempted;
	unsigned long limit;
	u64 base;
	u32 window[WINDOW];
};

static bool access(struct batch *b, u64 addr, u32 *values, unsigned int count, bool write)
{
	struct vmlife_node_engine *engine = b->engine;
	bool done = false;

	spin_lock(&engine->lock);
	if (engine->running == b->rq)
		done = vmlife_node_access(b->rq->context->vm, addr, values, count, write);
	spin_unlock(&engine->lock);
	return done;
}

static bool still_running(struct batch *b)
{
	return READ_ONCE(b->engine->running) == b->rq;
}

/* The dword at @at plus @index. */
static bool fetch(struct batch *b, unsigned int index, u32 *dw)
{
	const u64 addr = (b->at + 4 * index) & GENMASK_ULL(ADDRESS_BITS - 1, 2);
	const u64 base = addr & ~(u64)(4 * WINDOW - 1);

	if (base != b->base) {
		if (!access(b, base, b->window, WINDOW, false))
			return false;
		b->base = base;
		cond_resched();
	}
	*dw = b->window[(addr - base) / 4];
	return true;
}

static bool fetch_address(struct batch *b, unsigned int index, u64 *addr)
{
	u32 low, high;

	if (!fetch(b, index, &low) || !fetch(b, index + 1, &high))
		return false;
	*addr = ((u64)high << 32 | low) & GENMASK_ULL(ADDRESS_BITS - 1, 2);
	return true;
}

/* Dwords of a command, by the client that it is for. */
static unsigned int command_length(u32 dw)
{
	switch (dw >> 29) {
	case 0: /* MI: single dwords below 0x10 */
		return (dw >> 23) < 0x10 ? 1 : (dw & 0x3f) + 2;
	case 2: /* copies */
		return (dw & 0xff) + 2;
	case 3:
		switch ((dw >> 27) & 3) {
		case 1: /* such as the choice of a pipeline */
			return 1;
		case 2: /* media */
			return (dw & 0xffff) + 2;
		default:
			return (dw & 0xff) + 2;
		}
	default:
		return 1;
	}
}

static void sleep_for(struct batch *b, unsigned int ms)
{
	const unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (still_running(b) && time_before(jiffies, end))
		usleep_range(500, 1000);
}

/* Write @count dwords that stand at @from of the command to the address at @to. */
static void store(struct batch *b, unsigned int to, unsigned int from, unsigned int count)
{
	u64 addr;
	u32 value;

	if (!fetch_address(b, to, &addr))
		return;
	while (count-- && fetch(b, from++, &value)) {
		access(b, addr, &value, 1, true);
		addr += 4;
	}
}

/*
 * What the timer of a preemption does for hardware: the driver sends a request of high
 * priority after the context, which ends the batch where it can be preempted.
 */
static bool may_go_on(struct batch *b)
{
	struct intel_engine_cs *engine = b->rq->engine;
	unsigned long ms;

	if (likely(intel_context_is_schedulable(b->rq->context))) {
		b->preempted = b->preemptible && vmlife_node_is_preempted(b->engine, b->rq);
		return !b->preempted;
	}
	if (b->preemptible) {
		i915_request_set_error_once(b->rq, -EIO);
		return false;
	}
	ms = READ_ONCE(engine->props.preempt_timeout_ms);
	if (intel_context_is_banned(b->rq->context))
		ms = INTEL_CONTEXT_BANNED_PREEMPT_TIMEOUT_MS;
	if (!b->limit)
		b->limit = (jiffies + msecs_to_jiffies(ms)) ?: 1;
	else if (ms && time_after(jiffies, b->limit))
		intel_gt_handle_error(engine->gt, engine->mask, I915_ERROR_CAPTURE,
				      "preemption time out on %s", engine->name);
	return true;
}

static void wait_a_little(unsigned int jumps)
{
	const unsigned int us = min_t(unsigned int, MAX_WAIT_US,
				      MIN_WAIT_US << min(jumps / FREE_JUMPS - 1, 16u));

	usleep_range(us, 2 * us);
}

static bool jump(struct batch *b, u32 dw)
{
	u64 to;

	if (!fetch_address(b, 1, &to))
		return false;
	if (dw & START_IS_CALL && !b->back)
		b->back = b->at + 4 * command_length(dw);
	b->at = to;
	b->base = ~0ull;
	b->straight = 0;
	if (++b->jumps >= FREE_JUMPS)
		wait_a_little(b->jumps);
	return may_go_on(b) && still_running(b);
}

/* No-ops from here to the end of what was read: spinning batches are filled with them. */
static unsigned int count_noops(const struct batch *b)
{
	const unsigned int first = (b->at & (4 * WINDOW - 1)) / 4;
	unsigned int end = first + 1;

	while (end < WINDOW && !b->window[end])
		end++;
	return end - first;
}

/* Is the condition of a conditional end met: memory is not greater than the constant? */
static bool ends_here(struct batch *b, u32 dw)
{
	u32 limit, value;
	u64 addr;

	return !(dw & END_COMPARES) ||
	       (fetch(b, 1, &limit) && fetch_address(b, 2, &addr) &&
		access(b, addr, &value, 1, false) && value <= limit);
}

/* The end of a batch: back to the one that called it, if there is one. */
static bool leave(struct batch *b)
{
	b->at = b->back;
	b->back = 0;
	b->base = ~0ull;
	return b->at;
}

/* One command.  Returns whether there is a next one. */
static bool step(struct batch *b)
{
	unsigned int length;
	u32 dw, flags;

	if (b->straight > MAX_STRAIGHT || !fetch(b, 0, &dw))
		return false;
	length = command_length(dw);

	switch (dw & MI_MASK) {
	case MI(0x00):
		if (dw & NOOP_HAS_ID)
			sleep_for(b, dw & (NOOP_HAS_ID - 1));
		else
			length = count_noops(b);
		break;
	case MI_ARB_CHECK:
		b->preemptible = true;
		break;
	case MI_BATCH_BUFFER_END:
		return leave(b);
	case MI(0x36):
		if (ends_here(b, dw))
			return leave(b);
		break;
	case MI_BATCH_BUFFER_START:
		return jump(b, dw);
	case MI(0x20):
		store(b, 1, 3, dw & BIT(21) ? 2 : 1);
		break;
	case MI(0x26):
		if (POST_SYNC_WRITE(dw))
			store(b, 1, 3, 1);
		break;
	default:
		if ((dw & PIPE_CONTROL_MASK) == PIPE_CONTROL_NAME &&
		    fetch(b, 1, &flags) && POST_SYNC_WRITE(flags))
			store(b, 2, 4, 1);
	}
	b->at += 4 * length;
	b->straight += length;
	return true;
}

/* Returns: whether it came to its end. */
static bool run_batch(struct vmlife_node_engine *engine, struct i915_request *rq, u64 at)
{
	struct batch b = { .engine = engine, .rq = rq, .at = at, .base = ~0ull };

	while (step(&b))
		;
	return !b.preempted;
}

/*
 * The dword of the ring at @pos, which is moved on.  A reset may clear the ring
 * meanwhile; that is not to be seen as a race of the driver's.
 */
static __no_kcsan u32 ring_dword(struct intel_ring *ring, u32 *pos)
{
	const u32 dw = READ_ONCE(*(u32 *)(ring->vaddr + *pos));

	*pos = (*pos + 4) & (ring->size - 1);
	return dw;
}

__no_kcsan
bool vmlife_node_run(struct vmlife_node_engine *engine, struct i915_request *rq)
{
	struct intel_ring *ring = rq->ring;
	const u32 end = READ_ONCE(rq->postfix);
	u32 pos = READ_ONCE(rq->infix);

	while (pos != end && READ_ONCE(engine->running) == rq) {
		u64 at;

		if ((ring_dword(ring, &pos) & MI_MASK) != MI_BATCH_BUFFER_START)
			continue;
		at = ring_dword(ring, &pos);
		at |= (u64)ring_dword(ring, &pos) << 32;
		if (!run_batch(engine, rq, at))
			return false;
	}
	return true;
}

#define PTE_PRESENT BIT_ULL(0)
#define PTE_WRITABLE BIT_ULL(1)
#define PTE_ADDRESS GENMASK_ULL(ADDRESS_BITS - 1, 12)

/*
 * The entry of page @index below @pd.  A table is freed under the lock of the one above
 * it, so each is locked while the one below is read.  What is written to a table at the
 * same time is not this batch's.
 */
static __no_kcsan u64 read_pte(struct i915_page_directory *pd, u64 index, int level)
{
	u64 pte = 0;
	void *below;

	spin_lock_nested(&pd->lock, level);
	below = pd->entry[(index >> (9 * level)) & 511];
	if (below && level > 1)
		pte = read_pte(below, index, level - 1);
	else if (below)
		pte = READ_ONCE(((u64 *)px_vaddr((struct i915_page_table *)below))[index & 511]);
	spin_unlock(&pd->lock);
	return pte;
}

static __no_kcsan void copy(u32 *to, const u32 *from, unsigned int count)
{
	while (count--)
		WRITE_ONCE(*to++, READ_ONCE(*from++));
}

bool vmlife_node_access(struct i915_address_space *vm, u64 addr, u32 *values,
			unsigned int count, bool write)
{
	const u64 index = (addr & GENMASK_ULL(ADDRESS_BITS - 1, 0)) >> PAGE_SHIFT;
	struct page *page, *head;
	bool done = false;
	u32 *memory;
	u64 pte;

	if (i915_is_ggtt(vm))
		return false;
	pte = read_pte(i915_vm_to_ppgtt(vm)->pd, index, vm->top);
	if (!(pte & PTE_PRESENT) || (write && !(pte & PTE_WRITABLE)))
		return false;
	if (!pfn_valid((pte & PTE_ADDRESS) >> PAGE_SHIFT))
		return false;

	/*
	 * A batch may name memory that its request does not keep: take the page, then
	 * see whether it is still bound there.
	 */
	page = pfn_to_page((pte & PTE_ADDRESS) >> PAGE_SHIFT);
	head = compound_head(page);
	if (!get_page_unless_zero(head))
		return false;
	if (read_pte(i915_vm_to_ppgtt(vm)->pd, index, vm->top) == pte) {
		memory = (u32 *)((char *)page_address(page) + offset_in_page(addr));
		if (write)
			copy(memory, values, count);
		else
			copy(values, memory, count);
		done = true;
	}
	put_page(head);
	return done;
}
