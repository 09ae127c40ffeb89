// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: the rules that are reported, and those that stop the machine.  Both sets can be
 * changed while the machine runs.
 */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "i915_gem_vmlife_internal.h"

#define ALL_RULES (BIT(VMLIFE_NR_RULES) - BIT(VMLIFE_NO_RULE + 1))

/* KCSAN reports it by itself, at marks that are compiled in. */
#define NOT_OURS BIT(VMLIFE_sched_racy_read)

static unsigned long rules_on = ALL_RULES;
static unsigned long rules_panic;

bool vmlife_rule_on(enum i915_vmlife_rule rule)
{
	return READ_ONCE(rules_on) & BIT(rule);
}

bool vmlife_rule_panics(enum i915_vmlife_rule rule)
{
	return READ_ONCE(rules_panic) & BIT(rule);
}

static size_t list_rules(char *buf, size_t size, unsigned long rules)
{
	size_t len = 0;
	int rule;

	for (rule = VMLIFE_NO_RULE + 1; rule < VMLIFE_NR_RULES; rule++)
		if (rules & BIT(rule))
			len += scnprintf(buf + len, size - len, "%s%s",
					 len ? "," : "", vmlife_fault_name(rule));

	return len ?: scnprintf(buf, size, "none");
}

const char *vmlife_say_switches(char *buf)
{
	size_t len = scnprintf(buf, VMLIFE_SWITCHES_TEXT, "off=");

	len += list_rules(buf + len, VMLIFE_SWITCHES_TEXT - len,
			  ALL_RULES & ~READ_ONCE(rules_on));
	len += scnprintf(buf + len, VMLIFE_SWITCHES_TEXT - len, " panic=");
	list_rules(buf + len, VMLIFE_SWITCHES_TEXT - len, READ_ONCE(rules_panic));
	return buf;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(text, word, len);
}

static int find_rules(const char *word, size_t len, unsigned long *rules)
{
	int rule;

	*rules = 0;
	if (is_word(word, len, "all"))
		*rules = ALL_RULES & ~NOT_OURS;
	for (rule = VMLIFE_NO_RULE + 1; rule < VMLIFE_NR_RULES; rule++)
		if (is_word(word, len, vmlife_fault_name(rule)))
			*rules = BIT(rule);

	if (*rules & NOT_OURS) {
		pr_err("i915 vmlife: %.*s cannot be switched here: KCSAN reports it\n",
		       (int)len, word);
		return -EINVAL;
	}
	if (!*rules && !is_word(word, len, "none")) {
		pr_err("i915 vmlife: no rule of this name: %.*s\n", (int)len, word);
		return -EINVAL;
	}
	return 0;
}

/*
 * "all", "none", or rules with commas.  "!rule" removes one from those before it, or, as
 * the first word, from all.  Without memory allocation: it may be on the kernel's command
 * line, which is read early.
 */
static int parse_rules(const char *text, unsigned long *rules)
{
	unsigned long set = *text == '!' ? ALL_RULES : 0;

	for (;; text++) {
		const bool but = *text == '!';
		const char *word = text + but;
		const size_t len = strcspn(word, ",\n");
		unsigned long these;
		int err = find_rules(word, len, &these);

		if (err)
			return err;
		set = but ? set & ~these : set | these;
		text = word + len;
		if (*text != ',')
			break;
	}

	*rules = set & ~NOT_OURS;
	return 0;
}

/* What is set while the module loads is printed in the load line. */
static void say_switched(void)
{
	char switches[VMLIFE_SWITCHES_TEXT];

	if (vmlife_loaded)
		pr_info("i915 vmlife: rules token=%s %s\n", vmlife_token(),
			vmlife_say_switches(switches));
}

static int set_rules(const char *val, const struct kernel_param *kp)
{
	unsigned long rules;
	int err = parse_rules(val, &rules);

	if (err)
		return err;

	WRITE_ONCE(rules_on, rules | NOT_OURS);
	say_switched();
	if (vmlife_loaded)
		vmlife_locks_load();
	return 0;
}

static int get_rules(char *buf, const struct kernel_param *kp)
{
	size_t len = list_rules(buf, PAGE_SIZE - 1, READ_ONCE(rules_on));

	return len + sprintf(buf + len, "\n");
}

static const struct kernel_param_ops rules_ops = {
	.set = set_rules,
	.get = get_rules,
};
module_param_cb(vmlife_rules, &rules_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_rules,
		 "Report these rules of the vm lifetime contract: all (default), none, a list with commas; !rule leaves one out");

static int set_panic(const char *val, const struct kernel_param *kp)
{
	unsigned long rules;
	int err = parse_rules(val, &rules);

	if (err)
		return err;

	WRITE_ONCE(rules_panic, rules);
	say_switched();
	return 0;
}

static int get_panic(char *buf, const struct kernel_param *kp)
{
	size_t len = list_rules(buf, PAGE_SIZE - 1, READ_ONCE(rules_panic));

	return len + sprintf(buf + len, "\n");
}

static const struct kernel_param_ops panic_ops = {
	.set = set_panic,
	.get = get_panic,
};
module_param_cb(vmlife_panic, &panic_ops, NULL, 0600);
MODULE_PARM_DESC(vmlife_panic,
		 "Panic after the report of one of these rules (as vmlife_rules; default: none)");
