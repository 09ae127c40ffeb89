/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Macros that take a block, which spatch does not know as such: it would not read the
 * functions that contain them.
 */
#define scoped_guard YACFE_ITERATOR
#define scoped_cond_guard YACFE_ITERATOR
#define with_intel_runtime_pm YACFE_ITERATOR
#define with_intel_runtime_pm_if_in_use YACFE_ITERATOR
#define with_intel_gt_pm YACFE_ITERATOR
#define with_intel_gt_pm_if_awake YACFE_ITERATOR
#define with_intel_display_power YACFE_ITERATOR
#define intel_wedge_on_timeout YACFE_ITERATOR
