// SPDX-License-Identifier: GPL-2.0 OR MIT

#ifndef __CHECKER__
#include <linux/export.h>

#define CREATE_TRACE_POINTS
#include "i915_gem_vmlife_trace.h"

/* For functions that kvmgt inlines. */
#if IS_ENABLED(CONFIG_DRM_I915_GVT_KVMGT)
EXPORT_TRACEPOINT_SYMBOL_GPL(i915_vmlife_get);
EXPORT_TRACEPOINT_SYMBOL_GPL(i915_vmlife_put);
#endif
#endif
