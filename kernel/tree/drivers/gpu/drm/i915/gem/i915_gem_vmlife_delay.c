// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: delays in the places of the hooks, as kernel fuzzers use them.  Others get
 * into windows that are too short to be met by chance.
 */

#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched/clock.h>
#include <linux/string.h>

#include "i915_gem_vmlife_internal.h"

#define LONGEST_US 10000

DEFINE_STATIC_KEY_FALSE(i915_vmlife_delays);
EXPORT_SYMBOL_GPL(i915_vmlife_delays);

static unsigned int longest_us;
/* The hooks that wait; all of them while the text is empty. */
static DECLARE_BITMAP(delayed, VMLIFE_NR_SITES);
static char delayed_text[256];

/* Any number up to @most: it need not be a good one, and is asked for under every lock. */
static unsigned int some_number(unsigned int most)
{
	return ((u64)hash_32((u32)local_clock(), 32) * (most + 1)) >> 32;
}

void __i915_vmlife_delay(int site)
{
	const unsigned int us = some_number(READ_ONCE(longest_us));

	if (READ_ONCE(delayed_text[0]) && !test_bit(site, delayed))
		return;
	if (preemptible() && !rcu_preempt_depth()) {
		usleep_range(us, us + 1);
	} else {
		mdelay(us / 1000);
		udelay(us % 1000);
	}
}
EXPORT_SYMBOL_GPL(__i915_vmlife_delay);

static int set_delay(const char *val, const struct kernel_param *kp)
{
	unsigned int us;
	int err = kstrtouint(val, 0, &us);

	if (err)
		return err;
	if (us > LONGEST_US) {
		pr_err("i915 vmlife: a delay of more than %d microseconds would stall the machine\n",
		       LONGEST_US);
		return -ERANGE;
	}

	WRITE_ONCE(longest_us, us);
	if (us)
		static_branch_enable(&i915_vmlife_delays);
	else
		static_branch_disable(&i915_vmlife_delays);
	return 0;
}

static int get_delay(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%u\n", READ_ONCE(longest_us));
}

static const struct kernel_param_ops delay_ops = {
	.set = set_delay,
	.get = get_delay,
};
module_param_cb(vmlife_delay, &delay_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_delay,
		 "Wait at each pass of a hook, for up to so many microseconds (default: 0, at most 10000)");

/* Marks the hooks whose names begin with the word.  Returns: whether there are any. */
static bool mark(unsigned long *sites, const char *word, size_t len)
{
	bool any = false;
	int site;

	for (site = 0; site < VMLIFE_NR_SITES; site++) {
		if (strncmp(vmlife_site_name(site), word, len))
			continue;
		__set_bit(site, sites);
		any = true;
	}
	return any;
}

static int set_places(const char *val, const struct kernel_param *kp)
{
	DECLARE_BITMAP(sites, VMLIFE_NR_SITES) = {};
	const size_t size = strcspn(val, "\n");
	const char *word = val;
	size_t len;

	if (size >= sizeof(delayed_text))
		return -ENOSPC;
	for (; word < val + size; word += len + 1) {
		len = strcspn(word, ",\n");
		if (!len || !mark(sites, word, len)) {
			pr_err("i915 vmlife: no hook's name begins with this: %.*s\n",
			       (int)len, word);
			return -EINVAL;
		}
	}

	bitmap_copy(delayed, sites, VMLIFE_NR_SITES);
	memcpy(delayed_text, val, size);
	delayed_text[size] = '\0';
	return 0;
}

static int get_places(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", delayed_text);
}

static const struct kernel_param_ops places_ops = {
	.set = set_places,
	.get = get_places,
};
module_param_cb(vmlife_delay_at, &places_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_delay_at,
		 "Wait only at hooks whose names (debugfs i915_vmlife/sites) begin so, a list with commas (default: all)");
