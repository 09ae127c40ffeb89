/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the driver's selftests need and a distribution's kernel has not: included before
 * each source file by `kernel/i915-module --selftests`.  The variant's own selftests
 * use none of it, they share the files with those that do.
 */
#ifndef VMLIFE_MODULE_SELFTESTS_H
#define VMLIFE_MODULE_SELFTESTS_H

#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/prime_numbers.h>
#include <linux/types.h>

#include <drm/drm_file.h>

/* Names of their own: some kernels declare an empty struct, and functions that do nothing. */
#ifndef CONFIG_FAULT_INJECTION
struct vmlife_fault_attr {
	unsigned long probability;
	unsigned long interval;
	atomic_t times;
};

static inline bool vmlife_should_fail(struct vmlife_fault_attr *attr, ssize_t size)
{
	return false;
}

#define fault_attr vmlife_fault_attr
#define should_fail vmlife_should_fail
#endif

/* Not exported unless asked for. */
#if !IS_ENABLED(CONFIG_DRM_EXPORT_FOR_TESTS)
static inline struct file *vmlife_no_file(struct drm_minor *minor,
					  unsigned int flags)
{
	return ERR_PTR(-ENODEV);
}

#define mock_drm_getfile vmlife_no_file
#endif

/* A module of its own, which few kernels have. */
#if !IS_ENABLED(CONFIG_PRIME_NUMBERS)
#define next_prime_number(x) ((x) + 1)
#endif

#endif /* VMLIFE_MODULE_SELFTESTS_H */
