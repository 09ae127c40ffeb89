// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the messages at load and unload of the driver.
 */

#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"

static const char * const site_names[VMLIFE_NR_SITES] = {
#define VMLIFE_SITE(hook, at) \
	[VMLIFE_AT_##hook##_##at] = #hook "@" #at,
#include "i915_gem_vmlife_sites.h"
#undef VMLIFE_SITE
};

bool vmlife_loaded;

const char *vmlife_site_name(int site)
{
	return site_names[site];
}

static char token[17];

const char *vmlife_token(void)
{
	return token;
}

/* Processes can write to the log too, so vmlife's lines carry a secret token. */
static void make_token(void)
{
	u64 word;

	get_random_bytes(&word, sizeof(word));
	snprintf(token, sizeof(token), "%016llx", word);
}

const char *vmlife_say_lockdep(char *buf)
{
	const u64 off = vmlife_lockdep_off();
	int len;

	len = scnprintf(buf, VMLIFE_LOCKDEP_TEXT, "lockdep=%d",
			IS_ENABLED(CONFIG_PROVE_LOCKING) && !off);
	if (off)
		scnprintf(buf + len, VMLIFE_LOCKDEP_TEXT - len,
			  " lockdep_off=%llu.%06llu", div_u64(off, NSEC_PER_SEC),
			  div_u64(off - div_u64(off, NSEC_PER_SEC) * NSEC_PER_SEC,
				  NSEC_PER_USEC));
	return buf;
}

static void say_rules(char *buf, size_t size)
{
	size_t len = 0;
	int rule;

	for (rule = VMLIFE_NO_RULE + 1; rule < VMLIFE_NR_RULES; rule++)
		len += scnprintf(buf + len, size - len, "%s%s",
				 len ? "," : "", vmlife_fault_name(rule));
}

void i915_vmlife_load(void)
{
	const int fault = vmlife_asked_fault();
	char switches[VMLIFE_SWITCHES_TEXT];
	char lockdep[VMLIFE_LOCKDEP_TEXT];
	char rules[256];

	make_token();
	say_rules(rules, sizeof(rules));
	pr_info("i915 vmlife: load token=%s version=%s tree=%s fix=%s proven=%s rules=%s %s inject=%s fault=%s kcsan=%d %s\n",
		token, I915_VMLIFE_VERSION, init_utsname()->release,
		I915_VMLIFE_FIX, I915_VMLIFE_PROVEN, rules,
		vmlife_say_switches(switches),
		vmlife_fault_name(vmlife_fault_rule(fault)),
		vmlife_fault_name(fault), IS_ENABLED(CONFIG_KCSAN),
		vmlife_say_lockdep(lockdep));
	vmlife_loaded = true;
	vmlife_locks_load();
	vmlife_debugfs_create();
}

unsigned long vmlife_passes(int site)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(i915_vmlife_passes, cpu)[site]);

	return sum;
}

void i915_vmlife_unload(void)
{
	int site, reports, suppressed, unchecked;
	char lockdep[VMLIFE_LOCKDEP_TEXT];
	size_t len = 0;
	char *buf;

	vmlife_debugfs_remove();
	vmlife_leaks_unload(_RET_IP_);

	vmlife_totals(&reports, &suppressed, &unchecked);
	vmlife_say_lockdep(lockdep);

	/* A message longer than printk's own buffer would be cut. */
	buf = kmalloc(1024, GFP_KERNEL);
	if (!buf)
		return;

	for (site = 0; site < VMLIFE_NR_SITES; site++) {
		len += scnprintf(buf + len, 1024 - len, "%s%s:%lu",
				 len ? "," : "", site_names[site],
				 vmlife_passes(site));
		if (len < 600 && site < VMLIFE_NR_SITES - 1)
			continue;
		pr_info("i915 vmlife: unload token=%s sites=%s reports=%d suppressed=%d unchecked=%d %s\n",
			token, buf, reports, suppressed, unchecked, lockdep);
		len = 0;
	}
	kfree(buf);
	vmlife_devices_forget();
}
