/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM i915_vmlife

#if !defined(__I915_GEM_VMLIFE_TRACE_H__) || defined(TRACE_HEADER_MULTI_READ)
#define __I915_GEM_VMLIFE_TRACE_H__

#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

#include "i915_gem_vmlife_internal.h"

/**
 * DOC: i915_vmlife tracepoints
 *
 * The life of an address space, by the numbers used in the messages: each get and put
 * of a reference, and the context that publishes it, closes and releases it.
 */
DECLARE_EVENT_CLASS(i915_vmlife_vm,
	TP_PROTO(u32 vm_id, unsigned int vm_ref, unsigned long ip),
	TP_ARGS(vm_id, vm_ref, ip),

	TP_STRUCT__entry(
		__field(u32, vm_id)
		__field(unsigned int, vm_ref)
		__field(unsigned long, ip)
	),

	TP_fast_assign(
		__entry->vm_id = vm_id;
		__entry->vm_ref = vm_ref;
		__entry->ip = ip;
	),

	TP_printk("vm_id=%u vm_ref=%u by=%pS",
		  __entry->vm_id, __entry->vm_ref, (void *)__entry->ip)
);

DEFINE_EVENT(i915_vmlife_vm, i915_vmlife_get,
	TP_PROTO(u32 vm_id, unsigned int vm_ref, unsigned long ip),
	TP_ARGS(vm_id, vm_ref, ip)
);

DEFINE_EVENT(i915_vmlife_vm, i915_vmlife_put,
	TP_PROTO(u32 vm_id, unsigned int vm_ref, unsigned long ip),
	TP_ARGS(vm_id, vm_ref, ip)
);

DECLARE_EVENT_CLASS(i915_vmlife_ctx,
	TP_PROTO(u32 ctx_id, u32 vm_id, unsigned int ctx_ref),
	TP_ARGS(ctx_id, vm_id, ctx_ref),

	TP_STRUCT__entry(
		__field(u32, ctx_id)
		__field(u32, vm_id)
		__field(unsigned int, ctx_ref)
	),

	TP_fast_assign(
		__entry->ctx_id = ctx_id;
		__entry->vm_id = vm_id;
		__entry->ctx_ref = ctx_ref;
	),

	TP_printk("ctx_id=%u vm_id=%u ctx_ref=%u",
		  __entry->ctx_id, __entry->vm_id, __entry->ctx_ref)
);

DEFINE_EVENT(i915_vmlife_ctx, i915_vmlife_publish,
	TP_PROTO(u32 ctx_id, u32 vm_id, unsigned int ctx_ref),
	TP_ARGS(ctx_id, vm_id, ctx_ref)
);

DEFINE_EVENT(i915_vmlife_ctx, i915_vmlife_close,
	TP_PROTO(u32 ctx_id, u32 vm_id, unsigned int ctx_ref),
	TP_ARGS(ctx_id, vm_id, ctx_ref)
);

DEFINE_EVENT(i915_vmlife_ctx, i915_vmlife_release,
	TP_PROTO(u32 ctx_id, u32 vm_id, unsigned int ctx_ref),
	TP_ARGS(ctx_id, vm_id, ctx_ref)
);

/* Each report, printed or suppressed; with the rule as text, for filters. */
TRACE_EVENT(i915_vmlife_report,
	TP_PROTO(const struct vmlife_case *found, const char *rule, bool injected),
	TP_ARGS(found, rule, injected),

	TP_STRUCT__entry(
		__array(char, rule, 32)
		__field(u32, ctx_id)
		__field(u32, vm_id)
		__field(unsigned int, ctx_ref)
		__field(unsigned int, vm_ref)
		__field(bool, closed)
		__field(bool, injected)
		__field(bool, weak)
		__field(pid_t, ctx_pid)
		__field(int, n)
		__field(unsigned long, ip)
		__field(unsigned long, took)
		__array(char, device, 64)
	),

	TP_fast_assign(
		strscpy(__entry->rule, rule, sizeof(__entry->rule));
		__entry->ctx_id = found->ctx_id;
		__entry->vm_id = found->vm_id;
		__entry->ctx_ref = found->ctx_ref;
		__entry->vm_ref = found->vm_ref;
		__entry->closed = found->closed;
		__entry->injected = injected;
		__entry->weak = found->weak;
		__entry->ctx_pid = found->pid;
		__entry->n = found->n;
		__entry->ip = found->ip;
		__entry->took = found->took;
		strscpy(__entry->device,
			found->device ? found->device->name : "dev=unknown",
			sizeof(__entry->device));
	),

	TP_printk("rule=%s ctx_id=%u vm_id=%u ctx_ref=%u vm_ref=%u closed=%d injected=%d weak=%d by=%pS n=%d took=%pS %s pid=%d",
		  __entry->rule, __entry->ctx_id, __entry->vm_id,
		  __entry->ctx_ref, __entry->vm_ref, __entry->closed,
		  __entry->injected, __entry->weak, (void *)__entry->ip,
		  __entry->n, (void *)__entry->took, __entry->device,
		  __entry->ctx_pid)
);

#endif /* __I915_GEM_VMLIFE_TRACE_H__ */

/* This part must be outside protection */
#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH ../../drivers/gpu/drm/i915/gem
#define TRACE_INCLUDE_FILE i915_gem_vmlife_trace
#include <trace/define_trace.h>
